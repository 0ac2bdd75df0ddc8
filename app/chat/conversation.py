"""One conversation as values: turns, and what a stream event does to them. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from app.errors import Fault
from app.values import dataclass

if TYPE_CHECKING:
    from app.chat.attachments import Attachment  # most conversations have none
    from app.chat.events import StreamEvent, TokenUsage


class TurnStatus(StrEnum):
    WAITING = "waiting"  # sent, nothing visible yet
    STREAMING = "streaming"
    COMPLETED = "completed"
    STOPPED = "stopped"  # by the user; the partial answer stays
    CUT = "cut"  # by the service (length, filter)
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and its answer (Markdown as received)."""

    turn_id: str
    question: str
    answer: str = ""
    reasoning: str = ""
    status: TurnStatus = TurnStatus.WAITING
    fault: Fault | None = None
    asked_at: datetime | None = None
    first_text_at: datetime | None = None
    model: str = ""
    usage: TokenUsage | None = None
    attachments: tuple[Attachment, ...] = ()  # of the question
    replaced_model: str = ""  # the chosen one, not available; `model` answers in its place
    left_out: int = 0  # earlier turns that were not sent along with this question

    @property
    def is_open(self) -> bool:
        return self.status in (TurnStatus.WAITING, TurnStatus.STREAMING)


@dataclass(frozen=True, slots=True)
class Conversation:
    """Turns in order; `conversation_id` is the prompt-cache key and both session headers.

    `title` is what the person called it, empty: the first question says it.
    """

    conversation_id: str = ""
    turns: tuple[Turn, ...] = ()
    title: str = ""

    @property
    def open_turn(self) -> Turn | None:
        return self.turns[-1] if self.turns and self.turns[-1].is_open else None

    @property
    def left_out(self) -> int:
        """How many of the first turns were not sent along with the last question."""
        return self.turns[-1].left_out if self.turns else 0

    def ask(
        self,
        turn_id: str,
        question: str,
        now: datetime,
        attachments: tuple[Attachment, ...] = (),
    ) -> Conversation:
        """A new turn at the end. The caller makes sure that no turn is open (F-C28)."""
        turn = Turn(turn_id, question, asked_at=now, attachments=attachments)
        return replace(self, turns=(*self.turns, turn))

    def apply(self, event: StreamEvent, now: datetime) -> Conversation:
        """The conversation after one stream event; ignored when no turn is open (F-C23)."""
        turn = self.open_turn
        if turn is None:
            return self
        return replace(self, turns=(*self.turns[:-1], _applied(turn, event, now)))

    def restart(self) -> Conversation:
        """The same question is sent once more: nothing of the first try stays."""
        turn = self.open_turn
        if turn is None:
            return self
        again = replace(turn, answer="", reasoning="", status=TurnStatus.WAITING, model="")
        return replace(self, turns=(*self.turns[:-1], again))

    def stop(self) -> Conversation:
        """The user stopped the answer: what came stays, marked (F-C01)."""
        return self._close(TurnStatus.STOPPED, None)

    def break_off(self, fault: Fault) -> Conversation:
        """The answer ended in `fault`; the text that came stays (F-C03, F-C13)."""
        return self._close(TurnStatus.FAILED, fault)

    def _close(self, status: TurnStatus, fault: Fault | None) -> Conversation:
        turn = self.open_turn
        if turn is None:
            return self
        return replace(self, turns=(*self.turns[:-1], replace(turn, status=status, fault=fault)))


def _applied(turn: Turn, event: StreamEvent, now: datetime) -> Turn:
    from app.chat.events import (  # noqa: PLC0415 - an empty conversation is part of every state
        AnswerCompleted,
        AnswerCut,
        AnswerStarted,
        EarlierLeftOut,
        ModelServed,
        ReasoningDelta,
        TextDelta,
        TextReplaced,
    )

    match event:
        case TextDelta(text):
            return replace(
                turn,
                answer=turn.answer + text,
                status=TurnStatus.STREAMING,
                first_text_at=turn.first_text_at or now,
            )
        case TextReplaced(text):
            return replace(
                turn,
                answer=text,
                status=TurnStatus.STREAMING,
                first_text_at=turn.first_text_at or now,
            )
        case ReasoningDelta(text):
            return replace(turn, reasoning=turn.reasoning + text)
        case ModelServed(model, instead_of):
            return replace(turn, model=model, replaced_model=instead_of or turn.replaced_model)
        case EarlierLeftOut(count):
            return replace(turn, left_out=count)
        case AnswerStarted():
            return turn
        case AnswerCompleted(usage):
            return replace(turn, status=TurnStatus.COMPLETED, usage=usage)
        case AnswerCut(fault, usage):
            return replace(turn, status=TurnStatus.CUT, fault=fault, usage=usage)
        case _:
            return replace(turn, status=TurnStatus.FAILED, fault=event.fault)
