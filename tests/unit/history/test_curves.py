from __future__ import annotations

import pytest

from app.history.curves import Cycle, Point, Series, WindowOnFile


@pytest.mark.parametrize(
    ("window_id", "limit_id", "seconds"),
    [
        ("codex/18000", "codex", 18_000),
        ("codex/604800#2", "codex", 604_800),
        ("a/strange/name/0", "a/strange/name", 0),
    ],
)
def test_a_window_on_file_is_told_apart_by_limit_and_length(
    window_id: str, limit_id: str, seconds: int
) -> None:
    window = WindowOnFile(window_id, "", 1, 2)

    assert (window.limit_id, window.window_seconds) == (limit_id, seconds)


def test_gaps_lie_between_the_readings_around_them() -> None:
    """A clock that was set back breaks the line, but no time is missing (F-M04)."""
    points = (
        Point(100, 0, None),
        Point(160, 0, None),
        Point(5000, 0, None, follows_gap=True),
        Point(3000, 0, None, follows_gap=True),
    )

    assert Series("codex/18000", 0, 9000, points).gaps == ((160, 5000),)


def test_a_cycle_starts_one_window_before_its_reset() -> None:
    assert Cycle(20_000, 18_000, ()).starts_at == 2000
