"""A due time that can be moved, and a sleep until it that notices when the machine slept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from app.clocks import Clocks

# A sleeping loop looks at the clocks this often. Each look is about two wake-ups, and the
# budget is 0.1 a second.
GLANCE_S = 40.0
_SLEPT_S = 5.0
_CLOCK_JUMP_S = 60.0


class Alarm:
    """One due time on the clock that runs through sleep; None: never, until it is set.

    `on_set` hears each new due time as wall-clock time; `delay_after_sleep` gives the seconds
    from waking up to the new due time (F-M01).
    """

    def __init__(
        self,
        clocks: Clocks,
        on_set: Callable[[datetime | None], None],
        delay_after_sleep: Callable[[], float],
    ) -> None:
        self._clocks = clocks
        self._on_set = on_set
        self._delay_after_sleep = delay_after_sleep
        self._due: float | None = None
        self._moved = asyncio.Event()

    @property
    def is_set(self) -> bool:
        return self._due is not None

    def set(self, delay_s: float | None) -> None:
        """Due in `delay_s` seconds, or never."""
        self._due = None if delay_s is None else self._clocks.running() + delay_s
        self._moved.set()
        at = None if delay_s is None else self._clocks.wall() + timedelta(seconds=delay_s)
        self._on_set(at)

    def advance(self, delay_s: float) -> None:
        """Due in `delay_s` seconds at the latest."""
        if self._due is None or self._clocks.running() + delay_s < self._due:
            self.set(delay_s)

    async def wait(self) -> None:
        """Sleep until due. Never returns while no due time is set."""
        while (remaining_s := self._remaining_s()) > 0:
            self._moved.clear()
            before = self._readings()
            try:
                async with asyncio.timeout(min(remaining_s, GLANCE_S) if self.is_set else None):
                    await self._moved.wait()
            except TimeoutError:
                if self._slept_since(before):
                    self.set(self._delay_after_sleep())

    def _remaining_s(self) -> float:
        return float("inf") if self._due is None else self._due - self._clocks.running()

    def _readings(self) -> tuple[float, float, datetime]:
        return self._clocks.running(), self._clocks.awake(), self._clocks.wall()

    def _slept_since(self, before: tuple[float, float, datetime]) -> bool:
        """Whether one of the clocks ran ahead of the one that stands still during sleep."""
        running_s, awake_s, wall = self._readings()
        awake_s -= before[1]
        slept_s = running_s - before[0] - awake_s
        jumped_s = (wall - before[2]).total_seconds() - awake_s
        return slept_s > _SLEPT_S or jumped_s > _CLOCK_JUMP_S
