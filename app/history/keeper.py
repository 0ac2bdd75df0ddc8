"""Writes the history and answers from it. Lives in one thread.

A record that cannot be written waits in memory, at most a thousand readings of them, and goes
with the next one (F-D08, F-D09, F-D19).
"""

from __future__ import annotations

import logging
import sqlite3
from collections import deque
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from app.history import rows
from app.history.opening import open_history
from app.history.runs import Record
from app.history.status import HistoryStatus
from app.private_database.conditions import FAULTS
from app.private_database.database_file import Names
from app.private_database.held_database import HeldDatabase
from app.private_database.opening import sweep
from app.private_database.schema import Schema
from app.private_database.status import Condition

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
        self._file = HeldDatabase(
            "history",
            path,
            lambda is_damaged: open_history(path, schema, now(), is_damaged=is_damaged),
            HistoryStatus(),
            tell,
        )
        self._waiting: deque[Record] = deque()
        self._to_forget: set[str] = set()
        self._pruned = (0, 0)  # when, by the service's clock, and to how many days

    def keep(self, record: Record, retention_days: int) -> None:
        """Write `record` and whatever waits; 0 days: for ever."""
        self._waiting.append(record)
        while self._rows_waiting() > MOST_WAITING:
            self._waiting.popleft()
        if self._flush() and retention_days and record.is_dated:
            self._prune(record.at, retention_days)

    def ask(self, query: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        """The answer of `query`, or `otherwise` if the history cannot be read now."""
        try:
            answer = self._file.use(query)
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
        self._file.let_go()

    # --- the file ----------------------------------------------------------------------------

    def _flush(self) -> bool:
        try:
            self._file.use(self._write_waiting)
            if self._to_forget:
                self._file.use(sweep)
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

    # --- how it fares ------------------------------------------------------------------------

    def _note(self, error: Exception) -> None:
        self._file.note(error, rows_waiting=self._rows_waiting())

    def _show(self, condition: Condition) -> None:
        self._file.show(condition, rows_waiting=self._rows_waiting())

    def _rows_waiting(self) -> int:
        return sum(len(record.readings) for record in self._waiting)
