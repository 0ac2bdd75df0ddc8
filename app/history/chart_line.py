"""From the points of a history to lines of steps: a value holds until the next one. Pure.

A gap stays a gap: the line ends with the last reading before it and begins anew after it.
Moments are seconds since 1970, use in percent, 0 to 100.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from app.history.curves import Point, Reset
from app.values import dataclass


@dataclass(frozen=True, slots=True)
class Corner:
    """One corner of a line."""

    at: int
    percent: float


Line = tuple[Corner, ...]  # in order of time


def lines_of(
    points: Sequence[Point], until: int, gap_s: float, resets: Sequence[Reset] = ()
) -> tuple[Line, ...]:
    """One line per stretch without a gap, in the order in which the readings came.

    The last value holds to `until`, unless that is longer than `gap_s` after it: then nobody
    knows. A reset within a stretch lets the line fall to nothing.
    """
    lines: list[Line] = []
    line: list[Corner] = []
    falls = sorted(reset.at for reset in resets)
    for index, point in enumerate(points):
        if line and point.follows_gap:
            lines.append(tuple(line))
            line = []
        elif line:
            line += _held(points[index - 1], point.at, falls)
        line.append(Corner(point.at, percent_of(point)))
    if line:
        held = _held(points[-1], until, falls) if 0 < until - line[-1].at <= gap_s else ()
        lines.append((*line, *held))
    return tuple(lines)


def percent_of(point: Point) -> float:
    """The use of a point in percent, as it is drawn."""
    return min(100.0, max(0.0, point.used / 100))


def percent_at(lines: Sequence[Line], at: float) -> float | None:
    """What the lines show at a moment, the newest of them first; None where there is none."""
    for line in reversed(lines):
        if line[0].at <= at <= line[-1].at:
            return line[bisect_right(line, at, key=lambda corner: corner.at) - 1].percent
    return None


def _held(point: Point, until: int, falls: Sequence[int]) -> Iterator[Corner]:
    """The value of `point` up to `until`, with the fall of a reset on the way."""
    place = bisect_right(falls, point.at)
    held = percent_of(point)
    if place < len(falls) and falls[place] < until:
        yield Corner(falls[place], held)
        yield Corner(falls[place], held := 0.0)
    yield Corner(until, held)
