"""Back-off: bounds, growth, spread."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.backoff import CEILING_S, FLOOR_S, ceiling_s, full_jitter_s

CHANCE = st.floats(0, 1, exclude_max=True)


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 15), (1, 15), (2, 30), (3, 60), (7, 960), (8, 1800), (9, 1800), (10**9, 1800)],
)
def test_the_ceiling_doubles_up_to_half_an_hour(failures: int, seconds: float) -> None:
    assert ceiling_s(failures) == seconds


@given(st.integers(0, 10**6), CHANCE)
def test_waits_lie_below_the_ceiling(failures: int, chance: float) -> None:
    assert FLOOR_S <= full_jitter_s(failures, chance) <= ceiling_s(failures) <= CEILING_S


def test_the_jitter_is_full() -> None:
    """Uniform from nearly nothing to the ceiling, so that clients drift apart (figure 20)."""
    draws = [full_jitter_s(3, n / 1000) for n in range(1000)]
    assert draws[0] == FLOOR_S
    assert sum(draws) / len(draws) == pytest.approx(30, rel=0.01)


def test_other_bounds() -> None:
    assert full_jitter_s(5, 0.5, first_s=2, limit_s=10) == 5
