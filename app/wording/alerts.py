"""Warnings in words: a title, and a body of at most 200 characters of plain text. Pure.

Bodies are fixed sentences around numbers and times; names that came from the service are
cleaned (T-54, T-56). `now` is the service's time, as everywhere a reset is meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import assert_never

from app.alerts.alert import Alert, AlertKind
from app.usage.limits import RateLimitWindow, UsageSnapshot
from app.values import dataclass
from app.wording import joining
from app.wording.amounts import grouped
from app.wording.language import phrase, tr, tr_n
from app.wording.limits import percent_words, resets_soonest, window_name
from app.wording.times import countdown, near_time
from app.wording.untrusted import clean

BODY_LIMIT = 200
_MOST_LINES = 4
_REMARK_LIMIT = 70

open_action = phrase("Open")
snooze_action = phrase("Snooze until reset")
dismiss_action = phrase("Dismiss")
test_action = phrase("Send a test warning")


@dataclass(frozen=True, slots=True)
class AlertWords:
    title: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """When, where and how times are read: `now` aware, `clock` and `shows` as in the settings.

    `tells_time_left` False leaves out what would grow wrong on a text that stays.
    """

    now: datetime
    zone: tzinfo
    clock: str = "system"
    shows: str = "used"
    tells_time_left: bool = True

    def time(self, when: datetime) -> str:
        return near_time(when, self.now, self.zone, self.clock)

    def with_time_left(self, pattern: str, short: str, when: datetime) -> str:
        """`pattern` with {time} and {duration}, or `short` with {time} alone."""
        left = when - self.now
        if self.tells_time_left and left > timedelta():
            return pattern.format(time=self.time(when), duration=countdown(left))
        return short.format(time=self.time(when))


def words_of(alerts: Sequence[Alert], moment: Moment, remark: str = "") -> AlertWords:
    """One warning, or several in one summary; `remark` says whose it is, where that is a
    question."""
    if len(alerts) == 1:
        words = _words(alerts[0], moment)
        lines = [words.body] if words.body else []
    else:
        n = len(alerts)
        words = AlertWords(tr_n("{n} warning", "{n} warnings", n).format(n=n))
        shown = alerts if n <= _MOST_LINES else alerts[: _MOST_LINES - 1]
        lines = [_line(alert, moment) for alert in shown]
        if len(shown) < n:
            lines.append(tr("and {n} more").format(n=n - len(shown)))
    tail = clean(remark, _REMARK_LIMIT)
    body = "\n".join(lines)
    room = BODY_LIMIT - (len(tail) + 1 if tail else 0)
    if len(body) > room:
        body = body[: room - 1].rstrip() + "…"
    return AlertWords(words.title, "\n".join(part for part in (body, tail) if part))


def _words(alert: Alert, moment: Moment) -> AlertWords:
    kind = alert.kind
    match kind:
        case AlertKind.THRESHOLD | AlertKind.RUNS_OUT | AlertKind.EXHAUSTED | AlertKind.AVAILABLE:
            return AlertWords(_window_title(alert, moment), _window_body(alert, moment))
        case AlertKind.CREDITS_LOW:
            if not alert.amount:
                return AlertWords(tr("Credits are used up"))
            return AlertWords(
                tr("Credits are low"), tr("{amount} left.").format(amount=grouped(alert.amount, 2))
            )
        case AlertKind.RESET_CREDIT:
            n = int(alert.amount or 1)
            pattern = tr_n("{n} saved reset expires soon", "{n} saved resets expire soon", n)
            return AlertWords(pattern.format(n=n), _expiry(alert, moment))
        case AlertKind.SIGN_IN:
            return AlertWords(
                tr("Sign in again"), tr("The sign-in has ended: no new numbers until then.")
            )
        case AlertKind.TEST:
            return AlertWords(
                tr("A warning looks like this"), tr("This is a test. Your limits are as before.")
            )
        case _:
            assert_never(kind)


def _line(alert: Alert, moment: Moment) -> str:
    """One warning of a summary: its title, and when its window resets."""
    title = _words(alert, moment).title
    if alert.window is None or alert.window.resets_in(moment.now) is None:
        return title
    return f"{title} · {resets_soonest(alert.window, moment.now, moment.zone, moment.clock)}"


def _window_title(alert: Alert, moment: Moment) -> str:
    name = _name(alert, moment)
    use = percent_words(alert.window.used_percent if alert.window else None, moment.shows)
    match alert.kind:
        case AlertKind.EXHAUSTED:
            return tr("{window} limit reached").format(window=name)
        case AlertKind.AVAILABLE:
            return tr("{window} limit: available again").format(window=name)
        case AlertKind.RUNS_OUT:
            return tr("{window} limit: will run out early").format(window=name)
        case _:
            return tr("{window} limit: {use}").format(window=name, use=use)


def _window_body(alert: Alert, moment: Moment) -> str:
    window = alert.window
    resets_in = window.resets_in(moment.now) if window else None
    sentences: list[str] = []
    if alert.kind is AlertKind.AVAILABLE and window is not None:
        use = percent_words(window.used_percent, moment.shows)
        sentences.append(tr("{use}.").format(use=use))
    if alert.moment is not None and window is not None and window.resets_at is not None:
        sentences.append(_runs_out(alert.moment, window.resets_at, moment))
    if window is None or window.resets_at is None or resets_in is None:
        if alert.kind is AlertKind.EXHAUSTED:
            sentences.append(tr("The service does not say when it resets."))
    elif resets_in > timedelta():
        sentences.append(_reset(alert, window.resets_at, moment))
    else:
        sentences.append(tr("Its reset is due."))
    return joining.sentences(*sentences)


def _reset(alert: Alert, resets_at: datetime, moment: Moment) -> str:
    if alert.kind is AlertKind.EXHAUSTED:
        pattern, short = (
            tr("Available again {time} (in {duration})."),
            tr("Available again {time}."),
        )
    else:
        pattern, short = tr("Resets {time} (in {duration})."), tr("Resets {time}.")
    return moment.with_time_left(pattern, short, resets_at)


def _runs_out(runs_out_at: datetime, resets_at: datetime, moment: Moment) -> str:
    """An estimate, so rounded to what it can know."""
    left = runs_out_at - moment.now
    step = 300 if left < timedelta(hours=6) else 1800 if left < timedelta(days=1) else 3600
    about = datetime.fromtimestamp(runs_out_at.timestamp() // step * step, runs_out_at.tzinfo)
    pattern = tr("At this pace it runs out about {time}, {duration} before the reset.")
    return pattern.format(time=moment.time(about), duration=countdown(resets_at - about))


def _expiry(alert: Alert, moment: Moment) -> str:
    if alert.moment is None:
        return ""
    return moment.with_time_left(
        tr("Redeem before {time} (in {duration})."), tr("Redeem before {time}."), alert.moment
    )


def _name(alert: Alert, moment: Moment) -> str:
    """The window's name, told apart from the other windows of its limit where need be."""
    window = alert.window or RateLimitWindow(alert.window_id, None, None, None)
    limits = (alert.limit,) if alert.limit else ()
    return window_name(window, UsageSnapshot(moment.now, limits=limits))
