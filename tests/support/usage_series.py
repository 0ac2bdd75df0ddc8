"""Series of usage snapshots for the history, as a polling program would have seen them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from app.history.runs import Record, record_of
from app.usage.limits import RateLimit, RateLimitWindow, UsageSnapshot

ACCOUNT = "0123456789abcdef"
SESSION, WEEK = "codex/18000", "codex/604800"
START = datetime(2026, 1, 5, tzinfo=UTC)


def snapshot(
    at: datetime, session: float, week: float = 10.0, *, cycle: datetime | None = None
) -> UsageSnapshot:
    """Both main windows at `at`; the 5-hour one resets at `cycle` + 5 h (default: from START)."""
    windows = (
        RateLimitWindow("codex", session, 18_000, (cycle or START) + timedelta(hours=5)),
        RateLimitWindow("codex", week, 604_800, START + timedelta(days=7)),
    )
    return UsageSnapshot(at, plan="plus", limits=(RateLimit("codex", windows),), served_at=at)


def readings(count: int, *, step_s: float = 60) -> Iterator[UsageSnapshot]:
    """`count` polls from START on, each with another use of the 5-hour window."""
    for number in range(count):
        yield snapshot(START + timedelta(seconds=number * step_s), number % 1000 / 10)


def worked_year(polls: int = 525_600, *, account: str = ACCOUNT, seed: int = 1) -> Iterator[Record]:
    """A year of polls, one a minute: eight hours of work on five days a week.

    At work the 5-hour window rises every few minutes and the weekly one more slowly; windows
    that nobody opened slide along.
    """
    chance, session, week = Random(seed), 0.0, 0.0
    session_resets = week_resets = START
    for number in range(polls):
        now = START + timedelta(minutes=number)
        is_at_work = now.weekday() < 5 and 9 <= now.hour < 17
        if now >= session_resets:
            session = 0.0
        if now >= week_resets:
            week = 0.0
        if is_at_work and chance.random() < 0.4:
            session_resets = _opened(now, session_resets, timedelta(hours=5))
            week_resets = _opened(now, week_resets, timedelta(days=7))
            session, week = min(100.0, session + 0.8), min(100.0, week + 0.05)
        windows = (
            _window(now, round(session), 18_000, session_resets),
            _window(now, round(week), 604_800, week_resets),
        )
        usage = UsageSnapshot(now, "plus", (RateLimit("codex", windows),), served_at=now)
        record = record_of(account, usage)
        assert record is not None
        yield record


def _opened(now: datetime, resets_at: datetime, length: timedelta) -> datetime:
    return now + length if now >= resets_at else resets_at


def _window(now: datetime, used: float, seconds: int, resets_at: datetime) -> RateLimitWindow:
    window = RateLimitWindow("codex", used, seconds, resets_at)
    if resets_at > now:
        return window
    slid = now + timedelta(seconds=seconds)
    return replace(window, resets_at=slid, is_sliding=True)
