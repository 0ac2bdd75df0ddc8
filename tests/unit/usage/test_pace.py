"""Pace, run-out, levels and staleness."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.usage.limits import RateLimit, RateLimitWindow, SpendControl, UsageSnapshot
from app.usage.pace import (
    Level,
    binding_window,
    blocker_of,
    is_stale,
    level_of,
    most_used_window,
    pace_of,
    snapshot_level,
)

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
HOURS = 3600
THRESHOLDS = (75.0, 90.0)


def window(
    used: float | None,
    left_s: float | None = 2.5 * HOURS,
    seconds: int | None = 5 * HOURS,
    limit_id: str = "codex",
) -> RateLimitWindow:
    resets_at = None if left_s is None else NOW + timedelta(seconds=left_s)
    return RateLimitWindow(limit_id, used, seconds, resets_at)


# --- pace ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "even", "reserve", "projected", "runs_out_after_s"),
    [
        (window(50), 50, 0, 100, None),
        (window(40), 50, 10, 80, None),
        (window(60), 50, -10, 120, 40 / 60 * 2.5 * HOURS),
        (window(100), 50, -50, 200, 0),
        (window(130), 50, -50, 200, 0),
        (window(0), 50, 50, None, None),
        (window(4.9, 4.9 * HOURS), 2, -2.9, None, None),  # under 5 % used
        (window(30, 5 * HOURS - 170), 100 * 170 / 18_000, None, None, None),  # under 1 % of time
        (window(30, 5 * HOURS - 180), 1, -29, 3000, 70 / 30 * 180),
        (window(30, 5 * HOURS + 200), 0, -30, None, None),  # the clocks differ by a little
        (window(50, 30, 60), 50, 0, None, None),  # under a minute
    ],
)
def test_pace(
    found: RateLimitWindow,
    even: float,
    reserve: float | None,
    projected: float | None,
    runs_out_after_s: float | None,
) -> None:
    pace = pace_of(found, NOW)
    assert pace is not None
    assert pace.even_percent == pytest.approx(even)
    if reserve is not None:
        assert pace.reserve_percent == pytest.approx(reserve)
    assert pace.projected_percent == (None if projected is None else pytest.approx(projected))
    after = None if pace.runs_out_at is None else (pace.runs_out_at - NOW).total_seconds()
    assert after == (None if runs_out_after_s is None else pytest.approx(runs_out_after_s))


@pytest.mark.parametrize(
    "found",
    [
        window(None),
        window(50, left_s=None),
        window(50, seconds=None),
        window(50, left_s=0),  # reset due
        window(50, left_s=-60),
        window(50, left_s=9 * HOURS),  # longer than the window is
    ],
)
def test_no_pace_without_all_its_parts(found: RateLimitWindow) -> None:
    assert pace_of(found, NOW) is None


@given(
    st.floats(-1000, 1000) | st.none(),
    st.floats(-(10**6), 10**8) | st.none(),
    st.integers(1, 10**8) | st.none(),
)
def test_a_run_out_lies_between_now_and_the_reset(
    used: float | None, left_s: float | None, seconds: int | None
) -> None:
    found = window(used, left_s, seconds)
    pace = pace_of(found, NOW)
    assert level_of(found, NOW, THRESHOLDS) in Level
    if pace is not None:
        assert 0 <= pace.even_percent <= 100
        if pace.runs_out_at is not None:
            assert found.resets_at is not None
            assert NOW <= pace.runs_out_at <= found.resets_at + timedelta(milliseconds=1)


# --- level ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "level"),
    [
        (window(10), Level.CALM),
        (window(45), Level.CALM),  # ends at 90 %
        (window(46), Level.CLOSE),
        (window(54.9), Level.CLOSE),
        (window(55), Level.OVER),  # ends at 110 %
        (window(74, 600), Level.CALM),  # nearly over and it lasts
        (window(75, 600), Level.CLOSE),
        (window(89.9, 600), Level.CLOSE),
        (window(90, 600), Level.OVER),
        (window(99.9, 600), Level.OVER),
        (window(100, 600), Level.EXHAUSTED),
        (window(130, 600), Level.EXHAUSTED),
        (window(None), Level.UNKNOWN),
        (window(80, None), Level.CLOSE),  # by percent alone
        (window(80, -60), Level.CLOSE),  # reset due: the last word stands
        (window(20, None), Level.CALM),
    ],
)
def test_levels(found: RateLimitWindow, level: Level) -> None:
    assert level_of(found, NOW, THRESHOLDS) is level


def test_stale_data_are_judged_by_their_percent() -> None:
    assert level_of(window(55), NOW, THRESHOLDS, is_stale=True) is Level.CALM
    assert level_of(window(90), NOW, THRESHOLDS, is_stale=True) is Level.OVER


def test_thresholds_are_the_users() -> None:
    assert level_of(window(30, 60), NOW, (20, 40)) is Level.CLOSE
    assert level_of(window(40, 60), NOW, (20, 40)) is Level.OVER


def limit(*windows: RateLimitWindow, allowed: bool | None = True) -> RateLimit:
    return RateLimit(windows[0].limit_id if windows else "codex", windows, "", allowed, None)


def test_the_service_flag_exhausts_the_binding_window() -> None:
    """F-U23; the full one if there is one, else the fullest."""
    session, weekly = window(3, 600), window(40, 600, 604_800)
    refused = limit(session, weekly, allowed=False)
    assert level_of(session, NOW, THRESHOLDS, limit=refused) is Level.CALM
    assert level_of(weekly, NOW, THRESHOLDS, limit=refused) is Level.EXHAUSTED
    assert level_of(weekly, NOW, THRESHOLDS, limit=limit(session, weekly)) is Level.CALM
    full = window(100, 600)
    refused = limit(full, weekly, allowed=False)
    assert level_of(weekly, NOW, THRESHOLDS, limit=refused) is Level.CALM
    unknown = window(None)
    assert (
        level_of(unknown, NOW, THRESHOLDS, limit=limit(unknown, allowed=False)) is Level.EXHAUSTED
    )


def snapshot(*limits: RateLimit, offset_s: float = 0.0) -> UsageSnapshot:
    return UsageSnapshot(NOW, limits=limits, clock_offset_s=offset_s)


@pytest.mark.parametrize(
    ("limits", "level"),
    [
        ((), Level.UNKNOWN),
        ((limit(),), Level.UNKNOWN),
        ((limit(allowed=False),), Level.EXHAUSTED),
        ((limit(window(10), window(80, 600, 604_800)),), Level.CLOSE),
        ((limit(window(10)), limit(window(99, limit_id="spark"))), Level.CALM),
        ((limit(window(99, limit_id="spark")),), Level.OVER),
        ((limit(window(None), window(10, seconds=604_800)),), Level.CALM),
    ],
)
def test_the_snapshot_has_the_level_of_its_worst_own_window(
    limits: tuple[RateLimit, ...], level: Level
) -> None:
    assert snapshot_level(snapshot(*limits), NOW, THRESHOLDS) is level


def test_the_snapshot_is_judged_by_the_service_clock() -> None:
    """F-U26: our clock is two hours slow, so the window is nearly over and lasts."""
    found = snapshot(limit(window(55)), offset_s=2 * HOURS + 1000)
    assert snapshot_level(found, NOW, THRESHOLDS) is Level.CALM
    assert snapshot_level(snapshot(limit(window(55))), NOW, THRESHOLDS) is Level.OVER


def test_the_most_used_window() -> None:
    session, weekly = window(10), window(80, 600, 604_800)
    spark = window(99, limit_id="spark")
    assert most_used_window(snapshot(limit(session, weekly), limit(spark))) == weekly
    assert most_used_window(snapshot(limit(spark))) == spark
    assert most_used_window(snapshot(limit(window(None), session))) == session
    assert most_used_window(snapshot()) is None


# --- staleness -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age_s", "interval_s", "stale"),
    [(0, 60, False), (900, 60, False), (901, 60, True), (1800, 600, False), (1801, 600, True)],
)
def test_staleness(age_s: float, interval_s: float, stale: bool) -> None:
    assert is_stale(NOW - timedelta(seconds=age_s), NOW, interval_s) is stale


def test_a_clock_set_back_makes_nothing_stale() -> None:
    """F-M04."""
    assert not is_stale(NOW + timedelta(days=2), NOW, 60)


# --- a window that has not begun -----------------------------------------------------------------


def test_a_window_that_has_not_begun_has_no_countdown_and_no_pace() -> None:
    """Peers fact 5."""
    idle = replace(window(1, 5 * HOURS), is_sliding=True)
    assert idle.resets_in(NOW) is None
    assert pace_of(idle, NOW) is None
    assert level_of(idle, NOW, THRESHOLDS) is Level.CALM


# --- which window binds --------------------------------------------------------------------------

WEEK = 7 * 24 * HOURS


@pytest.mark.parametrize(
    ("windows", "binding"),
    [
        ((window(40), window(70, 3 * 24 * HOURS, WEEK)), WEEK),  # nothing else told: the fullest
        # the short one runs out in time, the fuller long one lasts
        ((window(60), window(70, 1 * HOURS, WEEK)), 5 * HOURS),
        # both run out: the long one first
        ((window(60), window(99.9, 3 * 24 * HOURS, WEEK)), WEEK),
        # both are used up: what counts is when the last of them ends
        ((window(100), window(100, 3 * 24 * HOURS, WEEK)), WEEK),
        ((window(100, 4 * HOURS), window(100, 1 * HOURS, WEEK)), 5 * HOURS),
        # one of them is used up: it binds although the other runs out some day
        ((window(100), window(90, 3 * 24 * HOURS, WEEK)), 5 * HOURS),
        # used up, nobody knows until when
        ((window(100), window(100, None, WEEK)), WEEK),
        ((window(100, None), window(100, 3 * 24 * HOURS, WEEK)), WEEK),
        ((window(100, None), window(100, None, WEEK)), WEEK),
        ((window(None), window(3, 3 * 24 * HOURS, WEEK)), WEEK),
    ],
)
def test_the_window_that_binds_is_not_always_the_fullest(
    windows: tuple[RateLimitWindow, ...], binding: int
) -> None:
    """Peers fact 9, CodexBar's effective limit."""
    found = binding_window(snapshot(limit(*windows)), NOW)
    assert found is not None
    assert found.window_seconds == binding


