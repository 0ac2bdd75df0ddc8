"""Starts background work inside one task group, so that nothing is left running or unseen."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from app.errors import AppError, Fault, FaultKind

log = logging.getLogger("tidegauge.tasks")

Work = Coroutine[Any, Any, None]
Spawn = Callable[[Work, str], "asyncio.Task[None]"]


class GuardedTasks:
    """Children of one task group; a crash in one is logged and told, the others go on (F-D23)."""

    def __init__(self, group: asyncio.TaskGroup, on_crash: Callable[[Fault], None]) -> None:
        self._group = group
        self._on_crash = on_crash
        self._running: set[asyncio.Task[None]] = set()
        self._has_ended = False

    def spawn(self, work: Work, name: str) -> asyncio.Task[None]:
        """Run `work` until it ends or is cancelled; the caller may keep the handle."""
        task = self._group.create_task(self._guard(work, name), name=name)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        # Cancelled before its first step, a task never awaits its work.
        task.add_done_callback(lambda _task: work.close())
        if self._has_ended:
            task.cancel()
        return task

    def cancel_all(self) -> None:
        """Ask every child to end, later ones too; leaving the task group waits for them."""
        self._has_ended = True
        for task in tuple(self._running):
            task.cancel()

    async def _guard(self, work: Work, name: str) -> None:
        try:
            await work
        except AppError as error:
            log.warning("%s: %s", name, error)
            self._tell(error.fault)
        except Exception as error:
            log.exception("%s failed unexpectedly", name)
            self._tell(Fault(FaultKind.INTERNAL, f"{name}: {type(error).__name__}"))

    def _tell(self, fault: Fault) -> None:
        try:
            self._on_crash(fault)
        except Exception:  # it may be the very listener that crashed the task
            log.exception("a fault could not be told")


class SingleTask:
    """At most one running task of its kind: a new one begins once a stopped one has ended."""

    def __init__(self, spawn: Spawn, name: str) -> None:
        self._spawn = spawn
        self._name = name
        self._tasks: list[asyncio.Task[None]] = []  # the last one may run, the others end
        self._is_stopping = False

    @property
    def is_running(self) -> bool:
        """True from `start` until the task ended or was asked to stop."""
        return not self._is_stopping and bool(self.unfinished())

    def unfinished(self) -> list[asyncio.Task[None]]:
        """The tasks that still run or are about to end."""
        self._tasks[:] = [task for task in self._tasks if not task.done()]
        return list(self._tasks)

    def start(self, work: Callable[[], Work]) -> bool:
        """Run `work()`; False, and nothing happens, while one is running."""
        if self.is_running:
            return False
        self._is_stopping = False
        earlier = self.unfinished()
        self._tasks.append(self._spawn(_after(earlier, work), self._name))
        return True

    def release(self) -> None:
        """Said by the task itself: it only ends now, and the next may begin once it has."""
        if self._tasks and self._tasks[-1] is asyncio.current_task():
            self._is_stopping = True

    def stop(self) -> None:
        """Cancel the task, once: a second cancellation would tear its clean-up apart."""
        if self.is_running:
            self._is_stopping = True
            self._tasks[-1].cancel()


async def _after(earlier: list[asyncio.Task[None]], work: Callable[[], Work]) -> None:
    if earlier:
        await asyncio.wait(earlier)
    await work()
