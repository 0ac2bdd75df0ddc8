"""Holds the one connection to a private database: opened when used, renewed, let go after a fault.

Before each use the file is looked at: one that was deleted or replaced is left behind and opened
anew (F-D20). One that shows to be damaged is renewed, and the work done once more (F-D16).
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Generic, TypeVar

from app.private_database.conditions import condition_of
from app.private_database.database_file import Identity, identity
from app.private_database.opening import Opened, damage_of
from app.private_database.status import Condition, DatabaseStatus

T = TypeVar("T")
S = TypeVar("S", bound=DatabaseStatus)

Open = Callable[[bool], Opened]  # is the file known to be damaged?


class HeldDatabase(Generic[S]):
    """Lives in one thread. `name` is for the log, `tell` hears every change of `status`."""

    def __init__(
        self, name: str, path: Path, open_: Open, status: S, tell: Callable[[S], None]
    ) -> None:
        self._name = name
        self._path = path
        self._open = open_
        self._tell = tell
        self._told = self.status = status
        self._connection: sqlite3.Connection | None = None
        self._identity: Identity | None = None
        self.file_number = 0  # grows when the file is another one: found, begun or renewed
        self._is_damaged = False
        self._log = logging.getLogger(f"tidegauge.{name}")

    def use(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """`work` on the open file. Raises `conditions.FAULTS`, which `note` takes.

        Once more on a renewed file if the first shows to be damaged.
        """
        try:
            return self._once(work)
        except (sqlite3.Error, UnicodeError) as error:
            if not damage_of(error):
                raise
            self._log.warning("the file is damaged: %s", error)
            self._is_damaged = True
        return self._once(work)

    def note(self, error: Exception, **more: Any) -> None:
        """The work failed with one of `conditions.FAULTS`: show it, and begin anew next time."""
        condition = condition_of(error, self._path.parent)
        if condition is not self.status.condition:
            self._log.warning("%s not kept (%s): %s", self._name, condition, error)
        self.let_go()
        self.show(condition, **more)

    def show(self, condition: Condition, **more: Any) -> None:
        """The status from now on; `more` are its fields beside those kept here."""
        status = replace(self.status, condition=condition, **more)
        if status != self._told:
            self._told = self.status = status
            self._tell(status)

    def let_go(self) -> None:
        """Close the file; the next use opens it."""
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
        self._connection = None

    def _once(self, work: Callable[[sqlite3.Connection], T]) -> T:
        connection = self._opened()
        try:
            return work(connection)
        except BaseException:
            self.let_go()  # rolls back; the next use looks at everything anew
            raise

    def _opened(self) -> sqlite3.Connection:
        found = identity(self._path)
        if self._connection is not None:
            if found == self._identity:
                return self._connection
            self._log.warning("the file was deleted or replaced")
            self.let_go()
        opened = self._open(self._is_damaged)
        # A new file may well have the inode of the one before it.
        self.file_number += found != self._identity or opened.identity != found
        self._is_damaged = False
        self._connection, self._identity = opened.connection, opened.identity
        self.status = replace(self.status, is_on_network=opened.is_on_network)
        if opened.set_aside:
            self._log.warning("%s: %d rows saved", opened.set_aside, opened.rows_saved)
            self.status = replace(
                self.status, set_aside=opened.set_aside, rows_saved=opened.rows_saved
            )
        return opened.connection
