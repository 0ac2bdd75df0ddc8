"""What stream events and people do to a conversation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.chat.attachments import Attachment
from app.chat.conversation import Conversation, Turn, TurnStatus
from app.chat.events import (
    AnswerCompleted,
    AnswerCut,
    AnswerFailed,
    AnswerStarted,
    EarlierLeftOut,
    ModelServed,
    ReasoningDelta,
    StreamEvent,
    TextDelta,
    TextReplaced,
    TokenUsage,
)
from app.errors import Fault, FaultKind

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
LATER = NOW + timedelta(seconds=5)
FAULT = Fault(FaultKind.SERVER_ERROR)
USAGE = TokenUsage(5, 1, 7, 2)


def asked() -> Conversation:
    return Conversation("c").ask("t", "Why?", NOW)


def after(*events: StreamEvent) -> Turn:
    conversation = asked()
    for event in events:
        conversation = conversation.apply(event, LATER)
    return conversation.turns[-1]


def test_a_question_opens_a_turn() -> None:
    turn = asked().open_turn
    assert turn == Turn("t", "Why?", asked_at=NOW)
    assert turn is not None
    assert turn.is_open


def test_nothing_is_open_in_the_beginning() -> None:
    assert Conversation().open_turn is None


def test_deltas_add_up() -> None:
    turn = after(AnswerStarted("r"), ReasoningDelta("hm"), TextDelta("a"), TextDelta("b"))
    assert (turn.answer, turn.reasoning, turn.status) == ("ab", "hm", TurnStatus.STREAMING)
    assert turn.first_text_at == LATER


def test_what_was_left_out_and_replaced_is_told() -> None:
    turn = after(EarlierLeftOut(3), ModelServed("b", instead_of="a"), ModelServed("b-2026"))
    assert (turn.left_out, turn.model, turn.replaced_model) == (3, "b-2026", "a")
    assert asked().apply(EarlierLeftOut(3), NOW).left_out == 3
    assert Conversation().left_out == 0


def test_files_stay_with_their_question() -> None:
    attached = Attachment("a.txt", "text/plain", text="x")
    assert Conversation("c").ask("t", "Why?", NOW, (attached,)).turns[0].attachments == (attached,)


def test_a_correction_replaces() -> None:
    turn = after(TextDelta("a"), TextReplaced("z"))
    assert (turn.answer, turn.first_text_at) == ("z", LATER)


def test_the_time_of_the_first_text_stays() -> None:
    conversation = asked().apply(TextDelta("a"), NOW).apply(TextDelta("b"), LATER)
    assert conversation.apply(TextReplaced("c"), LATER).turns[-1].first_text_at == NOW


def test_the_model_is_noted() -> None:
    assert after(ModelServed("m")).model == "m"


@pytest.mark.parametrize(
    ("outcome", "status", "fault", "usage"),
    [
        (AnswerCompleted(USAGE), TurnStatus.COMPLETED, None, USAGE),
        (AnswerCut(FAULT, USAGE), TurnStatus.CUT, FAULT, USAGE),
        (AnswerFailed(FAULT), TurnStatus.FAILED, FAULT, None),
    ],
)
def test_outcomes(
    outcome: StreamEvent, status: TurnStatus, fault: Fault | None, usage: TokenUsage | None
) -> None:
    turn = after(TextDelta("a"), outcome)
    assert (turn.status, turn.fault, turn.usage, turn.answer) == (status, fault, usage, "a")
    assert not turn.is_open


def test_what_comes_after_the_outcome_is_ignored() -> None:
    """F-C23."""
    ended = asked().apply(AnswerCompleted(), NOW)
    assert ended.apply(TextDelta("late"), LATER) is ended
    assert ended.stop() is ended
    assert ended.restart() is ended
    assert ended.break_off(FAULT) is ended


def test_stopping_keeps_the_text() -> None:
    """F-C01."""
    turn = asked().apply(TextDelta("half"), NOW).stop().turns[-1]
    assert (turn.answer, turn.status, turn.fault) == ("half", TurnStatus.STOPPED, None)


def test_breaking_off_keeps_the_text() -> None:
    """F-C03, F-C13."""
    turn = asked().apply(TextDelta("half"), NOW).break_off(FAULT).turns[-1]
    assert (turn.answer, turn.status, turn.fault) == ("half", TurnStatus.FAILED, FAULT)


def test_restarting_forgets_the_first_try() -> None:
    conversation = asked().apply(ReasoningDelta("hm"), NOW).apply(ModelServed("m"), NOW).restart()
    assert conversation == asked()


def test_earlier_turns_stay_as_they_are() -> None:
    first = asked().apply(TextDelta("one"), NOW).apply(AnswerCompleted(), NOW)
    second = first.ask("u", "And?", LATER).apply(TextDelta("two"), LATER)
    assert second.turns[0] is first.turns[0]
    assert [turn.answer for turn in second.turns] == ["one", "two"]


EVENTS = st.one_of(
    st.builds(TextDelta, st.text(max_size=3)),
    st.builds(TextReplaced, st.text(max_size=3)),
    st.builds(ReasoningDelta, st.text(max_size=3)),
    st.builds(ModelServed, st.text(max_size=3)),
    st.just(AnswerStarted()),
    st.just(AnswerCompleted()),
    st.just(AnswerFailed(FAULT)),
)


@given(st.lists(EVENTS, max_size=20))
def test_joined_deltas_give_what_single_ones_give(events: list[StreamEvent]) -> None:
    """The pace at which deltas reach the interface must not show in the result."""
    one_by_one = joined = asked()
    held = ""
    for event in events:
        one_by_one = one_by_one.apply(event, NOW)
        if isinstance(event, TextDelta):
            held += event.text
            continue
        joined = joined.apply(TextDelta(held), NOW) if held else joined
        held = ""
        joined = joined.apply(event, NOW)
    joined = joined.apply(TextDelta(held), NOW) if held else joined
    assert joined.turns[0].answer == one_by_one.turns[0].answer
