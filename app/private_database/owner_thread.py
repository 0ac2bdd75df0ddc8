"""The one thread that owns a private database: work goes in, answers come out, nobody waits.

It is started with the first piece of work and holds no program back. Everything here belongs to
the loop's thread, what is posted runs in the other.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from queue import SimpleQueue
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")

CLOSE_LIMIT_S = 1.0  # of the two seconds that an end may take (F-D06)


class Keeper(Protocol):
    """What does the work, in the thread. `close` must not raise."""

    def close(self) -> None: ...


K = TypeVar("K", bound=Keeper)


class OwnerThread(Generic[K]):
    """`make` is called in the thread, before the first piece of work."""

    def __init__(self, name: str, make: Callable[[], K]) -> None:
        self._name = name
        self._make = make
        self._jobs: SimpleQueue[Callable[[K], object] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._log = logging.getLogger(f"tidegauge.{name}")

    @property
    def is_running(self) -> bool:
        """Whether there was any work yet."""
        return self._thread is not None

    def post(self, job: Callable[[K], object]) -> None:
        """Do `job`, after those before it. Returns at once."""
        self._jobs.put(job)
        if self._thread is None:
            self._loop = asyncio.get_running_loop()
            self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
            self._thread.start()

    async def answer(self, work: Callable[[K], T]) -> T:
        """What `work` returns or raises; given up before its turn, it is not done at all."""
        answer: Future[T] = Future()

        def job(keeper: K) -> None:
            if answer.set_running_or_notify_cancel():
                try:
                    answer.set_result(work(keeper))
                except BaseException as error:  # noqa: BLE001 - it is raised again in the caller
                    answer.set_exception(error)

        self.post(job)
        return await asyncio.wrap_future(answer)

    def tell(self, hear: Callable[[T], object], what: T) -> None:
        """Called in the thread: `hear(what)` in the loop's."""
        with suppress(RuntimeError):  # the loop was closed meanwhile
            if self._loop is not None:
                self._loop.call_soon_threadsafe(hear, what)

    def finish(self) -> None:
        """Begin to close: nothing is taken in any more, what was posted is still done."""
        if self._thread is not None:
            self._jobs.put(None)

    async def ended(self, limit_s: float) -> None:
        """Like `close`, for a loop that goes on meanwhile."""
        self.finish()
        if self._thread is not None:
            await asyncio.to_thread(self._thread.join, limit_s)

    async def close(self, limit_s: float = CLOSE_LIMIT_S) -> None:
        """Do what was posted, then end the thread; gives up after `limit_s`.

        It waits without the loop, which may be stopped for good: the display was lost (F-D05).
        """
        if self._thread is None:
            return
        self.finish()
        self._thread.join(limit_s)
        if self._thread.is_alive():
            self._log.warning("the %s could not be closed in time", self._name)

    def _work(self) -> None:
        log, keeper = self._log, self._make()
        while (job := self._jobs.get()) is not None:
            try:
                job(keeper)
            except Exception:
                log.exception("the %s failed unexpectedly", self._name)
        keeper.close()
