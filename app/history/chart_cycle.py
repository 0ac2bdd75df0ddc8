"""A burn-down of the running cycle: what is left of it, with the cycles before it behind. Pure.

The lines are in percent left, 100 down to 0. Past cycles are moved onto the axis of the running
one, beginning on beginning, so that they can be compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from itertools import pairwise

from app.history.chart import EvenPace, Figures, Readout
from app.history.chart_axis import TimeAxis, axis_between
from app.history.chart_line import Corner, Line, lines_of, percent_at
from app.history.curves import Cycle
from app.usage.limits import MAIN_LIMIT, RateLimitWindow
from app.usage.pace import pace_of
from app.values import dataclass


@dataclass(frozen=True, slots=True)
class CycleChart:
    """`lines` is the running cycle so far, `past` one line each of those before it, newest first:
    their shape is compared, so they run on through gaps.

    `projection` goes on from now at the pace so far, to the end or to nothing (empty while that
    is too early to say); `runs_out_at` is where it reaches nothing before the end.
    """

    axis: TimeAxis
    now: int
    lines: tuple[Line, ...]
    gaps: tuple[tuple[int, int], ...]
    past: tuple[Line, ...]
    projection: Line
    runs_out_at: int | None
    even: EvenPace
    stops: tuple[int, ...]
    figures: Figures

    def readout(self, at: int) -> Readout:
        """Used percent and even pace at a moment of the cycle; the future has no use yet."""
        left = percent_at(self.lines, at)
        used = None if left is None else 100.0 - left
        return Readout(at, used, self.even.percent(at))


def running_cycle(cycles: Sequence[Cycle], now: int) -> Cycle | None:
    """The cycle of `cycles`, oldest first, that is not over yet."""
    last = cycles[-1] if cycles else None
    return last if last and last.window_seconds and last.starts_at <= now < last.resets_at else None


def cycle_chart(cycles: Sequence[Cycle], now: int, zone: tzinfo, gap_s: float) -> CycleChart | None:
    """The burn-down at `now`; `cycles` oldest first. None if no cycle is running."""
    running = running_cycle(cycles, now)
    if running is None:
        return None
    axis = axis_between(running.starts_at, running.resets_at, zone)
    used = lines_of(running.points, now, gap_s)
    even = EvenPace(axis.since, axis.until, axis.since, axis.until)
    projection, runs_out_at = _projection(used, axis, now)
    past = [cycle for cycle in reversed(cycles[:-1]) if cycle.window_seconds and cycle.points]
    return CycleChart(
        axis,
        now,
        tuple(_left(line) for line in used),
        _gaps(used, now),
        tuple(_past_line(cycle, axis.since - cycle.starts_at) for cycle in past),
        projection,
        runs_out_at,
        even,
        tuple(sorted({point.at for point in running.points})),
        _figures(used, even, now),
    )


def _past_line(cycle: Cycle, moved_by: int) -> Line:
    points = [replace(point, follows_gap=False) for point in cycle.points]
    (line,) = lines_of(points, cycle.resets_at, gap_s=cycle.window_seconds)
    return _left(line, moved_by)


def _left(line: Line, moved_by: int = 0) -> Line:
    return tuple(Corner(corner.at + moved_by, 100.0 - corner.percent) for corner in line)


def _gaps(used: Sequence[Line], now: int) -> tuple[tuple[int, int], ...]:
    edges = [(line[0].at, line[-1].at) for line in used] + [(now, now)]
    return tuple((a[1], b[0]) for a, b in pairwise(edges) if b[0] > a[1])


def _projection(used: Sequence[Line], axis: TimeAxis, now: int) -> tuple[Line, int | None]:
    """(the line on from now, when it reaches nothing if that is before the end)."""
    if not used or used[-1][-1].at < now:
        return (), None
    percent = used[-1][-1].percent
    ends = datetime.fromtimestamp(axis.until, UTC)
    window = RateLimitWindow(MAIN_LIMIT, percent, axis.until - axis.since, ends)
    pace = pace_of(window, datetime.fromtimestamp(now, UTC))
    if pace is None or pace.projected_percent is None:
        return (), None
    here = Corner(now, 100.0 - percent)
    if pace.runs_out_at is not None:
        runs_out_at = round(pace.runs_out_at.timestamp())
        return (here, Corner(runs_out_at, 0.0)), runs_out_at
    return (here, Corner(axis.until, max(0.0, 100.0 - pace.projected_percent))), None


def _figures(used: Sequence[Line], even: EvenPace, now: int) -> Figures:
    if not used:
        return Figures()
    seen = [corner.percent for line in used for corner in line]
    last = used[-1][-1]
    readout = Readout(last.at, last.percent, even.percent(last.at))
    return Figures(min(seen), max(seen), 0, readout, is_current=last.at >= now)
