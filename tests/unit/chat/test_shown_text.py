"""What stands for characters that cannot be shown (T-54, T-58, F-C07, F-C08)."""

from __future__ import annotations

import pytest

from app.chat.shown_text import (
    copied_markdown,
    copied_prose,
    has_hidden,
    in_lengths_of,
    left_to_right,
    plain_summary,
    revealed,
    with_plain_line_ends,
    without_controls,
    without_hidden,
)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_every_line_end_becomes_a_line_feed(end: str) -> None:
    """F-C08"""
    assert with_plain_line_ends(f"a{end}b") == "a\nb"


def test_two_line_ends_stay_two() -> None:
    assert with_plain_line_ends("a\r\n\r\nb\r\rc") == "a\n\nb\n\nc"


@pytest.mark.parametrize(
    "char", ["\x00", "\x07", "\x1b", "\x7f", "\x9b", "\ud800", "\ufdd0", "\ufffc"]
)
def test_controls_become_a_visible_mark(char: str) -> None:
    """F-C07, F-C08"""
    assert without_controls(f"a{char}b") == "a\ufffdb"


def test_ordinary_text_is_untouched() -> None:
    text = "tab\t line\n 中文 العربية \u202b👩‍👩‍👧 é"
    assert without_controls(text) == text


@pytest.mark.parametrize(
    ("char", "shown"),
    [
        ("\u202e", "⟨U+202E⟩"),
        ("\u200b", "⟨U+200B⟩"),
        ("\u2066", "⟨U+2066⟩"),
        ("\ufeff", "⟨U+FEFF⟩"),
        ("\u00ad", "⟨U+00AD⟩"),
        ("\U000e0041", "⟨U+E0041⟩"),
    ],
)
def test_hidden_characters_of_code_are_written_out(char: str, shown: str) -> None:
    """T-54: a marker in code; T-58: and not in the copy."""
    code = f"rm{char} -rf"
    assert revealed(code) == f"rm{shown} -rf"
    assert without_hidden(code) == "rm -rf"
    assert has_hidden(code)


def test_plain_code_has_nothing_hidden() -> None:
    code = "print('é', \"中文\")\n\treturn"
    assert revealed(code) == without_hidden(code) == code
    assert not has_hidden(code)


@pytest.mark.parametrize(("text", "pieces"), [("", [""]), ("abc", ["abc"]), ("abcd", ["abc", "d"])])
def test_long_lines_come_in_pieces(text: str, pieces: list[str]) -> None:
    """F-C05"""
    assert in_lengths_of(text, 3) == pieces


def test_a_summary_of_reasoning_is_plain_text() -> None:
    text = "**Weighing two ways**\r\n\r\nThe first is 2 ** 3.\x00\n\n**Choosing**\n"
    assert plain_summary(text) == ("Weighing two ways\n\nThe first is 2 ** 3.\ufffd\n\nChoosing")


@pytest.mark.parametrize(
    ("answer", "copied"),
    [
        ("plain\r\n\x1b[31m", "plain\n\ufffd[31m"),
        ("a\u200bb \u200f", "ab \u200f"),
        (
            "\u200f\n```sh\nrm\u200f\n~~~\n\u200f\n```\n\u200f",
            "\u200f\n```sh\nrm\n~~~\n\n```\n\u200f",
        ),
        ("x\U000e0041\U000e0042", "x"),
        (
            "\U0001f3f4\U000e0067\U000e0062\U000e007f\u200b",
            "\U0001f3f4\U000e0067\U000e0062\U000e007f",
        ),
    ],
)
def test_what_cannot_be_seen_is_not_copied(answer: str, copied: str) -> None:
    """T-58: but for what a script or an emoji needs"""
    assert copied_markdown(answer) == copied


def test_code_among_words_from_right_to_left_is_an_island() -> None:
    """F-C09: and nothing of that is copied."""
    assert copied_prose(left_to_right("--no-clobber")) == "--no-clobber"
