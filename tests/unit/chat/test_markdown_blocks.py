"""Cutting a growing answer: what is closed never changes, however the text arrives."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.chat.answer_bounds import USUAL, AnswerBounds
from app.chat.markdown_blocks import MAX_RUN_CHARS, BlockReader
from app.chat.markdown_pieces import (
    CodeEnd,
    CodeStart,
    CodeText,
    Piece,
    PlainText,
    Prose,
    TablePart,
)


def read(*chunks: str) -> list[Piece]:
    reader = BlockReader()
    pieces = [piece for chunk in chunks for piece in reader.feed(chunk)]
    return pieces + reader.finish()


def code(pieces: list[Piece]) -> str:
    texts = [piece for piece in pieces if isinstance(piece, CodeText)]
    return "".join(piece.text + "\n" * piece.ends_line for piece in texts)


def plain(pieces: list[Piece]) -> str:
    texts = [piece for piece in pieces if isinstance(piece, PlainText)]
    return "".join(piece.text + "\n" * piece.ends_line for piece in texts)


# --- prose --------------------------------------------------------------------------------------


def test_a_blank_line_closes_a_paragraph() -> None:
    assert read("one\ntwo\n\n\nthree") == [Prose("one\ntwo"), Prose("three")]


def test_nothing_gives_nothing() -> None:
    assert read("", "\n\n", "  \n") == []


def test_the_next_paragraph_closes_the_one_before_at_its_first_letter() -> None:
    reader = BlockReader()
    assert reader.feed("one\n\n") == []
    assert reader.feed("t") == [Prose("one")]
    assert reader.tail == Prose("t")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_do_not_matter_even_when_cut(end: str) -> None:
    """F-C12's kin: a carriage return at the end of a delta"""
    text = f"one{end}{end}two{end}"
    assert read(text) == read(*text) == [Prose("one"), Prose("two")]


def test_a_list_keeps_what_is_indented_below_it() -> None:
    text = "- a\n\n  more of a\n\n\tand more\n\nend"
    assert read(text) == [Prose("- a\n\n  more of a\n\n\tand more"), Prose("end")]


def test_loose_items_count_on_although_cut_apart() -> None:
    pieces = read("3. c\n\n3. d\n\n3) other\n\n3. e\n\npara\n\n1. x")
    assert pieces == [
        *(Prose("3. c"), Prose("4. d"), Prose("3) other"), Prose("3. e")),
        *(Prose("para"), Prose("1. x")),
    ]


def test_a_long_list_is_closed_between_items_and_counts_on() -> None:
    """F-C05: not one open block of any size"""
    item = "1. " + "word " * 40 + "\n   - nested\n"
    pieces = read(item * 40)
    assert len(pieces) > 3
    starts = [piece.markdown.split(".")[0] for piece in pieces if isinstance(piece, Prose)]
    assert starts[0] == "1"
    assert starts == sorted(starts, key=int)
    assert all(piece.markdown.count("\n") < 40 for piece in pieces if isinstance(piece, Prose))


def test_a_long_bulleted_list_is_closed_between_items() -> None:
    pieces = read(("* " + "word " * 40 + "\n") * 20)
    assert len(pieces) > 1
    assert all(isinstance(p, Prose) and p.markdown.startswith("* ") for p in pieces)


# --- code ---------------------------------------------------------------------------------------


def test_a_fence_hands_its_code_over_line_by_line() -> None:
    assert read("see\n```py extra\nx = 1\n\ny\n```\nend") == [
        *(Prose("see"), CodeStart("py"), CodeText("x = 1", True), CodeText("", True)),
        *(CodeText("y", True), CodeEnd(), Prose("end")),
    ]


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("````\n```\n````", "```\n"),
        ("~~~\n```\n~~~", "```\n"),
        ("```\n``` x\n```", "``` x\n"),
        ("  ```\n    x\n  y\n z\n  ```", "  x\ny\nz\n"),
    ],
)
def test_only_the_matching_fence_closes(text: str, content: str) -> None:
    assert code(read(text)) == content


@pytest.mark.parametrize("text", ["``` a`b\nx", "    ```\n    x", "``\nx\n``"])
def test_what_only_looks_like_a_fence_is_prose(text: str) -> None:
    assert not code(read(text))


def test_a_fence_inside_a_list_loses_its_indent_and_the_list_counts_on() -> None:
    text = "1. a\n\n   ```sh\n   ls\n     -l\n   ```\n\n   text\n\n1. b\n"
    assert read(text) == [
        *(Prose("1. a"), CodeStart("sh"), CodeText("ls", True), CodeText("  -l", True)),
        *(CodeEnd(), Prose("text"), Prose("1. b")),
    ]


def test_deeper_fences_belong_to_lists_only() -> None:
    assert code(read("- a\n      ```\n      x\n      ```")) == "x\n"
    assert code(read("1. a\n```\nx\n```\n1. b")) == "x\n"


