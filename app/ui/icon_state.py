"""What the tray icon has to show, as a value: equal values look the same. Pure, no Qt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.errors import FaultKind
from app.state import AppState, SessionStatus
from app.usage.limits import MAIN_LIMIT, RateLimit, RateLimitWindow, UsageSnapshot
from app.usage.pace import Level, is_stale, level_of

STEPS = 40  # fills are told apart in steps of 2.5 %; finer ones no icon size can show


class Mark(StrEnum):
    """What stands in the corner, so that the icon reads without colour."""

    NONE = "none"
    ERROR = "error"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class Column:
    """One window. `fill` 0…`STEPS`, None if the percentage is not known."""

    fill: int | None
    level: Level
    is_exhausted: bool = False


@dataclass(frozen=True, slots=True)
class IconState:
    """The whole icon.

    `columns`: the shorter window left, the longer right; one alone stands in the middle; empty
    when there is nothing to show. `is_outline`: nobody is signed in. `is_dim`: the numbers are
    old, or not there yet. `on_dark`: the panel behind the icon is dark.
    """

    columns: tuple[Column, ...] = ()
    mark: Mark = Mark.NONE
    is_outline: bool = False
    is_dim: bool = False
    on_dark: bool = False


_WITHOUT_ACCOUNT = (
    SessionStatus.SIGNED_OUT,
    SessionStatus.SIGNING_IN,
    SessionStatus.KEYRING_LOCKED,
)


def icon_state(state: AppState, now: datetime, *, on_dark: bool = False) -> IconState:
    """The icon for `state` at `now` (aware, our clock)."""
    session, usage = state.session, state.usage
    if usage is None and session.status in _WITHOUT_ACCOUNT:
        mark = Mark.ERROR if session.fault else Mark.NONE
        return IconState(mark=mark, is_outline=True, on_dark=on_dark)
    mark = _mark(state)
    if usage is None:
        return IconState(mark=mark, is_dim=True, on_dark=on_dark)
    is_old = is_stale(usage.fetched_at, now, state.settings.poll_idle_s)
    return IconState(
        columns=_columns(usage, usage.server_now(now), state.settings.thresholds, is_old),
        mark=mark,
        is_dim=is_old or mark is not Mark.NONE,
        on_dark=on_dark,
    )


def shown_limit(usage: UsageSnapshot) -> RateLimit | None:
    """The limit the icon and the large gauges stand for: the plan's own, else the first one."""
    main = usage.limit(MAIN_LIMIT)
    candidates = (main, *usage.other_limits) if main else usage.other_limits
    return next((limit for limit in candidates if limit.windows), None)


def shown_windows(usage: UsageSnapshot) -> tuple[RateLimitWindow, ...]:
    """The one or two windows of `shown_limit`, shorter first; of more the first and the last."""
    limit = shown_limit(usage)
    windows = limit.windows if limit else ()
    return windows if len(windows) <= 2 else (windows[0], windows[-1])


def _columns(
    usage: UsageSnapshot,
    server_now: datetime,
    thresholds: tuple[float, float],
    is_old: bool,
) -> tuple[Column, ...]:
    limit = shown_limit(usage)
    columns = []
    for window in shown_windows(usage):
        level = level_of(window, server_now, thresholds, limit=limit, is_stale=is_old)
        columns.append(Column(_steps(window.used_percent), level, level is Level.EXHAUSTED))
    return tuple(columns)


def _steps(used: float | None) -> int | None:
    """Rounded, but "a little" never looks like nothing and "almost" never like all."""
    if used is None:
        return None
    if used <= 0 or used >= 100:
        return STEPS if used >= 100 else 0
    return min(STEPS - 1, max(1, round(used / 100 * STEPS)))


def _mark(state: AppState) -> Mark:
    if state.session.status is SessionStatus.EXPIRED:
        return Mark.ERROR
    fault = state.poll.fault
    if fault is None:
        return Mark.NONE
    return Mark.OFFLINE if fault.kind is FaultKind.OFFLINE else Mark.ERROR
