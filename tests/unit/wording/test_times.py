"""Countdowns, ages and times of day in both languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from gettext import NullTranslations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.wording import language
from app.wording.times import (
    age,
    clock_time,
    countdown,
    dated_time,
    day_and_month,
    elapsed,
    near_time,
    spoken_duration,
    time_of_day,
    weekday_and_day,
)

S, M, H, D = 1, 60, 3600, 86_400
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)  # a Sunday, 13:00 in Berlin


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (-5, "now", "现在"),
        (0, "now", "现在"),
        (0.2, "1 s", "1 秒"),
        (59, "59 s", "59 秒"),
        (59.5, "1 m", "1 分"),
        (60, "1 m", "1 分"),
        (61, "2 m", "2 分"),
        (41 * M, "41 m", "41 分"),
        (H - 1, "1 h", "1 小时"),
        (2 * H + 14 * M, "2 h 14 m", "2 小时 14 分"),
        (2 * H + 14 * M - 59, "2 h 14 m", "2 小时 14 分"),
        (D - 30, "1 d", "1 天"),
        (D, "1 d", "1 天"),
        (D + 1, "1 d 1 h", "1 天 1 小时"),
        (3 * D + 21 * H + 1, "3 d 22 h", "3 天 22 小时"),
        (3 * D + 23 * H + 59 * M, "4 d", "4 天"),
        (30 * D, "30 d", "30 天"),
    ],
)
def test_countdown(
    seconds: float, english: str, chinese: str, speak: Callable[[str], None]
) -> None:
    assert countdown(timedelta(seconds=seconds)) == english
    speak("zh_CN")
    assert countdown(timedelta(seconds=seconds)) == chinese


@given(st.integers(-(10**6), 10**7))
def test_a_countdown_is_never_negative_and_has_at_most_two_units(seconds: int) -> None:
    """F-M04: a clock that was set back shows no negative time."""
    words = countdown(timedelta(seconds=seconds))

    assert "-" not in words
    assert words == "now" or len(words.split()) in (2, 4)
    assert (words == "now") == (seconds <= 0)


_UNITS = {"s": 1, "m": M, "h": H, "d": D}


@given(st.integers(1, 10**7))
def test_a_countdown_rounds_up_by_less_than_its_smaller_unit(seconds: int) -> None:
    pieces = countdown(timedelta(seconds=seconds)).split()
    shown = sum(int(n) * _UNITS[unit] for n, unit in zip(pieces[::2], pieces[1::2], strict=True))
    step = 1 if seconds < M else M if seconds < D else H

    assert 0 <= shown - seconds < step


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (-1, "now", "现在"),
        (1, "1 second", "1 秒"),
        (42, "42 seconds", "42 秒"),
        (M, "1 minute", "1 分钟"),
        (2 * H + 24 * M, "2 hours 24 minutes", "2 小时 24 分钟"),
        (H, "1 hour", "1 小时"),
        (D + H, "1 day 1 hour", "1 天 1 小时"),
        (3 * D, "3 days", "3 天"),
    ],
)
def test_spoken_duration(
    seconds: float, english: str, chinese: str, speak: Callable[[str], None]
) -> None:
    assert spoken_duration(timedelta(seconds=seconds)) == english
    speak("zh_CN")
    assert spoken_duration(timedelta(seconds=seconds)) == chinese


@pytest.mark.parametrize(
    ("seconds", "english"),
    [(-3, "0 s"), (3.9, "3 s"), (60, "1 min"), (80, "1 min 20 s"), (3600, "60 min")],
)
def test_elapsed(seconds: float, english: str) -> None:
    assert elapsed(timedelta(seconds=seconds)) == english


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (-3600, "just now", "刚刚"),
        (0.9, "just now", "刚刚"),
        (12, "12 s ago", "12 秒前"),
        (4 * M + 59, "4 min ago", "4 分钟前"),
        (3 * H, "3 h ago", "3 小时前"),
        (2 * D + 1, "2 d ago", "2 天前"),
    ],
)
def test_age(seconds: float, english: str, chinese: str, speak: Callable[[str], None]) -> None:
    assert age(timedelta(seconds=seconds)) == english
    speak("zh_CN")
    assert age(timedelta(seconds=seconds)) == chinese


@pytest.mark.parametrize(
    ("when", "english", "chinese"),
    [
        (datetime(2026, 11, 22, 15, 5, tzinfo=UTC), "today 16:05", "今天 16:05"),
        (datetime(2026, 11, 22, 22, 59, tzinfo=UTC), "today 23:59", "今天 23:59"),
        (datetime(2026, 11, 22, 23, 0, tzinfo=UTC), "tomorrow 00:00", "明天 00:00"),
        (datetime(2026, 11, 21, 12, 0, tzinfo=UTC), "yesterday 13:00", "昨天 13:00"),
        (datetime(2026, 11, 26, 8, 12, tzinfo=UTC), "Thu 09:12", "周四 09:12"),
        (datetime(2026, 11, 28, 8, 12, tzinfo=UTC), "Sat 09:12", "周六 09:12"),
        (datetime(2026, 11, 29, 8, 12, tzinfo=UTC), "29 Nov 09:12", "11 月 29 日 09:12"),
        (datetime(2026, 11, 19, 8, 12, tzinfo=UTC), "19 Nov 09:12", "11 月 19 日 09:12"),
        (datetime(2027, 1, 3, 8, 12, tzinfo=UTC), "3 Jan 2027 09:12", "2027 年 1 月 3 日 09:12"),
    ],
)
def test_clock_time_names_the_day_as_far_as_needed(
    when: datetime, english: str, chinese: str, speak: Callable[[str], None]
) -> None:
    assert clock_time(when, NOW, BERLIN, "24h") == english
    speak("zh_CN")
    assert clock_time(when, NOW, BERLIN, "24h") == chinese


def test_near_time_leaves_out_today_only() -> None:
    assert near_time(NOW, NOW, BERLIN, "24h") == "13:00"
    assert near_time(NOW + timedelta(days=2), NOW, BERLIN, "24h") == "Tue 13:00"


@pytest.mark.parametrize(
    ("hour", "english", "chinese"),
    [
        (0, "12:05 am", "上午 12:05"),
        (9, "9:05 am", "上午 9:05"),
        (12, "12:05 pm", "下午 12:05"),
        (23, "11:05 pm", "下午 11:05"),
    ],
)
def test_twelve_hours(hour: int, english: str, chinese: str, speak: Callable[[str], None]) -> None:
    zone = ZoneInfo("Europe/Lisbon")
    when = datetime(2026, 1, 1, hour, 5, tzinfo=zone)

    assert time_of_day(when, zone, "12h") == english
    speak("zh_CN")
    assert time_of_day(when, zone, "12h") == chinese


def test_the_system_clock_decides_unless_the_setting_does() -> None:
    language.use(NullTranslations(), "en", clock="12h")

    assert time_of_day(NOW, BERLIN) == "1:00 pm"
    assert time_of_day(NOW, BERLIN, "24h") == "13:00"


def test_a_reset_beyond_the_clock_change_is_told_in_the_time_after_it() -> None:
    """F-M06: both ways, and after a journey to another zone."""
    before_autumn = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)
    before_spring = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
    one_day = timedelta(days=1)

    assert clock_time(before_autumn + one_day, before_autumn, BERLIN, "24h") == "tomorrow 13:00"
    assert clock_time(before_spring + one_day, before_spring, BERLIN, "24h") == "tomorrow 14:00"
    assert clock_time(NOW, NOW, ZoneInfo("America/New_York"), "24h") == "today 07:00"


def test_the_day_is_counted_in_the_zone_of_the_reader() -> None:
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)

    assert clock_time(late, NOW, ZoneInfo("Asia/Shanghai"), "24h") == "tomorrow 07:30"
    assert clock_time(late, NOW, ZoneInfo("America/New_York"), "24h") == "today 18:30"


def test_a_zone_that_could_not_be_found_is_named() -> None:
    """F-M08."""
    assert clock_time(NOW, NOW, UTC, "24h") == "today 12:00 UTC"


def test_a_moment_with_weekday_and_date(speak: Callable[[str], None]) -> None:
    last_year = NOW - timedelta(days=400)
    assert dated_time(NOW, NOW, BERLIN, "24h") == "Sun 22 Nov 13:00"
    assert dated_time(NOW, NOW, BERLIN, "12h") == "Sun 22 Nov 1:00 pm"
    assert dated_time(last_year, NOW, BERLIN, "24h") == "Sat 18 Oct 2025 14:00"
    assert weekday_and_day(NOW, BERLIN) == "Sun 22"
    assert day_and_month(NOW, BERLIN) == "22 Nov"
    speak("zh_CN")
    assert dated_time(NOW, NOW, BERLIN, "24h") == "11 月 22 日周日 13:00"
    assert dated_time(last_year, NOW, BERLIN, "24h") == "2025 年 10 月 18 日周六 14:00"
    assert weekday_and_day(NOW, BERLIN) == "22 日周日"
    assert day_and_month(NOW, BERLIN) == "11 月 22 日"
