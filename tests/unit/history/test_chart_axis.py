"""Where the axis of a chart begins, and what is marked on it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.history.chart_axis import Span, TickKind, TimeAxis, axis_between, beginning

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
HAVANA = ZoneInfo("America/Havana")  # the clock jumps at midnight
H, D = 3600, 86_400


def at(*parts: int, zone: ZoneInfo = BERLIN) -> float:
    return datetime(*parts, tzinfo=zone).timestamp()  # type: ignore[arg-type, misc]


def marks(axis: TimeAxis, zone: ZoneInfo = BERLIN, form: str = "%d %H:%M") -> list[str]:
    return [datetime.fromtimestamp(tick.at, zone).strftime(form) for tick in axis.ticks]


def test_a_moment_and_its_share_of_the_axis() -> None:
    axis = TimeAxis(1000, 2000)
    assert (axis.share(1000), axis.share(1250), axis.share(2000)) == (0, 0.25, 1)
    assert (axis.moment(0.25), axis.moment(-3), axis.moment(7)) == (1250, 1000, 2000)


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (1, ["22 11:45", "22 12:00", "22 12:15", "22 12:30"]),
        (5, ["22 08:00", "22 09:00", "22 10:00", "22 11:00", "22 12:00"]),
        (24, ["21 16:00", "21 20:00", "22 00:00", "22 04:00", "22 08:00", "22 12:00"]),
        (72, ["20 00:00", "20 12:00", "21 00:00", "21 12:00", "22 00:00", "22 12:00"]),
        (7 * 24, [f"{day} 00:00" for day in range(16, 23)]),
        (30 * 24, ["26 00:00", "02 00:00", "09 00:00", "16 00:00"]),  # Mondays
        (100 * 24, ["01 00:00", "01 00:00", "01 00:00"]),  # September to November
    ],
)
def test_marks_are_as_far_apart_as_can_be_read(hours: int, expected: list[str]) -> None:
    end = at(2026, 11, 22, 12, 41)
    assert marks(axis_between(end - hours * H, end, BERLIN)) == expected


def test_what_a_mark_stands_for() -> None:
    end = at(2026, 11, 22, 12, 41)
    day = axis_between(end - D, end, BERLIN)
    assert [tick.kind for tick in day.ticks].count(TickKind.DAY) == 1
    assert {tick.kind for tick in axis_between(end - 7 * D, end, BERLIN).ticks} == {TickKind.DAY}
    assert {tick.kind for tick in axis_between(end - 30 * D, end, BERLIN).ticks} == {TickKind.DATE}


def test_an_axis_is_never_empty() -> None:
    axis = axis_between(5000, 5000, BERLIN)
    assert (axis.since, axis.until) == (5000, 5001)


@pytest.mark.parametrize(
    ("month", "day", "hours"), [(3, 29, 23), (10, 25, 25)], ids=["spring", "autumn"]
)
def test_a_day_is_as_long_as_it_was(month: int, day: int, hours: int) -> None:
    """F-M06: no gap and no overlap where the clock changes (peers, fact 31)."""
    end = at(2026, month, day + 2, 12)
    axis = axis_between(end - 7 * D, end, BERLIN)
    begins = {datetime.fromtimestamp(t.at, BERLIN).date(): t.at for t in axis.ticks}
    changed = date(2026, month, day)
    assert begins[changed + timedelta(days=1)] - begins[changed] == hours * H
    assert begins[changed] - begins[changed - timedelta(days=1)] == D


def test_an_hour_that_is_skipped_has_no_mark_and_one_that_comes_twice_has_two() -> None:
    """F-M06."""
    start = at(2026, 3, 29)
    assert marks(axis_between(start, start + 5 * H, BERLIN), form="%H:%M") == [
        *("00:00", "01:00", "03:00", "04:00", "05:00", "06:00")
    ]
    start = at(2026, 10, 25)
    assert marks(axis_between(start, start + 5 * H, BERLIN), form="%H:%M") == [
        *("00:00", "01:00", "02:00", "02:00", "03:00", "04:00")
    ]


def test_a_day_whose_midnight_is_skipped_begins_at_the_jump() -> None:
    """F-M06: in Havana the clock goes from 23:59 to 01:00."""
    start = datetime(2026, 3, 7, 20, tzinfo=HAVANA).timestamp()
    axis = axis_between(start, start + 8 * H, HAVANA)
    (day,) = (tick for tick in axis.ticks if tick.kind is TickKind.DAY)
    assert datetime.fromtimestamp(day.at, HAVANA).strftime("%d %H:%M") == "08 01:00"


@pytest.mark.parametrize("zone", [BERLIN, NEW_YORK])
def test_seven_days_ago_is_the_same_time_by_the_clock(zone: ZoneInfo) -> None:
    """F-M06: after a journey the same moment has another beginning."""
    now = datetime(2026, 10, 27, 12, 41, tzinfo=UTC)
    begins = beginning(Span.WEEK, now, zone)
    assert begins.astimezone(zone).strftime("%d %H:%M") == now.astimezone(zone).replace(
        day=20
    ).strftime("%d %H:%M")
    assert begins.tzinfo is UTC


def test_how_far_the_spans_look_back() -> None:
    now = datetime(2026, 11, 22, 12, 41, tzinfo=UTC)
    assert now - beginning(Span.DAY, now, BERLIN) == timedelta(hours=24)
    assert now - beginning(Span.WEEK, now, BERLIN) == timedelta(days=7)
    assert now - beginning(Span.MONTH, now, BERLIN) == timedelta(days=30, hours=1)


@given(
    start=st.integers(0, 4_000_000_000),
    length=st.integers(1, 400 * D),
    zone=st.sampled_from([BERLIN, NEW_YORK, HAVANA, ZoneInfo("Asia/Shanghai"), UTC]),
)
def test_marks_are_in_order_and_on_the_axis(start: int, length: int, zone: ZoneInfo) -> None:
    """F-M07: far beyond 2038 as well."""
    axis = axis_between(start, start + length, zone)
    places = [tick.at for tick in axis.ticks]
    assert places == sorted(set(places))
    assert all(axis.since <= place <= axis.until for place in places)
    assert len(places) <= 15
