"""How long a reader waits: an idle limit for each wait and one deadline for all of them.

Does what `asyncio.timeout` does, but with one timer for a whole stream instead of one for each
of its pieces: a stream has thousands, and their timers would cost more than their bytes.
"""

from __future__ import annotations

import asyncio
from typing import Any

from app.errors import FaultKind, fail


class Patience:
    """Belongs to one reader; needs a running event loop. `deadline` is in the loop's time.

    Around each wait: `begin()`, and in any case `pause()`; a `CancelledError` in between is
    given to `explain()`, which turns it into a fault if the limit was the reason.
    """

    def __init__(self, idle_s: float, deadline: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._idle_s = idle_s
        self._deadline = deadline
        self._since = self._loop.time()
        self._waiting: asyncio.Task[Any] | None = None
        self._cancelling = 0
        self._has_run_out = False
        self._timer = self._loop.call_at(self._limit, self._check)

    @property
    def _limit(self) -> float:
        return min(self._since + self._idle_s, self._deadline)

    def begin(self) -> None:
        """A wait begins. Raises `AppError(TIMED_OUT)` if the deadline is over already."""
        self._since = self._loop.time()
        if self._since >= self._deadline:
            raise fail(FaultKind.TIMED_OUT, "total")
        self._waiting = asyncio.current_task()

    def pause(self) -> None:
        """The wait is over."""
        self._waiting = None

    def explain(self) -> None:
        """Raises `AppError(TIMED_OUT)` if the limit, and nobody else, cancelled the wait."""
        if not self._has_run_out or self._waiting is None:
            return
        self._has_run_out = False
        if self._waiting.uncancel() <= self._cancelling:
            kind = "total" if self._deadline <= self._since + self._idle_s else "idle"
            raise fail(FaultKind.TIMED_OUT, kind) from None

    def end(self) -> None:
        """No more waits."""
        self._timer.cancel()

    def _check(self) -> None:
        """Runs when a limit may be over; most often there was a piece since, then later again."""
        now = self._loop.time()
        if self._waiting is not None and now >= self._limit:
            self._has_run_out = True
            self._cancelling = self._waiting.cancelling()
            self._waiting.cancel()
            return
        if now < self._deadline:  # after that `begin` refuses
            later = self._limit if now < self._limit else now + self._idle_s
            self._timer = self._loop.call_at(min(later, self._deadline), self._check)
