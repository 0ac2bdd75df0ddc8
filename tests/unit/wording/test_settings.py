"""Every declared setting has a label, a description and named choices, in both languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.settings import DECLARATIONS, SECTIONS, Declaration, Note, NoteKind
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
    labels = [words.choice_label(declaration.key, choice) for choice in declaration.choices]
    assert all(labels)
    assert len(set(labels)) == len(labels)


def test_nothing_is_described_that_is_not_declared() -> None:
    assert set(words._SETTINGS) == {d.key for d in DECLARATIONS}
    assert set(words._SECTIONS) == {*SECTIONS, "help"} >= {d.section for d in DECLARATIONS}
    choices = {(d.key, choice) for d in DECLARATIONS for choice in d.choices}
    assert set(words._CHOICES) | set(words._PROPER_NAMES) == choices


def test_a_language_is_named_in_its_own_words(in_chinese: None) -> None:
    assert words.choice_label("language", "en") == "English"
    assert words.choice_label("language", "system") == "跟随系统"


@pytest.mark.parametrize(
    ("note", "part"),
    [
        (Note(NoteKind.VALUE_RESET, "clock"), "“Clock”"),
        (Note(NoteKind.FILE_SET_ASIDE), "“.bad”"),
        (Note(NoteKind.FILE_UNREADABLE), "could not be read"),
        (Note(NoteKind.NOT_SAVED), "could not be saved"),
    ],
)
def test_notes_about_the_file(note: Note, part: str) -> None:
    """F-D09, F-D21."""
    assert part in words.note_words(note)


def test_a_language_calls_itself_by_its_own_name(speak: Callable[[str], None]) -> None:
    assert words.own_name() == "English"
    speak("zh_CN")
    assert words.own_name() == "简体中文"


def test_the_window_says_what_it_found_what_is_possible_and_what_a_button_does() -> None:
    assert "“quota”" in words.nothing_found("quota")
    assert len(words.nothing_found("x" * 500)) < 100
    number = next(one for one in DECLARATIONS if one.key == "poll_active_s")
    assert "30 to 3600" in words.bounds(number)
    assert words.back_to_default("clock") == "Back to default: Clock"
