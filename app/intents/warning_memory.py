"""The memory of warnings as the running program has it: read once, saved as it changes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from app.tasks import SingleTask, Spawn

if TYPE_CHECKING:  # loaded with the first reading
    from app.alerts.memory import Memory


class MemoryKeeper(Protocol):
    """Where the memory lasts; both calls block."""

    def load(self, now: datetime) -> Memory: ...
    def save(self, memory: Memory) -> None: ...


class WarningMemory:
    """Nothing blocks here: the `keeper` is called on worker threads."""

    def __init__(self, spawn: Spawn, keeper: MemoryKeeper) -> None:
        self._keeper = keeper
        self._saving = SingleTask(spawn, "keep the memory of warnings")
        self._memory: Memory | None = None
        self._saved: Memory | None = None

    async def read(self, now: datetime) -> Memory:
        """What is remembered; the first time it comes from the keeper."""
        if self._memory is None:
            self._memory = self._saved = await asyncio.to_thread(self._keeper.load, now)
        return self._memory

    def change(self, change: Callable[[Memory], Memory]) -> bool:
        """Remember what `change` makes of the memory; false if it was not read yet."""
        if self._memory is None:
            return False
        self.put(change(self._memory))
        return True

    def put(self, memory: Memory) -> None:
        """Remember `memory`; on disk only if more changed than the last numbers."""
        from app.alerts.memory import essence  # noqa: PLC0415 - with the first reading

        self._memory = memory
        if self._saved is None or essence(memory) != essence(self._saved):
            self._saving.start(self._save)

    async def _save(self) -> None:
        while self._memory is not None and self._memory is not self._saved:
            memory = self._memory
            await asyncio.to_thread(self._keeper.save, memory)
            self._saved = memory
