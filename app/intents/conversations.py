"""The conversations that are kept: saved as they go, listed, opened, renamed, taken out, deleted.

A conversation belongs to the account that was in front when it began, and is saved under its
key whatever comes to the front later. It is saved with each question, at the end of each answer,
and in between now and then: never per delta. What another program deleted leaves the window.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.chat.conversation import Conversation, Turn
from app.private_database.status import Condition, DatabaseStatus
from app.state import AppState, Store
from app.tasks import SingleTask, Spawn

if TYPE_CHECKING:
    from app.conversations.store import ConversationStore

SAVE_EVERY_S = 10.0  # so much of an answer a crash may cost
_PRUNE_EVERY_S = 86_400.0
_TITLE_CHARS = 200
_LOOK_LIMIT_S = 0.2  # so long a question may wait for the file


class ConversationIntents:
    """One per running program, made with the first opening of the chat.

    `begin_anew` clears the conversation that is shown, ending its answer; `put_back` puts a
    question that goes unanswered with it back into the field.
    """

    def __init__(
        self,
        conversations: ConversationStore,
        store: Store,
        spawn: Spawn,
        *,
        begin_anew: Callable[[], None],
        put_back: Callable[[Turn], None],
        now: Callable[[], datetime],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._conversations = conversations
        self._store = store
        self._begin_anew = begin_anew
        self._put_back = put_back
        self._now = now
        self._clock = clock
        self._listing = SingleTask(spawn, "list conversations")
        self._opening = SingleTask(spawn, "open a conversation")
        self._exporting = SingleTask(spawn, "export a conversation")
        self._spawn = spawn
        self._shown = self._saved = Conversation()
        self._owner = ""  # key of the account that `_shown` belongs to
        self._unwanted = ""  # id of a conversation that is not to be saved any more
        self._saved_at = float("-inf")
        self._pruned_at = float("-inf")
        conversations.on_status = self._on_status
        conversations.on_deleted = self._on_deleted
        store.subscribe(lambda state: state.conversation, self._on_conversation)
        store.subscribe(lambda state: state.session.account_key, self._on_account)
        store.subscribe(lambda state: state.settings.keep_conversations, self._on_switch)
        self._on_conversation(store.state)

    # --- wishes ------------------------------------------------------------------------------

    def resume(self) -> None:
        """Show the conversation that was left last, unless one is shown already."""
        if not self._store.state.session.account_key:
            return
        if self._store.state.conversation.turns:
            self._opening.start(self._leave_deleted)
        else:
            self._prune()
            self._opening.start(self._resume)

    def show_list(self, search: str | None) -> None:
        """List the account's conversations, or where `search` is found; None: nobody looks."""
        self._listing.stop()
        if search is None:
            self._store.update(conversations=None)
            return
        from app.conversations.view import ConversationList  # noqa: PLC0415 - with the list

        before, key = self._store.state.conversations, self._account_key
        if before is None or before.account_key != key:
            before = ConversationList(account_key=key, status=self._status())
        listed = replace(before, search=search, is_loading=True)
        self._store.update(conversations=listed)
        self._listing.start(lambda: self._list(key, search))

    def open(self, conversation_id: str) -> None:
        """Show a conversation, to be gone on with; an answer on its way elsewhere ends."""
        if conversation_id != self._store.state.conversation.conversation_id:
            key = self._account_key
            self._opening.stop()
            self._opening.start(lambda: self._open(key, conversation_id))

    def rename(self, conversation_id: str, title: str) -> None:
        """Give it a title; empty: its first question says it again."""
        key, line = self._account_key, " ".join(title.split())[:_TITLE_CHARS]
        shown = self._store.state.conversation
        if shown.conversation_id == conversation_id:
            self._store.update(conversation=replace(shown, title=line))
        self._change("rename", lambda kept: kept.rename(key, conversation_id, line))

    def delete(self, conversation_id: str) -> None:
        """Delete a conversation for good."""
        if self._store.state.conversation.conversation_id == conversation_id:
            self._leave(conversation_id)
        key = self._account_key
        self._change("delete", lambda kept: kept.delete(key, conversation_id))

    def delete_all(self) -> None:
        """Delete every conversation of the account in front for good."""
        key = self._account_key
        if key == self._owner:
            self._leave(self._shown.conversation_id)
        self._change("delete all", lambda kept: kept.delete_all(key))

    def forget(self, account_key: str) -> None:
        """Delete everything of an account that was removed (T-43)."""
        if account_key == self._owner:
            self._leave(self._shown.conversation_id)
        self._conversations.forget(account_key)

    async def is_deleted(self, conversation: Conversation) -> bool:
        """Whether another program deleted the conversation that is shown.

        No for one that is not shown, and if the file does not say so at once.
        """
        shown = self._shown.conversation_id
        if not shown or conversation.conversation_id != shown:
            return False
        looking = self._conversations.is_deleted(self._owner, shown)
        try:
            return await asyncio.wait_for(looking, _LOOK_LIMIT_S)
        except TimeoutError:
            return False

    def export(self, conversation_id: str, form: str, path: str) -> None:
        """Write a conversation to a file, as "markdown" or "json"."""
        key = self._account_key
        self._exporting.start(lambda: self._export(key, conversation_id, form, Path(path)))

    # --- saving ------------------------------------------------------------------------------

    def _on_conversation(self, state: AppState) -> None:
        conversation = state.conversation
        if conversation.conversation_id != self._shown.conversation_id:
            self._save_rest()
            self._owner, self._saved = state.session.account_key, Conversation()
        self._shown = conversation
        if conversation.turns and self._is_due(conversation):
            self._save(conversation)

    def _is_due(self, conversation: Conversation) -> bool:
        last = conversation.turns[-1]
        if not last.is_open or len(conversation.turns) != len(self._saved.turns):
            return True
        is_other = last.turn_id != self._saved.turns[-1].turn_id
        return is_other or self._clock() >= self._saved_at + SAVE_EVERY_S

    def _save_rest(self) -> None:
        """The conversation goes from the window: what came of its answer stays, marked (F-C01)."""
        if self._shown.turns and self._shown is not self._saved:
            self._save(self._shown.stop())

    def _save(self, conversation: Conversation) -> None:
        if conversation is self._saved or conversation.conversation_id == self._unwanted:
            return
        if self._owner and self._store.state.settings.keep_conversations:
            self._saved, self._saved_at = conversation, self._clock()
            self._conversations.save(self._owner, conversation)
            self._prune()

    def _leave(self, conversation_id: str) -> None:
        """Clear the window of a conversation that is about to be deleted."""
        self._unwanted = conversation_id
        if self._store.state.conversation.conversation_id == conversation_id:
            self._begin_anew()

    def _on_deleted(self, account_key: str, conversation_id: str) -> None:
        """Deleted by another program: what it deleted is not shown any longer either."""
        if (account_key, conversation_id) != (self._owner, self._shown.conversation_id):
            return
        open_turn = self._shown.open_turn
        self._leave(conversation_id)
        if open_turn is not None and not open_turn.answer:
            self._put_back(open_turn)

    def _prune(self) -> None:
        """Once a day, by the service's clock: ours may be years off (F-M04)."""
        state, moment = self._store.state, self._clock()
        days = state.settings.conversation_days
        if days and state.usage is not None and moment >= self._pruned_at + _PRUNE_EVERY_S:
            self._pruned_at = moment
            oldest = state.usage.server_now(self._now()) - timedelta(days=days)
            self._conversations.delete_before(oldest)

    # --- what follows ------------------------------------------------------------------------

    def _on_account(self, _state: AppState) -> None:
        self._list_again()

    def _on_switch(self, _state: AppState) -> None:
        if self._shown.turns:
            self._save(self._shown)
        self._on_status(self._conversations.status)

    def _on_status(self, _status: DatabaseStatus) -> None:
        self._show(status=self._status())

    def _status(self) -> DatabaseStatus:
        status = self._conversations.status
        if not self._store.state.settings.keep_conversations:
            return replace(status, condition=Condition.OFF)
        return status

    @property
    def _account_key(self) -> str:
        return self._store.state.session.account_key

    def _list_again(self) -> None:
        listed = self._store.state.conversations
        if listed is not None:
            self.show_list(listed.search)

    # --- tasks -------------------------------------------------------------------------------

    async def _resume(self) -> None:
        key = self._account_key
        found = await self._conversations.last(key)
        if found is not None and not self._store.state.conversation.conversation_id:
            self._put(found, key)

    async def _leave_deleted(self) -> None:
        shown = self._store.state.conversation
        if await self.is_deleted(shown):
            self._on_deleted(self._owner, shown.conversation_id)

    async def _list(self, key: str, search: str) -> None:
        entries = await self._conversations.entries(key, search) if key else ()
        self._show(entries=entries, is_loading=False, status=self._status())

    async def _open(self, key: str, conversation_id: str) -> None:
        found = await self._conversations.load(key, conversation_id)
        if found is None:
            self._show(has_failed=True)
            return
        self._begin_anew()
        self._put(found, key)

    def _put(self, conversation: Conversation, key: str) -> None:
        if key != self._account_key:  # somebody else came to the front meanwhile
            return
        self._save_rest()
        self._shown = self._saved = conversation
        self._owner = key
        self._store.update(conversation=conversation)

    def _change(self, name: str, work: Callable[[ConversationStore], Awaitable[bool]]) -> None:
        async def change() -> None:
            self._show(has_failed=not await work(self._conversations))
            self._list_again()

        self._spawn(change(), f"{name} a conversation")

    async def _export(self, key: str, conversation_id: str, form: str, path: Path) -> None:
        from app.conversations.export_forms import to_json, to_markdown  # noqa: PLC0415 - seldom
        from app.conversations.view import Exporting  # noqa: PLC0415
        from app.local_zone import local_zone  # noqa: PLC0415
        from app.wording.conversations import markdown_words  # noqa: PLC0415

        state = self._store.state
        words = markdown_words(self._now(), local_zone(os.environ), state.settings.clock)
        render = to_json if form == "json" else lambda one: to_markdown(one, words)
        self._show(exporting=Exporting.UNDER_WAY, exported_to="")
        is_done = await self._conversations.export(key, conversation_id, path, render)
        ending = Exporting.DONE if is_done else Exporting.FAILED
        self._show(exporting=ending, exported_to=path.name)

    def _show(self, **changes: Any) -> None:
        listed = self._store.state.conversations
        if listed is not None:
            self._store.update(conversations=replace(listed, **changes))