def test_an_open_fence_ends_with_the_answer() -> None:
    assert read("```\nx") == [CodeStart(""), CodeText("x", True), CodeEnd()]


def test_the_open_line_of_code_is_shown_unless_it_may_close_the_fence() -> None:
    reader = BlockReader()
    reader.feed("```\nab")
    assert reader.tail == CodeText("ab", False)
    reader.feed("\n``")
    assert reader.tail is None


def test_a_line_of_code_without_end_goes_on_in_pieces() -> None:
    """F-C05: one line of a megabyte costs what it is long."""
    reader = BlockReader()
    reader.feed("```\n")
    pieces = reader.feed("x" * (2 * MAX_RUN_CHARS + 5))
    assert pieces == [CodeText("x" * MAX_RUN_CHARS, False)] * 2
    assert reader.tail == CodeText("x" * 5, False)
    assert reader.feed("\n```\n") == [CodeText("x" * 5, True), CodeEnd()]


def test_a_finished_line_of_code_is_cut_as_well() -> None:
    text = "y" * (MAX_RUN_CHARS + 1)
    assert code(read(f"```\n{text}\n```")) == text + "\n"


def test_a_fence_mark_at_the_end_of_an_endless_line_is_code() -> None:
    reader = BlockReader()
    reader.feed("```\n" + "x" * MAX_RUN_CHARS)
    assert reader.feed("```\n")[-1] == CodeText("```", True)


# --- too much -----------------------------------------------------------------------------------


def test_a_paragraph_without_end_goes_on_as_plain_text() -> None:
    """F-C05"""
    text = "word " * (USUAL.open_chars // 4)
    pieces = read(text + "\nmore\n\nnext *one*")
    assert pieces[-1] == Prose("next *one*")
    assert plain(pieces[:-1]).replace("\n", "") == text + "more"
    assert max(len(p.text) for p in pieces[:-1] if isinstance(p, PlainText)) <= MAX_RUN_CHARS


def test_a_table_without_end_comes_in_parts_below_the_same_heading() -> None:
    """F-C05: 5,000 rows; none is lost, and no part is long."""
    heading = "| a | b |\n|---|---|\n"
    pieces = read("Look:\n\n" + heading + "| 1 | 2 |\n" * 5_000 + "\nend")
    parts = [piece for piece in pieces if isinstance(piece, Prose) and "|" in piece.markdown]
    assert [piece.table for piece in parts[:3]] == [
        *(TablePart.FIRST, TablePart.REST, TablePart.REST)
    ]
    assert all(one.markdown.startswith(heading) for one in parts)
    assert sum(one.markdown.count("| 1 | 2 |") for one in parts) == 5_000
    assert max(one.markdown.count("\n") for one in parts) < 70
    assert pieces[-1] == Prose("end")


def test_the_open_part_of_a_table_knows_that_it_goes_on() -> None:
    reader = BlockReader()
    reader.feed("|a|\n|-|\n" + "|1|\n" * 121)
    assert isinstance(reader.tail, Prose)
    assert reader.tail.table is TablePart.REST
    assert reader.tail.markdown == "|a|\n|-|\n|1|"
    assert reader.finish()[-1] == Prose("|a|\n|-|\n|1|", TablePart.REST)


def test_a_table_ends_where_its_rows_do() -> None:
    """What follows is not cut like a table, and a short table not at all."""
    rows = "|a|b|\n|-|-|\n|1|2|\n"
    assert read(rows) == [Prose(rows.rstrip())]
    text = rows + "> quoted\n" + "a | b\n" * 200
    assert read(text) == [Prose(text.rstrip())]
    text = "a | b\n" * 200
    assert read(text) == [Prose(text.rstrip())]


def test_a_row_too_long_turns_the_rest_of_a_table_into_plain_text() -> None:
    """The heading was shown already; it is not repeated."""
    pieces = read("|a|\n|-|\n" + "|1|\n" * 121 + "|" + "y" * MAX_RUN_CHARS)
    assert pieces[0] == Prose("|a|\n|-|\n" + "\n".join(["|1|"] * 120), TablePart.FIRST)
    assert plain(pieces) == "|1|\n|" + "y" * MAX_RUN_CHARS + "\n"


def test_what_is_beyond_the_bounds_of_an_answer_is_plain_text() -> None:
    """F-C04: prose, code and blank lines alike, and it is told."""
    reader = BlockReader(AnswerBounds(1_000, 2_000, 10, 5, 100))
    given = [*reader.feed("*some* words\n\n" * 200 + "```\nx\n```\nend"), *reader.finish()]
    shown = sum(isinstance(piece, Prose) for piece in given)
    assert 100 < shown < 200
    assert plain(given).count("*some* words\n\n") == 200 - shown
    assert plain(given).endswith("```\nx\n```\nend\n")
    assert not code(given)
    assert reader.is_simplified


def test_a_word_without_end_is_never_set_and_does_not_count_as_simplified() -> None:
    reader = BlockReader()
    reader.feed("x" * 5_000 + "\n\nend")
    assert not reader.is_simplified


@pytest.mark.parametrize("after", ["", " and words"])
def test_a_word_without_end_is_plain_text(after: str) -> None:
    """F-C05, A9: such a word costs Qt seconds."""
    reader = BlockReader()
    assert not reader.feed("see ")
    pieces = reader.feed("x" * MAX_RUN_CHARS + after)
    assert pieces == [PlainText(("see " + "x" * MAX_RUN_CHARS)[:MAX_RUN_CHARS], False)]
    assert reader.tail == PlainText("xxxx" + after, False)
    assert plain(reader.feed("\n\n")) == "xxxx" + after + "\n"


def test_a_long_line_of_ordinary_words_stays_prose() -> None:
    text = "word " * 500
    assert read(text, text) == [Prose((text + text).rstrip())]


def test_a_finished_line_with_an_endless_word_is_plain_text() -> None:
    assert all(isinstance(p, PlainText) for p in read("first\n" + "x" * 3_000 + "\n"))


def test_code_may_follow_plain_text_at_once() -> None:
    pieces = read("x" * 3_000 + "\n```\ncode\n```\n")
    assert code(pieces) == "code\n"


def test_an_endless_line_ends_before_a_blank_one() -> None:
    reader = BlockReader()
    reader.feed("x" * (MAX_RUN_CHARS + 1))
    assert reader.feed("\n\nnext\n") == [PlainText("x", True)]
    assert reader.tail == Prose("next")


# --- tail ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("some **bold", "some **bold**"),
        ("some `code", "some `code`"),
        ("a **b** c", "a **b** c"),
        ("a **", "a **"),
        ("a **b ", "a **b**"),
        ("**done** x\n\n", "**done** x"),
        ("text\n-", "text"),
        ("text\n```p", "text"),
        ("text\n12.", "text"),
        ("text\n- a", "text\n- a"),
    ],
)
def test_the_tail_does_not_flicker(text: str, shown: str) -> None:
    reader = BlockReader()
    reader.feed(text)
    assert reader.tail == Prose(shown)


