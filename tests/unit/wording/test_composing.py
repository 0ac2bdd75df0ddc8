"""Words around the field for the next question."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.chat.desk import Refusal
from app.state import Shortcut, ShortcutStatus
from app.wording import composing as words


def test_editing_says_what_is_lost(speak: Callable[[str], None]) -> None:
    assert "removes the 1 question after it" in words.editing_earlier(1)
    assert "removes the 3 questions after it" in words.editing_earlier(3)
    speak("zh_CN")
    assert "其后的 3 个问题" in words.editing_earlier(3)


def test_how_many_questions_stay_behind() -> None:
    assert words.left_out(1).startswith("The first 1 question was not sent along")
    assert words.left_out(12).startswith("The first 12 questions were not sent along")


def test_a_file_is_named_in_one_plain_line() -> None:
    """T-56"""
    assert words.file_name("a\nb\u202e.txt") == "a b\ufffd.txt"
    assert words.files_of_question(["a\n.txt", "b.png"]) == "With a .txt, b.png"
    assert words.remove_file("a.txt") == "Remove a.txt"


@pytest.mark.parametrize(
    ("why", "most", "said"),
    [
        (Refusal.FOLDER, 0, "is a folder"),
        (Refusal.NOT_OPENED, 0, "could not be opened"),
        (Refusal.TOO_LARGE, 512 << 10, "512 KB is the most"),
        (Refusal.TOO_LARGE_TOGETHER, 16 << 20, "16.0 MB is the most for all files together"),
        (Refusal.NOT_TEXT, 0, "neither text nor a picture"),
        (Refusal.TOO_MANY, 8, "a question takes 8 files"),
    ],
)
def test_every_refusal_has_its_words(why: Refusal, most: int, said: str) -> None:
    sentence = words.refusal("notes.txt", why, most)
    assert sentence.startswith("“notes.txt”")
    assert said in sentence


def test_the_row_in_force_is_said() -> None:
    assert words.chosen("GPT") == "GPT, chosen"


@pytest.mark.parametrize(
    ("shortcut", "said"),
    [
        (Shortcut(), ""),
        (Shortcut(ShortcutStatus.ASKING), "asking which keys"),
        (Shortcut(ShortcutStatus.BOUND, "Ctrl+Alt+T"), "In force: Ctrl+Alt+T"),
        (Shortcut(ShortcutStatus.BOUND), "with the keys the desktop knows"),
        (Shortcut(ShortcutStatus.REFUSED), "not granted"),
        (Shortcut(ShortcutStatus.MISSING), "in its keyboard settings"),
    ],
)
def test_what_became_of_the_global_shortcut_is_said(shortcut: Shortcut, said: str) -> None:
    assert said in words.shortcut_words(shortcut)
    assert bool(said) == bool(words.shortcut_words(shortcut))


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0, 1, "5-hour less than 1 %"),
        (1, 3, "5-hour +1–3 %"),
        (1.2, 1.3, "5-hour +1.2 %"),
    ],
)
def test_how_far_a_window_moved(low: float, high: float, said: str) -> None:
    assert words.window_moved("5-hour", low, high) == said
