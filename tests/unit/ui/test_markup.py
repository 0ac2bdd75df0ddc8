"""Text of foreign origin in places that would read marks in it."""

from __future__ import annotations

from app.ui.markup import plain, tooltip, unmarked


def test_mnemonics_are_doubled() -> None:  # T-55
    assert plain("R&D && more") == "R&&D &&&& more"


def test_a_tooltip_shows_marks_as_text() -> None:  # T-55
    assert (
        tooltip("<img src='file:x'>\n&") == "<qt>&lt;img src=&#x27;file:x&#x27;&gt;<br>&amp;</qt>"
    )
    assert tooltip("") == ""


def test_the_tray_tooltip_has_no_angle_brackets() -> None:  # T-55
    assert unmarked("<1 % <b>") == "‹1 % ‹b›"
