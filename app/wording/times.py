"""Durations and points in time as people read them. Pure: now and the zone are arguments."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta, tzinfo

from app.wording.language import system_clock, tr, tr_n

_MINUTE = 60
_HOUR = 3600
_DAY = 86_400


def countdown(remaining: timedelta) -> str:
    """Time left in at most two units, rounded up ("2 h 14 m"); "now" when it is over."""
    seconds = math.ceil(remaining.total_seconds())
    if seconds <= 0:
        return tr("now")
    if seconds < _MINUTE:
        return tr("{seconds} s").format(seconds=seconds)
    days, hours, minutes = _split_up(seconds)
    if days:
        if hours:
            return tr("{days} d {hours} h").format(days=days, hours=hours)
        return tr("{days} d").format(days=days)
    if hours:
        if minutes:
            return tr("{hours} h {minutes} m").format(hours=hours, minutes=minutes)
        return tr("{hours} h").format(hours=hours)
    return tr("{minutes} m").format(minutes=minutes)


def spoken_duration(remaining: timedelta) -> str:
    """The same as `countdown` in whole words, for screen readers ("2 hours 14 minutes")."""
    seconds = math.ceil(remaining.total_seconds())
    if seconds <= 0:
        return tr("now")
    if seconds < _MINUTE:
        return tr_n("{n} second", "{n} seconds", seconds).format(n=seconds)
    days, hours, minutes = _split_up(seconds)
    words = []
    if days:
        words.append(tr_n("{n} day", "{n} days", days).format(n=days))
    if hours:
        words.append(tr_n("{n} hour", "{n} hours", hours).format(n=hours))
    if minutes and not days:
        words.append(tr_n("{n} minute", "{n} minutes", minutes).format(n=minutes))
    return " ".join(words)


def elapsed(duration: timedelta) -> str:
    """How long something took, rounded down, one unit below a minute ("3 s", "1 min 20 s")."""
    seconds = max(0, int(duration.total_seconds()))
    if seconds < _MINUTE:
        return tr("{seconds} s").format(seconds=seconds)
    minutes, seconds = divmod(seconds, _MINUTE)
    if seconds:
        return tr("{minutes} min {seconds} s").format(minutes=minutes, seconds=seconds)
    return tr("{minutes} min").format(minutes=minutes)


def age(elapsed_time: timedelta) -> str:
    """How long ago, in one unit, rounded down ("12 s ago"); never negative (F-M04)."""
    seconds = int(elapsed_time.total_seconds())
    if seconds < 1:
        return tr("just now")
    if seconds < _MINUTE:
        return tr("{seconds} s ago").format(seconds=seconds)
    if seconds < _HOUR:
        return tr("{minutes} min ago").format(minutes=seconds // _MINUTE)
    if seconds < _DAY:
        return tr("{hours} h ago").format(hours=seconds // _HOUR)
    return tr("{days} d ago").format(days=seconds // _DAY)


def clock_time(when: datetime, now: datetime, zone: tzinfo, clock: str = "system") -> str:
    """A point in time with its day as far as needed: "today 16:05", "Thu 09:12", "3 Dec 09:12".

    `when` and `now` are aware; `clock` is "12h", "24h" or "system". Days are counted in `zone`,
    so the words stay right over a clock change or a journey (F-M06).
    """
    local, today = when.astimezone(zone), now.astimezone(zone).date()
    return _day_and_time(local, today, time_of_day(when, zone, clock))


def near_time(when: datetime, now: datetime, zone: tzinfo, clock: str = "system") -> str:
    """Like `clock_time`, but without the word "today" ("16:05", "Thu 09:12")."""
    if when.astimezone(zone).date() == now.astimezone(zone).date():
        return time_of_day(when, zone, clock)
    return clock_time(when, now, zone, clock)


def dated_time(when: datetime, now: datetime, zone: tzinfo, clock: str = "system") -> str:
    """A point in time with weekday and date, for a table or a chart: "Sun 22 Nov 13:41"."""
    local = when.astimezone(zone)
    values = {
        "weekday": _weekday(local.weekday()),
        "day": local.day,
        "month": _month(local.month),
        "time": time_of_day(when, zone, clock),
    }
    if local.year == now.astimezone(zone).year:
        return tr("{weekday} {day} {month} {time}").format(**values)
    return tr("{weekday} {day} {month} {year} {time}").format(year=local.year, **values)


def weekday_and_day(when: datetime, zone: tzinfo) -> str:
    """A day among the days around it: "Sun 22"."""
    local = when.astimezone(zone)
    return tr("{weekday} {day}").format(weekday=_weekday(local.weekday()), day=local.day)


def day_and_month(when: datetime, zone: tzinfo) -> str:
    """A day of the year: "22 Nov"."""
    local = when.astimezone(zone)
    return tr("{day} {month}").format(day=local.day, month=_month(local.month))


def time_of_day(when: datetime, zone: tzinfo, clock: str = "system") -> str:
    """Hours and minutes in `zone` ("16:05", "4:05 pm").

    `UTC` itself stands for a zone that could not be found, and is named (F-M08).
    """
    local = when.astimezone(zone)
    if (system_clock() if clock == "system" else clock) == "12h":
        digits = f"{(local.hour - 1) % 12 + 1}:{local.minute:02}"
        pattern = tr("{time} am") if local.hour < 12 else tr("{time} pm")
        text = pattern.format(time=digits)
    else:
        text = f"{local.hour:02}:{local.minute:02}"
    return f"{text} UTC" if zone is UTC else text


def _split_up(seconds: int) -> tuple[int, int, int]:
    """(days, hours, minutes), rounded up to the smaller of the two units that are shown."""
    minutes = -(-seconds // _MINUTE)
    if minutes >= _DAY // _MINUTE:
        minutes = -(-minutes // 60) * 60
    days, minutes = divmod(minutes, _DAY // _MINUTE)
    hours, minutes = divmod(minutes, 60)
    return days, hours, minutes


def _day_and_time(local: datetime, today: date, time: str) -> str:
    days_ahead = (local.date() - today).days
    if days_ahead == 0:
        return tr("today {time}").format(time=time)
    if days_ahead == 1:
        return tr("tomorrow {time}").format(time=time)
    if days_ahead == -1:
        return tr("yesterday {time}").format(time=time)
    if 1 < days_ahead <= 6:
        return tr("{weekday} {time}").format(weekday=_weekday(local.weekday()), time=time)
    month = _month(local.month)
    if local.year == today.year:
        return tr("{day} {month} {time}").format(day=local.day, month=month, time=time)
    return tr("{day} {month} {year} {time}").format(
        day=local.day, month=month, year=local.year, time=time
    )


def _weekday(number: int) -> str:
    names = (tr("Mon"), tr("Tue"), tr("Wed"), tr("Thu"), tr("Fri"), tr("Sat"), tr("Sun"))
    return names[number]


def _month(number: int) -> str:
    first = (tr("Jan"), tr("Feb"), tr("Mar"), tr("Apr"), tr("May"), tr("Jun"))
    second = (tr("Jul"), tr("Aug"), tr("Sep"), tr("Oct"), tr("Nov"), tr("Dec"))
    return (first + second)[number - 1]
