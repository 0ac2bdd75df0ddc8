"""A turn as a row: its texts as they are, the rest as JSON that a later version can read. Pure.

What a row says is not believed (T-49): whatever makes no sense falls back to nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple, replace
from datetime import UTC, datetime
from typing import Any

from app.chat.attachments import Attachment
from app.chat.conversation import Conversation, Turn, TurnStatus
from app.chat.events import TokenUsage
from app.errors import Fault, FaultKind

OPENING_CHARS = 200
_LONGEST_TEXT = 1000  # of a fault's words and of a model's name

Texts = tuple[str, str, str, str, str]  # name, question, answer, reasoning, details


def texts_of(turn: Turn) -> Texts:
    texts = turn.turn_id, turn.question, turn.answer, turn.reasoning
    name, question, answer, reasoning = map(storable, texts)
    return name, question, answer, reasoning, _details(turn)


def storable(text: str) -> str:
    """`text` as a file can hold it: half a surrogate pair, as a paste may leave, is replaced."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def turn_of(texts: Sequence[str], attachments: tuple[Attachment, ...] = ()) -> Turn:
    """The turn of a row. An answer that was still on its way broke off with the program."""
    name, question, answer, reasoning, written = texts
    details = _decoded(written)
    turn = Turn(
        name,
        question,
        answer,
        reasoning,
        status=_status(details.get("status")),
        fault=_fault(details.get("fault")),
        asked_at=_moment(details.get("asked_at")),
        first_text_at=_moment(details.get("first_text_at")),
        model=_text(details.get("model")),
        usage=_usage(details.get("usage")),
        attachments=attachments,
        replaced_model=_text(details.get("replaced_model")),
        left_out=_count(details.get("left_out")),
    )
    if turn.is_open:
        broken = Fault(FaultKind.ANSWER_ENDED_EARLY, "the program ended")
        return replace(turn, status=TurnStatus.FAILED, fault=broken)
    return turn


def attachment_of(name: str, media_type: str, content: str | bytes) -> Attachment:
    if isinstance(content, str):
        return Attachment(name, media_type, text=content)
    return Attachment(name, media_type, data=content)


def opening_of(conversation: Conversation) -> str:
    """The first line of the first question, cut; empty without a question."""
    question = conversation.turns[0].question if conversation.turns else ""
    return next(
        (line.strip()[:OPENING_CHARS] for line in question.splitlines() if line.strip()), ""
    )


def messages_of(conversation: Conversation) -> int:
    """Questions, and answers of which something came."""
    return sum(2 if turn.answer else 1 for turn in conversation.turns)


def _details(turn: Turn) -> str:
    fault = turn.fault
    told: dict[str, Any] = {
        "status": turn.status.value,
        "asked_at": _stamp(turn.asked_at),
        "first_text_at": _stamp(turn.first_text_at),
        "model": turn.model or None,
        "replaced_model": turn.replaced_model or None,
        "left_out": turn.left_out or None,
        "usage": list(astuple(turn.usage)) if turn.usage else None,
        "fault": None
        if fault is None
        else {
            "kind": fault.kind.value,
            "detail": fault.detail,
            "message": fault.message,
            "status": fault.status,
            "host": fault.host,
            "retry_after_s": None if fault.retry_after_s is None else float(fault.retry_after_s),
            "resets_at": _stamp(fault.resets_at),
            "plan": fault.plan,
            "limit": fault.limit,
        },
    }
    return json.dumps({name: value for name, value in told.items() if value is not None})


def _decoded(written: str) -> dict[str, Any]:
    try:
        details = json.loads(written)
    except (ValueError, RecursionError):
        return {}
    return details if isinstance(details, dict) else {}


def _status(value: object) -> TurnStatus:
    try:
        return TurnStatus(str(value))
    except ValueError:
        return TurnStatus.STOPPED


def _fault(value: object) -> Fault | None:
    if not isinstance(value, dict):
        return None
    try:
        kind = FaultKind(str(value.get("kind")))
    except ValueError:
        kind = FaultKind.INTERNAL  # of a version that knows more
    status, retry = value.get("status"), value.get("retry_after_s")
    return Fault(
        kind,
        _text(value.get("detail")),
        _text(value.get("message")),
        status=status if type(status) is int and 0 <= status <= 999 else None,
        host=_text(value.get("host")),
        retry_after_s=retry if isinstance(retry, float) and 0 <= retry < 1e7 else None,
        resets_at=_moment(value.get("resets_at")),
        plan=_text(value.get("plan")),
        limit=_text(value.get("limit")),
    )


def _usage(value: object) -> TokenUsage | None:
    if not isinstance(value, list) or len(value) != 4:
        return None
    return TokenUsage(*(_count(count) for count in value))


def _count(value: object) -> int:
    return value if type(value) is int and 0 <= value < 1 << 53 else 0


def _text(value: object) -> str:
    return value[:_LONGEST_TEXT] if isinstance(value, str) else ""


def _stamp(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo else None
