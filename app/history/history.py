"""The history as the program sees it: readings go in, answers come out, nothing waits on a disk.

The questions are those of `queries`; a file that cannot be read answers with nothing. All file
work is done by one daemon thread that is started with the first reading or question; SQLite is
not loaded before. Everything here belongs to the loop's thread.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue
from types import ModuleType
from typing import TYPE_CHECKING, TypeVar

from app.history.runs import GAP_S, record_of
from app.history.schema import SCHEMA, Schema
from app.history.status import HistoryStatus
from app.usage.limits import UsageSnapshot

if TYPE_CHECKING:
    import sqlite3

    from app.history.curves import Change, Cycle, Series, WindowOnFile
    from app.history.keeper import Keeper

T = TypeVar("T")

FILE_NAME = "history.db"
CLOSE_LIMIT_S = 1.0  # of the two seconds that an end may take (F-D06)

log = logging.getLogger("tidegauge.history")


class History:
    """`on_status` hears every change of `status`. `retention_days` 0: for ever."""

    def __init__(self, path: Path, *, now: Callable[[], datetime], schema: Schema = SCHEMA) -> None:
        self._path = path
        self._now = now
        self._schema = schema
        self._jobs: SimpleQueue[Callable[[Keeper], object] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.retention_days = 0
        self.status = HistoryStatus()
        self.on_status: Callable[[HistoryStatus], None] = _unheard

    def record(self, account_key: str, snapshot: UsageSnapshot) -> None:
        """Keep what `snapshot` says, unless it is doubtful. Returns at once, never raises."""
        record = record_of(account_key, snapshot)
        if record is not None:
            days = self.retention_days
            self._post(lambda keeper: keeper.keep(record, days))

    async def windows(self, account_key: str) -> tuple[WindowOnFile, ...]:
        nothing: tuple[WindowOnFile, ...] = ()
        return await self._answer(
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
        found: Series | None = await self._answer(
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
        return await self._answer(
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
        return await self._answer(
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

        return await self._answer(write)

    async def forget(self, account_key: str) -> bool:
        """Delete everything of an account, in set-aside and backup files too.

        False if that is not possible now; it is tried again with the next reading.
        """
        return await self._answer(lambda keeper: keeper.forget(account_key))

    def finish(self) -> None:
        """Begin to close: nothing is taken in any more, what was recorded is being written."""
        if self._thread is not None:
            self._jobs.put(None)

    def forget_soon(self, account_key: str) -> None:
        """Like `forget`, with nobody to wait for it: the end of the program does not stop it."""
        self._post(lambda keeper: keeper.forget(account_key))

    async def close(self) -> None:
        """Write what was recorded, then end the thread; gives up after `CLOSE_LIMIT_S`.

        It waits without the loop, which may be stopped for good: the display was lost (F-D05).
        """
        if self._thread is None:
            return
        self.finish()
        self._thread.join(CLOSE_LIMIT_S)
        if self._thread.is_alive():
            log.warning("the history could not be closed in time")

    # --- the thread --------------------------------------------------------------------------

    async def _answer(self, work: Callable[[Keeper], T]) -> T:
        answer: Future[T] = Future()

        def job(keeper: Keeper) -> None:
            if answer.set_running_or_notify_cancel():
                try:
                    answer.set_result(work(keeper))
                except BaseException as error:  # noqa: BLE001 - it is raised again in the caller
                    answer.set_exception(error)

        self._post(job)
        return await asyncio.wrap_future(answer)

    def _post(self, job: Callable[[Keeper], object]) -> None:
        self._jobs.put(job)
        if self._thread is None:
            self._loop = asyncio.get_running_loop()
            self._thread = threading.Thread(target=self._work, name="history", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        from app.history.keeper import Keeper  # noqa: PLC0415 - loads SQLite

        keeper = Keeper(self._path, self._schema, self._now, self._tell)
        while (job := self._jobs.get()) is not None:
            try:
                job(keeper)
            except Exception:
                log.exception("the history failed unexpectedly")
        keeper.close()

    def _tell(self, status: HistoryStatus) -> None:
        with suppress(RuntimeError):  # the loop was closed meanwhile
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._show, status)

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
