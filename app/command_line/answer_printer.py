"""Prints a growing answer: as plain text, or as one JSON event per line.

The events, by `type`: `model` (`model`; `instead_of`: the chosen one that is not available, or
null), `reasoning` and `text` (`text`, to be added), `text_replaced` (`text`, all of it),
`restarted` (the reasoning so far does not count). The last one is `completed`, `cut`, `failed` or
`stopped`; all but the last of these have `model`, `usage` and `fault`.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC
from typing import Any

from app.chat.conversation import Conversation, Turn, TurnStatus
from app.command_line.terminal import Terminal
from app.errors import Fault
from app.wording.chat import model_replaced
from app.wording.terminal import answer_differs, message_line


class AnswerPrinter:
    """Shows what is new in the last turn of each conversation it is given."""

    def __init__(self, terminal: Terminal, *, as_json: bool) -> None:
        self._terminal = terminal
        self._as_json = as_json
        self._answer = ""
        self._reasoning = ""
        self._model = ("", "")
        self.turn: Turn | None = None

    def show(self, conversation: Conversation) -> None:
        """Print the difference to the last call. Raises `BrokenPipeError`."""
        if not conversation.turns:
            return
        turn = self.turn = conversation.turns[-1]
        self._who(turn)
        if self._as_json:
            self._thought(turn.reasoning)
        if turn.answer.startswith(self._answer):
            self._text(turn.answer[len(self._answer) :])
        else:
            self._replaced(turn.answer)
        self._answer = turn.answer

    def finish(self) -> None:
        """Print how the turn ended."""
        if self._as_json:
            self._line(_ending(self.turn))
        else:
            self._terminal.end_line()

    def _who(self, turn: Turn) -> None:
        """Which model answers, whenever that changes."""
        if not turn.model or (turn.model, turn.replaced_model) == self._model:
            return
        was_told = self._model[1] == turn.replaced_model
        self._model = (turn.model, turn.replaced_model)
        if self._as_json:
            event = {"type": "model", "model": turn.model}
            self._line({**event, "instead_of": turn.replaced_model or None})
        elif turn.replaced_model and not was_told:
            self._terminal.message(message_line(model_replaced(turn.replaced_model, turn.model)))

    def _thought(self, reasoning: str) -> None:
        if not reasoning.startswith(self._reasoning):
            self._line({"type": "restarted"})
            self._reasoning = ""
        self._event("reasoning", reasoning[len(self._reasoning) :])
        self._reasoning = reasoning

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
            self._line({"type": kind, "text": text})

    def _line(self, event: dict[str, Any]) -> None:
        self._terminal.line(json.dumps(event))


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
