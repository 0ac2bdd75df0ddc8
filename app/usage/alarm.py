"""A due time that can be moved, and a sleep until it that notices what happened to the clocks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from app.clocks import Clocks

# A sleeping loop looks at the clocks this often. Each look is about two wake-ups, and the
# budget is 0.1 a second.
GLANCE_S = 40.0
_SLEPT_S = 5.0
_CLOCK_JUMP_S = 60.0


class Alarm:
    """One due time on the clock that runs through sleep; None: never, until it is set.

    `on_set` hears the seconds to each new due time; `on_slept` hears that the machine has slept,
    and moves the due time if it likes (F-M01); `on_glance` comes with every look at the clocks.
    """

    def __init__(
        self,
        clocks: Clocks,
        on_set: Callable[[float | None], None],
        on_slept: Callable[[], None],
        on_glance: Callable[[], None] = lambda: None,
    ) -> None:
        self._clocks = clocks
        self._on_set = on_set
        self._on_slept = on_slept
        self._on_glance = on_glance
        self._due: float | None = None
        self._moved = asyncio.Event()

    @property
    def is_set(self) -> bool:
        return self._due is not None

    @property
    def is_overdue(self) -> bool:
        """True if the due time is past and nobody has acted on it yet."""
        return self._remaining_s() <= 0

    def set(self, delay_s: float | None) -> None:
        """Due in `delay_s` seconds, or never."""
        self._due = None if delay_s is None else self._clocks.running() + delay_s
        self._moved.set()
        self._on_set(delay_s)

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
                async with asyncio.timeout(min(remaining_s, GLANCE_S)):
                    await self._moved.wait()
            except TimeoutError:
                self._on_glance()
                if self._slept_since(before):
                    self._on_slept()

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
