"""The last readings that warnings were judged by."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.alerts.looks import MOST_LOOKS, MOST_WINDOWS, Look, Looks
from app.usage.limits import RateLimit, RateLimitWindow, UsageSnapshot

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def look(number: int, windows: int = 1) -> Look:
    at = NOW + timedelta(minutes=number)
    window = RateLimitWindow("codex", 1.0, 18_000, None)
    return Look(at, UsageSnapshot(at, limits=(RateLimit("codex", (window,) * windows),)), None)


def test_the_newest_are_kept_and_one_reading_once() -> None:
    looks = Looks()
    for number in range(MOST_LOOKS + 3):
        one = look(number)
        looks.note(one)
        looks.note(one._replace(at=NOW))

    assert len(looks.kept) == MOST_LOOKS
    assert looks.kept[-1] == look(MOST_LOOKS + 2)
    looks.clear()
    assert looks.kept == ()


def test_many_limits_do_not_fill_the_memory() -> None:
    looks = Looks()
    looks.note(look(0))
    for number in range(1, 6):
        looks.note(look(number, MOST_WINDOWS // 2))

    assert [kept.at for kept in looks.kept] == [look(4).at, look(5).at]
    looks.note(look(9, 3 * MOST_WINDOWS))
    assert [kept.at for kept in looks.kept] == [look(9).at]
