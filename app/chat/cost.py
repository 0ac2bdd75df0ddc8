"""What an answer cost: how far each window of the plan moved from before it to after it. Pure.

The service mostly tells whole percents, so a difference of two readings is uncertain by one
percent either way; and others may spend the same limits meanwhile. What is told is a range.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.usage.cycles import same_cycle
from app.usage.limits import UsageSnapshot

_FINE = 0.05  # percent: so exact is a difference of readings with fractions


@dataclass(frozen=True, slots=True)
class Movement:
    """One window moved by `low` to `high` percent."""

    window_id: str
    low: float
    high: float


def movements(before: UsageSnapshot | None, after: UsageSnapshot) -> tuple[Movement, ...]:
    """What moved between two readings, window by window; () if nothing can be said of it.

    A window that was reset in between, or that went backwards, tells nothing of the answer; nor
    does a reading that is in doubt.
    """
    if before is None or before.is_doubtful or after.is_doubtful:
        return ()
    earlier = {window.window_id: window for window in before.main_windows}
    moved = []
    for window in after.main_windows:
        old = earlier.get(window.window_id)
        if old is None or not same_cycle(old, window):
            continue
        if old.used_percent is None or window.used_percent is None:
            continue
        difference = window.used_percent - old.used_percent
        if difference < 0:
            continue
        is_whole = old.used_percent % 1 == 0 and window.used_percent % 1 == 0
        blur = 1.0 if is_whole else _FINE
        moved.append(Movement(window.window_id, max(0.0, difference - blur), difference + blur))
    return tuple(moved)
