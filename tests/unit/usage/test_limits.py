"""Windows and limits as values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.usage.limits import (
    Duration,
    RateLimit,
    RateLimitWindow,
    UsageSnapshot,
    duration_of,
)

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "duration"),
    [
        (18_000, Duration.SESSION),
        (17_999, Duration.SESSION),
        (10_800, Duration.OTHER),
        (86_400, Duration.DAY),
        (604_800, Duration.WEEK),
        (2_592_000, Duration.MONTH),
        (31 * 86_400, Duration.MONTH),
        (366 * 86_400, Duration.YEAR),
        (90, Duration.OTHER),
        (0, Duration.OTHER),
        (-1, Duration.OTHER),
        (None, Duration.OTHER),
    ],
)
def test_durations_by_length(seconds: int | None, duration: Duration) -> None:
    """F-U11, F-U12."""
    assert duration_of(seconds) is duration
    assert RateLimitWindow("codex", 1, seconds, None).duration is duration


@pytest.mark.parametrize(("sent", "shown"), [(None, None), (-5, 0), (130, 100), (61.5, 61.5)])
def test_used_percent_is_clamped_for_painting(sent: float | None, shown: float | None) -> None:
    """F-U07."""
    assert RateLimitWindow("codex", sent, 18_000, None).used_percent == shown


def test_window_ids_name_limit_and_length() -> None:
    assert RateLimitWindow("codex", 1, 18_000, None).window_id == "codex/18000"
    assert RateLimitWindow("codex", 1, None, None).window_id == "codex/0"
    assert RateLimitWindow("codex", 1, 18_000, None, twin=2).window_id == "codex/18000#2"


def test_time_to_the_reset() -> None:
    assert RateLimitWindow("codex", 1, 18_000, None).resets_in(NOW) is None
    window = RateLimitWindow("codex", 1, 18_000, NOW - timedelta(minutes=1))
    assert window.resets_in(NOW) == timedelta(minutes=-1)


@pytest.mark.parametrize(
    ("allowed", "reached", "exhausted"),
    [(True, False, False), (None, None, False), (False, False, True), (True, True, True)],
)
def test_flags_exhaust_a_limit(allowed: bool | None, reached: bool | None, exhausted: bool) -> None:
    """F-U23."""
    limit = RateLimit("codex", (), "", allowed, reached)
    assert limit.is_exhausted is exhausted
    assert UsageSnapshot(NOW, limits=(limit,)).is_exhausted is exhausted


def test_a_snapshot_tells_its_limits_apart() -> None:
    session = RateLimitWindow("codex", 1, 18_000, None)
    review = RateLimitWindow("code_review", 1, 604_800, None)
    main, other = RateLimit("codex", (session,)), RateLimit("code_review", (review,))
    snapshot = UsageSnapshot(NOW, limits=(main, other))
    assert snapshot.windows == (session, review)
    assert snapshot.main_windows == (session,)
    assert snapshot.other_limits == (other,)
    assert snapshot.limit("spark") is None


def test_a_snapshot_without_limits() -> None:
    """F-U01."""
    snapshot = UsageSnapshot(NOW)
    assert (snapshot.windows, snapshot.main_windows, snapshot.is_exhausted) == ((), (), False)


def test_the_server_clock() -> None:
    assert UsageSnapshot(NOW, clock_offset_s=-60).server_now(NOW) == NOW - timedelta(minutes=1)
