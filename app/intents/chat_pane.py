"""What the chat's window wishes: a question, the desk around its field, earlier conversations.

The parts know nothing of each other; what follows from what among them is written here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from app.chat.conversation import Conversation, Turn, TurnStatus
from app.clocks import wall
from app.errors import Fault
from app.intents.chat import ChatIntents
from app.program import Program
from app.state import AppState, Store
from app.tasks import Spawn
from app.usage.limits import UsageSnapshot

if TYPE_CHECKING:  # loaded with the chat
    from app.intents.conversations import ConversationIntents
    from app.intents.desk import DeskIntents


class PaneIntents:
    """One per running tray program; every method returns at once.

    `on_asked` precedes every request, `on_ended` follows every answer that was not stopped;
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
        self._told_asked, self._told_ended = on_asked, on_ended
        self._before: UsageSnapshot | None = None  # what was used when it was asked
        self._answered = ""  # id of the turn whose cost the next reading tells
        store.subscribe(lambda state: state.usage, self._on_usage)
        self._desk: DeskIntents | None = None
        self._conversations: ConversationIntents | None = None
        self._chat = ChatIntents(
            program,
            store,
            spawn,
            on_asked=self._on_asked,
            on_ended=self._on_ended,
            on_limits=on_limits,
            is_deleted=self._is_deleted,
        )

    def _on_asked(self) -> None:
        self._before, self._answered = self._store.state.usage, ""
        self._told_asked()

    async def _is_deleted(self, conversation: Conversation) -> bool:
        kept = self._conversations
        return kept is not None and await kept.is_deleted(conversation)

    def _on_usage(self, state: AppState) -> None:
        """The first reading after an answer tells how far it moved the windows."""
        if not self._answered or state.usage is None or state.desk is None:
            return
        from app.chat.cost import movements  # noqa: PLC0415 - with the first answer

        answered, self._answered = self._answered, ""
        moved = {answered: movements(self._before, state.usage)}
        self._store.update(desk=replace(state.desk, moved=moved))

    def _on_ended(self, turn: Turn) -> None:
        self._answered = turn.turn_id if turn.usage is not None else ""
        is_shown = turn in self._store.state.conversation.turns
        if turn.status is TurnStatus.FAILED and is_shown and self._desk is not None:
            self._desk.put_back(turn)
        self._told_ended(turn.fault)

    # --- whose chat it is --------------------------------------------------------------------

    def resume(self) -> None:
        """Somebody has signed in: take up the last conversation, if any is kept."""
        if self._conversations is not None:
            self._conversations.resume()

    def forget(self, account_key: str, *, forgets_conversations: bool) -> None:
        """The account was removed: its draft goes, and its conversations if wished."""
        if forgets_conversations and self._conversations is not None:
            self._conversations.forget(account_key)
        elif forgets_conversations:
            self._program.conversations.forget(account_key)
        self.desk.forget(account_key)

    # --- parts -------------------------------------------------------------------------------

    @property
    def desk(self) -> DeskIntents:
        """What the chat window keeps around its field; read with the first access."""
        if self._desk is None:
            from app.intents.desk import FILE_NAME, DeskIntents  # noqa: PLC0415 - with the chat

            path = self._program.surroundings.paths.state / FILE_NAME
            self._desk = DeskIntents(self._store, self._spawn, path, self._chat.models)
        return self._desk

    @property
    def conversations(self) -> ConversationIntents:
        """The conversations that are kept; from the first access on they are."""
        if self._conversations is None:
            from app.intents.conversations import ConversationIntents  # noqa: PLC0415 - as above

            self._conversations = ConversationIntents(
                self._program.conversations,
                self._store,
                self._spawn,
                begin_anew=self._clear_conversation,
                put_back=self.desk.put_back,
                now=wall,
            )
        return self._conversations

    def _clear_conversation(self) -> None:
        """Another one is about to be shown: an earlier question of this one is not edited."""
        self._chat.new_chat()
        desk = self._store.state.desk
        if self._desk is not None and desk is not None and desk.draft.replaces:
            self._desk.leave_editing()

    # --- the conversation --------------------------------------------------------------------

    def send_question(self, question: str) -> None:
        """Send what stands in the field, with its files, in place of the turn being edited, if any.

        While an answer is on its way it goes back into the field (F-C28).
        """
        if not self._chat.can_ask or self._store.state.conversation.open_turn is not None:
            self.desk.refill(question)
            return
        replaced, attachments = self.desk.take()
        if replaced:
            self._chat.edit_and_resend(replaced, question, attachments)
        else:
            self._chat.ask(question, attachments)

    def ask(self, question: str) -> None:
        """Ask `question`, whatever stands in the field; ignored while an answer comes (F-C28)."""
        self._chat.ask(question)

    def ask_again(self) -> None:
        """Send the last question once more, in place of its failed or stopped turn."""
        turns = self._store.state.conversation.turns
        if self._desk is not None and turns:
            self._desk.withdraw(turns[-1])
        self._chat.ask_again()

    def continue_answer(self) -> None:
        """Ask for the rest of an answer that was stopped, cut or broken off (F-C13)."""
        self._chat.continue_answer()

    def stop(self) -> None:
        """End the answer that is on its way; what came of it stays (F-C01)."""
        self._chat.stop()

    def new_chat(self) -> None:
        """Begin an empty conversation; an answer on its way goes with the old one."""
        self._chat.new_chat()

    def open_link(self, address: str) -> None:
        """Open a link of an answer in the browser; the person confirmed it."""
        self._chat.open_link(address)