def test_without_windows_nothing_binds() -> None:
    assert binding_window(snapshot()) is None


def test_what_binds_is_judged_by_default_as_of_the_reading() -> None:
    """An hour later the short window is over, and its pace with it."""
    told = snapshot(limit(window(60), window(70, 1 * HOURS, WEEK)))
    found = binding_window(told)
    assert found is not None
    assert found.window_seconds == 5 * HOURS
    later = binding_window(told, NOW + timedelta(hours=3))
    assert later is not None
    assert later.window_seconds == WEEK


def test_a_flag_speaks_of_the_fullest_window() -> None:
    """F-U23: refused at 40 %."""
    told = snapshot(limit(window(3), window(40, 3 * 24 * HOURS, WEEK), allowed=False))
    found = binding_window(told)
    assert found is not None
    assert found.window_seconds == WEEK
    assert blocker_of(told.windows[0], told) is None  # it may as well be another reason


@pytest.mark.parametrize(
    ("windows", "blocker"),
    [
        ((window(1), window(100, 3 * 24 * HOURS, WEEK)), WEEK),
        ((window(100), window(100, 3 * 24 * HOURS, WEEK)), WEEK),  # back before it is of use
        ((window(1), window(99, 3 * 24 * HOURS, WEEK)), None),
        ((window(1), window(100, 1 * HOURS, WEEK)), None),  # the long one is back first
        ((window(1), window(100, None, WEEK)), WEEK),
        ((window(1, None), window(100, 3 * 24 * HOURS, WEEK)), None),
        (
            (replace(window(0, 5 * HOURS), is_sliding=True), window(100, 1 * HOURS, WEEK)),
            WEEK,
        ),
    ],
)
def test_a_window_may_be_useless_because_of_another(
    windows: tuple[RateLimitWindow, ...], blocker: int | None
) -> None:
    """Peers fact 9: "blocked by weekly"."""
    told = snapshot(limit(*windows))
    found = blocker_of(windows[0], told)
    assert (None if found is None else found.window_seconds) == blocker
    assert blocker_of(windows[1], told) is None


def test_limits_do_not_block_each_other() -> None:
    other = window(1, limit_id="spark")
    told = snapshot(limit(window(100)), RateLimit("spark", (other,)))
    assert blocker_of(other, told) is None
    assert blocker_of(window(1, limit_id="gone"), told) is None


# --- a plan without windows ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cap", "level"),
    [
        (None, Level.UNKNOWN),
        (SpendControl(), Level.UNKNOWN),
        (SpendControl(reached=True), Level.EXHAUSTED),
        (SpendControl(used_percent=100), Level.EXHAUSTED),
        (SpendControl(reached=False, used_percent=95), Level.OVER),
        (SpendControl(used_percent=75), Level.CLOSE),
        (SpendControl(used_percent=25), Level.CALM),
    ],
)
def test_a_plan_without_windows_is_judged_by_its_cap(
    cap: SpendControl | None, level: Level
) -> None:
    """Peers fact 14."""
    assert snapshot_level(replace(snapshot(), spend_control=cap), NOW, THRESHOLDS) is level
    with_window = replace(snapshot(limit(window(1))), spend_control=cap)
    assert snapshot_level(with_window, NOW, THRESHOLDS) is Level.CALM
