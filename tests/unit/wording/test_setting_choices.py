"""Every choice of a setting has a name of its own, in both languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.settings import DECLARATIONS, Declaration
from app.wording import setting_choices as words


@pytest.mark.parametrize("declaration", DECLARATIONS, ids=lambda d: d.key)
@pytest.mark.parametrize("locale", ["en", "zh_CN"])
def test_no_two_choices_have_one_name(
    declaration: Declaration, locale: str, speak: Callable[[str], None]
) -> None:
    speak(locale)

    labels = [words.choice_label(declaration.key, choice) for choice in declaration.choices]
    assert all(labels)
    assert len(set(labels)) == len(labels)


def test_nothing_is_named_that_is_not_declared() -> None:
    choices = {(d.key, choice) for d in DECLARATIONS for choice in d.choices}
    assert set(words._CHOICES) | set(words._PROPER_NAMES) == choices


def test_a_language_is_named_in_its_own_words(in_chinese: None) -> None:
    assert words.choice_label("language", "en") == "English"
    assert words.choice_label("language", "system") == "跟随系统"


def test_a_language_calls_itself_by_its_own_name(speak: Callable[[str], None]) -> None:
    assert words.own_name() == "English"
    speak("zh_CN")
    assert words.own_name() == "简体中文"
