"""The warnings about a limit that cannot be used any more, and about one that can again. Pure.

A limit is blocked by one of its windows: of those that are full, the one that resets last. A
window that resets while another still blocks opens nothing (peers facts 9 and 7).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from app.alerts.alert import Alert, AlertKind
from app.alerts.cycles import APART_S
from app.alerts.memory import SURE, LimitMemory, WindowMemory
from app.settings import Settings
from app.usage.limits import RateLimit, RateLimitWindow
from app.usage.pace import last_to_reset

_NEWS_S = 3 * 86_400  # that a limit opened longer ago is no news
_FULL = 100


def observed(
    before: LimitMemory | None, limit: RateLimit, windows: Mapping[str, WindowMemory], at: int
) -> LimitMemory:
    """The memory of `limit` after a reading at `at`, with that of its windows after it."""
    memory = before or LimitMemory(at=0)
    blocking = blocking_window(limit)
    if blocking is None:
        if abs(at - memory.at) < APART_S:
            return memory
        if not limit.has_flags and _is_incomplete(limit, windows, at):
            return memory
        return replace(memory, at=at, full=0, free=min(SURE, memory.free + 1))
    says_so = limit.is_exhausted
    if abs(at - memory.at) < APART_S and not says_so:
        return memory
    if (blocking.used_percent or 0.0) < _FULL and _is_incomplete(limit, windows, at):
        return memory  # the flags may speak of the one that is missing
    full = SURE if says_so else min(SURE, memory.full + 1)
    memory = replace(memory, at=at, full=full, free=0)
    known = windows.get(blocking.window_id)
    if full < SURE or known is None:
        return memory
    return replace(memory, blocked=blocking.window_id, until=known.boundary)


def is_blocked(memory: LimitMemory) -> bool:
    """Whether it is certain that nothing more can be used."""
    return bool(memory.blocked) and memory.full >= SURE


def due(
    memory: LimitMemory,
    limit: RateLimit,
    windows: Mapping[str, WindowMemory],
    settings: Settings,
) -> Alert | None:
    """ "Limit reached" or "available again", if one of them is to be told."""
    window = next((one for one in limit.windows if one.window_id == memory.blocked), None)
    known = windows.get(memory.blocked)
    if window is None or known is None:
        return None
    alert = Alert(
        AlertKind.EXHAUSTED,
        window_id=window.window_id,
        cycle=known.cycle,
        limit=limit,
        window=window,
        resets_at=window.resets_at,
    )
    if is_blocked(memory):
        is_held = known.told_exhausted or known.is_snoozed or known.is_open
        is_so = blocking_window(limit) is not None  # in this very reading
        return alert if settings.warn_exhausted and is_so and not is_held else None
    if memory.free < SURE or not settings.warn_available or known.told_available:
        return None
    is_news = memory.until is None or memory.at - memory.until < _NEWS_S
    has_room = window.used_percent is not None and window.used_percent < settings.warn_first_percent
    return replace(alert, kind=AlertKind.AVAILABLE) if is_news and has_room else None


def blocking_window(limit: RateLimit) -> RateLimitWindow | None:
    """The window that `limit` waits for; None while it can be used, or if it has no window.

    The service's own flags win over the percentage (F-U23).
    """
    full = [window for window in limit.windows if (window.used_percent or 0.0) >= _FULL]
    if not limit.is_exhausted and not (full and not limit.has_flags):
        return None
    if full:
        return last_to_reset(full)
    return max(limit.windows, key=lambda one: one.used_percent or 0.0, default=None)


def _is_incomplete(limit: RateLimit, windows: Mapping[str, WindowMemory], at: int) -> bool:
    """Whether a window that is not over is missing: it may be the full one."""
    told = {window.window_id for window in limit.windows}
    return any(
        name.startswith(f"{limit.limit_id}/") and name not in told and at < (kept.boundary or 0)
        for name, kept in windows.items()
    )
