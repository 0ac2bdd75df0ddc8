"""Quiet hours on the wall clock, over midnight and over clock changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.alerts.quiet_hours import is_quiet, quiet_until
from app.settings import Settings

START = datetime(2026, 1, 1, 0, 7, 3, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = Settings(quiet_hours=True, quiet_from_hour=22, quiet_to_hour=8)
LUNCH = Settings(quiet_hours=True, quiet_from_hour=12, quiet_to_hour=14)


@pytest.mark.parametrize(
    ("settings", "hour", "quiet"),
    [
        (NIGHT, 21, False),
        (NIGHT, 22, True),
        (NIGHT, 0, True),
        (NIGHT, 7, True),
        (NIGHT, 8, False),
        (LUNCH, 11, False),
        (LUNCH, 12, True),
        (LUNCH, 13, True),
        (LUNCH, 14, False),
        (Settings(quiet_hours=False), 23, False),
        (Settings(quiet_hours=True, quiet_from_hour=9, quiet_to_hour=9), 9, False),
    ],
)
def test_from_one_hour_to_another(settings: Settings, hour: int, quiet: bool) -> None:
    assert is_quiet(settings, datetime(2026, 11, 22, hour, 30, tzinfo=BERLIN), BERLIN) is quiet


def test_they_end_at_the_full_hour() -> None:
    at = datetime(2026, 11, 22, 22, 17, 3, 5, tzinfo=BERLIN)

    assert quiet_until(NIGHT, at, BERLIN) == datetime(2026, 11, 23, 8, 0, tzinfo=BERLIN)
    assert quiet_until(LUNCH, at, BERLIN) == at


@pytest.mark.parametrize(
    ("evening", "hours"),
    [
        (datetime(2026, 10, 24, 22, tzinfo=BERLIN), 11),
        (datetime(2026, 3, 28, 22, tzinfo=BERLIN), 9),
    ],
)
def test_a_night_with_a_clock_change_ends_at_eight_too(evening: datetime, hours: int) -> None:
    """F-M06: the clock's hour counts, so the night is longer or shorter."""
    end = quiet_until(NIGHT, evening, BERLIN)

    assert end.astimezone(BERLIN).hour == 8
    assert end - evening.astimezone(UTC) == timedelta(hours=hours)


@given(
    st.integers(0, 23),
    st.integers(0, 23),
    st.integers(0, 2 * 365 * 96).map(lambda n: START + n * timedelta(minutes=15)),
)
def test_the_end_is_never_quiet_and_the_way_to_it_always(
    start: int, end: int, now: datetime
) -> None:
    settings = Settings(quiet_hours=True, quiet_from_hour=start, quiet_to_hour=end)
    until = quiet_until(settings, now, BERLIN)

    assert not is_quiet(settings, until, BERLIN)
    if is_quiet(settings, now, BERLIN):
        assert now < until <= now + timedelta(hours=25)
        assert is_quiet(settings, until - timedelta(seconds=1), BERLIN)
