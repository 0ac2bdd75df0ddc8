"""How fast a window is being used up, and how worried to be about it. Pure.

`now` is the service's time wherever a window is judged (`UsageSnapshot.server_now`), because
reset times are told in it; `snapshot_level` and `is_stale` take our own clock's time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from app.usage.limits import (
    MAIN_LIMIT,
    RateLimit,
    RateLimitWindow,
    SpendControl,
    UsageSnapshot,
)
from app.values import dataclass

STALE_FLOOR_S = 15 * 60.0
STALE_INTERVALS = 3
_ELAPSED_FLOOR_S = 60.0
_ELAPSED_SHARE = 0.01
_USED_FLOOR_PERCENT = 5.0
_CLOSE_PROJECTION = 90.0  # percent of the window at its end, at the pace so far
_OVER_PROJECTION = 110.0  # 100 would flicker between amber and red around even use
_LENGTH_TOLERANCE_S = 300.0
_NEVER = datetime.max.replace(tzinfo=UTC)


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
    if is_used_up(window, limit):
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

    A plan without any is judged by the cap of its spend control (peers fact 14). `now` is our
    clock's time.
    """
    if snapshot.is_exhausted:
        return Level.EXHAUSTED
    if not snapshot.windows:
        return cap_level(snapshot.spend_control, thresholds)
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


def binding_window(snapshot: UsageSnapshot, now: datetime | None = None) -> RateLimitWindow | None:
    """The window that stops the user, or will first; not always the fullest (peers fact 9).

    Of windows that are used up, the one that resets last; else the one that runs out first at
    the pace so far; else the fullest. `now` is our clock's time, by default that of the reading.
    """
    moment = snapshot.server_now(now or snapshot.fetched_at)
    found = [(window, limit) for limit in _judged_limits(snapshot) for window in limit.windows]
    used_up = [window for window, limit in found if is_used_up(window, limit)]
    if used_up:
        return last_to_reset(used_up)
    ends = [(pace.runs_out_at, window) for window, _ in found if (pace := pace_of(window, moment))]
    running_out = [(at, window) for at, window in ends if at is not None]
    if running_out:
        return min(running_out, key=lambda one: one[0])[1]
    return _fullest([window for window, _ in found])


def blocker_of(window: RateLimitWindow, snapshot: UsageSnapshot) -> RateLimitWindow | None:
    """The used-up window of the same limit that makes this one's rest useless, or None.

    That is one which resets later: when it does, nothing of this one's own cycle is left. Flags
    alone do not say which window they mean, so they blame none.
    """
    limit = snapshot.limit(window.limit_id)
    if limit is None:
        return None
    others = [
        other
        for other in limit.windows
        if other.window_id != window.window_id
        and (other.used_percent or 0.0) >= 100
        and (window.is_sliding or _end_of(other) > _end_of(window))
    ]
    return max(others, key=_end_of, default=None)


def last_to_reset(windows: Sequence[RateLimitWindow]) -> RateLimitWindow:
    """Of `windows`, at least one, the one that resets last; the longest, if a reset is unknown."""
    if all(window.resets_at is not None for window in windows):
        return max(windows, key=_end_of)
    return max(windows, key=lambda window: window.window_seconds or 0)


def is_used_up(window: RateLimitWindow, limit: RateLimit | None) -> bool:
    """Whether nothing of `window` is left, by its percent or by the flags of its limit (F-U23)."""
    return (window.used_percent or 0.0) >= 100 or _is_binding(window, limit)


def is_stale(fetched_at: datetime, now: datetime, interval_s: float) -> bool:
    """True for data older than 15 minutes or three intervals, whichever is longer.

    Both times are our clock's; a clock that was set back makes nothing stale (F-M04).
    """
    age_s = (now - fetched_at).total_seconds()
    return age_s > max(STALE_FLOOR_S, STALE_INTERVALS * interval_s)


def cap_level(cap: SpendControl | None, thresholds: tuple[float, float]) -> Level:
    """The level of a spending cap by its percent: how fast it is spent is not known."""
    if cap is None:
        return Level.UNKNOWN
    if cap.reached is True or (cap.used_percent or 0.0) >= 100:
        return Level.EXHAUSTED
    if cap.used_percent is None:
        return Level.UNKNOWN
    close, over = thresholds
    if cap.used_percent >= over:
        return Level.OVER
    return Level.CLOSE if cap.used_percent >= close else Level.CALM


def _judged_limits(snapshot: UsageSnapshot) -> tuple[RateLimit, ...]:
    main = snapshot.limit(MAIN_LIMIT)
    return (main,) if main is not None and main.windows else snapshot.other_limits


def _fullest(windows: Sequence[RateLimitWindow]) -> RateLimitWindow | None:
    return max(
        windows,
        key=lambda window: -1.0 if window.used_percent is None else window.used_percent,
        default=None,
    )


def _end_of(window: RateLimitWindow) -> datetime:
    return _NEVER if window.resets_at is None else window.resets_at


def _is_binding(window: RateLimitWindow, limit: RateLimit | None) -> bool:
    """Whether the flags of `limit` speak of `window`, as no window of it is full."""
    if limit is None or not limit.is_exhausted:
        return False
    fullest = _fullest(limit.windows)
    return fullest is not None and fullest == window and (fullest.used_percent or 0.0) < 100
