"""What the history tells a chart or an export: windows, points, gaps, resets, cycles. Pure.

Times are whole seconds since 1970 in UTC, by the service's clock; use is in basis points
(hundredths of a percent) as the service reported it, so it may lie outside 0…10,000.
"""

from __future__ import annotations

from app.values import dataclass


@dataclass(frozen=True, slots=True)
class WindowOnFile:
    """A window that readings are kept of. `window_seconds` 0: the service never told."""

    window_id: str  # as `RateLimitWindow.window_id`
    limit_name: str
    first_at: int
    last_at: int

    @property
    def limit_id(self) -> str:
        return self.window_id.rpartition("/")[0]

    @property
    def window_seconds(self) -> int:
        return int(self.window_id.rpartition("/")[2].partition("#")[0])


@dataclass(frozen=True, slots=True)
class Point:
    """Use at one moment. Points with the same `resets_at` are of one cycle.

    `resets_at` None: no reset was told, or the window had not been opened and slid along.
    `follows_gap`: nothing is known of the time since the point before (or the clock was set
    back), so no line leads here.
    """

    at: int
    used: int
    resets_at: int | None
    follows_gap: bool = False


@dataclass(frozen=True, slots=True)
class Reset:
    """Use began anew. `is_early`: before the time that had been told."""

    at: int
    is_early: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """One window from `since` to `until`, in the order in which the readings came (F-M04)."""

    window_id: str
    since: int
    until: int
    points: tuple[Point, ...] = ()
    resets: tuple[Reset, ...] = ()

    @property
    def gaps(self) -> tuple[tuple[int, int], ...]:
        """(last reading before, first reading after) of every stretch without readings."""
        pairs = zip(self.points, self.points[1:], strict=False)
        return tuple((a.at, b.at) for a, b in pairs if b.follows_gap and b.at > a.at)


@dataclass(frozen=True, slots=True)
class Cycle:
    """One cycle of a window, for a burn-down: from `starts_at` to `resets_at`."""

    resets_at: int
    window_seconds: int
    points: tuple[Point, ...]

    @property
    def starts_at(self) -> int:
        return self.resets_at - self.window_seconds


@dataclass(frozen=True, slots=True)
class Change:
    """Something else about an account that changed: `kind` plan, credits or reset_credits."""

    at: int
    kind: str
    value: str
