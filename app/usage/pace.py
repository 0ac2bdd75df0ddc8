"""How fast a window is being used up, and how worried to be about it. Pure.

`now` is the service's time wherever a window is judged (`UsageSnapshot.server_now`), because
reset times are told in it; `snapshot_level` and `is_stale` take our own clock's time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.usage.limits import MAIN_LIMIT, RateLimit, RateLimitWindow, UsageSnapshot

STALE_FLOOR_S = 15 * 60.0
STALE_INTERVALS = 3
_ELAPSED_FLOOR_S = 60.0
_ELAPSED_SHARE = 0.01
_USED_FLOOR_PERCENT = 5.0
_CLOSE_PROJECTION = 90.0  # percent of the window at its end, at the pace so far
_OVER_PROJECTION = 110.0  # 100 would flicker between amber and red around even use
_LENGTH_TOLERANCE_S = 300.0


class Level(StrEnum):
    """How worried to be, in rising order after UNKNOWN."""

    UNKNOWN = "unknown"
    CALM = "calm"
    CLOSE = "close"
    OVER = "over"
    EXHAUSTED = "exhausted"


_SEVERITY = {level: place for place, level in enumerate(Level)}


@dataclass(frozen=True, slots=True)
class Pace:
    """Use of one window against the clock; percents are of the whole window.

    `even_percent` is where use would stand if it were spread evenly, `reserve_percent` how far
    below (positive) or above (negative) that it is. `projected_percent` is the use at the reset
    if it goes on like this, None while that is too early to say; `runs_out_at` the moment the
    window would be used up, only if that comes before the reset.
    """

    even_percent: float
    reserve_percent: float
    projected_percent: float | None
    runs_out_at: datetime | None


def pace_of(window: RateLimitWindow, now: datetime) -> Pace | None:
    """The pace of `window`; None if a part of it is unknown, or its reset is due.

    Straight line from the start of the window to now; a projection needs at least a minute and
    1 % of the window, and 5 % used.
    """
    remaining = window.resets_in(now)
    used, seconds = window.used_percent, window.window_seconds
    if remaining is None or used is None or seconds is None:
        return None
    left_s = remaining.total_seconds()
    if not 0 < left_s <= seconds + _LENGTH_TOLERANCE_S:
        return None
    elapsed_s = max(0.0, seconds - left_s)
    even = 100.0 * elapsed_s / seconds
    projected = runs_out_at = None
    if used >= 100:
        runs_out_at = now
    if elapsed_s >= max(_ELAPSED_FLOOR_S, _ELAPSED_SHARE * seconds) and used >= _USED_FLOOR_PERCENT:
        projected = used * seconds / elapsed_s
        if projected > 100 > used:
            runs_out_at = now + timedelta(seconds=(100 - used) * elapsed_s / used)
    return Pace(even, even - used, projected, runs_out_at)


def level_of(
    window: RateLimitWindow,
    now: datetime,
    thresholds: tuple[float, float],
    *,
    limit: RateLimit | None = None,
    is_stale: bool = False,
) -> Level:
    """The level of one window. `thresholds` are (close, over) in used percent.

    With the `limit` it belongs to, the service's own flags count: they exhaust the window that
    is full, else the fullest one (F-U23). Stale data are judged by their percent alone: nobody
    knows how the use went on.
    """
    used = window.used_percent
    if (used is not None and used >= 100) or _is_binding(window, limit):
        return Level.EXHAUSTED
    if used is None:
        return Level.UNKNOWN
    close, over = thresholds
    pace = None if is_stale else pace_of(window, now)
    projected = pace.projected_percent if pace and pace.projected_percent is not None else 0.0
    if used >= over or projected >= _OVER_PROJECTION:
        return Level.OVER
    if used >= close or projected > _CLOSE_PROJECTION:
        return Level.CLOSE
    return Level.CALM


def snapshot_level(
    snapshot: UsageSnapshot,
    now: datetime,
    thresholds: tuple[float, float],
    *,
    is_stale: bool = False,
) -> Level:
    """The worst level among the plan's own windows; of the other limits if it has none.

    `now` is our clock's time.
    """
    if snapshot.is_exhausted:
        return Level.EXHAUSTED
    moment = snapshot.server_now(now)
    levels = [
        level_of(window, moment, thresholds, limit=limit, is_stale=is_stale)
        for limit in _judged_limits(snapshot)
        for window in limit.windows
    ]
    return max(levels, key=_SEVERITY.__getitem__, default=Level.UNKNOWN)


def most_used_window(snapshot: UsageSnapshot) -> RateLimitWindow | None:
    """The fullest of the plan's own windows; of the other limits' if it has none."""
    windows = [window for limit in _judged_limits(snapshot) for window in limit.windows]
    return _fullest(windows)


def is_stale(fetched_at: datetime, now: datetime, interval_s: float) -> bool:
    """True for data older than 15 minutes or three intervals, whichever is longer.

    Both times are our clock's; a clock that was set back makes nothing stale (F-M04).
    """
    age_s = (now - fetched_at).total_seconds()
    return age_s > max(STALE_FLOOR_S, STALE_INTERVALS * interval_s)


def _judged_limits(snapshot: UsageSnapshot) -> tuple[RateLimit, ...]:
    main = snapshot.limit(MAIN_LIMIT)
    return (main,) if main is not None and main.windows else snapshot.other_limits


def _fullest(windows: Sequence[RateLimitWindow]) -> RateLimitWindow | None:
    return max(
        windows,
        key=lambda window: -1.0 if window.used_percent is None else window.used_percent,
        default=None,
    )


def _is_binding(window: RateLimitWindow, limit: RateLimit | None) -> bool:
    """Whether the flags of `limit` speak of `window`, as no window of it is full."""
    if limit is None or not limit.is_exhausted:
        return False
    fullest = _fullest(limit.windows)
    return fullest is not None and fullest == window and (fullest.used_percent or 0.0) < 100
