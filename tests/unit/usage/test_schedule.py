"""When to poll next."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Fault, FaultKind
from app.settings import Settings
from app.usage.limits import RateLimit, RateLimitWindow, UsageSnapshot
from app.usage.schedule import (
    CONFIRM_S,
    START_SPREAD_S,
    MachineState,
    Situation,
    Why,
    as_reported,
    has_moved,
    interval_s,
    is_of_the_way,
    next_poll_delay,
    planned_poll,
    start_delay,
    waits_for_somebody,
    wake_delay,
)

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
SETTINGS = Settings()
CHANCE = st.floats(0, 1, exclude_max=True)
K = FaultKind


def snapshot(*left_s: float | None, used: float = 10, offset_s: float = 0.0) -> UsageSnapshot:
    windows = tuple(
        RateLimitWindow(
            "codex", used, 18_000 + n, None if left is None else NOW + timedelta(seconds=left)
        )
        for n, left in enumerate(left_s)
    )
    return UsageSnapshot(NOW, limits=(RateLimit("codex", windows),), clock_offset_s=offset_s)


def situation(**changes: object) -> Situation:
    return replace(Situation(now=NOW, settings=SETTINGS), **changes)  # type: ignore[arg-type]


def delay(chance: float = 0.5, **changes: object) -> float | None:
    return next_poll_delay(situation(**changes), chance)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, Why.QUIET),
        ({"machine": MachineState(is_locked=True)}, Why.LOCKED),
        ({"is_watched": True}, Why.WATCHED),
        ({"snapshot": snapshot(-60)}, Why.RESET_DUE),
        ({"machine": MachineState(saves_power=True)}, Why.SAVES_POWER),
        ({"snapshot": snapshot(20)}, Why.RESET),
        ({"snapshot": snapshot(9000)}, Why.QUIET),
        ({"snapshot": replace(snapshot(20), is_doubtful=True)}, Why.DOUBT),
        ({"fault": Fault(K.OFFLINE), "failures": 1}, Why.BACK_OFF),
        ({"fault": Fault(K.OFFLINE), "is_surely_offline": True}, Why.NO_NETWORK),
        ({"fault": Fault(K.KEYRING_LOCKED)}, Why.NEEDS_SOMEBODY),
    ],
)
def test_every_wait_says_which_line_of_the_table_gave_it(
    changes: dict[str, object], why: Why
) -> None:
    plan = planned_poll(situation(**changes), 0.5)

    assert plan.why is why
    assert plan.delay_s == next_poll_delay(situation(**changes), 0.5)


# --- the rhythm ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quiet_s", "seconds"),
    [(0, 60), (300, 60), (600, 120), (1500, 300), (10**6, 300)],
)
def test_the_interval_grows_as_it_gets_quiet(quiet_s: float, seconds: float) -> None:
    assert interval_s(situation(quiet_s=quiet_s)) == seconds
    assert delay(quiet_s=quiet_s) == pytest.approx(seconds)


def test_an_idle_interval_below_the_active_one_does_not_speed_up() -> None:
    settings = Settings(poll_active_s=120, poll_idle_s=60)
    assert interval_s(situation(settings=settings, quiet_s=10**6)) == 120
    assert interval_s(situation(settings=settings)) == 120


LOCKED, SAVING = MachineState(is_locked=True), MachineState(saves_power=True)
BATTERY = MachineState(on_battery=True)


@pytest.mark.parametrize(
    ("facts", "seconds"),
    [
        ({"is_watched": True, "quiet_s": 10**6}, 60),
        ({"machine": LOCKED}, 300),
        ({"machine": LOCKED, "is_watched": True}, 300),  # nobody can see it
        ({"machine": SAVING}, 300),
        ({"machine": SAVING, "is_watched": True}, 60),
        ({"machine": BATTERY}, 60),
        ({"machine": BATTERY, "quiet_s": 300}, 120),
        ({"machine": BATTERY, "quiet_s": 10**6}, 300),
        ({"machine": MachineState(is_online=False)}, 60),  # one word against none
        ({"machine": MachineState(is_online=True), "quiet_s": 600}, 120),
    ],
)
def test_the_interval_follows_what_the_machine_tells(
    facts: dict[str, object], seconds: float
) -> None:
    assert interval_s(situation(**facts)) == seconds


@pytest.mark.parametrize(
    ("past_s", "seconds"), [(-1, 300), (0, 60), (5, 60), (599, 60), (601, 300), (10**6, 300)]
)
def test_a_reset_that_is_due_is_awaited_for_a_while(past_s: float, seconds: float) -> None:
    found = snapshot(-past_s, None)
    assert interval_s(situation(snapshot=found, quiet_s=10**6)) == seconds


@given(
    st.integers(30, 3600),
    st.integers(60, 7200),
    st.floats(0, 10**8),
    st.builds(MachineState, st.none() | st.booleans(), st.booleans(), st.booleans(), st.booleans()),
    st.booleans(),
)
def test_the_interval_keeps_the_bounds_of_the_settings(
    active_s: int, idle_s: int, quiet_s: float, machine: MachineState, is_watched: bool
) -> None:
    settings = Settings(poll_active_s=active_s, poll_idle_s=idle_s)
    found = interval_s(
        situation(settings=settings, quiet_s=quiet_s, machine=machine, is_watched=is_watched)
    )
    assert active_s <= found <= max(active_s, idle_s)


def test_jitter_is_a_tenth_and_keeps_the_plan() -> None:
    """Figures 20 and 32: spread, but the mean is the interval."""
    draws = [delay(chance=n / 1000) or 0 for n in range(1000)]
    assert min(draws) == pytest.approx(54)
    assert max(draws) == pytest.approx(66, rel=0.001)
    assert sum(draws) / len(draws) == pytest.approx(60, rel=0.01)


# --- resets --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "seconds"),
    [
        (snapshot(20), 30),
        (snapshot(3600, 20), 30),
        (snapshot(55), 60),  # the regular poll comes first
        (snapshot(-20), 60),  # due, and just asked
        (snapshot(None), 60),
        (snapshot(), 60),
        (snapshot(100, offset_s=80), 30),  # by the service's clock
    ],
)
def test_a_poll_follows_each_reset(found: UsageSnapshot, seconds: float) -> None:
    assert delay(snapshot=found) == pytest.approx(seconds)


def test_polls_after_a_reset_are_spread() -> None:
    assert delay(chance=0.0, snapshot=snapshot(20)) == pytest.approx(25)
    assert delay(chance=0.999, snapshot=snapshot(20)) == pytest.approx(35, abs=0.1)


def test_a_doubtful_reply_is_asked_again_once() -> None:
    """F-U17."""
    doubtful = replace(snapshot(3600), is_doubtful=True)
    assert delay(snapshot=doubtful) == pytest.approx(CONFIRM_S)
    assert delay(snapshot=doubtful, was_confirmed=True) == pytest.approx(60)


# --- faults --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "failures", "low", "high"),
    [
        (K.OFFLINE, 1, 1, 15),  # F-N01
        (K.OFFLINE, 4, 1, 120),
        (K.TIMED_OUT, 30, 1, 1800),
        (K.PORTAL, 1, 1, 15),  # F-N15
        (K.SERVER_ERROR, 2, 1, 30),  # F-H16
        (K.NOT_UNDERSTOOD, 2, 1, 30),
        (K.NOT_SECURE, 1, 1800, 2160),  # F-N06
        (K.SESSION_REFUSED, 1, 1800, 2160),  # F-H03
        (K.BLOCKED, 1, 300, 360),  # F-H04
        (K.FORBIDDEN, 1, 300, 360),
        (K.NOT_FOUND, 1, 3600, 4320),  # F-H05
        (K.RATE_LIMITED, 1, 60, 72),  # F-H13
        (K.BAD_REQUEST, 1, 60, 72),  # F-H01
        (K.ACCOUNT_CHANGED, 1, 300, 360),  # F-U24
    ],
)
def test_back_off_after_faults(kind: FaultKind, failures: int, low: float, high: float) -> None:
    seconds = [delay(n / 100, fault=Fault(kind), failures=failures) for n in range(100)]
    assert all(s is not None and low <= s <= high for s in seconds)
    assert max(s or 0 for s in seconds) > low + 0.9 * (high - low)


def test_without_a_network_for_certain_nothing_is_asked() -> None:
    assert delay(fault=Fault(K.OFFLINE), failures=1, is_surely_offline=True) is None
    assert delay(is_surely_offline=True) == pytest.approx(60)  # until a poll was due and failed


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault(K.OFFLINE), True),
        (Fault(K.PORTAL), True),
        (Fault(K.NOT_SECURE), True),
        (Fault(K.RATE_LIMITED), False),
        (Fault(K.SERVER_ERROR), False),
        (Fault(K.BLOCKED, retry_after_s=600), False),
        (Fault(K.KEYRING_LOCKED), False),
    ],
)
def test_another_network_mends_faults_of_the_way_only(fault: Fault, expected: bool) -> None:
    """F-N01; what the service asked for stays so (F-H14)."""
    assert is_of_the_way(fault) is expected


def test_retry_after_is_the_shortest_wait() -> None:
    """F-H14, and a spread on top so that not everybody returns in the same second."""
    fault = Fault(K.RATE_LIMITED, retry_after_s=1000)
    assert delay(0.0, fault=fault, failures=1) == 1000
    assert delay(0.5, fault=fault, failures=1) == pytest.approx(1100)


@pytest.mark.parametrize(
    "kind",
    [K.SESSION_EXPIRED, K.NOT_SIGNED_IN, K.KEYRING_LOCKED, K.KEYRING_MISSING, K.CONFIGURATION],
)
def test_some_faults_wait_for_somebody(kind: FaultKind) -> None:
    """F-T12, F-T17: no request and no prompt until a person acts."""
    assert waits_for_somebody(Fault(kind))
    assert delay(fault=Fault(kind), failures=1) is None


@given(
    st.sampled_from(list(FaultKind)),
    st.integers(1, 10**6),
    st.none() | st.floats(1, 6 * 3600),
    CHANCE,
)
def test_every_fault_has_a_sane_delay(
    kind: FaultKind, failures: int, retry_after_s: float | None, chance: float
) -> None:
    fault = Fault(kind, retry_after_s=retry_after_s)
    seconds = delay(chance, fault=fault, failures=failures)
    assert seconds is None or max(1, retry_after_s or 0) <= seconds <= 8 * 3600


@given(
    st.lists(st.none() | st.floats(-(10**6), 10**8), max_size=4),
    st.floats(0, 10**7),
    st.floats(-(10**6), 10**6),
    CHANCE,
)
def test_every_success_has_a_sane_delay(
    left_s: list[float | None], quiet_s: float, offset_s: float, chance: float
) -> None:
    seconds = delay(chance, snapshot=snapshot(*left_s, offset_s=offset_s), quiet_s=quiet_s)
    assert seconds is not None
    assert 5 <= seconds <= 330


# --- the rest ------------------------------------------------------------------------------------


def test_starts_and_wakings_are_spread() -> None:
    """F-M01, F-N01, figures 19 and 20."""
    assert (start_delay(0.0), start_delay(0.5)) == (0, START_SPREAD_S / 2)
    assert START_SPREAD_S >= 30
    assert 0 < wake_delay(0.0) < wake_delay(0.999) <= 10


def test_movement_is_a_changed_use_of_any_window() -> None:
    assert not has_moved(None, snapshot(60))
    assert not has_moved(snapshot(60), snapshot(50))
    assert has_moved(snapshot(60), snapshot(60, used=11))
    assert has_moved(snapshot(60), snapshot(60, 60))


def test_a_format_fault_is_told_at_the_third_in_a_row() -> None:
    """F-N11."""
    fault = Fault(K.NOT_UNDERSTOOD, "the body is not JSON")
    kinds = [as_reported(fault, n).kind for n in (1, 2, 3, 4)]
    assert kinds == [K.INTERRUPTED, K.INTERRUPTED, K.NOT_UNDERSTOOD, K.NOT_UNDERSTOOD]
    assert as_reported(Fault(K.OFFLINE), 1).kind is K.OFFLINE