def test_marks_of_an_earlier_paragraph_of_the_tail_do_not_count() -> None:
    reader = BlockReader()
    reader.feed("- a ** b\n\n  c")
    assert reader.tail == Prose("- a ** b\n\n  c")


@pytest.mark.parametrize("text", ["", "\n", "#", "``", "\r"])
def test_nothing_to_show_is_no_tail(text: str) -> None:
    reader = BlockReader()
    reader.feed(text)
    assert reader.tail is None


# --- however it arrives -------------------------------------------------------------------------

SAMPLE = (
    "# Title\n\nText with *marks*.\r\n\r\n1. a\n2. b\n   - c\n\n   more\n\n"
    "   ```sh\n   ls\n   ```\n"
    "3. d\n\n> quote\n\n| a |\n|---|\n| 1 |\n\n```py\ndef f():\n\n    return 1\n```\n---\nend\n"
)


def test_every_cut_gives_the_same_blocks() -> None:
    """F-C06: closed is closed"""
    whole = read(SAMPLE)
    for at in range(len(SAMPLE) + 1):
        assert read(SAMPLE[:at], SAMPLE[at:]) == whole
    assert read(*SAMPLE) == whole


@given(st.text(alphabet="a1 \n`~-*.|>#\r\t", max_size=200), st.integers(1, 7))
def test_any_text_gives_the_same_blocks_in_any_pieces(text: str, size: int) -> None:
    assert read(*(text[i : i + size] for i in range(0, len(text), size))) == read(text)


@given(st.text(max_size=300))
def test_no_letter_is_lost(text: str) -> None:
    shown = "".join(
        piece.markdown if isinstance(piece, Prose) else piece.text
        for piece in read("".join(c for c in text if c.isalpha() or c in " \n"))
        if isinstance(piece, (Prose, CodeText, PlainText))
    )
    assert [c for c in shown if c.isalpha()] == [c for c in text if c.isalpha()]


@pytest.mark.parametrize("unit", ["word ", "x", "- item\n", "a\n\n", "| a |\n", "```\nx\n```\n"])
def test_cost_is_linear_in_the_answer(unit: str) -> None:
    """F-C06, F-C25: twice the text, about twice the time"""

    def seconds(size: int) -> float:
        deltas = [(unit * 8)[:24]] * (size // 24)
        begun = time.process_time()
        reader = BlockReader()
        for delta in deltas:
            reader.feed(delta)
        return time.process_time() - begun

    seconds(20_000)
    assert seconds(400_000) < 8 * max(seconds(100_000), 0.005)
