"""A conversation as Markdown for people or as JSON for programs. Pure. Times are ISO 8601."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

from app.chat.conversation import Conversation, Turn
from app.conversations.turn_rows import opening_of
from app.values import dataclass

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class MarkdownWords:
    """What stands between question and answer, in the language in force."""

    untitled: str
    question: str
    answer: str
    attached: str  # with {names}
    not_complete: str
    time: Callable[[datetime], str]


def title_of(conversation: Conversation, untitled: str = "") -> str:
    """What a conversation is called: by the person, else by its first question."""
    return conversation.title or opening_of(conversation) or untitled


def to_markdown(conversation: Conversation, words: MarkdownWords) -> str:
    """Questions and answers under headings, each text as it was written."""
    parts = [f"# {' '.join(title_of(conversation, words.untitled).split())}"]
    for turn in conversation.turns:
        at = f" · {words.time(turn.asked_at)}" if turn.asked_at else ""
        parts += [f"## {words.question}{at}", turn.question.strip()]
        if turn.attachments:
            names = ", ".join(one.name for one in turn.attachments)
            parts.append(f"*{words.attached.format(names=names)}*")
        parts.append(f"## {words.answer}{f' · {turn.model}' if turn.model else ''}")
        parts += [text for text in (turn.answer.strip(),) if text]
        if turn.status != "completed":
            parts.append(f"*{words.not_complete}*")
    return "\n\n".join(parts) + "\n"


def to_json(conversation: Conversation) -> str:
    """Everything that is kept, files without their content."""
    told = {
        "format": _FORMAT,
        "id": conversation.conversation_id,
        "title": title_of(conversation),
        "turns": [_told(turn) for turn in conversation.turns],
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _told(turn: Turn) -> dict[str, object]:
    usage = turn.usage
    return {
        "asked_at": _time(turn.asked_at),
        "question": turn.question,
        "attachments": [
            {"name": one.name, "media_type": one.media_type, "bytes": one.size}
            for one in turn.attachments
        ],
        "model": turn.model or None,
        "status": turn.status.value,
        "fault": turn.fault.kind.value if turn.fault else None,
        "reasoning": turn.reasoning,
        "answer": turn.answer,
        "tokens": None
        if usage is None
        else {
            "input": usage.input_tokens,
            "cached": usage.cached_tokens,
            "output": usage.output_tokens,
            "reasoning": usage.reasoning_tokens,
        },
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
