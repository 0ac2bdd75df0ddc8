"""Owns the one connection to the history: writes, retries, renews, answers. Lives in one thread.

A record that cannot be written waits in memory, at most a thousand readings of them, and goes
with the next one (F-D08, F-D09, F-D19). Before each use the file is looked at: one that was
deleted or replaced is left behind and opened anew (F-D20).
"""

from __future__ import annotations

import logging
import sqlite3
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from app.history import rows
from app.history.conditions import FAULTS, condition_of
from app.history.history_file import Identity, Names, identity
from app.history.opening import damage_of, open_history
from app.history.runs import Record
from app.history.schema import Schema
from app.history.status import Condition, HistoryStatus

T = TypeVar("T")

MOST_WAITING = 1000  # readings (F-D19)
_DAY_S = 86_400

log = logging.getLogger("tidegauge.history")


class Keeper:
    """`tell` hears every change of the status, in this thread. Nothing here raises."""

    def __init__(
        self,
        path: Path,
        schema: Schema,
        now: Callable[[], datetime],
        tell: Callable[[HistoryStatus], None],
    ) -> None:
        self._path = path
        self._schema = schema
        self._now = now
        self._tell = tell
        self._status = self._told = HistoryStatus()
        self._waiting: deque[Record] = deque()
        self._to_forget: set[str] = set()
        self._connection: sqlite3.Connection | None = None
        self._identity: Identity | None = None
        self._is_damaged = False
        self._pruned = (0, 0)  # when, by the service's clock, and to how many days

    def keep(self, record: Record, retention_days: int) -> None:
        """Write `record` and whatever waits; 0 days: for ever."""
        self._waiting.append(record)
        while sum(len(waiting.readings) for waiting in self._waiting) > MOST_WAITING:
            self._waiting.popleft()
        if self._flush() and retention_days and record.is_dated:
            self._prune(record.at, retention_days)

    def ask(self, query: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        """The answer of `query`, or `otherwise` if the history cannot be read now."""
        try:
            answer = self._try(query)
        except FAULTS as error:
            self._note(error)
            return otherwise
        self._show(Condition.KEEPING)
        return answer

    def forget(self, account: str) -> bool:
        """Delete everything of `account`, and the copies it may stand in.

        False if the file could not be changed now; it is tried again with the next record.
        """
        kept = [record for record in self._waiting if record.account != account]
        self._waiting = deque(kept)
        self._to_forget.add(account)
        return self._flush()

    def close(self) -> None:
        """Write what waits, if that is possible, and let go of the file."""
        if self._waiting or self._to_forget:
            self._flush()
        self._let_go()

    # --- the file ----------------------------------------------------------------------------

    def _flush(self) -> bool:
        try:
            self._try(self._write_waiting)
            for account in tuple(self._to_forget):
                for copy in Names(self._path).copies():
                    copy.unlink()
                self._to_forget.discard(account)
        except FAULTS as error:
            self._note(error)
            return False
        for record in self._waiting:
            kept = " ".join(f"{reading.window_id}={reading.used}" for reading in record.readings)
            log.debug("history kept at %d: %s", record.at, kept)
        self._waiting.clear()
        self._show(Condition.KEEPING)
        return True

    def _write_waiting(self, connection: sqlite3.Connection) -> None:
        if not self._waiting and not self._to_forget:
            return
        connection.execute("BEGIN IMMEDIATE")
        for account in self._to_forget:
            rows.forget_account(connection, account)
        for record in self._waiting:
            rows.add(connection, record)
        connection.execute("COMMIT")

    def _prune(self, at: int, retention_days: int) -> None:
        """Once a day, by the service's clock: ours may be years off (F-M04)."""
        pruned_at, days = self._pruned
        if days == retention_days and abs(at - pruned_at) < _DAY_S:
            return

        def prune(connection: sqlite3.Connection) -> None:
            connection.execute("BEGIN IMMEDIATE")
            rows.forget_before(connection, at - retention_days * _DAY_S)
            connection.execute("COMMIT")

        self.ask(prune, None)
        self._pruned = (at, retention_days)

    def _try(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """`work` on the open file; once more on a renewed one if it shows to be damaged."""
        try:
            return self._once(work)
        except (sqlite3.Error, UnicodeError) as error:
            if not damage_of(error):
                raise
            log.warning("the history is damaged: %s", error)
            self._is_damaged = True
        return self._once(work)

    def _once(self, work: Callable[[sqlite3.Connection], T]) -> T:
        connection = self._opened()
        try:
            return work(connection)
        except (sqlite3.Error, UnicodeError):
            self._let_go()  # rolls back; the next use looks at everything anew
            raise

    def _opened(self) -> sqlite3.Connection:
        if self._connection is not None:
            if identity(self._path) == self._identity:
                return self._connection
            log.warning("the history file was deleted or replaced")
            self._let_go()
        opened = open_history(self._path, self._schema, self._now(), is_damaged=self._is_damaged)
        self._is_damaged = False
        self._connection, self._identity = opened.connection, opened.identity
        self._status = replace(self._status, is_on_network=opened.is_on_network)
        if opened.set_aside:
            log.warning("%s: %d rows saved", opened.set_aside, opened.rows_saved)
            self._status = replace(
                self._status, set_aside=opened.set_aside, rows_saved=opened.rows_saved
            )
        return opened.connection

    def _let_go(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
        self._connection = None

    # --- how it fares ------------------------------------------------------------------------

    def _note(self, error: Exception) -> None:
        condition = condition_of(error, self._path.parent)
        if condition is not self._status.condition:
            log.warning("history not kept (%s): %s", condition, error)
        self._let_go()
        self._show(condition)

    def _show(self, condition: Condition) -> None:
        waiting = sum(len(record.readings) for record in self._waiting)
        status = replace(self._status, condition=condition, rows_waiting=waiting)
        if status != self._told:
            self._told = self._status = status
            self._tell(status)
