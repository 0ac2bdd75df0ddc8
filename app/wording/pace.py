"""What becomes of a window until its reset: useless, used up, lasting, running out. Pure.

`now` is the service's time throughout.
"""

from __future__ import annotations

import math
from datetime import datetime, tzinfo

from app.usage.limits import MAIN_LIMIT, RateLimitWindow, UsageSnapshot
from app.usage.pace import blocker_of, is_used_up, pace_of
from app.wording.language import tr
from app.wording.limits import limit_reached, window_name
from app.wording.times import countdown, near_time

NO_BREAK = "\u00a0"


def outlook(
    window: RateLimitWindow,
    snapshot: UsageSnapshot,
    now: datetime,
    zone: tzinfo,
    clock: str = "system",
    *,
    is_stale: bool = False,
    in_full: bool = False,
) -> str:
    """The one thing to say beside a window, or nothing if it cannot be told.

    `is_stale`: the numbers are too old to tell the pace. `in_full`: a window that runs out is
    said to do so how long before its reset, which takes a line of its own.
    """
    if words := hindrance(window, snapshot):
        return words
    pace = None if is_stale else pace_of(window, now)
    if pace is None:
        return ""
    resets_at = window.resets_at if in_full else None
    return pace_words(pace.reserve_percent, pace.runs_out_at, now, zone, clock, resets_at=resets_at)


def hindrance(window: RateLimitWindow, snapshot: UsageSnapshot) -> str:
    """Why nothing of a window can be used; empty while it can.

    One that resets sooner than another that is used up as well waits for the other.
    """
    blocker = blocker_of(window, snapshot)
    if blocker is not None:
        return blocked_by(blocker, snapshot)
    return limit_reached() if is_used_up(window, snapshot.limit(window.limit_id)) else ""


def blocked_by(blocker: RateLimitWindow, snapshot: UsageSnapshot) -> str:
    """What to say beside a window whose rest is useless: "blocked by the weekly limit"."""
    name = window_name(blocker, snapshot)
    if blocker.limit_id == MAIN_LIMIT:
        name = name.lower()
    return tr("blocked by the {name} limit").format(name=name)


def pace_words(
    reserve_percent: float | None,
    runs_out_at: datetime | None,
    now: datetime,
    zone: tzinfo,
    clock: str = "system",
    *,
    resets_at: datetime | None = None,
) -> str:
    """The pace of one window, or nothing if it cannot be told.

    `reserve_percent` is how far use lies below (positive) or above even pace, in percent of
    the window; `runs_out_at` the projected end if that comes before the reset, which is at
    `resets_at`. Told both, a window takes two lines: Chinese may be broken anywhere, so a long
    one would end within a word.
    """
    if runs_out_at is not None:
        if runs_out_at <= now:
            return tr("runs out now")
        time = near_time(runs_out_at, now, zone, clock)
        if resets_at is None or resets_at <= runs_out_at:
            return tr("runs out {time}").format(time=time)
        duration = countdown(resets_at - runs_out_at).replace(" ", NO_BREAK)  # it wraps
        return tr("runs out {time},\n{duration} before the reset").format(
            time=time, duration=duration
        )
    if reserve_percent is None:
        return ""
    amount = math.floor(abs(reserve_percent) + 0.5)
    if amount == 0:
        return tr("on pace")
    pattern = tr("{number} % in reserve") if reserve_percent > 0 else tr("{number} % over pace")
    return pattern.format(number=amount)
