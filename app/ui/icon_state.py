"""What the tray icon has to show, as a value: equal values look the same. Pure, no Qt."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from app.errors import FaultKind
from app.state import AppState, SessionStatus
from app.usage.limits import MAIN_LIMIT, RateLimit, RateLimitWindow, UsageSnapshot
from app.usage.pace import Level, binding_window, cap_level, is_stale, level_of
from app.values import dataclass

STEPS = 40  # fills are told apart in steps of 2.5 %; finer ones no icon size can show


class Mark(StrEnum):
    """What stands in the corner, so that the icon reads without colour."""

    NONE = "none"
    ERROR = "error"
    OFFLINE = "offline"
    DOUBT = "doubt"  # the last reading waits for a second one to agree


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
    when there is nothing to show. `number` (one to three digits, in the colour of
    `number_level`) takes most of the place, the windows are two bars below it then.
    `is_outline`: nobody is signed in. `is_starting`: numbers are on their way. `is_dim`: the
    numbers are old. `on_dark`: the panel behind the icon is dark. `is_mono`: one colour only.
    `is_high`: with high contrast; then old numbers are hollow instead of pale.
    """

    columns: tuple[Column, ...] = ()
    mark: Mark = Mark.NONE
    is_outline: bool = False
    is_starting: bool = False
    is_dim: bool = False
    on_dark: bool = False
    is_mono: bool = False
    is_high: bool = False
    number: str = ""
    number_level: Level = Level.UNKNOWN

    @property
    def is_exhausted(self) -> bool:
        """True if a window shown has nothing left."""
        return any(column.is_exhausted for column in self.columns)


_WITHOUT_ACCOUNT = (
    SessionStatus.SIGNED_OUT,
    SessionStatus.SIGNING_IN,
    SessionStatus.KEYRING_LOCKED,
)


def icon_state(
    state: AppState, now: datetime, *, on_dark: bool = False, is_high: bool = False
) -> IconState:
    """The icon for `state` at `now` (aware, our clock); `on_dark` if the settings leave it open."""
    settings = state.settings
    ground = settings.icon_ground
    plain = IconState(
        on_dark=on_dark if ground == "auto" else ground == "dark",
        is_mono=settings.icon_style == "monochrome",
        is_high=is_high,
    )
    session, usage = state.session, state.usage
    if usage is None and session.status in _WITHOUT_ACCOUNT:
        mark = Mark.ERROR if session.fault else Mark.NONE
        return replace(plain, mark=mark, is_outline=True)
    mark = _mark(state)
    if usage is None:
        return replace(plain, mark=mark, is_starting=mark is Mark.NONE, is_dim=True)
    is_old = is_stale(usage.fetched_at, now, settings.poll_idle_s)
    icon = replace(
        plain,
        columns=_columns(usage, usage.server_now(now), settings.thresholds, is_old=is_old),
        mark=mark,
        is_dim=is_old or mark is not Mark.NONE,
    )
    if mark is not Mark.NONE or settings.icon_number == "off" or (is_high and is_old):
        return icon  # digits cannot be hollow
    return _with_number(icon, usage, settings.icon_number, now)


def _with_number(icon: IconState, usage: UsageSnapshot, shows: str, now: datetime) -> IconState:
    """The percent of the window that binds, as digits; the sign of `<1` is left to the panel."""
    window = binding_window(usage, now)
    if window is None or window.used_percent is None:
        return icon
    used = window.used_percent
    rounded = round(used) if used in (0, 100) else min(99, max(1, math.floor(used + 0.5)))
    places = shown_windows(usage)
    level = icon.columns[places.index(window)].level if window in places else Level.UNKNOWN
    number = str(rounded if shows == "used" else 100 - rounded)
    return replace(icon, number=number, number_level=level)


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
    *,
    is_old: bool,
) -> tuple[Column, ...]:
    limit = shown_limit(usage)
    if limit is None and usage.spend_control is not None:  # all that some workspaces have
        cap = usage.spend_control
        level = cap_level(cap, thresholds)
        return (Column(_steps(cap.used_percent), level, level is Level.EXHAUSTED),)
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
        return Mark.DOUBT if state.usage is not None and state.usage.is_doubtful else Mark.NONE
    return Mark.OFFLINE if fault.kind is FaultKind.OFFLINE else Mark.ERROR
