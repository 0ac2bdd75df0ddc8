"""What makes a reading doubtful beside the one believed before: rules of one window. Pure.

Rows F-U22 and F-U23; the reasons are the peers' facts 5 to 8.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from app.usage.cycles import cycle_tolerance, same_cycle
from app.usage.limits import Doubt, RateLimitWindow
from app.values import dataclass

WHOLE_LENGTH = timedelta(seconds=5)  # so near to its length a reset is a whole length away
_ROUNDING_PERCENT = 1.0  # sources round differently
_JUMP_PERCENT = 50.0
_JUMP_SHARE = 0.1  # of the window: slower than this, a rise is use
_USUAL_WINDOW_S = 5 * 3600
_UNUSED_PERCENT = 1.0  # an untouched window may say 1 (peers fact 12)


@dataclass(frozen=True, slots=True)
class Seen:
    """A window as read at `as_of` (service's clock); `agreements` with what was doubtful.

    `is_reached`: the same reading said that the limit is reached.
    """

    window: RateLimitWindow
    as_of: datetime
    is_reached: bool = False
    doubt: Doubt | None = None
    agreements: int = 0


def doubt_of(before: Seen | None, seen: Seen) -> Doubt | None:
    """Why `seen` contradicts `before`; the service's own "limit reached" is never doubted."""
    if before is None or seen.is_reached:
        return None
    old, new = before.window, seen.window
    was, used = old.used_percent or 0.0, new.used_percent or 0.0
    if same_cycle(old, new):
        if used < was - _ROUNDING_PERCENT or used < 100 <= was:
            return Doubt.FELL
    elif not looks_unused(old, before.as_of):
        moved = _doubt_of_reset(old, new, seen.as_of)
        if moved is not None:
            return moved
        was = 0.0
    elapsed_s = (seen.as_of - before.as_of).total_seconds()
    pace_s = _JUMP_SHARE * (new.window_seconds or _USUAL_WINDOW_S)
    return Doubt.JUMPED if used - was >= _JUMP_PERCENT and elapsed_s < pace_s else None


def _doubt_of_reset(old: RateLimitWindow, new: RateLimitWindow, now: datetime) -> Doubt | None:
    """A reset that moves back, or on before its time, or one nobody knew of (facts 6 and 8)."""
    if old.resets_at is None or new.resets_at is None:
        return Doubt.RESET_EARLY
    if new.resets_at < old.resets_at:
        return Doubt.RESET_BACK
    is_due = now >= old.resets_at - cycle_tolerance(old.window_seconds)
    return None if is_due else Doubt.RESET_EARLY


def looks_unused(window: RateLimitWindow, as_of: datetime) -> bool:
    """Hardly used, and as far from its reset as it is long: not begun, or begun just now."""
    if window.is_sliding:
        return True
    used, seconds, resets_at = window.used_percent, window.window_seconds, window.resets_at
    if used is None or seconds is None or resets_at is None or used > _UNUSED_PERCENT:
        return False
    return abs(resets_at - as_of - timedelta(seconds=seconds)) <= WHOLE_LENGTH
