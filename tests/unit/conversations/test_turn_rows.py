from __future__ import annotations

import json
from dataclasses import MISSING, fields, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from app.chat.attachments import Attachment
from app.chat.conversation import Conversation, Turn, TurnStatus
from app.chat.events import TokenUsage
from app.conversations.turn_rows import (
    OPENING_CHARS,
    attachment_of,
    messages_of,
    opening_of,
    texts_of,
    turn_of,
)
from app.errors import Fault, FaultKind

AT = datetime(2026, 11, 20, 9, 30, 1, 234567, tzinfo=UTC)
FILES = (Attachment("a.txt", "text/plain", text="x"),)
WHOLE = Turn(
    "t1",
    "question",
    "answer",
    "reasoning",
    status=TurnStatus.CUT,
    fault=Fault(
        FaultKind.RATE_LIMITED, "detail", "message", 429, "host", 2.5, AT, "plus", "weekly"
    ),
    asked_at=AT,
    first_text_at=AT + timedelta(seconds=1),
    model="gpt-5",
    usage=TokenUsage(1, 2, 3, 4),
    attachments=FILES,
    replaced_model="gpt-4",
    left_out=7,
)


def default(kept: object) -> object:
    made = kept.default_factory if kept.default is MISSING else None  # type: ignore[attr-defined]
    return made() if callable(made) else kept.default  # type: ignore[attr-defined]


def test_the_example_differs_from_the_defaults_in_every_field() -> None:
    """A field added to `Turn` and not to its row fails here first."""
    for one in fields(Turn):
        assert getattr(WHOLE, one.name) != default(one), one.name
    fault = WHOLE.fault
    for one in fields(Fault):
        assert getattr(fault, one.name) != default(one), one.name


def test_every_field_of_a_turn_comes_back() -> None:
    assert turn_of(texts_of(WHOLE), FILES) == WHOLE
    assert turn_of(texts_of(Turn("t", "q"))).question == "q"


def test_times_come_back_in_utc() -> None:
    there = replace(WHOLE, asked_at=AT.astimezone(timezone(timedelta(hours=8))))

    assert turn_of(texts_of(there), FILES) == WHOLE


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a", "a"),
        ("ü😀", "ü😀"),
        ("a\ud83d", "a\ufffd"),
        ("\ude00b", "\ufffdb"),
        ("\ud83d\ude00", "😀"),
    ],
)
def test_half_a_surrogate_pair_is_replaced(text: str, kept: str) -> None:
    """No file in UTF-8 can hold it."""
    assert turn_of(texts_of(replace(WHOLE, question=text))).question == kept


@pytest.mark.parametrize("status", [TurnStatus.WAITING, TurnStatus.STREAMING])
def test_an_open_turn_broke_off(status: TurnStatus) -> None:
    """F-C13"""
    found = turn_of(texts_of(replace(WHOLE, status=status, fault=None)))

    assert found.status is TurnStatus.FAILED
    assert found.fault is not None
    assert found.fault.kind is FaultKind.ANSWER_ENDED_EARLY
    assert found.answer == "answer"


@pytest.mark.parametrize(
    "details",
    [
        "",
        "[",
        "[]",
        "null",
        "[" * 100_000,
        json.dumps({"status": 5, "fault": [], "usage": [1, 2, 3], "asked_at": 7, "model": {}}),
        json.dumps({"status": "no", "usage": {}, "asked_at": "yesterday", "left_out": -1}),
        json.dumps({"asked_at": "2026-11-20T09:30:00", "left_out": True}),
    ],
    ids=["empty", "cut", "a list", "null", "deep", "other types", "no sense", "no zone"],
)
def test_nonsense_is_read_as_nothing(details: str) -> None:
    """T-49"""
    assert turn_of(("t", "q", "a", "r", details)) == Turn(
        "t", "q", "a", "r", status=TurnStatus.STOPPED
    )


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ({}, Fault(FaultKind.INTERNAL)),
        ({"kind": "of the future", "detail": "x" * 9999}, Fault(FaultKind.INTERNAL, "x" * 1000)),
        (
            {"kind": "offline", "status": 1e9, "retry_after_s": "x", "resets_at": 5, "plan": None},
            Fault(FaultKind.OFFLINE),
        ),
        ({"kind": "offline", "status": -1, "retry_after_s": -1.0}, Fault(FaultKind.OFFLINE)),
    ],
)
def test_a_fault_that_makes_no_sense_is_a_plain_one(told: object, fault: Fault) -> None:
    """T-49"""
    details = json.dumps({"status": "failed", "fault": told})

    assert turn_of(("t", "q", "a", "r", details)).fault == fault


def test_files_are_text_or_bytes() -> None:
    assert attachment_of("a", "text/plain", "x") == Attachment("a", "text/plain", text="x")
    assert attachment_of("a", "image/png", b"x") == Attachment("a", "image/png", data=b"x")


@pytest.mark.parametrize(
    ("question", "opening"),
    [("\n  first \nsecond", "first"), ("x" * 999, "x" * OPENING_CHARS), (" \n ", "")],
)
def test_the_opening_is_the_first_line_of_the_first_question(question: str, opening: str) -> None:
    assert opening_of(Conversation("c", (Turn("t", question),))) == opening


def test_an_empty_conversation_has_no_opening_and_no_message() -> None:
    assert opening_of(Conversation()) == ""
    assert messages_of(Conversation()) == 0


def test_a_question_without_an_answer_is_one_message() -> None:
    assert messages_of(Conversation("c", (WHOLE, Turn("t", "q")))) == 3
