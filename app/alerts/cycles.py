"""When a window begins a new cycle, which alone makes its warnings due again. Pure.

Stricter than `usage.cycles`, which compares two readings: here a restart may lie between them,
reset times jitter and jump, zeros come and go (peers facts 5 to 8 and 32, T-57).
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum, auto

from app.alerts.memory import SURE, WindowMemory
from app.usage.cycles import cycle_tolerance
from app.usage.limits import RateLimitWindow

APART_S = 2  # closer together, two readings are one
LEAP = 2000  # basis points: more than this at once needs a second reading
_DUE_S = 60  # clocks may differ by so much at a reset
_DROP = 1000  # basis points: a reset that nothing else tells shows at least this
_MONTH_S = 31 * 86_400


def used_of(window: RateLimitWindow) -> int:
    """Basis points, rounded down: nothing is told before it is so (peers fact 12)."""
    return int((window.used_percent or 0.0) * 100)


class _Says(Enum):
    """What a reading's reset time says of the cycle."""

    SAME = auto()
    NEW = auto()
    EARLY = auto()  # a new one although the old one was not over
    MOVED = auto()  # another reset than was told, or none although that one is past


def first_seen(window: RateLimitWindow, at: int) -> WindowMemory:
    """A window nothing is known of: what it shows is not acted upon before a second reading."""
    resets_at, used = _reset_of(window), used_of(window)
    cycle = resets_at or at
    return WindowMemory(cycle, at, resets_at, resets_at or 0, used, _believed(used, 0), at)


def next_reading(memory: WindowMemory, window: RateLimitWindow, at: int) -> WindowMemory:
    """`memory` after `window` was read at `at`; the same reading twice changes nothing more."""
    used, says = used_of(window), _says(memory, window, at)
    if abs(at - memory.at) < APART_S:
        if memory.early:
            return memory  # it waits for a reading of its own
        return replace(memory, used=used, sure=_believed(used, memory.sure))
    if says is _Says.EARLY and not memory.early:
        return replace(memory, early=1, at=at)
    if says in (_Says.NEW, _Says.EARLY):
        return _begun(memory, window, at)
    memory = replace(memory, used=used, sure=_believed(used, memory.used), at=at, early=0)
    return _moved(memory, says, window)


def not_begun(memory: WindowMemory, at: int) -> WindowMemory:
    """`memory` after the window was read as one that waits for its first use: the cycle that
    was told is over, whenever the next one begins."""
    if abs(at - memory.at) < APART_S:
        return memory
    return replace(memory, at=at, early=min(SURE, memory.early + 1))


def _believed(used: int, before: int) -> int:
    """What of `used` may be acted upon after `before`."""
    return used if used - before <= LEAP else before


def _begun(memory: WindowMemory, window: RateLimitWindow, at: int) -> WindowMemory:
    """The first reading of a new cycle."""
    resets_at, used = _reset_of(window), used_of(window)
    return WindowMemory(
        cycle=resets_at or at,
        began=at,
        boundary=resets_at,
        furthest=max(memory.furthest, resets_at or 0),
        used=used,
        sure=_believed(used, 0),
        at=at,
    )


def _moved(memory: WindowMemory, says: _Says, window: RateLimitWindow) -> WindowMemory:
    """Follow another reset time that two readings tell: no news, but the cycle ends then."""
    resets_at = _reset_of(window)
    if resets_at is None:
        return replace(memory, moved_to=-1 if says is _Says.MOVED else 0)
    if memory.boundary is not None:
        if says is not _Says.MOVED:
            return replace(memory, moved_to=0)
        tolerance = cycle_tolerance(window.window_seconds).total_seconds()
        if abs(resets_at - memory.moved_to) > tolerance:
            return replace(memory, moved_to=resets_at)
    furthest = max(memory.furthest, resets_at)
    return replace(memory, boundary=resets_at, furthest=furthest, moved_to=0)


def _says(memory: WindowMemory, window: RateLimitWindow, at: int) -> _Says:
    resets_at, seconds = _reset_of(window), window.window_seconds
    length = seconds or _MONTH_S
    if memory.boundary is None or resets_at is None:
        is_over = at >= (memory.boundary or memory.began) + length
        if resets_at is None and is_over and _has_dropped(memory, window):
            return _Says.NEW
        is_due = memory.boundary is not None and at >= memory.boundary - _DUE_S
        return _Says.MOVED if is_due else _Says.SAME
    tolerance = cycle_tolerance(seconds).total_seconds()
    is_beyond = resets_at > _furthest(memory, at, length) + tolerance
    has_ended = memory.early >= SURE or _has_dropped(memory, window)
    if is_beyond and at < memory.boundary - _DUE_S and has_ended:
        return _Says.EARLY
    if is_beyond and at >= memory.boundary - _DUE_S and resets_at >= memory.boundary + length / 2:
        return _Says.NEW
    return _Says.MOVED if abs(resets_at - memory.boundary) > tolerance else _Says.SAME


def _furthest(memory: WindowMemory, at: int, length: float) -> int:
    """The latest reset believed so far; one further off than the window is long was none."""
    is_possible = memory.furthest <= at + 1.05 * length
    return memory.furthest if is_possible else memory.boundary or 0


def _has_dropped(memory: WindowMemory, window: RateLimitWindow) -> bool:
    return memory.used - used_of(window) >= _DROP


def _reset_of(window: RateLimitWindow) -> int | None:
    return None if window.resets_at is None else int(window.resets_at.timestamp())
