"""The simulator's clock: real time, faster time, or time moved by hand."""

from __future__ import annotations

import threading
import time
from email.utils import formatdate


class SimulatedClock:
    """Epoch seconds that run `speed` times as fast as real ones, from `start` (default: now).

    Every time the simulator writes or compares comes from here, the `Date` header included,
    so a client that corrects its clock by that header sees one consistent world.
    """

    def __init__(self, start: float | None = None, speed: float = 1.0) -> None:
        self._lock = threading.Lock()
        self._speed = speed
        self._base = time.time() if start is None else start
        self._since = time.monotonic()

    def now(self) -> float:
        """Epoch seconds, with fractions."""
        with self._lock:
            return self._base + (time.monotonic() - self._since) * self._speed

    def advance(self, seconds: float) -> None:
        """Jump ahead (or back, if negative) at once."""
        with self._lock:
            self._base += seconds

    def http_date(self, offset_s: float = 0.0) -> str:
        """The time `offset_s` from now as an HTTP date, e.g. for `Date` and `Retry-After`."""
        return formatdate(self.now() + offset_s, usegmt=True)
