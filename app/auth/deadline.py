"""A limit of minutes in real time: while the machine sleeps, it runs on (F-L16).

The loop's own clock may stand still meanwhile, so it only says when to look at the other one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.clocks import Clocks

_LOOK_S = 5.0  # how late the end may be noticed after the machine woke up


class Deadline:
    """`seconds` from now; whatever comes after them is too late, even if nobody looked yet."""

    def __init__(self, seconds: float, clocks: Clocks = Clocks()) -> None:  # noqa: B008 - frozen
        self._running = clocks.running
        self._ends_at = clocks.running() + seconds

    def is_over(self) -> bool:
        """True from the last moment on."""
        return self._running() >= self._ends_at

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """What is awaited inside ends with the deadline. Raises `TimeoutError`."""
        loop = asyncio.get_running_loop()
        next_look: asyncio.TimerHandle | None = None

        def look() -> None:
            nonlocal next_look
            if self.is_over():
                limit.reschedule(loop.time())
                return
            left_s = self._ends_at - self._running()
            next_look = loop.call_later(min(left_s, _LOOK_S), look)

        async with asyncio.timeout(None) as limit:
            look()
            try:
                yield
            finally:
                if next_look is not None:
                    next_look.cancel()
            if self.is_over():
                raise TimeoutError
