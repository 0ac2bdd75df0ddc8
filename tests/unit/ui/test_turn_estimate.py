"""Estimates of heights: more text, or less room, is higher."""

from __future__ import annotations

from app.chat.conversation import Turn
from app.ui.turn_estimate import estimated_height


def test_more_text_is_higher() -> None:
    """F-C10"""
    heights = [
        estimated_height(Turn("1", "Question?", answer), 388)
        for answer in ("", "word", "word " * 100, "字" * 500, "line\n" * 200)
    ]
    assert heights == sorted(heights)
    assert len(set(heights)) == len(heights)


def test_less_room_is_higher_and_none_at_all_is_no_fault() -> None:
    turn = Turn("1", "What? " * 50, "word " * 200)
    assert estimated_height(turn, 200) > estimated_height(turn, 400)
    assert estimated_height(turn, 0) > 0


def test_a_long_question_counts_as_much_as_is_shown_of_it() -> None:
    long, longer = (Turn("1", "w " * n) for n in (20_000, 40_000))
    assert estimated_height(long, 388) == estimated_height(longer, 388)
