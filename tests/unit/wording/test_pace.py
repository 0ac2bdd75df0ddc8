"""What becomes of a window, in words: blocked, used up, lasting or running out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.usage.limits import RateLimit, RateLimitWindow, UsageSnapshot
from app.wording import pace

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 22, 12, 41, tzinfo=UTC)  # Sunday, 13:41 in Berlin


def window(
    used: float, seconds: int = 18_000, left: timedelta = timedelta(hours=2), limit: str = "codex"
) -> RateLimitWindow:
    name = "" if limit == "codex" else limit.title()
    return RateLimitWindow(limit, used, seconds, NOW + left, name)


def week(used: float, limit: str = "codex") -> RateLimitWindow:
    return window(used, 604_800, timedelta(days=2), limit)


def told(*windows: RateLimitWindow, limit_reached: bool | None = None) -> UsageSnapshot:
    """A reply with the windows of one limit."""
    limit = RateLimit(windows[0].limit_id, windows, limit_reached=limit_reached)
    return UsageSnapshot(NOW, limits=(limit,))


@pytest.mark.parametrize(
    ("reserve", "runs_out_in", "english", "chinese"),
    [
        (None, None, "", ""),
        (8.4, None, "8 % in reserve", "富余 8 %"),
        (-8.6, None, "9 % over pace", "超出 9 %"),
        (0.3, None, "on pace", "节奏正好"),
        (-40, timedelta(minutes=39), "runs out 14:20", "预计 14:20 用尽"),
        (-40, timedelta(days=2), "runs out Tue 13:41", "预计周二 13:41 用尽"),
        (-40, timedelta(), "runs out now", "即将用尽"),
    ],
)
def test_pace(
    reserve: float | None,
    runs_out_in: timedelta | None,
    english: str,
    chinese: str,
    speak: Callable[[str], None],
) -> None:
    runs_out_at = None if runs_out_in is None else NOW + runs_out_in

    assert pace.pace_words(reserve, runs_out_at, NOW, BERLIN, "24h") == english
    speak("zh_CN")
    assert pace.pace_words(reserve, runs_out_at, NOW, BERLIN, "24h") == chinese


def outlooks(usage: UsageSnapshot) -> list[str]:
    return [pace.outlook(one, usage, NOW, BERLIN, "24h") for one in usage.windows]


def test_what_blocks_a_window_is_named(speak: Callable[[str], None]) -> None:
    """Peers fact 9."""
    assert outlooks(told(window(20), week(100))) == ["blocked by the weekly limit", "limit reached"]
    spark = told(window(20, limit="spark"), week(100, "spark"))
    assert outlooks(spark)[0] == "blocked by the Spark · Weekly limit"
    speak("zh_CN")
    assert outlooks(told(window(20), week(100)))[0] == "受每周限额限制，暂不可用"


def test_of_two_that_are_used_up_the_sooner_one_waits_for_the_later() -> None:
    """Peers fact 9: a reset in two hours that opens nothing is not what a person waits for."""
    assert outlooks(told(window(100), week(100))) == [
        "blocked by the weekly limit",
        "limit reached",
    ]


def test_the_flag_of_a_limit_speaks_of_its_fullest_window() -> None:
    """F-U23: whatever the percentage says."""
    usage = told(window(3), week(40), limit_reached=True)
    assert [pace.hindrance(one, usage) for one in usage.windows] == ["", "limit reached"]


def test_a_window_that_can_be_used_has_its_pace() -> None:
    running = told(window(80))
    (five,) = running.windows
    assert pace.hindrance(five, running) == ""
    assert outlooks(running) == ["runs out 14:26"]
    full = pace.outlook(five, running, NOW, BERLIN, "24h", in_full=True)
    assert full == "runs out 14:26,\n1\u00a0h\u00a015\u00a0m before the reset"
    assert pace.outlook(five, running, NOW, BERLIN, "24h", is_stale=True) == ""
    idle = told(replace(window(0), is_sliding=True))
    assert outlooks(idle) == [""]
