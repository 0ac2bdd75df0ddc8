"""The text of an answer from parts that arrive in any order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.chat.answer_text import AnswerText
from app.chat.events import StreamEvent, TextDelta, TextReplaced
from app.chat.frames import Frame, object_of, objects_of, presentable, text_of, whole_number_of

PLAIN: Frame = {}


def place(item: int = 0, content: int = 0, item_id: str = "") -> Frame:
    return {"output_index": item, "content_index": content, "item_id": item_id}


def shown(events: list[StreamEvent], before: str = "") -> str:
    text = before
    for event in events:
        match event:
            case TextDelta(delta):
                assert delta
                text += delta
            case TextReplaced(whole):
                text = whole
            case _:
                raise AssertionError(event)
    return text


def test_deltas_are_told_as_they_come() -> None:
    text = AnswerText()
    assert text.add(place(), "a") == [TextDelta("a")]
    assert text.add(place(), "b") == [TextDelta("b")]
    assert text.settle(place(), "ab") == []
    assert text.flush() == []
    assert text.corrections == 0


def test_deltas_without_any_place() -> None:
    text = AnswerText()
    assert text.add(PLAIN, "a") == [TextDelta("a")]
    assert text.add({"item_id": "m"}, "b") == [TextDelta("b")]
    assert text.add(PLAIN, "c") == [TextDelta("c")]
    assert text.settle({"item_id": "m"}, "abc") == []


def test_without_a_content_index_the_last_part_of_the_item_goes_on() -> None:
    text = AnswerText()
    assert text.add(place(0, 1), "a") == [TextDelta("a")]
    assert text.add({"output_index": 0}, "b") == [TextDelta("b")]
    assert text.settle(place(0, 1), "ab") == []


def test_without_a_content_index_a_new_item_begins_with_its_first_part() -> None:
    text = AnswerText()
    text.add(place(0, 1), "a")
    assert text.add({"output_index": 1}, "b") == [TextDelta("\n\nb")]
    assert text.settle(place(1, 0), "bc") == [TextDelta("c")]


def test_items_with_an_id_alone_come_one_after_the_other() -> None:
    text = AnswerText()
    assert text.add({"item_id": "x"}, "a") == [TextDelta("a")]
    assert text.add({"item_id": "y"}, "b") == [TextDelta("\n\nb")]
    assert text.settle(place(0), "aa") == [TextReplaced("aa\n\nb")]
    assert text.settle(place(1), "bb") == [TextDelta("b")]


def test_the_number_of_an_item_with_an_id_counts() -> None:
    """F-C22: in index order, whichever comes first."""
    text = AnswerText()
    assert text.add(place(5, item_id="x"), "late") == [TextDelta("late")]
    assert text.add(place(2, item_id="y"), "early") == []
    assert text.settle(place(2, item_id="y"), "early") == [TextReplaced("early\n\nlate")]


def test_two_items_with_one_number_stay_apart_and_in_order() -> None:
    text = AnswerText()
    text.add(place(0, item_id="x"), "a")
    text.add(place(0, item_id="y"), "b")
    assert text.add(place(0, item_id="z"), "c") == [TextDelta("\n\nc")]
    assert text.settle(place(1), "b!") == [TextReplaced("a\n\nb!\n\nc")]


@pytest.mark.parametrize("first", [0xD800, 0xDBFF])
def test_the_first_half_of_a_character_waits_for_the_second(first: int) -> None:
    text = AnswerText()
    assert text.add(place(), "a" + chr(first)) == [TextDelta("a")]
    whole = chr(0x10000 + ((first - 0xD800) << 10))
    assert text.add(place(), chr(0xDC00)) == [TextDelta(whole)]


@pytest.mark.parametrize(("end", "told"), [(0xD7FF, chr(0xD7FF)), (0xDC00, "\ufffd")])
def test_what_is_no_first_half_does_not_wait(end: int, told: str) -> None:
    assert AnswerText().add(place(), chr(end)) == [TextDelta(told)]


def test_a_half_that_was_told_as_broken_is_told_once() -> None:
    text = AnswerText()
    text.add(place(), "a\ud83d")
    assert text.flush() == [TextReplaced("a\ufffd")]
    assert text.flush() == []


def test_a_settled_text_without_deltas() -> None:
    """F-C22."""
    assert AnswerText().settle(place(), "all") == [TextDelta("all")]


def test_a_settled_text_that_goes_on_where_the_deltas_ended() -> None:
    """F-C19: a gap at the end."""
    text = AnswerText()
    text.add(place(), "ab")
    assert text.settle(place(), "abcd") == [TextDelta("cd")]
    assert text.corrections == 0


def test_a_settled_text_that_disagrees_replaces() -> None:
    """F-C20."""
    text = AnswerText()
    text.add(place(), "abx")
    assert text.settle(place(), "abc") == [TextReplaced("abc")]
    assert text.corrections == 1


def test_an_empty_settled_text_states_nothing() -> None:
    text = AnswerText()
    text.add(place(), "ab")
    assert text.settle(place(), "") == []
    assert AnswerText().settle(place(), "") == []


def test_deltas_after_the_settled_text_count_for_nothing() -> None:
    """F-C19."""
    text = AnswerText()
    text.settle(place(), "all")
    assert text.add(place(), "again") == []
    assert text.settle(place(), "all") == []


def test_items_are_set_apart() -> None:
    """F-C22: two messages."""
    text = AnswerText()
    events = [
        *text.add(place(0), "One."),
        *text.add(place(1), "Two."),
        *text.add(place(1), " More."),
        *text.settle(place(1), "Two. More."),
    ]
    assert events == [TextDelta("One."), TextDelta("\n\nTwo."), TextDelta(" More.")]


def test_content_parts_of_one_item_are_not() -> None:
    """F-C22: content_index jumps."""
    text = AnswerText()
    assert shown([*text.add(place(0, 0), "a"), *text.add(place(0, 7), "b")]) == "ab"


def test_two_items_under_one_number_are_told_apart_by_their_ids() -> None:
    text = AnswerText()
    events = [
        *text.add(place(0, 0, "m1"), "One."),
        *text.settle(place(0, 0, "m1"), "One."),
        *text.add(place(0, 0, "m2"), "Two."),
        *text.settle(place(0, 0, "m2"), "Two."),
    ]
    assert shown(events) == "One.\n\nTwo."
    assert text.corrections == 0


def test_items_without_numbers_follow_each_other() -> None:
    text = AnswerText()
    events = [*text.add({"item_id": "m1"}, "One."), *text.add({"item_id": "m2"}, "Two.")]
    assert shown(events) == "One.\n\nTwo."
    assert shown([*text.add({"output_index": 0}, "late"), *text.flush()]) == "One.late\n\nTwo."


def test_an_earlier_part_that_grows_late_is_told_when_settled() -> None:
    """F-C22: shown in index order; a rebuilt text costs its length, so deltas wait."""
    text = AnswerText()
    text.add(place(1), "Two.")
    assert text.add(place(0), "On") == []
    assert text.add(place(1), " More.") == []
    assert text.settle(place(0), "One.") == [TextReplaced("One.\n\nTwo. More.")]


def test_what_was_never_settled_is_told_in_the_end() -> None:
    text = AnswerText()
    text.add(place(1), "Two.")
    text.add(place(0), "One.")
    assert text.flush() == [TextReplaced("One.\n\nTwo.")]
    assert text.flush() == []


def test_a_pair_of_surrogates_split_over_two_deltas() -> None:
    text = AnswerText()
    assert text.add(place(), "a\ud83d") == [TextDelta("a")]
    assert text.add(place(), "\ude00b") == [TextDelta("😀b")]


def test_half_a_pair_alone_in_a_delta_of_a_new_item() -> None:
    text = AnswerText()
    text.add(place(0), "One.")
    assert text.add(place(1), "\ud83d") == []
    assert text.add(place(1), "\ude00") == [TextDelta("\n\n😀")]


def test_half_a_pair_that_stays_alone() -> None:
    text = AnswerText()
    text.add(place(), "a\ud83d")
    assert shown(text.flush()) == "a\ufffd"
    other = AnswerText()
    other.add(place(), "a\ud83d")
    assert shown(other.settle(place(), "a😀"), "a") == "a😀"
    assert other.flush() == []


def test_emptiness() -> None:
    text = AnswerText()
    assert text.is_empty
    assert text.add(place(), "") == []
    assert text.is_empty
    text.add(place(), "a")
    assert not text.is_empty


STEPS = st.lists(
    st.tuples(
        st.booleans(),
        st.integers(0, 2),
        st.integers(0, 1),
        st.text(st.sampled_from("ab\ud83d\ude00\0"), max_size=3),
    ),
    max_size=25,
)


@given(STEPS)
def test_events_in_order_always_give_the_whole(steps: list[tuple[bool, int, int, str]]) -> None:
    """Whatever the order: what people have read is, in the end, what the parts say."""
    text, seen = AnswerText(), ""
    for is_final, item, content, said in steps:
        frame = place(item, content)
        seen = shown(text.settle(frame, said) if is_final else text.add(frame, said), seen)
    seen = shown(text.flush(), seen)
    items: dict[int, str] = {}
    for key in sorted(text._parts):
        items[key[0]] = items.get(key[0], "") + text._parts[key].text
    assert seen == "\n\n".join(filter(None, items.values()))
    seen.encode()  # nothing in it that could not be sent again


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("a\0b", "a\ufffdb"),
        ("\ud83d\ude00", "😀"),
        ("\ude00\ud83d", "\ufffd\ufffd"),
        ("a\u202eb\u200b", "a\u202eb\u200b"),  # F-C09: kept here, made visible where it is shown
        ("", ""),
    ],
)
def test_presentable(text: str, expected: str) -> None:
    """F-C08."""
    assert presentable(text) == expected


def test_fields_of_strange_types_count_as_absent() -> None:
    frame = {"s": "x", "o": {"a": 1}, "l": [{"a": 1}, 5, None], "n": 3, "b": True, "f": 1.0}
    assert (text_of(frame, "s"), text_of(frame, "n"), text_of(frame, "-")) == ("x", "", "")
    assert (object_of(frame, "o"), object_of(frame, "l")) == ({"a": 1}, {})
    assert (objects_of(frame, "l"), objects_of(frame, "o")) == ([{"a": 1}], [])
    assert [whole_number_of(frame, name) for name in "nbfs"] == [3, None, None, None]
