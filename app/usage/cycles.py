"""One use of a window from its beginning to its reset: a cycle, and when two are the same. Pure.

Reset times jitter by seconds from reading to reading (peers fact 32), so they are never compared
for equality.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from app.usage.limits import RateLimitWindow

_TOLERANCE_S = 300.0
_TOLERANCE_SHARE = 0.001  # of the window: ten minutes of a week


def cycle_tolerance(window_seconds: int | None) -> timedelta:
    """How far two reset times of one cycle may lie apart: 5 minutes, or a thousandth of a long
    window, but always less than half of a short one."""
    if window_seconds is None:
        return timedelta(seconds=_TOLERANCE_S)
    wide = max(_TOLERANCE_S, _TOLERANCE_SHARE * window_seconds)
    return timedelta(seconds=min(wide, 0.49 * window_seconds))


def same_reset(one: datetime, other: datetime, window_seconds: int | None) -> bool:
    """Whether two reset times of a window of that length mean the same reset."""
    return abs(one - other) <= cycle_tolerance(window_seconds)


def same_cycle(one: RateLimitWindow, other: RateLimitWindow) -> bool:
    """Whether two readings of a window speak of the same cycle.

    An unknown reset time contradicts nothing. A window that has not begun is in no cycle but
    that of its own waiting.
    """
    if one.is_sliding or other.is_sliding:
        return one.is_sliding and other.is_sliding
    if one.resets_at is None or other.resets_at is None:
        return True
    return same_reset(one.resets_at, other.resets_at, one.window_seconds)
