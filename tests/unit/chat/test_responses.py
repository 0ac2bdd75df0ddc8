"""From server-sent events to stream events."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.chat.events import (
    AnswerCompleted,
    AnswerCut,
    AnswerFailed,
    AnswerStarted,
    ReasoningDelta,
    StreamEvent,
    TextDelta,
    TextReplaced,
    TokenUsage,
)
from app.chat.frames import WITHOUT_EFFECT
from app.chat.responses import ResponseReader
from app.chat.sse import EventDecoder, ServerSentEvent
from app.errors import Fault, FaultKind

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
REPLIES = Path(__file__).parents[2] / "support" / "replies"


def frame(kind: str, **fields: Any) -> ServerSentEvent:
    return ServerSentEvent(kind, json.dumps({"type": kind, **fields}))


def read(*events: ServerSentEvent, closed: bool = False) -> list[StreamEvent]:
    reader = ResponseReader(lambda: NOW)
    found = [one for event in events for one in reader.feed(event)]
    return found + (reader.close() if closed else [])


def delta(text: str, **fields: Any) -> ServerSentEvent:
    return frame("response.output_text.delta", delta=text, **fields)


def message(*parts: tuple[str, str]) -> dict[str, Any]:
    names = {"output_text": "text", "refusal": "refusal"}
    content = [{"type": kind, names.get(kind, "text"): text} for kind, text in parts]
    return {"id": "msg_1", "type": "message", "content": content}


COMPLETED = frame("response.completed", response={"id": "r"})


def outcome(event: ServerSentEvent) -> StreamEvent:
    found = read(event)
    assert len(found) == 1
    return found[0]


def fault(event: ServerSentEvent) -> Fault:
    failed = outcome(event)
    assert isinstance(failed, AnswerFailed)
    return failed.fault


# --- text ---------------------------------------------------------------------------------------


def test_an_ordinary_answer() -> None:
    assert read(
        frame("response.created", response={"id": "resp_1"}),
        frame("response.output_item.added", item=message()),
        delta("Hel", output_index=0, item_id="msg_1"),
        delta("lo", output_index=0, item_id="msg_1"),
        frame("response.output_text.done", text="Hello", output_index=0, item_id="msg_1"),
        frame("response.output_item.done", item=message(("output_text", "Hello")), output_index=0),
        COMPLETED,
    ) == [AnswerStarted("resp_1"), TextDelta("Hel"), TextDelta("lo"), AnswerCompleted()]


def test_deltas_alone_are_the_answer() -> None:
    """F-C21: the official client shows nothing then."""
    created = frame("response.created", response={"id": "r"})
    assert read(created, delta("Hel"), delta("lo"), COMPLETED) == [
        AnswerStarted("r"),
        TextDelta("Hel"),
        TextDelta("lo"),
        AnswerCompleted(),
    ]


def test_a_second_created_is_ignored() -> None:
    created = frame("response.created", response={})
    assert read(created, created) == [AnswerStarted("")]


def test_the_type_in_the_data_decides() -> None:
    """F-C14."""
    event = ServerSentEvent("nonsense", '{"type":"response.output_text.delta","delta":"x"}')
    assert read(event) == [TextDelta("x")]


def test_repeated_and_late_deltas_are_dropped() -> None:
    """F-C19: what is missing comes with the settled text."""
    assert read(
        delta("a", sequence_number=4),
        delta("a", sequence_number=4),
        delta("c", sequence_number=6),
        delta("b", sequence_number=5),
        delta("d", sequence_number="7"),
        frame("response.output_text.done", text="abcd"),
    ) == [TextDelta("a"), TextDelta("c"), TextDelta("d"), TextReplaced("abcd")]


def test_a_refusal_is_shown_as_text() -> None:
    """F-C22."""
    assert read(
        frame("response.refusal.delta", delta="I can"),
        frame("response.refusal.done", refusal="I cannot."),
    ) == [TextDelta("I can"), TextDelta("not.")]


def test_a_finished_item_without_deltas() -> None:
    """F-C22, unknown parts are passed over."""
    item = message(("output_text", "A"), ("hologram", "x"), ("refusal", "B"))
    assert read(frame("response.output_item.done", item=item)) == [TextDelta("A"), TextDelta("B")]


def test_unknown_items_are_passed_over() -> None:
    """F-C14."""
    for item in ({"type": "function_call", "name": "f"}, {"type": 5}, {}, None, "x"):
        assert read(frame("response.output_item.done", item=item)) == []


def test_an_answer_that_is_only_in_the_last_event() -> None:
    output = [message(("output_text", "All"))]
    assert read(frame("response.completed", response={"output": output})) == [
        TextDelta("All"),
        AnswerCompleted(),
    ]
    assert read(delta("Al"), frame("response.completed", response={"output": output})) == [
        TextDelta("Al"),
        AnswerCompleted(),
    ]


def test_half_a_character_in_the_last_delta() -> None:
    assert read(delta("a\ud83d"), COMPLETED) == [
        TextDelta("a"),
        TextReplaced("a\ufffd"),
        AnswerCompleted(),
    ]


def test_corrections_are_counted() -> None:
    """F-C20."""
    reader = ResponseReader(lambda: NOW)
    reader.feed(delta("a"))
    reader.feed(frame("response.output_text.done", text="b"))
    assert reader.corrections == 1


# --- reasoning ----------------------------------------------------------------------------------


def test_reasoning_summaries() -> None:
    kind = "response.reasoning_summary_text"
    assert read(
        frame("response.reasoning_summary_part.added", summary_index=0),
        frame(f"{kind}.delta", delta="One", summary_index=0),
        frame(f"{kind}.delta", delta=" two", summary_index=0),
        frame(f"{kind}.done", text="One two", summary_index=0),
        frame(f"{kind}.done", text="Three\0", summary_index=1),
        frame(f"{kind}.delta", delta="", summary_index=2),
        frame("response.output_item.done", item={"type": "reasoning", "summary": [{"text": "x"}]}),
    ) == [ReasoningDelta("One"), ReasoningDelta(" two"), ReasoningDelta("\n\nThree\ufffd")]


def test_raw_reasoning() -> None:
    kind = "response.reasoning_text"
    assert read(
        frame(f"{kind}.delta", delta="hm", content_index=0, sequence_number=1),
        frame(f"{kind}.delta", delta="hm", content_index=0, sequence_number=1),
        frame(f"{kind}.done", text="hm", content_index=0),
    ) == [ReasoningDelta("hm")]


def test_reasoning_that_comes_only_as_an_item() -> None:
    item = {"type": "reasoning", "summary": [{"text": "One"}, {"text": "Two"}], "id": "rs"}
    assert read(frame("response.output_item.done", item=item)) == [
        ReasoningDelta("One"),
        ReasoningDelta("\n\nTwo"),
    ]


# --- outcomes -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["response.completed", "response.done"])
@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        (
            {
                "input_tokens": 120,
                "input_tokens_details": {"cached_tokens": 20},
                "output_tokens": 30,
                "output_tokens_details": {"reasoning_tokens": 10},
                "total_tokens": 150,
            },
            TokenUsage(120, 20, 30, 10),
        ),
        ({"input_tokens": -5, "output_tokens": "7", "input_tokens_details": 3}, TokenUsage()),
        ({}, TokenUsage()),
        (None, None),
        ([], None),
    ],
)
def test_completed(kind: str, usage: Any, expected: TokenUsage | None) -> None:
    """F-C14: `response.done` is as good."""
    assert outcome(frame(kind, response={"usage": usage})) == AnswerCompleted(expected)


def test_completed_with_nothing_in_it() -> None:
    assert outcome(frame("response.completed")) == AnswerCompleted()


@pytest.mark.parametrize("reason", ["max_output_tokens", "content_filter", ""])
def test_cut_by_the_service(reason: str) -> None:
    """F-C17: not an error; the text stands."""
    response = {"incomplete_details": {"reason": reason}, "usage": {"output_tokens": 3}}
    assert outcome(frame("response.incomplete", response=response)) == AnswerCut(
        Fault(FaultKind.ANSWER_CUT, reason), TokenUsage(output_tokens=3)
    )


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (frame("response.incomplete", response={"incomplete_details": {"reason": "interrupted"}}),
         "interrupted"),
        (frame("response.completed", response={"end_turn": False}), "end_turn"),
    ],
)  # fmt: skip
def test_an_answer_that_would_go_on_is_cut(event: ServerSentEvent, reason: str) -> None:
    """F-C17: the official client asks for the rest by itself, we offer to."""
    assert outcome(event) == AnswerCut(Fault(FaultKind.ANSWER_CUT, reason))


def test_the_end_of_a_turn_is_an_end() -> None:
    assert outcome(frame("response.completed", response={"end_turn": True})) == AnswerCompleted()


def test_a_failure_is_told_at_once() -> None:
    """F-C16."""
    error = {"code": "context_length_exceeded", "message": "Too\u202e long"}
    told = fault(frame("response.failed", response={"error": error}))
    assert told == Fault(FaultKind.CONTEXT_FULL, "context_length_exceeded", "Too long")


@pytest.mark.parametrize("error", [None, "text", [], 5])
def test_a_failure_without_a_reason(error: object) -> None:
    """F-C16: `null`."""
    assert fault(frame("response.failed", response={"error": error})).kind is FaultKind.SERVER_ERROR
    assert fault(frame("response.failed")).kind is FaultKind.SERVER_ERROR


def test_an_error_event_of_either_shape() -> None:
    """F-C18."""
    flat = fault(frame("error", code="invalid_prompt", message="no"))
    nested = fault(frame("error", error={"code": "invalid_prompt", "message": "no"}, status=400))
    assert flat == nested == Fault(FaultKind.PROMPT_REFUSED, "invalid_prompt", "no")


def test_nothing_counts_after_the_outcome() -> None:
    """F-C23."""
    reader = ResponseReader(lambda: NOW)
    assert reader.feed(COMPLETED) == [AnswerCompleted()]
    assert reader.has_ended
    assert reader.feed(delta("late")) == []
    assert reader.feed(COMPLETED) == []
    assert reader.close() == []


@pytest.mark.parametrize("last", [None, ServerSentEvent("message", "[DONE]")])
def test_an_end_without_an_outcome(last: ServerSentEvent | None) -> None:
    """F-C13: also with [DONE]; what follows it is ignored (F-C23)."""
    events = [delta("half"), *([last, COMPLETED] if last else [])]
    assert read(*events, closed=True) == [
        TextDelta("half"),
        AnswerFailed(Fault(FaultKind.ANSWER_ENDED_EARLY)),
    ]


# --- what is not understood -----------------------------------------------------------------------


def test_unreadable_events_are_skipped_and_counted() -> None:
    """F-C15."""
    reader = ResponseReader(lambda: NOW)
    bad = [ServerSentEvent("x", data) for data in ('{"type":', "[1]", "nope", "[" * 100_000)]
    good = delta("x")
    told = [e for one in (bad[0], bad[1], good, bad[2], bad[3], good) for e in reader.feed(one)]
    assert told == [TextDelta("x"), TextDelta("x")]
    assert reader.unreadable == 4


def test_three_unreadable_events_in_a_row() -> None:
    """F-C15."""
    bad = ServerSentEvent("x", "{")
    (failed,) = read(bad, bad, bad)
    assert isinstance(failed, AnswerFailed)
    assert failed.fault.kind is FaultKind.NOT_UNDERSTOOD


def test_unknown_events_are_ignored_and_counted() -> None:
    """F-C14."""
    reader = ResponseReader(lambda: NOW)
    for event in (
        frame("response.in_progress"),
        frame("codex.something_new"),
        frame("response.something_new.delta", delta="x"),
        ServerSentEvent("message", '{"no": "type"}'),
        ServerSentEvent("message", '{"type": 5}'),
        ServerSentEvent("ping", ""),
    ):
        assert reader.feed(event) == []
    assert reader.unknown == 4


# Protocol reference §7, row by row: what the service sends and what each is here.
READ = {
    "response.created", "response.output_item.done", "response.output_text.delta",
    "response.output_text.done", "response.reasoning_summary_text.delta",
    "response.reasoning_summary_text.done", "response.reasoning_text.delta",
    "response.completed", "response.failed", "response.incomplete", "codex.rate_limits", "error",
}  # fmt: skip
NOTHING_TO_SHOW = {
    "response.output_item.added", "response.reasoning_summary_part.added",
    "response.custom_tool_call_input.delta", "response.metadata", "codex.response.metadata",
    "response.in_progress", "response.content_part.added", "response.content_part.done",
    "response.function_call_arguments.delta", "response.function_call_arguments.done",
    "response.custom_tool_call_input.done", "response.reasoning_summary_part.done",
    "responsesapi.websocket_timing",
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(READ | NOTHING_TO_SHOW))
def test_every_event_type_of_the_protocol_is_known(kind: str) -> None:
    """F-C14."""
    reader = ResponseReader(lambda: NOW)
    events = reader.feed(frame(kind))
    assert reader.unknown == 0
    assert (kind in WITHOUT_EFFECT) is (kind in NOTHING_TO_SHOW)
    assert kind in READ or events == []


def test_events_that_tell_limits_are_passed_on_and_are_no_part_of_the_answer() -> None:
    told: list[object] = []
    reader = ResponseReader(lambda: NOW, told.append)
    assert reader.feed(frame("codex.rate_limits", rate_limits={"allowed": True})) == []
    assert told == [{"type": "codex.rate_limits", "rate_limits": {"allowed": True}}]
    assert reader.unknown == 0


def test_raw_control_characters_do_not_cost_the_event() -> None:
    """F-C08."""
    event = ServerSentEvent("m", '{"type":"response.output_text.delta","delta":"a\0\x1f\tb"}')
    assert read(event) == [TextDelta("a\ufffd\x1f\tb")]


# --- properties -----------------------------------------------------------------------------------

KINDS = [
    "response.created", "response.output_text.delta", "response.output_text.done",
    "response.output_item.done", "response.refusal.done", "response.reasoning_summary_text.delta",
    "response.reasoning_text.done", "response.incomplete", "response.failed", "error", "unknown",
]  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 3) | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["type", "delta", "text", "item", "content", "summary", "response", "error", "code",
             "message", "usage", "output", "output_index", "content_index", "item_id", "id",
             "sequence_number", "incomplete_details", "reason", "resets_at", "resets_in_seconds"]
        ),
        inner,
        max_size=5,
    ),
    max_leaves=12,
)  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(KINDS), JSON), max_size=12))
def test_no_frame_hurts(frames: list[tuple[str, Any]]) -> None:
    reader = ResponseReader(lambda: NOW)
    for kind, fields in frames:
        body = {**(fields if isinstance(fields, dict) else {"item": fields}), "type": kind}
        for event in reader.feed(ServerSentEvent(kind, json.dumps(body))):
            if isinstance(event, TextDelta | TextReplaced | ReasoningDelta):
                event.text.encode()
    last = reader.close()
    assert reader.has_ended
    assert len(last) <= 2


@given(st.integers(1, 60))
def test_a_recorded_stream_cut_in_any_pieces(step: int) -> None:
    """F-C11."""
    stream = (REPLIES / "two_messages.sse").read_bytes()

    def told(size: int) -> list[StreamEvent]:
        decoder, reader = EventDecoder(), ResponseReader(lambda: NOW)
        frames = [
            f for i in range(0, len(stream), size) for f in decoder.feed(stream[i : i + size])
        ]
        return [event for one in [*frames, *decoder.close()] for event in reader.feed(one)]

    assert told(step) == told(len(stream))


def test_a_delta_costs_the_same_in_a_long_answer() -> None:
    """Twenty times as long, a delta may cost three times as much, not twenty times."""

    def cost_per_delta(count: int) -> float:
        events = [delta("0123456789", output_index=0, item_id="m", sequence_number=n)
                  for n in range(count)]  # fmt: skip
        best = float("inf")
        for _ in range(3):
            reader = ResponseReader(lambda: NOW)
            started = time.process_time()
            for event in events:
                reader.feed(event)
            best = min(best, (time.process_time() - started) / count)
        return best

    assert cost_per_delta(20_000) <= 3 * cost_per_delta(1_000)
