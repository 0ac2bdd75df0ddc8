"""The conversation: ask, stop, ask again, edit, go on, begin anew, follow a link of an answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from app.auth.browser import open_in_browser
from app.chat.conversation import Conversation, Turn
from app.errors import FaultKind, fail
from app.program import Program
from app.state import Store
from app.tasks import SingleTask, Spawn
from app.usage.limits import UsageSnapshot

if TYPE_CHECKING:
    from app.chat.attachments import Attachment
    from app.chat.models import ModelChoice
    from app.chat.turn import TurnRunner


class ChatIntents:
    """`on_asked` precedes every request, `on_ended` follows every answer that was not stopped.

    `on_limits` gets what the answers tell of the limits. What `is_deleted` says of does not go
    with the next question.
    """

    def __init__(
        self,
        program: Program,
        store: Store,
        spawn: Spawn,
        *,
        on_asked: Callable[[], None],
        on_ended: Callable[[Turn], None],
        on_limits: Callable[[UsageSnapshot], None],
        is_deleted: Callable[[Conversation], Awaitable[bool]],
    ) -> None:
        self._program = program
        self._store = store
        self._spawn = spawn
        self._on_asked = on_asked
        self._on_ended = on_ended
        self._on_limits = on_limits
        self._is_deleted = is_deleted
        self._answering = SingleTask(spawn, "answer")

    def _turns(self, show: Callable[[Conversation], None]) -> TurnRunner:
        """For the account in front, with its own list of models; imported with a question."""
        from app.chat.turn import TurnRunner  # noqa: PLC0415

        return TurnRunner(self._program.chat, show, on_limits=self._on_limits)

    async def models(self) -> tuple[ModelChoice, ...]:
        """What the service lists for the account in front. Raises `AppError`."""
        from app.chat.catalogue import model_choices  # noqa: PLC0415 - with the first choice

        return await model_choices(self._program.chat, self._store.state.settings.client_identity)

    @property
    def can_ask(self) -> bool:
        """No answer is on its way, the sign-in is one's own, no safe mode (F-C28, F-T27, F-D23)."""
        state = self._store.state
        if state.is_safe_mode or state.session.is_borrowed:
            return False
        return not self._answering.is_running

    def ask(self, question: str, attachments: tuple[Attachment, ...] = ()) -> None:
        if self.can_ask:
            self._answering.start(lambda: self._ask(question, attachments))

    def edit_and_resend(
        self, turn_id: str, question: str, attachments: tuple[Attachment, ...] = ()
    ) -> None:
        """Ask `question` in place of that turn; what followed it is no longer part of this."""
        turns = self._store.state.conversation.turns
        if self.can_ask:
            place = next((n for n, one in enumerate(turns) if one.turn_id == turn_id), len(turns))
            self._keep_until(place)
            self.ask(question, attachments)

    def ask_again(self) -> None:
        conversation = self._store.state.conversation
        if conversation.turns and conversation.open_turn is None and self.can_ask:
            last = conversation.turns[-1]
            self._keep_until(len(conversation.turns) - 1)
            self.ask(last.question, last.attachments)

    def continue_answer(self) -> None:
        """Ask for the rest of an answer that was stopped, cut or broken off (F-C13)."""
        from app.wording.composing import continuation  # noqa: PLC0415 - seldom

        conversation = self._store.state.conversation
        if conversation.turns and conversation.open_turn is None:
            self.ask(continuation())

    def _keep_until(self, place: int) -> None:
        conversation = self._store.state.conversation
        self._store.update(conversation=replace(conversation, turns=conversation.turns[:place]))

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

    async def _ask(self, question: str, attachments: tuple[Attachment, ...]) -> None:
        from uuid import uuid4  # noqa: PLC0415 - as late as the rest

        self._on_asked()
        is_deleted = await self._is_deleted(self._store.state.conversation)
        conversation = Conversation() if is_deleted else self._store.state.conversation
        if not conversation.conversation_id:
            conversation = replace(conversation, conversation_id=str(uuid4()))
            self._store.update(conversation=conversation)
        settings = self._store.state.settings
        ended = await self._turns(self._shower()).run(conversation, question, settings, attachments)
        self._on_ended(ended.turns[-1])

    def _shower(self) -> Callable[[Conversation], None]:
        """Takes over each step of one answer until it has come to its end, and none after that:
        by then the conversation may have gone on without it."""
        is_over = False

        def show(conversation: Conversation) -> None:
            nonlocal is_over
            if is_over:
                return
            is_over = conversation.open_turn is None
            if is_over:  # whoever sees the end may ask on at once
                self._answering.release()
            # A new chat may have been opened while the old answer was still ending.
            if conversation.conversation_id == self._store.state.conversation.conversation_id:
                self._store.update(conversation=conversation)

        return show
