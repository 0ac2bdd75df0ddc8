"""A chart of the use of one window over time, as values: what to draw, and what it says. Pure.

Moments are seconds since 1970 by the service's clock, percents used, 0 to 100.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise

from app.history.chart_axis import TimeAxis
from app.history.chart_line import Line, lines_of, percent_at
from app.history.curves import Series
from app.usage.cycles import cycle_tolerance
from app.values import dataclass

MOST_CYCLES = 40  # beyond that, even-pace lines and resets are too dense to be told apart


@dataclass(frozen=True, slots=True)
class EvenPace:
    """Even use of one cycle: from 0 % at `starts_at` to 100 % at `ends_at`.

    It is drawn from `since` to `until`: on the axis, and not beyond an early reset.
    """

    starts_at: int
    ends_at: int
    since: int
    until: int

    def percent(self, at: float) -> float:
        """Where even use stands at a moment of the cycle."""
        share = (at - self.starts_at) / (self.ends_at - self.starts_at)
        return 100.0 * min(1.0, max(0.0, share))


@dataclass(frozen=True, slots=True)
class Readout:
    """What was at one moment; percents None where nothing is known."""

    at: int
    percent: float | None
    even_percent: float | None = None

    @property
    def reserve_percent(self) -> float | None:
        """How far use lay below (positive) or above even pace."""
        if self.percent is None or self.even_percent is None:
            return None
        return self.even_percent - self.percent


@dataclass(frozen=True, slots=True)
class Figures:
    """The chart in numbers, for those who do not see it; percents None without a reading."""

    lowest: float | None = None
    highest: float | None = None
    resets: int = 0
    last: Readout | None = None  # the newest value, at the moment up to which it is known
    is_current: bool = False  # that moment is now


@dataclass(frozen=True, slots=True)
class UseChart:
    """`gaps` as (since, until) and `stops`, where the keyboard halts, are in order of time."""

    axis: TimeAxis
    lines: tuple[Line, ...]
    gaps: tuple[tuple[int, int], ...]
    resets: tuple[int, ...]
    even: tuple[EvenPace, ...]
    stops: tuple[int, ...]
    figures: Figures
    shows_cycles: bool  # False: too many to be drawn

    def readout(self, at: int) -> Readout:
        """What was at a moment, for the pointer and the keyboard."""
        percent = percent_at(self.lines, at)
        even = None if percent is None else even_percent_at(self.even, at)
        return Readout(at, percent, even)


def use_chart(series: Series, axis: TimeAxis, window_seconds: int, gap_s: float) -> UseChart:
    """The chart of `series` on `axis`; `window_seconds` 0 if the length is not known.

    `gap_s` is what the series was asked for with.
    """
    lines = lines_of(series.points, axis.until, gap_s, series.resets)
    resets = tuple(r.at for r in series.resets if axis.since <= r.at <= axis.until)
    even = _even(series, axis, window_seconds) if window_seconds else ()
    cycles = (axis.until - axis.since) / window_seconds if window_seconds else len(resets)
    return UseChart(
        axis,
        lines,
        _gaps(series, lines, axis, gap_s),
        resets,
        even,
        tuple(sorted({p.at for p in series.points if axis.since <= p.at <= axis.until})),
        _figures(lines, even, len(resets), axis),
        cycles <= MOST_CYCLES,
    )


def even_percent_at(even: Sequence[EvenPace], at: float) -> float | None:
    """Where even use stood at a moment, None outside of the cycles."""
    place = bisect_right(even, at, key=lambda one: one.since) - 1
    return even[place].percent(at) if place >= 0 and at <= even[place].until else None


def next_stop(stops: Sequence[int], at: int | None, steps: int) -> int | None:
    """The stop that many places on from a moment (backwards if negative), None without stops.

    From no moment at all it is the last stop; the first and the last are never passed.
    """
    if not stops:
        return None
    if at is None:
        return stops[-1]
    place = bisect_right(stops, at) - 1 if steps > 0 else bisect_left(stops, at)
    return stops[min(len(stops) - 1, max(0, place + steps))]


def _gaps(
    series: Series, lines: Sequence[Line], axis: TimeAxis, gap_s: float
) -> tuple[tuple[int, int], ...]:
    """Those between the readings, before the first and after the last of them."""
    if not lines:
        return ((axis.since, axis.until),)
    found = [gap for gap in series.gaps if gap[1] > axis.since and gap[0] < axis.until]
    first = min(line[0].at for line in lines)
    if first - axis.since > gap_s:
        found.append((axis.since, first))
    if lines[-1][-1].at < axis.until:
        found.append((lines[-1][-1].at, axis.until))
    return tuple(sorted(found))


def _even(series: Series, axis: TimeAxis, window_seconds: int) -> tuple[EvenPace, ...]:
    """One line per cycle; reset times that jitter are those of one cycle."""
    told = sorted({p.resets_at for p in series.points if p.resets_at is not None})
    jitter = round(cycle_tolerance(window_seconds).total_seconds())
    ends = [b for a, b in pairwise([-jitter, *told]) if b - a > jitter]
    falls = sorted(reset.at for reset in series.resets)
    found: list[EvenPace] = []
    for ends_at in ends:
        starts_at = ends_at - window_seconds
        place = bisect_left(falls, starts_at + jitter)
        early = falls[place] if place < len(falls) else ends_at
        since = max(starts_at, axis.since, found[-1].until if found else axis.since)
        until = min(ends_at, early, axis.until)
        if since < until:
            found.append(EvenPace(starts_at, ends_at, since, until))
    return tuple(found)


def _figures(
    lines: Sequence[Line], even: Sequence[EvenPace], resets: int, axis: TimeAxis
) -> Figures:
    seen = [c.percent for line in lines for c in line if axis.since <= c.at <= axis.until]
    if not seen:
        return Figures(resets=resets)
    last = lines[-1][-1]
    readout = Readout(last.at, last.percent, even_percent_at(even, last.at))
    return Figures(min(seen), max(seen), resets, readout, is_current=last.at >= axis.until)
