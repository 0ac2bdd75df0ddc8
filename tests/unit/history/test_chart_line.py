"""Lines of steps out of points: what holds, what falls, what is not known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.history.chart_line import Corner, lines_of, percent_at, percent_of
from app.history.curves import Point, Reset
from app.history.runs import GAP_S

END = 10_000


def point(at: int, percent: float, *, follows_gap: bool = False) -> Point:
    return Point(at, round(percent * 100), END, follows_gap)


def corners(line: tuple[Corner, ...]) -> list[tuple[int, float]]:
    return [(corner.at, corner.percent) for corner in line]


def test_a_value_holds_until_the_next_reading() -> None:
    (line,) = lines_of([point(0, 10), point(300, 12)], 600, GAP_S)
    assert corners(line) == [(0, 10), (300, 10), (300, 12), (600, 12)]


def test_without_points_there_is_no_line() -> None:
    assert lines_of([], 600, GAP_S) == ()


def test_a_gap_stays_a_gap() -> None:
    lines = lines_of([point(0, 10), point(9000, 12, follows_gap=True)], 9000, GAP_S)
    assert [corners(line) for line in lines] == [[(0, 10)], [(9000, 12)]]


def test_the_last_value_holds_as_long_as_anybody_knows() -> None:
    known, unknown = 1000 + GAP_S, 1001 + GAP_S
    assert corners(lines_of([point(1000, 7)], known, GAP_S)[0]) == [(1000, 7), (known, 7)]
    assert corners(lines_of([point(1000, 7)], unknown, GAP_S)[0]) == [(1000, 7)]
    assert corners(lines_of([point(1000, 7)], 900, GAP_S)[0]) == [(1000, 7)]  # F-M04


def test_a_reset_lets_the_line_fall_where_it_was() -> None:
    points = [point(0, 80), point(600, 3)]
    (line,) = lines_of(points, 600, GAP_S, [Reset(400), Reset(90_000)])
    assert corners(line) == [(0, 80), (400, 80), (400, 0), (600, 0), (600, 3), (600, 3)][:5]


def test_a_reset_with_a_reading_at_its_moment_needs_no_fall() -> None:
    (line,) = lines_of([point(0, 80), point(600, 0)], 600, GAP_S, [Reset(600)])
    assert corners(line) == [(0, 80), (600, 80), (600, 0)]


def test_readings_after_the_clock_was_set_back_are_a_line_of_their_own() -> None:
    """F-M04: they keep their order and never run backwards."""
    points = [point(5000, 40), point(1000, 41, follows_gap=True), point(1300, 42)]
    lines = lines_of(points, 1300, GAP_S)
    assert [line[0].at for line in lines] == [5000, 1000]
    assert percent_at(lines, 1200) == 41


@pytest.mark.parametrize(("used", "percent"), [(-250, 0), (50, 0.5), (4100, 41), (13_000, 100)])
def test_what_is_drawn_of_a_value(used: int, percent: float) -> None:
    assert percent_of(Point(0, used, None)) == percent


def test_what_a_chart_shows_at_a_moment() -> None:
    lines = lines_of([point(0, 10), point(300, 12), point(9000, 50, follows_gap=True)], 9600, GAP_S)
    assert percent_at(lines, -1) is None
    assert percent_at(lines, 0) == 10
    assert percent_at(lines, 299) == 10
    assert percent_at(lines, 300) == 12
    assert percent_at(lines, 4000) is None
    assert percent_at(lines, 9600) == 50
    assert percent_at(lines, 9601) is None
    assert percent_at((), 0) is None


@given(
    st.lists(st.tuples(st.integers(0, 3000), st.integers(-500, 12_000), st.booleans()), max_size=40)
)
def test_lines_run_forward_and_stay_within_the_chart(steps: list[tuple[int, int, bool]]) -> None:
    at, points = 0, []
    for wait, used, follows_gap in steps:
        at += wait
        points.append(Point(at, used, END, follows_gap))
    lines = lines_of(points, at + 60, GAP_S, [Reset(at // 2)])
    for line in lines:
        assert [corner.at for corner in line] == sorted(corner.at for corner in line)
        assert all(0 <= corner.percent <= 100 for corner in line)
    assert len(lines) == bool(points) + sum(one.follows_gap for one in points[1:])
