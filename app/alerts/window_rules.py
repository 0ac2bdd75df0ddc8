"""The warnings about one window that can still be used: filling up, running out early. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.alerts.alert import Alert, AlertKind
from app.alerts.cycles import first_seen, next_reading, used_of
from app.alerts.memory import WindowMemory
from app.settings import Settings
from app.usage.limits import RateLimit, RateLimitWindow
from app.usage.pace import Pace, pace_of

_SURE_PROJECTION = 110.0  # percent at the reset; below 100 it lasts, between the two it stays open
_LASTING_PROJECTION = 100.0
_LEAST_USED = 1000  # basis points: less says nothing of the pace
# Of the window's length, and at least so long: before a projection counts, how long it has to
# stay bad, and by how much it has to miss the reset.
_EARLY = (0.05, timedelta(minutes=15))
_STAYING = (0.01, timedelta(minutes=5))
_MISSING = (0.05, timedelta(minutes=15))


def observed(
    before: WindowMemory | None,
    window: RateLimitWindow,
    settings: Settings,
    at: int,
    *,
    was_told: bool,
) -> WindowMemory:
    """The memory of `window` after a reading at `at` that is not in doubt."""
    if before is None:
        memory = first_seen(window, at)
        if was_told:
            told = _highest_crossed(settings, memory.used)
            memory = replace(memory, told_percent=told, told_runs_out=True)
    else:
        memory = next_reading(before, window, at)
    return _with_pace(memory, window, at)


def due(
    memory: WindowMemory,
    window: RateLimitWindow,
    limit: RateLimit,
    settings: Settings,
    moment: datetime,
) -> Alert | None:
    """The one warning about `window` at `moment` (the service's clock), if any."""
    if memory.is_snoozed or memory.is_open:
        return None
    runs_out_at = _runs_out_at(memory, window, settings, moment)
    percent = _highest_crossed(settings, min(memory.sure, used_of(window)))
    if settings.warn_thresholds and percent > memory.told_percent:
        kind = AlertKind.THRESHOLD
    elif runs_out_at is not None:
        kind, percent = AlertKind.RUNS_OUT, 0
    else:
        return None
    return Alert(
        kind,
        window_id=window.window_id,
        cycle=memory.cycle,
        percent=percent,
        limit=limit,
        window=window,
        resets_at=window.resets_at,
        moment=runs_out_at,
    )


def _highest_crossed(settings: Settings, used: int) -> int:
    """The highest of the thresholds that `used` (basis points) reaches; 0 if none."""
    levels = (settings.warn_first_percent, settings.warn_second_percent)
    return max((level for level in levels if used >= level * 100), default=0)


def _with_pace(memory: WindowMemory, window: RateLimitWindow, at: int) -> WindowMemory:
    """Note since when the window would run out early; what swings around even use is neither."""
    pace = _telling_pace(memory, window, at)
    if pace is None or pace.projected_percent is None:
        return replace(memory, over_since=None)
    if _is_bad(pace, window):
        return memory if memory.over_since is not None else replace(memory, over_since=at)
    if pace.projected_percent <= _LASTING_PROJECTION:
        return replace(memory, over_since=None)
    return memory


def _runs_out_at(
    memory: WindowMemory, window: RateLimitWindow, settings: Settings, moment: datetime
) -> datetime | None:
    """When the window will have run out, if that is to be told."""
    if not settings.warn_runs_out or memory.told_runs_out or memory.over_since is None:
        return None
    at = int(moment.timestamp())
    pace = _telling_pace(memory, window, at)
    if pace is None or not _is_bad(pace, window):
        return None
    has_stayed = at - memory.over_since >= _share(window, _STAYING).total_seconds()
    return pace.runs_out_at if has_stayed else None


def _telling_pace(memory: WindowMemory, window: RateLimitWindow, at: int) -> Pace | None:
    """The pace, unless the window has only begun, little is used, or the reading is a leap."""
    if window.resets_at is None or not _LEAST_USED <= memory.sure == used_of(window):
        return None
    now = datetime.fromtimestamp(at, UTC)
    length = timedelta(seconds=window.window_seconds or 0)
    if length - (window.resets_at - now) < _share(window, _EARLY):
        return None
    return pace_of(window, now)


def _is_bad(pace: Pace, window: RateLimitWindow) -> bool:
    if pace.projected_percent is None or pace.runs_out_at is None or window.resets_at is None:
        return False
    misses = window.resets_at - pace.runs_out_at >= _share(window, _MISSING)
    return misses and pace.projected_percent >= _SURE_PROJECTION


def _share(window: RateLimitWindow, of_length: tuple[float, timedelta]) -> timedelta:
    share, least = of_length
    return max(least, share * timedelta(seconds=window.window_seconds or 0))
