"""Prints a growing answer: as plain text, or as one JSON event per line."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC
from typing import Any

from app.chat.conversation import Conversation, Turn, TurnStatus
from app.command_line.terminal import Terminal
from app.errors import Fault
from app.wording.terminal import answer_differs


class AnswerPrinter:
    """Shows what is new in the last turn of each conversation it is given."""

    def __init__(self, terminal: Terminal, *, as_json: bool) -> None:
        self._terminal = terminal
        self._as_json = as_json
        self._answer = ""
        self._reasoning = ""
        self.turn: Turn | None = None

    def show(self, conversation: Conversation) -> None:
        """Print the difference to the last call. Raises `BrokenPipeError`."""
        if not conversation.turns:
            return
        turn = self.turn = conversation.turns[-1]
        if self._as_json and turn.reasoning.startswith(self._reasoning):
            self._event("reasoning", turn.reasoning[len(self._reasoning) :])
        self._reasoning = turn.reasoning
        if turn.answer.startswith(self._answer):
            self._text(turn.answer[len(self._answer) :])
        else:
            self._replaced(turn.answer)
        self._answer = turn.answer

    def finish(self) -> None:
        """Print how the turn ended."""
        if self._as_json:
            self._terminal.line(json.dumps(_ending(self.turn)))
        else:
            self._terminal.end_line()

    def _text(self, text: str) -> None:
        if self._as_json:
            self._event("text", text)
        elif text:
            self._terminal.write(text)

    def _replaced(self, text: str) -> None:
        """The service stated its answer anew, and what was printed no longer begins it."""
        if self._as_json:
            self._event("text_replaced", text)
        else:
            self._terminal.end_line()
            self._terminal.message(answer_differs())
            self._terminal.write(text)

    def _event(self, kind: str, text: str) -> None:
        if text:
            self._terminal.line(json.dumps({"type": kind, "text": text}))


def _ending(turn: Turn | None) -> dict[str, Any]:
    """The last event: `type` is how the turn ended."""
    if turn is None or turn.is_open:
        return {"type": TurnStatus.STOPPED.value}
    return {
        "type": turn.status.value,
        "model": turn.model or None,
        "usage": None if turn.usage is None else asdict(turn.usage),
        "fault": None if turn.fault is None else _fault(turn.fault),
    }


def _fault(fault: Fault) -> dict[str, Any]:
    resets_at = fault.resets_at
    return {
        "kind": fault.kind.value,
        "message": fault.message or None,
        "status": fault.status,
        "resets_at": None
        if resets_at is None
        else resets_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
    }
