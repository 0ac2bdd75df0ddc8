"""The time axis of a chart: where it begins and ends, and what is marked on it. Pure.

Moments are seconds since 1970 in UTC. Days begin where the zone's wall clock says so, so a day
of 23 or 25 hours is drawn as long as it was, and nothing overlaps (F-M06; peers, fact 31).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta, tzinfo
from enum import StrEnum

from app.values import dataclass

_DAY_MINUTES = 24 * 60
_WEEK_MINUTES = 7 * _DAY_MINUTES
_MONDAY = 0

# (longest axis in hours, minutes between two marks)
_STEPS = ((1.6, 15), (8, 60), (32, 240), (84, 720), (9 * 24, _DAY_MINUTES), (1680, _WEEK_MINUTES))


class Span(StrEnum):
    """How far a chart of use looks back."""

    DAY = "24h"
    WEEK = "7d"
    MONTH = "30d"


class TickKind(StrEnum):
    """What a mark stands for, so what is written beside it."""

    TIME = "time"  # a time of day
    DAY = "day"  # where a day begins
    DATE = "date"  # the same, where only some of the days are marked


@dataclass(frozen=True, slots=True)
class Tick:
    at: int
    kind: TickKind


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """From `since` to `until`, at least a second later; `ticks` lie on it, in order."""

    since: int
    until: int
    ticks: tuple[Tick, ...] = ()

    def share(self, at: float) -> float:
        """Where `at` lies: 0 at the beginning, 1 at the end, beyond them outside."""
        return (at - self.since) / (self.until - self.since)

    def moment(self, share: float) -> int:
        """The moment at a share of the axis; never outside of it."""
        return round(self.since + (self.until - self.since) * min(1.0, max(0.0, share)))


def beginning(span: Span, now: datetime, zone: tzinfo) -> datetime:
    """Where the axis begins. Seven days ago means: at the same time by the clock."""
    days = {Span.DAY: 0, Span.WEEK: 7, Span.MONTH: 30}[span]
    if not days:
        return now - timedelta(hours=24)
    local = now.astimezone(zone) - timedelta(days=days)
    return local.replace(fold=0).astimezone(UTC)


def axis_between(since: float, until: float, zone: tzinfo) -> TimeAxis:
    """The axis with as many marks as can be read."""
    first = round(since)
    last = max(round(until), first + 1)
    hours = (last - first) / 3600
    step = next((minutes for longest, minutes in _STEPS if hours <= longest), 30 * _DAY_MINUTES)
    marks = _times(first, last, zone, step) if step < _DAY_MINUTES else _days(first, last, zone)
    if step > _DAY_MINUTES:
        marks = _some_days(marks, zone, weekly=step == _WEEK_MINUTES)
    return TimeAxis(first, last, tuple(tick for tick in marks if first <= tick.at <= last))


def _times(first: int, last: int, zone: tzinfo, step: int) -> Iterator[Tick]:
    """A mark every `step` minutes of the wall clock, also of an hour that comes twice."""
    for midnight in _days(first, last, zone):
        yield midnight
        day = datetime.fromtimestamp(midnight.at, zone).date()
        found = set()
        for minutes in range(step, _DAY_MINUTES, step):
            wall = datetime.combine(day, time(*divmod(minutes, 60)), tzinfo=zone)
            found |= {at for fold in (0, 1) if _shows(at := _moment(wall, fold), wall)}
        yield from (Tick(at, TickKind.TIME) for at in sorted(found) if at > midnight.at)


def _days(first: int, last: int, zone: tzinfo) -> Iterator[Tick]:
    """Where each day of the axis begins; a midnight that is skipped is the moment of the jump."""
    day = datetime.fromtimestamp(first, zone).date()
    end = datetime.fromtimestamp(last, zone).date()
    while day <= end:
        yield Tick(_moment(datetime.combine(day, time(), tzinfo=zone)), TickKind.DAY)
        day += timedelta(days=1)


def _some_days(days: Iterator[Tick], zone: tzinfo, *, weekly: bool) -> Iterator[Tick]:
    """The Mondays, or the first day of each month."""
    for tick in days:
        day = datetime.fromtimestamp(tick.at, zone)
        if day.weekday() == _MONDAY if weekly else day.day == 1:
            yield Tick(tick.at, TickKind.DATE)


def _moment(wall: datetime, fold: int = 0) -> int:
    return round(wall.replace(fold=fold).timestamp())


def _shows(at: int, wall: datetime) -> bool:
    """Whether the wall clock really showed `wall` at that moment."""
    shown = datetime.fromtimestamp(at, wall.tzinfo)
    return shown.replace(tzinfo=None, fold=0) == wall.replace(tzinfo=None)
