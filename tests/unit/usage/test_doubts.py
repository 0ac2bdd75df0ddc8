"""What makes a reading of one window doubtful beside the one believed before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.usage.doubts import Seen, doubt_of, looks_unused
from app.usage.limits import Doubt, RateLimitWindow

START = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
SESSION, WEEK = 18_000, 604_800


def seen(
    after_s: float,
    used: float | None,
    resets_s: float | None,
    seconds: int | None = SESSION,
    *,
    is_sliding: bool = False,
) -> Seen:
    """A reading `after_s` after START of a window that resets `resets_s` after START."""
    resets_at = None if resets_s is None else START + timedelta(seconds=resets_s)
    window = RateLimitWindow("codex", used, seconds, resets_at, is_sliding=is_sliding)
    return Seen(window, START + timedelta(seconds=after_s))


@pytest.mark.parametrize(
    ("before", "now", "doubt"),
    [
        (seen(0, 40, 9000), seen(60, 45, 9007), None),
        (seen(0, 40, 9000), seen(60, 39, 9000), None),
        (seen(0, 40, 9000), seen(60, 38.9, 9000), Doubt.FELL),
        (seen(0, 100, 9000), seen(60, 99.9, 9000), Doubt.FELL),
        (seen(0, 30, 9000), seen(60, 79, 9000), None),
        (seen(0, 30, 9000), seen(60, 80, 9000), Doubt.JUMPED),
        # within a tenth of the window: half an hour of five, 17 hours of a week
        (seen(0, 30, 9000), seen(1799, 80, 9000), Doubt.JUMPED),
        (seen(0, 30, 9000), seen(1800, 80, 9000), None),
        (seen(0, 30, 500_000, WEEK), seen(60_000, 80, 500_000, WEEK), Doubt.JUMPED),
        (seen(0, 30, 500_000, WEEK), seen(61_000, 80, 500_000, WEEK), None),
        (seen(0, 30, None, None), seen(1799, 80, None, None), Doubt.JUMPED),
        # peers fact 6
        (seen(0, 27, 500_000, WEEK), seen(7200, 99, 68_000, WEEK), Doubt.RESET_BACK),
        # peers fact 8
        (seen(0, 90, 9000), seen(60, 0, 18_060), Doubt.RESET_EARLY),
        (seen(0, 90, 9000), seen(8701, 0, 26_700), None),
        (seen(0, 90, None), seen(60, 0, 18_060, is_sliding=True), Doubt.RESET_EARLY),
        # peers fact 5: nothing was begun
        (seen(0, 0, SESSION, is_sliding=True), seen(900, 5, SESSION + 600), None),
        (seen(0, 1, SESSION), seen(900, 5, SESSION + 600), None),
        (seen(0, 0, SESSION, is_sliding=True), seen(60, 90, SESSION + 30), Doubt.JUMPED),
        (seen(0, None, 9000), seen(60, 45, 9000), None),
    ],
)
def test_doubts(before: Seen, now: Seen, doubt: Doubt | None) -> None:
    """F-U22."""
    assert doubt_of(before, now) is doubt
    assert doubt_of(None, now) is None
    assert doubt_of(before, replace(now, is_reached=True)) is None  # F-U23


@pytest.mark.parametrize(
    ("found", "unused"),
    [
        (seen(0, 0, SESSION), True),
        (seen(0, 1, SESSION + 5), True),
        (seen(0, 1.1, SESSION), False),
        (seen(0, 0, SESSION - 6), False),
        (seen(0, 0, None), False),
        (seen(0, 0, 9000, None), False),
        (seen(0, None, SESSION), False),
        (seen(0, 0, 9000, is_sliding=True), True),
    ],
)
def test_what_looks_unused(found: Seen, unused: bool) -> None:
    """Peers facts 5 and 12."""
    assert looks_unused(found.window, found.as_of) is unused
