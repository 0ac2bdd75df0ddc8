"""The burn-down of the running cycle, and the cycles behind it."""

from __future__ import annotations

from datetime import UTC

import pytest

from app.history.chart_cycle import CycleChart, cycle_chart, running_cycle
from app.history.chart_line import Corner
from app.history.curves import Cycle, Point
from app.history.runs import GAP_S

H = 3600
FIVE = 5 * H
T0 = 1_795_000_000  # the running cycle begins


def cycle(
    starts_at: int,
    *points: tuple[int, float],
    gaps_before: tuple[int, ...] = (),
    seconds: int = FIVE,
) -> Cycle:
    """`points` as (seconds after the beginning, percent used)."""
    ends = starts_at + seconds
    made = tuple(
        Point(starts_at + at, round(used * 100), ends, at in gaps_before) for at, used in points
    )
    return Cycle(ends, seconds, made)


def chart(*cycles: Cycle, now: int = T0 + 2 * H) -> CycleChart:
    made = cycle_chart(cycles, now, UTC, GAP_S)
    assert made is not None
    return made


def test_it_burns_down_from_all_to_nothing() -> None:
    made = chart(cycle(T0, (0, 0), (H, 10), (2 * H - 60, 20)))
    assert made.axis.since == T0
    assert made.axis.until == T0 + FIVE
    (line,) = made.lines
    assert line[0] == Corner(T0, 100)
    assert line[-1] == Corner(T0 + 2 * H, 80)
    assert made.stops == (T0, T0 + H, T0 + 2 * H - 60)
    assert made.gaps == ()
    assert made.past == ()


def test_the_projection_goes_on_at_the_pace_so_far() -> None:
    made = chart(cycle(T0, (2 * H - 60, 20)))
    assert made.projection == (Corner(T0 + 2 * H, 80), Corner(T0 + FIVE, 50))
    assert made.runs_out_at is None


def test_the_projection_ends_where_nothing_is_left() -> None:
    made = chart(cycle(T0, (2 * H - 60, 80)))
    assert made.runs_out_at == T0 + 2 * H + H // 2
    assert made.projection[-1] == Corner(T0 + 2 * H + H // 2, 0)


@pytest.mark.parametrize(
    "points",
    [((2 * H - 60, 2),), ((H, 40),), ()],
    ids=["too little was used", "the last reading is too old", "nothing is known"],
)
def test_there_is_no_projection_without_a_pace(points: tuple[tuple[int, float], ...]) -> None:
    made = chart(cycle(T0, *points))
    assert made.projection == ()
    assert made.runs_out_at is None


def test_there_is_no_projection_from_a_reading_of_the_future() -> None:
    """The clock was set back after it (F-M04)."""
    assert chart(cycle(T0, (3 * H, 30)), now=T0 + 10).projection == ()


def test_past_cycles_lie_beginning_on_beginning_newest_first() -> None:
    older = cycle(T0 - 4 * FIVE, (0, 5), (H, 50))
    newer = cycle(T0 - 2 * FIVE, (0, 1), (4 * H, 90), gaps_before=(4 * H,))
    made = chart(older, newer, cycle(T0, (2 * H - 60, 20)))
    assert [line[0] for line in made.past] == [Corner(T0, 99), Corner(T0, 95)]
    assert made.past[0][-1] == Corner(T0 + FIVE, 10)


def test_a_past_cycle_without_readings_is_left_out() -> None:
    assert chart(cycle(T0 - FIVE), cycle(T0, (60, 1))).past == ()


def test_gaps_of_the_running_cycle() -> None:
    made = chart(cycle(T0, (0, 1), (H, 5), gaps_before=(H,)))
    assert made.gaps == ((T0, T0 + H), (T0 + H, T0 + 2 * H))
    assert len(made.lines) == 2


def test_a_readout_tells_use_and_even_pace() -> None:
    made = chart(cycle(T0, (0, 1), (2 * H - 60, 20)))
    past = made.readout(T0 + H)
    assert (past.percent, past.even_percent, past.reserve_percent) == (1, 20, 19)
    ahead = made.readout(T0 + 4 * H)
    assert (ahead.percent, ahead.even_percent) == (None, 80)


def test_the_cycle_in_figures() -> None:
    figures = chart(cycle(T0, (0, 1), (2 * H - 60, 20))).figures
    assert (figures.lowest, figures.highest, figures.is_current) == (1, 20, True)
    assert figures.last is not None
    assert figures.last.even_percent == 40
    assert chart(cycle(T0)).figures.last is None


@pytest.mark.parametrize("now", [T0 - 1, T0 + FIVE])
def test_a_cycle_that_is_over_does_not_run(now: int) -> None:
    assert running_cycle([cycle(T0, (0, 1))], now) is None
    assert cycle_chart([cycle(T0, (0, 1))], now, UTC, GAP_S) is None


def test_no_cycle_runs_where_none_is_known() -> None:
    assert running_cycle([], T0) is None
    assert running_cycle([Cycle(T0 + 60, 0, ())], T0) is None
