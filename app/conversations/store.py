"""The conversations as the program sees them: kept, found, opened, renamed, deleted, taken out.

All file work is done by one daemon thread that is started with the first wish; SQLite is not
loaded before. Nothing here raises: what cannot be read is not there, what cannot be written
waits, and `status` says why. Everything here belongs to the loop's thread.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.conversations.schema import SCHEMA
from app.private_database.owner_thread import CLOSE_LIMIT_S, OwnerThread
from app.private_database.schema import Schema
from app.private_database.status import DatabaseStatus

if TYPE_CHECKING:
    from app.chat.conversation import Conversation
    from app.conversations.keeper import ConversationKeeper
    from app.conversations.view import Entry

FILE_NAME = "conversations.db"


class ConversationStore:
    """`on_status` hears every change of `status`, `on_deleted` the account and name of what was
    to be saved and could not be, because somebody deleted it."""

    def __init__(self, path: Path, *, now: Callable[[], datetime], schema: Schema = SCHEMA) -> None:
        self._path = path
        self._now = now
        self._schema = schema
        self._thread: OwnerThread[ConversationKeeper] = OwnerThread("conversations", self._keeper)
        self.status = DatabaseStatus()
        self.on_status: Callable[[DatabaseStatus], None] = _unheard
        self.on_deleted: Callable[[str, str], None] = _unheard

    def save(self, account_key: str, conversation: Conversation) -> None:
        """Keep `conversation` as it is now, unless it was deleted. Returns at once."""
        if conversation.conversation_id and conversation.turns:
            self._thread.post(lambda keeper: keeper.save(account_key, conversation))

    async def entries(self, account_key: str, search: str = "") -> tuple[Entry, ...]:
        """What is kept of an account, newest first: all, or where `search` is found."""
        nothing: tuple[Entry, ...] = ()

        def find(keeper: ConversationKeeper) -> tuple[Entry, ...]:
            from app.conversations import rows  # noqa: PLC0415 - in the thread

            return keeper.ask(lambda file: rows.entries(file, account_key, search), nothing)

        return await self._thread.answer(find)

    async def load(self, account_key: str, conversation_id: str) -> Conversation | None:
        """A conversation as it was left; None if it is not there or cannot be read."""
        return await self._thread.answer(lambda keeper: keeper.load(account_key, conversation_id))

    async def last(self, account_key: str) -> Conversation | None:
        """The conversation that was changed last; None as with `load`."""
        return await self._thread.answer(lambda keeper: keeper.load(account_key, None))

    async def is_deleted(self, account_key: str, conversation_id: str) -> bool:
        """Whether what was saved or loaded here was deleted since, by whatever program."""
        return await self._thread.answer(
            lambda keeper: keeper.is_deleted(account_key, conversation_id)
        )

    async def rename(self, account_key: str, conversation_id: str, title: str) -> bool:
        """Give it a title of one's own; empty: its first question says it again."""
        return await self._thread.answer(
            lambda keeper: keeper.rename(account_key, conversation_id, title)
        )

    async def delete(self, account_key: str, conversation_id: str) -> bool:
        """Delete a conversation from the file and its copies, without a trace (T-29).

        False if that is not possible now; traces are tried again with the next wish.
        """
        return await self._thread.answer(lambda keeper: keeper.delete(account_key, conversation_id))

    async def delete_all(self, account_key: str) -> bool:
        """Delete everything of an account in the same way."""
        return await self._thread.answer(lambda keeper: keeper.delete_all(account_key))

    def forget(self, account_key: str) -> None:
        """Like `delete_all`, with nobody to wait for it: the account was removed (T-43)."""
        self._thread.post(lambda keeper: keeper.delete_all(account_key))

    def delete_before(self, moment: datetime) -> None:
        """Delete what was not touched since, of all accounts."""
        stamp = round(moment.timestamp())
        self._thread.post(lambda keeper: keeper.delete_before(stamp))

    async def export(
        self,
        account_key: str,
        conversation_id: str,
        target: Path,
        render: Callable[[Conversation], str],
    ) -> bool:
        """Write what `render` makes of a conversation to `target`, whole or not at all, readable
        by us only; False if that failed."""

        def write(keeper: ConversationKeeper) -> bool:
            from app.conversations.export import write_file  # noqa: PLC0415 - rarely asked for

            conversation = keeper.load(account_key, conversation_id)
            return conversation is not None and write_file(target, render(conversation))

        return await self._thread.answer(write)

    def finish(self) -> None:
        """Begin to close: nothing is taken in any more, what was saved is being written."""
        self._thread.finish()

    async def ended(self, limit_s: float = CLOSE_LIMIT_S) -> None:
        """Like `close`, for a program that goes on: nothing is taken in ever after."""
        await self._thread.ended(limit_s)

    async def close(self, limit_s: float = CLOSE_LIMIT_S) -> None:
        """Write what was saved, then let go of the file; gives up after `limit_s`."""
        await self._thread.close(limit_s)

    def _keeper(self) -> ConversationKeeper:
        from app.conversations.keeper import ConversationKeeper  # noqa: PLC0415 - loads SQLite

        def tell(status: DatabaseStatus) -> None:
            self._thread.tell(self._show, status)

        def tell_deleted(key: tuple[str, str]) -> None:
            self._thread.tell(lambda deleted: self.on_deleted(*deleted), key)

        return ConversationKeeper(self._path, self._schema, self._now, tell, tell_deleted)

    def _show(self, status: DatabaseStatus) -> None:
        if status != self.status:
            self.status = status
            self.on_status(status)


def _unheard(*_told: object) -> None:
    """Nobody looks."""
