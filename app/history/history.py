"""The history as the program sees it: readings go in, answers come out, nothing waits on a disk.

The questions are those of `queries`; a file that cannot be read answers with nothing. All file
work is done by one daemon thread that is started with the first reading or question; SQLite is
not loaded before. Everything here belongs to the loop's thread.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, TypeVar

from app.history.runs import GAP_S, record_of
from app.history.schema import SCHEMA
from app.history.status import HistoryStatus
from app.private_database.owner_thread import CLOSE_LIMIT_S, OwnerThread
from app.private_database.schema import Schema
from app.usage.limits import UsageSnapshot

if TYPE_CHECKING:
    import sqlite3

    from app.history.curves import Change, Cycle, Series, WindowOnFile
    from app.history.keeper import Keeper

T = TypeVar("T")

FILE_NAME = "history.db"

log = logging.getLogger("tidegauge.history")


class History:
    """`on_status` hears every change of `status`. `retention_days` 0: for ever."""

    def __init__(self, path: Path, *, now: Callable[[], datetime], schema: Schema = SCHEMA) -> None:
        self._path = path
        self._now = now
        self._schema = schema
        self._thread: OwnerThread[Keeper] = OwnerThread("history", self._keeper)
        self.retention_days = 0
        self.status = HistoryStatus()
        self.on_status: Callable[[HistoryStatus], None] = _unheard

    def record(self, account_key: str, snapshot: UsageSnapshot) -> None:
        """Keep what `snapshot` says, unless it is doubtful. Returns at once, never raises."""
        record = record_of(account_key, snapshot)
        if record is not None:
            days = self.retention_days
            self._thread.post(lambda keeper: keeper.keep(record, days))

    async def windows(self, account_key: str) -> tuple[WindowOnFile, ...]:
        nothing: tuple[WindowOnFile, ...] = ()
        return await self._thread.answer(
            lambda keeper: keeper.ask(
                lambda file: _queries().windows_of(file, account_key), nothing
            )
        )

    async def series(
        self,
        account_key: str,
        window_id: str,
        since: datetime,
        until: datetime,
        *,
        pixels: int | None = None,
        gap_s: float = GAP_S,
    ) -> Series:
        start, end = _stamp(since), _stamp(until)
        found: Series | None = await self._thread.answer(
            lambda keeper: keeper.ask(
                lambda file: _queries().series_of(
                    file, account_key, window_id, start, end, pixels=pixels, gap_s=gap_s
                ),
                None,
            )
        )
        if found is not None:
            return found
        from app.history.curves import Series  # noqa: PLC0415 - memory is dear

        return Series(window_id, start, end)

    async def cycles(
        self,
        account_key: str,
        window_id: str,
        count: int,
        *,
        pixels: int | None = None,
        gap_s: float = GAP_S,
    ) -> tuple[Cycle, ...]:
        nothing: tuple[Cycle, ...] = ()
        return await self._thread.answer(
            lambda keeper: keeper.ask(
                lambda file: _queries().cycles_of(
                    file, account_key, window_id, count, pixels=pixels, gap_s=gap_s
                ),
                nothing,
            )
        )

    async def changes(
        self, account_key: str, since: datetime, until: datetime
    ) -> tuple[Change, ...]:
        start, end = _stamp(since), _stamp(until)
        nothing: tuple[Change, ...] = ()
        return await self._thread.answer(
            lambda keeper: keeper.ask(
                lambda file: _queries().changes_of(file, account_key, start, end), nothing
            )
        )

    async def save(self, account_key: str, target: Path, form: str) -> bool:
        """Write everything of an account to `target` as "csv" or "json"; False if that failed."""

        def write(keeper: Keeper) -> bool:
            from app.history.export import Form, write_file  # noqa: PLC0415 - rarely asked for

            def run(file: sqlite3.Connection) -> bool:
                try:
                    write_file(file, account_key, Form(form), target)
                except OSError as error:  # the target's fault, not the history's
                    log.warning("history not exported: %s", error)
                    return False
                return True

            return keeper.ask(run, False)

        return await self._thread.answer(write)

    async def forget(self, account_key: str) -> bool:
        """Delete everything of an account, in set-aside and backup files too.

        False if that is not possible now; it is tried again with the next reading.
        """
        return await self._thread.answer(lambda keeper: keeper.forget(account_key))

    def finish(self) -> None:
        """Begin to close: nothing is taken in any more, what was recorded is being written."""
        self._thread.finish()

    def forget_soon(self, account_key: str) -> None:
        """Like `forget`, with nobody to wait for it: the end of the program does not stop it."""
        self._thread.post(lambda keeper: keeper.forget(account_key))

    async def ended(self, limit_s: float = CLOSE_LIMIT_S) -> None:
        """Like `close`, for a program that goes on: nothing is taken in ever after."""
        await self._thread.ended(limit_s)

    async def close(self, limit_s: float = CLOSE_LIMIT_S) -> None:
        """Write what was recorded, then let go of the file; gives up after `limit_s`."""
        await self._thread.close(limit_s)

    # --- the thread --------------------------------------------------------------------------

    def _keeper(self) -> Keeper:
        from app.history.keeper import Keeper  # noqa: PLC0415 - loads SQLite

        return Keeper(self._path, self._schema, self._now, self._tell)

    def _tell(self, status: HistoryStatus) -> None:
        self._thread.tell(self._show, status)

    def _show(self, status: HistoryStatus) -> None:
        if status != self.status:
            self.status = status
            self.on_status(status)


def _queries() -> ModuleType:
    """Loaded with the first question: many days see none."""
    from app.history import queries  # noqa: PLC0415

    return queries


def _unheard(_status: HistoryStatus) -> None:
    """Nobody looks."""


def _stamp(moment: datetime) -> int:
    return round(moment.timestamp())
