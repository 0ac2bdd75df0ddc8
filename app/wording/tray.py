"""What the tray icon says when pointed at, and the whole state for screen readers. Pure.

A tooltip is set at a poll and then stands for minutes without being touched, so it names
moments ("resets at 16:05"), never countdowns that would grow wrong.
"""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import assert_never

from app.errors import Fault
from app.settings import Settings
from app.state import AppState, SessionStatus
from app.usage.limits import RateLimitWindow, UsageSnapshot
from app.usage.pace import binding_window, is_stale, pace_of
from app.wording import labels
from app.wording.language import phrase, tr, tr_n
from app.wording.limits import (
    no_limit_reported,
    not_begun,
    percent,
    percent_words,
    plan_name,
    reset_due,
    reset_time_unknown,
    resets_at,
    window_name,
)
from app.wording.pace import hindrance, outlook, pace_words
from app.wording.times import near_time, spoken_duration, time_of_day

_MOST_WINDOWS = 8  # of fifty, nobody reads more in a tooltip
WINDOWS_TOOLTIP_UNITS = 127  # of UTF-16, the most the notification area of Windows shows

sign_in_under_way = phrase("A sign-in is under way")


def session_words(status: SessionStatus) -> str:
    """The state of the sign-in; empty when signed in."""
    match status:
        case SessionStatus.STARTING:
            return labels.starting()
        case SessionStatus.SIGNED_OUT:
            return labels.signed_out_title()
        case SessionStatus.SIGNING_IN:
            return sign_in_under_way()
        case SessionStatus.SIGNED_IN:
            return ""
        case SessionStatus.EXPIRED:
            return labels.expired_title()
        case SessionStatus.KEYRING_LOCKED:
            return labels.keyring_locked_title()
        case _:
            assert_never(status)


def tray_tooltip(state: AppState, now: datetime, zone: tzinfo) -> str:
    """Plain text of several lines: state, every window with its reset, age, last fault."""
    session, usage, settings = state.session, state.usage, state.settings
    plan = plan_name((usage and usage.plan) or (session.account and session.account.plan) or "")
    lines = [f"{labels.product()} · {plan}" if plan else labels.product()]
    if words := session_words(session.status):
        lines.append(words)
    if usage is not None:
        lines += _window_lines(usage, now, zone, settings)
        time = near_time(usage.fetched_at, now, zone, settings.clock)
        lines.append(_updated_at(time, is_old=_is_old(usage, now, settings)))
        if usage.is_doubtful:
            from app.wording.allowances import doubt_words  # noqa: PLC0415 - seldom

            lines.append(doubt_words(usage.doubts) or labels.doubtful_note())
    elif session.status is SessionStatus.SIGNED_IN and state.poll.fault is None:
        lines.append(labels.waiting_for_numbers())
    if state.poll.fault is not None:
        lines.append(_fault_title(state.poll.fault, now, zone, settings))
    return "\n".join(lines)


def _fault_title(fault: Fault, now: datetime, zone: tzinfo, settings: Settings) -> str:
    from app.wording.faults import describe  # noqa: PLC0415 - most polls have none

    return describe(fault, now, zone, settings.clock).title


def tray_tooltip_short(state: AppState, now: datetime, zone: tzinfo) -> str:
    """The same within 127 UTF-16 units: the most telling lines first, whole lines only."""
    lines = [words] if (words := session_words(state.session.status)) else []
    if state.poll.fault is not None:
        lines.append(_fault_title(state.poll.fault, now, zone, state.settings))
    if state.usage is not None:
        lines += _short_lines(state.usage, now, zone, state.settings)
    text = ""
    for line in lines or [labels.product()]:
        longer = f"{text}\n{line}" if text else line
        if len(longer.encode("utf-16-le")) // 2 > WINDOWS_TOOLTIP_UNITS:
            break
        text = longer
    return text


