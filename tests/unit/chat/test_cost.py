"""How far an answer moved the windows, as an honest range."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.chat.cost import movements
from app.usage.limits import MAIN_LIMIT, RateLimit, RateLimitWindow, UsageSnapshot

NOW = datetime(2026, 11, 22, 13, 41, tzinfo=UTC)
RESET = NOW + timedelta(hours=2)


def read(used: float | None, resets_at: datetime = RESET, limit: str = MAIN_LIMIT) -> UsageSnapshot:
    window = RateLimitWindow(limit, used, 18_000, resets_at)
    return UsageSnapshot(fetched_at=NOW, limits=(RateLimit(limit, (window,)),))


WINDOW = read(1).main_windows[0].window_id


@pytest.mark.parametrize(
    ("before", "after", "low", "high"),
    [
        (31, 33, 1, 3),  # whole percents: one either way
        (31, 31, 0, 1),
        (31, 32, 0, 2),
        (31.5, 32.75, 1.2, 1.3),
        (31, 31.5, 0.45, 0.55),
    ],
)
def test_a_difference_is_as_exact_as_its_readings(
    before: float, after: float, low: float, high: float
) -> None:
    (moved,) = movements(read(before), read(after))
    assert moved.window_id == WINDOW
    assert (moved.low, moved.high) == pytest.approx((low, high))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, read(5)),
        (read(5), replace(read(6), is_doubtful=True)),
        (replace(read(5), is_doubtful=True), read(6)),
        (read(50), read(3, RESET + timedelta(hours=5))),  # reset in between
        (read(50), read(49)),  # it went backwards
        (read(None), read(5)),
        (read(5), read(None)),
        (read(5, limit="other"), read(6)),
        (read(5), read(6, limit="other")),
    ],
)
def test_nothing_is_said_where_nothing_can_be(
    before: UsageSnapshot | None, after: UsageSnapshot
) -> None:
    assert movements(before, after) == ()
