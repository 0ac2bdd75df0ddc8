"""A growing answer as plain text and as JSON lines."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

from app.chat.conversation import Conversation
from app.chat.events import (
    AnswerCompleted,
    ModelServed,
    ReasoningDelta,
    StreamEvent,
    TextDelta,
    TextReplaced,
    TokenUsage,
)
from app.command_line.answer_printer import AnswerPrinter
from app.command_line.terminal import Terminal
from app.errors import Fault, FaultKind

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
ASKED = Conversation("c").ask("t", "hello", NOW)


def shown(*events: StreamEvent, as_json: bool, end: Fault | None = None) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    printer = AnswerPrinter(Terminal(out, err), as_json=as_json)
    printer.show(Conversation())
    conversation = ASKED
    printer.show(conversation)
    for event in events:
        conversation = conversation.apply(event, NOW)
        printer.show(conversation)
    if end is not None:
        printer.show(conversation.break_off(end))
    printer.finish()
    return out.getvalue(), err.getvalue()


def events(*steps: StreamEvent, end: Fault | None = None) -> list[dict[str, object]]:
    return [json.loads(line) for line in shown(*steps, as_json=True, end=end)[0].splitlines()]


def test_text_as_it_grows() -> None:
    steps = (ReasoningDelta("hm"), TextDelta("Hel"), TextDelta("lo\x1b[2J"), AnswerCompleted())
    assert shown(*steps, as_json=False) == ("Hello[2J\n", "")


def test_a_correction_is_told_and_printed_whole() -> None:
    """F-C20."""
    out, err = shown(TextDelta("Hel"), TextReplaced("Bye"), AnswerCompleted(), as_json=False)
    assert out == "Hel\nBye\n"
    assert err.count("\n") == 1
    out, err = shown(TextDelta("Hel"), TextReplaced("Hello"), as_json=False)
    assert (out, err) == ("Hello\n", "")


def test_one_json_event_per_line() -> None:
    usage = TokenUsage(10, 5, 3, 1)
    steps = (
        ModelServed("gpt-x"),
        ReasoningDelta("hm"),
        TextDelta("a\nb"),
        TextReplaced("c"),
        AnswerCompleted(usage),
    )
    assert events(*steps) == [
        {"type": "model", "model": "gpt-x", "instead_of": None},
        {"type": "reasoning", "text": "hm"},
        {"type": "text", "text": "a\nb"},
        {"type": "text_replaced", "text": "c"},
        {
            "type": "completed",
            "model": "gpt-x",
            "usage": {
                "input_tokens": 10,
                "cached_tokens": 5,
                "output_tokens": 3,
                "reasoning_tokens": 1,
            },
            "fault": None,
        },
    ]


def test_a_failed_answer_says_why() -> None:
    """F-C03."""
    fault = Fault(FaultKind.LIMIT_REACHED, message="used up", status=429, resets_at=NOW)
    assert events(TextDelta("a"), end=fault)[-1] == {
        "type": "failed",
        "model": None,
        "usage": None,
        "fault": {
            "kind": "limit_reached",
            "message": "used up",
            "status": 429,
            "resets_at": "2026-11-22T12:00:00Z",
        },
    }
    assert events(end=Fault(FaultKind.OFFLINE))[-1]["fault"] == {
        "kind": "offline",
        "message": None,
        "status": None,
        "resets_at": None,
    }


def test_an_answer_that_was_broken_off_is_stopped() -> None:
    assert events(TextDelta("a"))[-1] == {"type": "stopped"}


def test_a_second_try_prints_its_reasoning_anew() -> None:
    out = io.StringIO()
    printer = AnswerPrinter(Terminal(out, io.StringIO()), as_json=True)
    printer.show(ASKED.apply(ReasoningDelta("one"), NOW))
    printer.show(ASKED)
    printer.show(ASKED.apply(ReasoningDelta("two"), NOW))
    assert [json.loads(line) for line in out.getvalue().splitlines()] == [
        {"type": "reasoning", "text": "one"},
        {"type": "restarted"},
        {"type": "reasoning", "text": "two"},
    ]


def test_a_replaced_model_is_told_once() -> None:
    steps = (ModelServed("b", instead_of="a"), TextDelta("x"), ModelServed("b-2"), TextDelta("y"))
    out, err = shown(*steps, as_json=False)
    assert (out, err) == ("xy\n", "tidegauge: a is not available; b answers instead.\n")
    assert [one for one in events(*steps) if one["type"] == "model"] == [
        {"type": "model", "model": "b", "instead_of": "a"},
        {"type": "model", "model": "b-2", "instead_of": "a"},
    ]
