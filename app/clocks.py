"""The clocks of the machine, and what each is good for.

`wall` is what people read and may jump. `running` counts on while the machine sleeps and never
jumps: deadlines of minutes live on it. `awake` stands still during sleep where the system has
such a clock; the difference of the two tells that the machine slept (F-M01).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from app.values import dataclass


def wall() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)


def running() -> float:
    """Seconds since some moment, sleep of the machine included."""
    return time.monotonic() if _COUNTS_SLEEP is None else time.clock_gettime(_COUNTS_SLEEP)


def slept() -> float:
    """Seconds the machine has slept, counted from some moment; 0 where no clock tells."""
    return running() - time.monotonic()


# Linux, then macOS; on Windows the monotonic clock itself counts sleep.
_COUNTS_SLEEP: int | None = getattr(
    time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC_RAW", None)
)


@dataclass(frozen=True, slots=True)
class Clocks:
    """The clocks a loop is handed, so that a test can drive them."""

    wall: Callable[[], datetime] = wall
    running: Callable[[], float] = running
    awake: Callable[[], float] = time.monotonic


class SteadyClock:
    """The wall clock as it stood when it was last followed, carried on by the running one.

    Ages and countdowns are measured on it: somebody who sets the wall clock changes neither
    (F-M04, F-M05). `follow` goes with each reading, which tells anew how far the wall clock is
    off the service's.
    """

    def __init__(self, clocks: Clocks | None = None) -> None:
        self._clocks = clocks or Clocks()
        self.follow()

    def follow(self) -> None:
        """Go by the wall clock as it stands now."""
        self._wall, self._since = self._clocks.wall(), self._clocks.running()

    def now(self) -> datetime:
        """Aware, in UTC."""
        return self._wall + timedelta(seconds=self._clocks.running() - self._since)
