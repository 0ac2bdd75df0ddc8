"""Every declared setting has a label and a description, in both languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.settings import DECLARATIONS, SECTIONS, Declaration
from app.wording import settings as words

every_setting = pytest.mark.parametrize("declaration", DECLARATIONS, ids=lambda d: d.key)


@every_setting
@pytest.mark.parametrize("locale", ["en", "zh_CN"])
def test_every_setting_is_described(
    declaration: Declaration, locale: str, speak: Callable[[str], None]
) -> None:
    speak(locale)

    assert words.section_label(declaration.section)
    assert words.setting_label(declaration.key)
    assert words.setting_description(declaration.key)[-1] in ".。"


def test_nothing_is_described_that_is_not_declared() -> None:
    assert set(words._SETTINGS) == {d.key for d in DECLARATIONS}
    assert set(words._SECTIONS) == {*SECTIONS, "help"} >= {d.section for d in DECLARATIONS}


def test_the_window_says_what_it_found_what_is_possible_and_what_a_button_does() -> None:
    assert "“quota”" in words.nothing_found("quota")
    assert len(words.nothing_found("x" * 500)) < 100
    number = next(one for one in DECLARATIONS if one.key == "poll_active_s")
    assert "30 to 3600" in words.bounds(number)
    assert words.back_to_default("clock") == "Back to default: Clock"
