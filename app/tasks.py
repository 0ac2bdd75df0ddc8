"""Starts background work inside one task group, so that nothing is left running or unseen."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from app.errors import AppError, Fault, FaultKind

log = logging.getLogger("tidegauge.tasks")

Spawn = Callable[[Coroutine[Any, Any, None], str], "asyncio.Task[None]"]


class GuardedTasks:
    """Children of one task group; a crash in one is logged and told, the others go on (F-D23)."""

    def __init__(self, group: asyncio.TaskGroup, on_crash: Callable[[Fault], None]) -> None:
        self._group = group
        self._on_crash = on_crash
        self._running: set[asyncio.Task[None]] = set()

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        """Run `work` until it ends or is cancelled; the caller may keep the handle."""
        task = self._group.create_task(self._guard(work, name), name=name)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    def cancel_all(self) -> None:
        """Ask every child to end; leaving the task group waits for them."""
        for task in tuple(self._running):
            task.cancel()

    async def _guard(self, work: Coroutine[Any, Any, None], name: str) -> None:
        try:
            await work
        except AppError as error:
            log.warning("%s: %s", name, error)
            self._on_crash(error.fault)
        except Exception as error:
            log.exception("%s failed unexpectedly", name)
            self._on_crash(Fault(FaultKind.INTERNAL, f"{name}: {type(error).__name__}"))
