"""A conversation while an answer streams into it: told at once, then at most 30 times a second.

However fast the deltas come, the interface sees joined ones, so that a delta costs the same in
a long answer as in a short one (F-C06, F-C25).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from app.chat.conversation import Conversation
from app.chat.events import ReasoningDelta, StreamEvent, TextDelta
from app.errors import Fault

PACE_S = 1 / 30


class LiveConversation:
    """Owned by one running turn; needs a running event loop."""

    def __init__(
        self,
        conversation: Conversation,
        on_conversation: Callable[[Conversation], None],
        clock: Callable[[], datetime],
    ) -> None:
        self._conversation = conversation
        self._on_conversation = on_conversation
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._text: list[str] = []
        self._reasoning: list[str] = []
        self._told_at = float("-inf")
        self._timer: asyncio.TimerHandle | None = None
        self._tell()

    @property
    def has_answer_text(self) -> bool:
        """Whether any character of the answer was received."""
        turn = self._conversation.open_turn
        return bool(self._text) or (turn is not None and bool(turn.answer))

    def apply(self, event: StreamEvent) -> None:
        match event:
            case TextDelta(text):
                self._text.append(text)
                self._tell_soon()
            case ReasoningDelta(text):
                self._reasoning.append(text)
                self._tell_soon()
            case _:
                self._join()
                self._conversation = self._conversation.apply(event, self._clock())
                self._tell()

    def restart(self) -> None:
        self._join()
        self._conversation = self._conversation.restart()
        self._tell()

    def stop(self) -> Conversation:
        """The user stopped it: what came stays, marked; nothing is told afterwards (F-C01)."""
        self._join()
        self._conversation = self._conversation.stop()
        self._tell()
        return self._conversation

    def end(self, fault: Fault | None) -> Conversation:
        """No more events: told one last time, with `fault` if the answer has no other outcome."""
        self._join()
        if fault is not None:
            self._conversation = self._conversation.break_off(fault)
        self._tell()
        return self._conversation

    def _tell_soon(self) -> None:
        if self._timer is not None:
            return
        wait = self._told_at + PACE_S - self._loop.time()
        if wait <= 0:
            self._join()
            self._tell()
        else:
            self._timer = self._loop.call_later(wait, self._on_timer)

    def _on_timer(self) -> None:
        self._timer = None
        self._join()
        self._tell()

    def _join(self) -> None:
        """Move the collected deltas into the conversation."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        now = self._clock()
        if self._reasoning:
            joined, self._reasoning = "".join(self._reasoning), []
            self._conversation = self._conversation.apply(ReasoningDelta(joined), now)
        if self._text:
            joined, self._text = "".join(self._text), []
            self._conversation = self._conversation.apply(TextDelta(joined), now)

    def _tell(self) -> None:
        self._told_at = self._loop.time()
        self._on_conversation(self._conversation)
