"""What the `Date` of a reply tells of the service's clock: F-U26, figure 31."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.service_clock import ServiceClock, read_service_clock

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
TWO_DAYS_S = 2 * 86_400.0


def date_of(moment: datetime) -> str:
    return moment.strftime("%a, %d %b %Y %H:%M:%S GMT")


def clock_of(ahead_s: float, took_s: float = 0.0) -> ServiceClock:
    found = read_service_clock(date_of(NOW + timedelta(seconds=ahead_s)), NOW, took_s)
    assert found is not None
    return found


def test_the_middle_of_the_second_is_assumed() -> None:
    clock = clock_of(TWO_DAYS_S)
    assert clock.served_at == NOW + timedelta(days=2, milliseconds=500)
    assert clock.offset_s == TWO_DAYS_S + 0.5
    assert clock.carried_to(NOW + timedelta(minutes=3)) == clock.served_at + timedelta(minutes=3)


@pytest.mark.parametrize(
    ("ahead_s", "took_s", "offset_s"),
    [
        (0, 0.0, 0.0),
        (-1, 0.0, 0.0),  # written just before the second was over
        (1, 0.0, 1.5),
        (-2, 0.0, -1.5),
        (-20, 20.0, 0.0),  # written at once, long on its way
        (0, 20.0, 0.0),  # written at the end
        (-22, 20.0, -11.5),  # neither explains it
        (1, 20.0, 11.5),
        (TWO_DAYS_S, 3.0, TWO_DAYS_S + 2.0),
    ],
)
def test_a_clock_that_may_be_right_is_right(ahead_s: float, took_s: float, offset_s: float) -> None:
    """The way of a reply is no fault of our clock."""
    assert clock_of(ahead_s, took_s).offset_s == offset_s


@given(
    true_offset_s=st.floats(-3 * TWO_DAYS_S, 3 * TWO_DAYS_S),
    there_s=st.floats(0, 5),
    back_s=st.floats(0, 5),
)
def test_the_error_is_below_the_time_on_the_way(
    true_offset_s: float, there_s: float, back_s: float
) -> None:
    """Wherever on the way the service wrote its date, and however wrong our clock is."""
    written_at = NOW - timedelta(seconds=back_s) + timedelta(seconds=true_offset_s)
    clock = read_service_clock(date_of(written_at), NOW, there_s + back_s)
    assert clock is not None
    assert abs(clock.offset_s - true_offset_s) <= 1.5 + there_s + back_s + 1e-5


@pytest.mark.parametrize(
    "useless",
    [
        None,
        "",
        "yesterday",
        "Sun, 22 Nov 2026 99:00:00 GMT",
        date_of(datetime.max.replace(tzinfo=UTC)),
    ],
)
def test_a_useless_date_tells_nothing(useless: str | None) -> None:
    assert read_service_clock(useless, NOW) is None