def spoken_summary(state: AppState, now: datetime) -> str:
    """Every window in whole sentences, for screen readers. `now` is our clock's."""
    sentences = [words] if (words := session_words(state.session.status)) else []
    if state.usage is not None:
        usage = state.usage
        server_now = usage.server_now(now)
        shows = state.settings.gauge_shows
        sentences += [spoken_window(w, usage, server_now, shows) for w in usage.windows]
        if not usage.windows:
            sentences.append(no_limit_reported())
    return "\n".join(sentences)


def spoken_window(
    window: RateLimitWindow, usage: UsageSnapshot, server_now: datetime, shows: str = "used"
) -> str:
    """One window in a whole sentence, as the accessible text of its gauge."""
    remaining = window.resets_in(server_now)
    if window.is_sliding:
        reset = not_begun()
    elif remaining is None:
        reset = reset_time_unknown()
    elif remaining <= timedelta():
        reset = reset_due()
    else:
        reset = tr("resets in {duration}").format(duration=spoken_duration(remaining))
    told = {
        "window": window_name(window, usage),
        "percent": percent_words(window.used_percent, shows),
        "reset": reset,
    }
    if why := hindrance(window, usage):
        return tr("{window} limit: {percent}, {reset}, {why}.").format(why=why, **told)
    return tr("{window} limit: {percent}, {reset}.").format(**told)


def _window_lines(
    usage: UsageSnapshot, now: datetime, zone: tzinfo, settings: Settings
) -> list[str]:
    if not usage.windows:
        return [no_limit_reported()]
    server_now = usage.server_now(now)
    lines = []
    for window in usage.windows[:_MOST_WINDOWS]:
        line = tr("{window}: {percent}, {reset}").format(
            window=window_name(window, usage),
            percent=percent_words(window.used_percent, settings.gauge_shows),
            reset=resets_at(window, server_now, zone, settings.clock),
        )
        is_old = _is_old(usage, now, settings)
        pace = outlook(window, usage, server_now, zone, settings.clock, is_stale=is_old)
        lines.append(tr("{line}, {pace}").format(line=line, pace=pace) if pace else line)
    if more := len(usage.windows) - len(lines):
        lines.append(tr_n("{n} more limit", "{n} more limits", more).format(n=more))
    return [tr("Limit reached"), *lines] if usage.is_exhausted else lines


def _is_old(usage: UsageSnapshot, now: datetime, settings: Settings) -> bool:
    return is_stale(usage.fetched_at, now, settings.poll_idle_s)


def _updated_at(time: str, *, is_old: bool) -> str:
    pattern = tr("Out of date, updated at {time}") if is_old else tr("Updated at {time}")
    return pattern.format(time=time)


def _short_lines(
    usage: UsageSnapshot, now: datetime, zone: tzinfo, settings: Settings
) -> list[str]:
    server_now = usage.server_now(now)
    lines = []
    for window in usage.windows:
        reset = ""
        remaining = window.resets_in(server_now)
        if window.resets_at is not None and remaining is not None and remaining > timedelta():
            time = near_time(window.resets_at, server_now, zone, settings.clock)
            reset = f" · {time}"
        name = window_name(window, usage)
        lines.append(f"{name} {percent(window.used_percent, settings.gauge_shows)}{reset}")
    time = time_of_day(usage.fetched_at, zone, settings.clock)
    is_old = _is_old(usage, now, settings)
    ends = "" if is_old else _first_end(usage, server_now, zone, settings.clock)
    return [*lines, *([ends] if ends else []), _updated_at(time, is_old=is_old)]


def _first_end(usage: UsageSnapshot, server_now: datetime, zone: tzinfo, clock: str) -> str:
    """The window that runs out first at the pace so far: "5-hour: runs out 14:43"."""
    window = binding_window(usage)
    pace = pace_of(window, server_now) if window is not None else None
    if window is None or pace is None or pace.runs_out_at is None or pace.runs_out_at <= server_now:
        return ""
    words = pace_words(pace.reserve_percent, pace.runs_out_at, server_now, zone, clock)
    return tr("{window}: {pace}").format(window=window_name(window, usage), pace=words)
