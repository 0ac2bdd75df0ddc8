"""The conversation: ask, stop, ask again, begin anew, follow a link of an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from app.auth.browser import open_in_browser
from app.chat.conversation import Conversation
from app.errors import Fault, FaultKind, fail
from app.program import Program
from app.state import Store
from app.tasks import SingleTask, Spawn
from app.usage.limits import UsageSnapshot

if TYPE_CHECKING:
    from app.chat.turn import TurnRunner


class ChatIntents:
    """`on_asked` precedes every request, `on_ended` follows every answer that was not stopped.

    `on_limits` gets what the answers tell of the limits.
    """

    def __init__(
        self,
        program: Program,
        store: Store,
        spawn: Spawn,
        *,
        on_asked: Callable[[], None],
        on_ended: Callable[[Fault | None], None],
        on_limits: Callable[[UsageSnapshot], None],
    ) -> None:
        self._program = program
        self._store = store
        self._spawn = spawn
        self._on_asked = on_asked
        self._on_ended = on_ended
        self._on_limits = on_limits
        self._answering = SingleTask(spawn, "answer")

    def _turns(self) -> TurnRunner:
        """For the account in front, with its own list of models; imported with a question."""
        from app.chat.turn import TurnRunner  # noqa: PLC0415

        return TurnRunner(self._program.chat, self._on_conversation, on_limits=self._on_limits)

    def ask(self, question: str) -> None:
        if not self._store.state.session.is_borrowed:  # F-T27: it is lent for the numbers only
            self._answering.start(lambda: self._ask(question))

    def ask_again(self) -> None:
        conversation = self._store.state.conversation
        is_open = self._answering.is_running or conversation.open_turn is not None
        if conversation.turns and not is_open:
            last = conversation.turns[-1]
            self._store.update(conversation=replace(conversation, turns=conversation.turns[:-1]))
            self.ask(last.question)

    def stop(self) -> None:
        self._answering.stop()

    def new_chat(self) -> None:
        self.stop()
        self._store.update(conversation=Conversation())

    def open_link(self, address: str) -> None:
        async def show() -> None:
            if not await open_in_browser(address):
                raise fail(FaultKind.BROWSER_NOT_OPENED)

        self._spawn(show(), "open link")

    async def _ask(self, question: str) -> None:
        from uuid import uuid4  # noqa: PLC0415 - as late as the rest

        self._on_asked()
        conversation = self._store.state.conversation
        if not conversation.conversation_id:
            conversation = replace(conversation, conversation_id=str(uuid4()))
            self._store.update(conversation=conversation)
        ended = await self._turns().run(conversation, question, self._store.state.settings)
        self._on_ended(ended.turns[-1].fault)

    def _on_conversation(self, conversation: Conversation) -> None:
        # A new chat may have been opened while the old answer was still ending.
        if conversation.conversation_id == self._store.state.conversation.conversation_id:
            self._store.update(conversation=conversation)
