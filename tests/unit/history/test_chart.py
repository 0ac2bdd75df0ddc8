"""A chart of use as values: even pace, resets, gaps, readouts, figures."""

from __future__ import annotations

from datetime import UTC

import pytest

from app.history.chart import (
    EvenPace,
    Figures,
    Readout,
    UseChart,
    even_percent_at,
    next_stop,
    use_chart,
)
from app.history.chart_axis import axis_between
from app.history.curves import Point, Reset, Series
from app.history.runs import GAP_S

H, D = 3600, 86_400
FIVE = 5 * H
T0 = 1_795_000_000


def chart(
    points: list[tuple[int, float, int | None]],
    resets: tuple[Reset, ...] = (),
    *,
    since: int = T0,
    until: int = T0 + D,
    seconds: int = FIVE,
    gaps_before: tuple[int, ...] = (),
) -> UseChart:
    """`points` as (seconds after T0, percent, seconds after T0 of the reset)."""
    made = tuple(
        Point(T0 + at, round(used * 100), None if ends is None else T0 + ends, at in gaps_before)
        for at, used, ends in points
    )
    series = Series("codex/18000", since, until, made, resets)
    return use_chart(series, axis_between(since, until, UTC), seconds, GAP_S)


def test_a_chart_of_nothing_is_one_gap() -> None:
    empty = chart([])
    assert (empty.lines, empty.stops, empty.even) == ((), (), ())
    assert empty.gaps == ((T0, T0 + D),)
    assert empty.figures == Figures()
    assert empty.readout(T0 + 5) == Readout(T0 + 5, None)
    assert empty.readout(T0 + 5).reserve_percent is None


def test_gaps_before_between_and_after_the_readings() -> None:
    made = chart([(2 * H, 10, None), (9 * H, 20, None)], gaps_before=(9 * H,))
    assert made.gaps == (
        (T0, T0 + 2 * H),
        (T0 + 2 * H, T0 + 9 * H),
        (T0 + 9 * H, T0 + D),
    )
    near = chart([(300, 10, None), (D - 300, 10, None)], until=T0 + D)
    assert near.gaps == ()


def test_gaps_outside_of_the_axis_are_left_out() -> None:
    made = chart([(-9 * H, 10, None), (-2 * H, 20, None), (60, 20, None)], gaps_before=(-2 * H,))
    assert all(until > T0 for _since, until in made.gaps)


def test_even_pace_runs_from_the_beginning_of_a_cycle_to_its_reset() -> None:
    made = chart([(H, 10, 3 * H), (2 * H, 20, 3 * H + 20), (4 * H, 5, 8 * H)], (Reset(T0 + 3 * H),))
    first, second = made.even
    assert first == EvenPace(T0 - 2 * H, T0 + 3 * H, T0, T0 + 3 * H)
    assert second == EvenPace(T0 + 3 * H, T0 + 8 * H, T0 + 3 * H, T0 + 8 * H)
    assert made.resets == (T0 + 3 * H,)
    assert made.shows_cycles


def test_even_pace_ends_at_an_early_reset() -> None:
    """Peers, fact 8: the service may reset before its time."""
    early = Reset(T0 + 2 * H, is_early=True)
    made = chart([(H, 60, 3 * H), (2 * H, 1, 7 * H)], (early,))
    assert [(one.since - T0, one.until - T0) for one in made.even] == [
        (0, 2 * H),
        (2 * H, 7 * H),
    ]


def test_there_is_no_even_pace_without_a_length_or_a_reset() -> None:
    assert chart([(H, 10, 3 * H)], seconds=0).even == ()
    assert chart([(H, 10, None)]).even == ()


def test_a_cycle_outside_of_the_axis_has_no_even_pace() -> None:
    assert chart([(H, 10, -3 * H)]).even == ()


@pytest.mark.parametrize(("seconds", "shows"), [(FIVE, False), (7 * D, True), (0, True)])
def test_too_many_cycles_are_not_drawn(seconds: int, shows: bool) -> None:
    made = chart([(H, 10, 3 * H)], until=T0 + 30 * D, seconds=seconds)
    assert made.shows_cycles is shows


def test_many_resets_of_an_unknown_length_are_not_drawn() -> None:
    resets = tuple(Reset(T0 + place * 600) for place in range(50))
    assert not chart([(H, 10, None)], resets, seconds=0).shows_cycles


def test_a_readout_says_use_even_pace_and_reserve() -> None:
    made = chart([(H, 10, 5 * H), (2 * H, 30, 5 * H)])
    readout = made.readout(T0 + H + 60)
    assert (readout.percent, round(readout.even_percent or 0, 2)) == (10, 20.33)
    assert readout.reserve_percent == pytest.approx(10.33, abs=0.01)
    assert made.readout(T0 + 20 * H) == Readout(T0 + 20 * H, None)


def test_the_chart_in_figures() -> None:
    made = chart(
        [(H, 10, 3 * H), (2 * H, 64, 3 * H), (4 * H, 41, 8 * H)],
        (Reset(T0 + 3 * H), Reset(T0 - 5)),
        until=T0 + 4 * H + 60,
    )
    figures = made.figures
    assert (figures.lowest, figures.highest, figures.resets) == (0, 64, 1)
    assert figures.is_current
    assert figures.last is not None
    assert (figures.last.at, figures.last.percent) == (T0 + 4 * H + 60, 41)
    assert figures.last.reserve_percent == pytest.approx(20.33 - 41, abs=0.01)


def test_an_old_reading_is_not_called_current() -> None:
    figures = chart([(H, 10, 3 * H)]).figures
    assert not figures.is_current
    assert figures.last is not None
    assert figures.last.at == T0 + H


def test_readings_before_the_axis_are_no_figures() -> None:
    assert chart([(-H, 90, None)]).figures == Figures()


def test_even_pace_stays_between_nothing_and_all() -> None:
    one = EvenPace(100, 200, 100, 200)
    assert [one.percent(at) for at in (50, 150, 250)] == [0, 50, 100]
    assert even_percent_at((one,), 99) is None
    assert even_percent_at((one,), 201) is None
    assert even_percent_at((), 150) is None


STOPS = (10, 20, 30)


@pytest.mark.parametrize(
    ("at", "steps", "expected"),
    [
        (None, 1, 30),
        (None, -1, 30),
        (20, 1, 30),
        (20, -1, 10),
        (30, 1, 30),
        (10, -1, 10),
        (25, 1, 30),
        (25, -1, 20),
        (5, -1, 10),
        (5, 1, 10),
        (99, -1, 30),
    ],
)
def test_the_keyboard_goes_from_reading_to_reading(
    at: int | None, steps: int, expected: int
) -> None:
    assert next_stop(STOPS, at, steps) == expected


def test_without_readings_the_keyboard_goes_nowhere() -> None:
    assert next_stop((), 5, 1) is None


def test_the_keyboard_halts_at_readings_on_the_axis_only() -> None:
    made = chart([(-H, 5, None), (H, 10, None), (H, 10, None), (2 * H, 12, None)])
    assert made.stops == (T0 + H, T0 + 2 * H)
