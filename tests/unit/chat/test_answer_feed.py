"""An answer handed over in portions: nothing is lost, nothing comes twice."""

from __future__ import annotations

import pytest

from app.chat.answer_bounds import GENEROUS, USUAL
from app.chat.answer_feed import MAX_SHOWN_CHARS, AnswerFeed
from app.chat.markdown_blocks import BlockReader
from app.chat.markdown_pieces import CodeText, Piece, Prose

TEXT = "".join(f"Paragraph {n} " + "of words " * 30 + "\n\n" for n in range(40))


def drained(feed: AnswerFeed) -> list[Piece]:
    pieces: list[Piece] = []
    while feed.has_more:
        pieces += feed.portion()[0]
    return pieces


def whole(answer: str) -> list[Piece]:
    reader = BlockReader()
    return [*reader.feed(answer), *reader.finish()]


def test_all_portions_together_are_the_answer() -> None:
    feed = AnswerFeed()
    feed.give(TEXT, is_complete=True)
    assert drained(feed) == whole(TEXT)
    assert feed.is_finished
    assert not feed.is_shortened


def test_a_portion_of_prose_is_small_and_one_of_code_bounded() -> None:
    """F-C04: what is written between two looks at the clock"""
    feed = AnswerFeed()
    feed.give(TEXT + "```\n" + "x\n" * 500, is_complete=True)
    while feed.has_more:
        pieces, _tail = feed.portion()
        prose = [piece for piece in pieces if isinstance(piece, Prose)]
        assert sum(len(piece.markdown) for piece in prose[:-1]) < 400
        assert len(pieces) <= 64


def test_the_tail_comes_once_everything_before_it_is_out() -> None:
    feed = AnswerFeed()
    feed.give(TEXT + "the end", is_complete=False)
    tails = []
    while feed.has_more:
        tails.append(feed.portion()[1])
    assert tails[-1] == Prose("the end")
    assert set(tails[:-1]) == {None}


@pytest.mark.parametrize("step", [1, 50, 4_000])
def test_a_growing_answer_goes_on_where_it_was(step: int) -> None:
    feed = AnswerFeed()
    pieces: list[Piece] = []
    text = TEXT[:3_000] + "\n\n```\ncode\n```"
    for end in range(step, len(text) + step, step):
        assert feed.give(text[:end], is_complete=False)
        pieces += drained(feed)
    feed.give(text, is_complete=True)
    pieces += drained(feed)
    assert pieces == whole(text)
    assert CodeText("code", ends_line=True) in pieces


def test_another_text_is_told_and_comes_whole_after_a_restart() -> None:
    """F-C20"""
    feed = AnswerFeed()
    feed.give("one", is_complete=False)
    drained(feed)
    assert not feed.give("two", is_complete=True)
    feed.restart(USUAL)
    assert drained(feed) == [Prose("two")]


def test_more_than_can_be_shown_is_not_read() -> None:
    """F-C04"""
    feed = AnswerFeed()
    feed.give("word\n\n" * (MAX_SHOWN_CHARS // 6 + 10), is_complete=True)
    assert feed.is_shortened
    assert len(drained(feed)) <= 2 * MAX_SHOWN_CHARS // 6


def test_what_is_too_dear_is_simplified_until_it_may_cost_more() -> None:
    """F-C05"""
    feed = AnswerFeed()
    feed.give("*x* " * 5_000, is_complete=True)
    drained(feed)
    assert feed.is_simplified
    feed.restart(GENEROUS)
    assert [type(piece) for piece in drained(feed)] == [Prose]
    assert not feed.is_simplified
