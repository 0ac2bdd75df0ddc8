"""When two readings of a window speak of the same cycle."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.usage.cycles import cycle_tolerance, same_cycle, same_reset
from app.usage.limits import RateLimitWindow

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
WEEK = 604_800


def window(resets_s: float | None, seconds: int | None = 18_000) -> RateLimitWindow:
    resets_at = None if resets_s is None else NOW + timedelta(seconds=resets_s)
    return RateLimitWindow("codex", 10, seconds, resets_at)


@pytest.mark.parametrize(
    ("seconds", "tolerance_s"),
    [
        (None, 300),
        (18_000, 300),
        (WEEK, 604.8),
        (30 * 86_400, 2592),
        (600, 294),  # less than half of it
        (60, 29.4),
    ],
)
def test_tolerance(seconds: int | None, tolerance_s: float) -> None:
    assert cycle_tolerance(seconds).total_seconds() == pytest.approx(tolerance_s)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (window(3600), window(3600), True),
        (window(3600), window(3607), True),  # peers fact 32: reset times jitter
        (window(3600), window(3300), True),
        (window(3600), window(3299), False),
        (window(3600), window(3600 + 18_000), False),
        (window(3600, WEEK), window(4200, WEEK), True),
        (window(3600, None), window(3900, None), True),
        (window(3600, None), window(3901, None), False),
        (window(None), window(3600), True),  # an unknown time contradicts nothing
        (window(3600), window(None), True),
        (window(30, 60), window(60, 60), False),  # a minute's window begins anew
    ],
)
def test_same_cycle(one: RateLimitWindow, other: RateLimitWindow, same: bool) -> None:
    assert same_cycle(one, other) is same
    assert same_cycle(other, one) is same


def test_a_window_that_has_not_begun_is_in_a_cycle_of_its_own() -> None:
    """Peers fact 5: its reset moves on with every reading."""
    waiting = replace(window(18_000), is_sliding=True)
    later = replace(window(40_000), is_sliding=True)
    assert same_cycle(waiting, later)
    assert not same_cycle(waiting, window(18_000))


@given(
    st.integers(1, 400 * 86_400),
    st.floats(-1e6, 1e6, allow_nan=False),
)
def test_the_next_cycle_is_never_the_same(seconds: int, resets_s: float) -> None:
    one = NOW + timedelta(seconds=resets_s)
    assert not same_reset(one, one + timedelta(seconds=seconds), seconds)
