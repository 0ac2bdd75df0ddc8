"""Writes the conversations, answers from them, deletes them for good. Lives in one thread.

What cannot be written waits in memory, the newest state of a few conversations, and goes with
the next one (F-D08, F-D09, F-D19). What was on file and is not any more was deleted, by this
program or another, and is not written again.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from app.chat.conversation import Conversation, Turn
from app.conversations import rows
from app.conversations.opening import open_conversations
from app.private_database.conditions import FAULTS
from app.private_database.database_file import Names, make_private
from app.private_database.held_database import HeldDatabase
from app.private_database.opening import sweep
from app.private_database.schema import Schema
from app.private_database.status import Condition, DatabaseStatus

T = TypeVar("T")

MOST_WAITING = 20  # conversations

_Key = tuple[str, str]  # account and name


class ConversationKeeper:
    """`tell` hears every change of the status, `tell_deleted` the account and name of what was
    to be saved though it is deleted; both in this thread. Nothing here raises."""

    def __init__(
        self,
        path: Path,
        schema: Schema,
        now: Callable[[], datetime],
        tell: Callable[[DatabaseStatus], None],
        tell_deleted: Callable[[_Key], None] = lambda _key: None,
    ) -> None:
        self._path = path
        self._now = now
        self._file = HeldDatabase(
            "conversations",
            path,
            lambda is_damaged: open_conversations(path, schema, now(), is_damaged=is_damaged),
            DatabaseStatus(),
            tell,
        )
        self._waiting: dict[_Key, Conversation] = {}
        self._to_forget: set[str] = set()
        # There while something deleted may have left traces in the file, whoever is killed.
        self._unswept = path.with_name(f"{path.stem}.unswept")
        self._stored: tuple[_Key, tuple[Turn, ...]] | None = None  # as the file has it
        self._tell_deleted = tell_deleted
        self._was_there: set[_Key] = set()  # written or read here, in this very file:
        self._was_there_in = 0

    def save(self, account: str, conversation: Conversation) -> bool:
        """Write `conversation` and whatever waits; False if that is not possible now."""
        self._waiting[account, conversation.conversation_id] = conversation
        while len(self._waiting) > MOST_WAITING:
            del self._waiting[next(iter(self._waiting))]
        return self._flush()

    def ask(self, query: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        """The answer of `query`, or `otherwise` if there is no file or it cannot be read now."""
        self._flush()
        if not self._has_file():
            return otherwise  # to look is no reason to make one
        try:
            answer = self._file.use(query)
        except FAULTS as error:
            self._file.note(error)
            return otherwise
        self._file.show(Condition.KEEPING)
        return answer

    def load(self, account: str, name: str | None) -> Conversation | None:
        """The conversation of this name, or the one changed last; None if there is none."""

        def read(file: sqlite3.Connection) -> Conversation | None:
            return rows.newest(file, account) if name is None else rows.load(file, account, name)

        found = self.ask(read, None)
        if found is not None:
            self._stored = ((account, found.conversation_id), found.turns)
            self._note_there([self._stored[0]])
        return found

    def is_deleted(self, account: str, name: str) -> bool:
        """Whether it was on file and is not any more."""

        def look(file: sqlite3.Connection) -> bool:
            return self._is_deleted(file, (account, name))

        return self.ask(look, False)

    def rename(self, account: str, name: str, title: str) -> bool:
        return self._has_file() and self._change(
            lambda file: rows.rename(file, account, name, title)
        )

    def delete(self, account: str, name: str) -> bool:
        """Delete a conversation so that nothing of it is left in the file or its copies."""
        self._waiting.pop((account, name), None)
        return self._wipe(lambda file: rows.delete(file, account, name))

    def delete_all(self, account: str) -> bool:
        """Delete everything of an account in the same way.

        False if the file could not be changed now; it is tried again with the next use.
        """
        self._waiting = {key: one for key, one in self._waiting.items() if key[0] != account}
        self._to_forget.add(account)
        return self._flush()

    def delete_before(self, moment: int) -> bool:
        """Delete what was not touched since `moment`, of all accounts."""
        is_old = self.ask(lambda file: rows.has_older(file, moment), False)
        return not is_old or self._wipe(lambda file: rows.delete_before(file, moment))

    def close(self) -> None:
        """Write what waits, if that is possible, and let go of the file."""
        self._flush()
        self._file.let_go()

    # --- the file ----------------------------------------------------------------------------

    def _has_file(self) -> bool:
        names = Names(self._path)
        return any(map(os.path.exists, (names.path, names.new, *names.copies())))

    def _flush(self) -> bool:
        """Do what could not be done before; True if nothing is left to do."""
        if self._to_forget and self._wipe(self._forget_accounts):
            self._to_forget.clear()
        elif os.path.exists(self._unswept):
            self._sweep()
        if self._waiting and self._write():
            self._note_written()
        return not (self._waiting or self._to_forget or os.path.exists(self._unswept))

    def _write(self) -> bool:
        try:
            return self._change(self._write_waiting)
        except Exception:
            self._waiting.clear()  # a mistake of ours must not hold up what comes after it
            raise

    def _write_waiting(self, file: sqlite3.Connection) -> None:
        at = round(self._now().timestamp())
        for key, conversation in tuple(self._waiting.items()):
            if self._is_deleted(file, key):
                del self._waiting[key]
                self._tell_deleted(key)
                continue
            stored = self._stored[1] if self._stored and self._stored[0] == key else ()
            rows.put(file, key[0], conversation, at, stored)

    def _note_written(self) -> None:
        if self._waiting:  # else all of it is deleted
            self._note_there(self._waiting)
            key, conversation = self._waiting.popitem()
            self._stored = (key, conversation.turns)
            self._waiting.clear()

    def _note_there(self, keys: Iterable[_Key]) -> None:
        if self._was_there_in != self._file.file_number:
            self._was_there.clear()
            self._was_there_in = self._file.file_number
        self._was_there.update(keys)

    def _is_deleted(self, file: sqlite3.Connection, key: _Key) -> bool:
        """A renewed or replaced file does not say what was deleted (F-D16, F-D20)."""
        is_same = self._was_there_in == self._file.file_number
        return is_same and key in self._was_there and not rows.is_there(file, *key)

    def _forget_accounts(self, file: sqlite3.Connection) -> None:
        for account in self._to_forget:
            rows.forget_account(file, account)

    def _wipe(self, work: Callable[[sqlite3.Connection], object]) -> bool:
        """Delete by `work`, in the file and in whatever copy of it there is."""
        if not self._has_file():
            return True
        self._stored = None
        try:
            make_private(self._unswept)
        except OSError as error:
            self._file.note(error)
            return False
        return self._change(work) and self._sweep()

    def _sweep(self) -> bool:
        try:
            self._file.use(sweep)
            for copy in Names(self._path).copies():
                copy.unlink()
            self._unswept.unlink(missing_ok=True)
        except FAULTS as error:
            self._file.note(error)
            return False
        return True

    def _change(self, work: Callable[[sqlite3.Connection], object]) -> bool:
        def changed(file: sqlite3.Connection) -> None:
            file.execute("BEGIN IMMEDIATE")
            work(file)
            file.execute("COMMIT")

        try:
            self._file.use(changed)
        except FAULTS as error:
            self._file.note(error)
            return False
        self._file.show(Condition.KEEPING)
        return True
