"""One window as a gauge or bar shows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from gallery.states import FRESH, NOW, PANEL_STATES, WORKSPACE, ZONE, main_limit, snapshot

from app.settings import Settings
from app.ui.gauge_reading import GaugeReading, Reader
from app.usage.limits import SpendControl, UsageSnapshot
from app.usage.pace import Level


def _reader(usage: UsageSnapshot, *, stale: bool = False, shows: str = "used") -> Reader:
    return Reader(usage, NOW, ZONE, Settings(gauge_shows=shows, clock="24h"), stale)


def _gauges(usage: UsageSnapshot, *, stale: bool = False) -> list[GaugeReading]:
    limit = usage.limits[0]
    reader = _reader(usage, stale=stale)
    return [reader.gauge(window, limit) for window in limit.windows]


def test_a_window_whose_rest_is_useless_says_what_blocks_it() -> None:
    """Peers, fact 9: 20 % of the short window say nothing once the week is used up."""
    five, week = _gauges(snapshot(main_limit(20, 100, limit_reached=True)))
    assert (five.pace, five.pace_level) == ("blocked by the weekly limit", Level.EXHAUSTED)
    assert (five.level, five.number) == (Level.CALM, "20")
    assert (week.pace, week.pace_level) == ("limit reached", Level.EXHAUSTED)


def test_of_two_used_up_windows_the_sooner_one_says_which_it_waits_for() -> None:
    five, week = _gauges(snapshot(main_limit(100, 100, limit_reached=True)))
    assert (five.pace, five.level) == ("blocked by the weekly limit", Level.EXHAUSTED)
    assert week.pace == "limit reached"
    assert five.spoken.endswith("resets in 2 hours 24 minutes, blocked by the weekly limit.")


def test_a_window_not_begun_has_neither_countdown_nor_pace() -> None:
    """Peers, fact 5: its reset slides with every reading."""
    usage = PANEL_STATES["not-begun"].usage
    assert usage is not None
    five, week = _gauges(usage)
    assert (five.countdown, five.clock, five.pace) == ("starts with the first use", "", "")
    assert five.even is None
    assert week.countdown == "resets in 3 d"


def test_pace_is_told_in_reserve_over_or_by_its_end() -> None:
    usage = snapshot(main_limit(50, 80, timedelta(hours=2, minutes=30)))
    five, week = _gauges(usage)
    assert (five.pace, five.pace_level) == ("on pace", Level.CLOSE)
    assert week.pace == "runs out tomorrow 08:03,\n3\u00a0d\u00a05\u00a0h before the reset"
    assert week.pace_level is Level.OVER
    (calm, _week) = _gauges(snapshot(main_limit(8, 2)))
    assert (calm.pace, calm.pace_level) == ("44 % in reserve", Level.UNKNOWN)


def test_old_numbers_have_no_pace_and_doubtful_ones_a_question_mark() -> None:
    old, _ = _gauges(FRESH, stale=True)
    assert (old.pace, old.even, old.is_dim, old.word) == ("", None, True, "used")
    doubtful, _ = _gauges(replace(FRESH, is_doubtful=True))
    assert (doubtful.is_dim, doubtful.word) == (True, "used?")
    reader = _reader(replace(FRESH, is_doubtful=True), shows="remaining")
    assert reader.gauge(FRESH.limits[0].windows[0], FRESH.limits[0]).word == "left?"


def test_a_spending_cap_is_a_bar_of_its_own() -> None:
    """Peers, fact 14."""
    bar = _reader(WORKSPACE).cap_bar()
    assert bar is not None
    assert (bar.name, bar.filled, bar.level) == ("Spending cap", 82.5, Level.CLOSE)
    assert bar.text == "41.25 of 50 used · resets 30 Nov 13:41"
    assert bar.spoken == f"Spending cap: {bar.text}"
    left = _reader(WORKSPACE, shows="remaining").cap_bar()
    assert left is not None
    assert (left.filled, left.text) == (17.5, "8.75 of 50 left · resets 30 Nov 13:41")


@pytest.mark.parametrize(
    ("cap", "filled"),
    [
        (None, "none"),
        (SpendControl(), "none"),
        (SpendControl(reached=True), None),
        (SpendControl(limit=Decimal(10), used=Decimal(5)), None),
        (SpendControl(used_percent=140.0), 100.0),
    ],
)
def test_a_cap_is_shown_as_far_as_it_is_told(
    cap: SpendControl | None, filled: float | str | None
) -> None:
    bar = _reader(replace(FRESH, spend_control=cap)).cap_bar()
    assert (filled == "none") == (bar is None)
    assert bar is None or bar.filled == filled
