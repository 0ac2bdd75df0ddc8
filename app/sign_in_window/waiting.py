"""When a page has made no progress for so long that the browser should be offered. Pure.

A page progresses if it loads further, leads to another page, or somebody uses it. One that
loads itself again and again does not (F-L18).
"""

from __future__ import annotations

QUIET_S = 10.0  # so long after loading a page counts as arrived


class Waiting:
    """Told what happens, at which second of any steady clock."""

    def __init__(self, patience_s: float, now: float) -> None:
        self._patience_s = patience_s
        self._progress_at = now
        self._finished_at: float | None = None  # None: it loads
        self._percent = 0
        self._seen: set[str] = set()

    def started(self, address: str, now: float) -> None:
        """A page begins to load."""
        if self._finished_at is not None and now - self._finished_at >= QUIET_S:
            self._begin(now)
        self._finished_at = None
        if address not in self._seen:
            self._seen.add(address)
            self._progress_at = now
            self._percent = 0

    def progressed(self, percent: int, now: float) -> None:
        """So much of the page is there."""
        if percent > self._percent:
            self._percent = percent
            self._progress_at = now

    def finished(self, now: float) -> None:
        """The page is there, or will not come."""
        self._finished_at = now

    def used(self, now: float) -> None:
        """Somebody typed or clicked."""
        self._begin(now)

    def is_over(self, now: float, *, is_blank: bool) -> bool:
        """True if it has taken too long; `is_blank`: the page that arrived shows nothing."""
        if now - self._progress_at < self._patience_s:
            return False
        if self._finished_at is None or is_blank:
            return True
        return now - self._finished_at < min(QUIET_S, self._patience_s)

    def _begin(self, now: float) -> None:
        self._seen.clear()
        self._percent = 0
        self._progress_at = now
