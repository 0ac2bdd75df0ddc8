"""Which turns are sent again: the newest that fit, whole, in order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.chat.attachments import Attachment
from app.chat.context import FALLBACK_WINDOW, FILE_BYTES, Trimmed, fit, tokens_of, tokens_of_turn
from app.chat.conversation import Turn

PICTURE = Attachment("a.png", "image/png", data=b"1")
TEXT = Attachment("a.txt", "text/plain", text="a" * 3000)


def turn(name: str, size: int = 300, **fields: object) -> Turn:
    return Turn(name, "q" * 30, "a" * size, **fields)  # type: ignore[arg-type]


def test_everything_fits_as_long_as_there_is_room() -> None:
    turns = (turn("1"), turn("2"))

    assert fit(turns, None) == Trimmed(turns)
    assert fit((), 10) == Trimmed(())


def test_the_oldest_stay_behind_and_are_counted() -> None:
    """Row C11 of the protocol's failures: trimmed visibly, not refused by the service."""
    turns = tuple(turn(str(number)) for number in range(10))
    each = tokens_of_turn(turns[0])
    window = round((3 * each + tokens_of("Next?") + tokens_of("")) / 0.75) + 1

    assert fit(turns, window, "Next?") == Trimmed(turns[7:], 7)
    assert fit(turns, 1, "Next?") == Trimmed((), 10)


def test_no_turn_is_sent_without_the_one_after_it() -> None:
    small, large = turn("small", 3), turn("large", FALLBACK_WINDOW * 3)

    assert fit((small, large, small), None) == Trimmed((small,), 2)


def test_turns_without_an_answer_are_neither_sent_nor_counted() -> None:
    kept, failed = turn("kept"), turn("failed", 0)

    assert fit((failed, kept, failed), None) == Trimmed((kept,))
    assert fit((failed, kept, failed), 1) == Trimmed((), 1)


def test_the_question_its_files_and_the_instructions_take_room() -> None:
    turns = (turn("1"),)
    window = round(tokens_of_turn(turns[0]) / 0.75) + 60

    assert fit(turns, window).left_out == 0
    assert fit(turns, window, "q" * 300).left_out == 1
    assert fit(turns, window, instructions="i" * 300).left_out == 1
    assert fit(turns, window, attachments=(TEXT,)).left_out == 1
    assert fit(turns, window, attachments=(PICTURE,)).left_out == 1
    assert tokens_of_turn(turn("1", attachments=(PICTURE,))) - tokens_of_turn(turns[0]) == 1_600


def test_files_count_by_their_bytes_as_well() -> None:
    """Eight pictures a question would soon make a request that no gateway lets pass."""
    large = Attachment("a.png", "image/png", data=bytes(FILE_BYTES // 2))
    first, second = turn("1", attachments=(large,)), turn("2", attachments=(large,))
    plain = turn("3")

    assert fit((first, second, plain), None) == Trimmed((first, second, plain))
    assert fit((first, second, plain), None, attachments=(PICTURE,)) == Trimmed((second, plain), 1)
    assert fit((second, plain), None, attachments=(large, large)) == Trimmed((plain,), 1)
    assert fit((plain,), None, attachments=(large, large, large)) == Trimmed((plain,))


def test_the_estimate_is_on_the_large_side() -> None:
    """English prose has about 4 characters a token, Chinese one or more; we reckon with more."""
    assert tokens_of("The quick brown fox jumps over the lazy dog. " * 10) >= 100
    assert tokens_of("用量查询接口") == 8 + 6
    assert tokens_of("a\u00e9a") == 8 + 0 + 1
    assert tokens_of("a" * 30) == 8 + 10
    assert tokens_of("a" * 30 + "\u00e9") == 8 + 10 + 1


def test_a_turn_that_just_fits_is_sent() -> None:
    turns = (turn("1"),)
    room = tokens_of_turn(turns[0]) + 2 * tokens_of("")  # and the question, the instructions

    assert room == 142
    assert fit(turns, 190).left_out == 0  # 190 * 0.75 is 142.5
    assert fit(turns, 189).left_out == 1


def test_a_text_file_counts_with_its_name() -> None:
    with_file = turn("1", attachments=(TEXT,))

    assert tokens_of_turn(with_file) - tokens_of_turn(turn("1")) == 8 + 1 + 8 + 1000


@given(st.lists(st.integers(0, 400), max_size=12), st.integers(1, 2_000))
def test_what_is_kept_is_the_end_of_the_conversation(sizes: list[int], window: int) -> None:
    turns = tuple(turn(str(number), size) for number, size in enumerate(sizes))
    answered = tuple(one for one in turns if one.answer)

    trimmed = fit(turns, window)

    assert trimmed.turns == answered[trimmed.left_out :]
    assert sum(map(tokens_of_turn, trimmed.turns)) <= window
