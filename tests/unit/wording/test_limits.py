"""Windows, percent, resets, pace, plans and credits in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.auth.hidden_account import HiddenAccount
from app.auth.tokens import Account
from app.usage.limits import Credits, RateLimit, RateLimitWindow, UsageSnapshot
from app.wording import limits

NOW = datetime(2026, 11, 22, 12, 41, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
HOUR, DAY = 3600, 86_400


def window(
    seconds: int | None = 5 * HOUR,
    *,
    limit: str = "codex",
    name: str = "",
    used: float | None = 78,
    resets_in: timedelta | None = timedelta(hours=2, minutes=24),
) -> RateLimitWindow:
    resets_at = None if resets_in is None else NOW + resets_in
    return RateLimitWindow(limit, used, seconds, resets_at, name)


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (5 * HOUR, "5-hour", "5 小时"),
        (5 * HOUR + 60, "5-hour", "5 小时"),
        (DAY, "Daily", "每天"),
        (7 * DAY, "Weekly", "每周"),
        (30 * DAY, "Monthly", "每月"),
        (365 * DAY, "Yearly", "每年"),
        (3 * HOUR, "3-hour", "3 小时"),
        (90 * 60, "90-minute", "90 分钟"),
        (14 * DAY, "14-day", "14 天"),
        (30 * 60, "30-minute", "30 分钟"),
        (20, "1-minute", "1 分钟"),
        (None, "Limit", "限额"),
        (0, "Limit", "限额"),
        (-1, "Limit", "限额"),
    ],
)
def test_a_window_of_the_plan_is_named_by_its_length(
    seconds: int | None, english: str, chinese: str, speak: Callable[[str], None]
) -> None:
    """F-U11, F-U12: never by its slot, and a strange length still has a name."""
    assert limits.window_name(window(seconds)) == english
    speak("zh_CN")
    assert limits.window_name(window(seconds)) == chinese


def test_the_second_of_two_windows_of_one_length_is_numbered() -> None:
    """F-U11: two weekly windows."""
    second = RateLimitWindow("codex", 1, 604_800, None, twin=2)
    assert limits.window_name(second) == "Weekly 2"


def test_other_limits_keep_the_name_the_service_gives_them() -> None:
    assert limits.window_name(window(limit="code_review")) == "Code review"
    assert limits.window_name(window(limit="x", name="Spark")) == "Spark"
    assert limits.window_name(window(limit="spark_limit")) == "spark_limit"


def test_two_windows_of_one_extra_limit_are_told_apart() -> None:
    short, long = window(limit="x", name="Spark"), window(7 * DAY, limit="x", name="Spark")
    lone = window(limit="y", name="Other")
    snapshot = UsageSnapshot(NOW, limits=(RateLimit("x", (short, long)), RateLimit("y", (lone,))))

    assert limits.window_name(short, snapshot) == "Spark · 5-hour"
    assert limits.window_name(long, snapshot) == "Spark · Weekly"
    assert limits.window_name(lone, snapshot) == "Other"
    assert limits.window_name(window(limit="gone", name="Gone"), snapshot) == "Gone"


@pytest.mark.parametrize(
    ("used", "as_used", "as_left"),
    [
        (None, "–", "–"),
        (0, "0 %", "100 %"),
        (0.2, "<1 %", ">99 %"),
        (1, "1 %", "99 %"),
        (31.5, "32 %", "69 %"),
        (78, "78 %", "22 %"),
        (99.6, ">99 %", "<1 %"),
        (100, "100 %", "0 %"),
        (130, "100 %", "0 %"),
        (-5, "0 %", "100 %"),
    ],
)
def test_percent(used: float | None, as_used: str, as_left: str) -> None:
    """F-U05: unknown is a dash; F-U07: clamped."""
    assert limits.percent(used) == as_used
    assert limits.percent(used, "remaining") == as_left


@given(st.floats(0, 100, exclude_min=True, exclude_max=True))
def test_a_percent_never_claims_all_or_nothing_too_early(used: float) -> None:
    assert limits.percent_number(used) not in ("0", "100")


def test_percent_in_words() -> None:
    assert limits.percent_words(78) == "78 % used"
    assert limits.percent_words(78, "remaining") == "22 % left"
    assert limits.percent_words(None) == "use unknown"
    assert (limits.shown_word("used"), limits.shown_word("remaining")) == ("used", "left")


@pytest.mark.parametrize(
    ("resets_in", "countdown", "moment", "soonest", "alone"),
    [
        (
            timedelta(hours=2, minutes=24),
            "resets in 2 h 24 m",
            "resets at 16:05",
            "resets in 2 h 24 m",
            "today 16:05",
        ),
        (
            timedelta(days=3, hours=19, minutes=31),
            "resets in 3 d 20 h",
            "resets Thu 09:12",
            "resets Thu 09:12",
            "Thu 09:12",
        ),
        (timedelta(seconds=-1), "reset due", "reset due", "reset due", "today 13:40"),
        (None, "reset time unknown", "reset time unknown", "reset time unknown", ""),
    ],
)
def test_resets(
    resets_in: timedelta | None, countdown: str, moment: str, soonest: str, alone: str
) -> None:
    subject = window(resets_in=resets_in)

    assert limits.resets_in(subject, NOW) == countdown
    assert limits.resets_at(subject, NOW, BERLIN, "24h") == moment
    assert limits.resets_soonest(subject, NOW, BERLIN, "24h") == soonest
    assert limits.reset_clock(subject, NOW, BERLIN, "24h") == alone


def test_a_row_tells_percent_and_reset() -> None:
    near, far = window(), window(resets_in=timedelta(days=3, hours=19, minutes=31))

    assert limits.percent_and_reset(near, NOW, BERLIN, "24h") == "78 % · resets in 2 h 24 m"
    assert limits.percent_and_reset(far, NOW, BERLIN, "24h", "remaining") == (
        "22 % · resets Thu 09:12"
    )


def test_resets_in_chinese(in_chinese: None) -> None:
    assert limits.resets_in(window(), NOW) == "2 小时 24 分后重置"
    assert limits.resets_at(window(), NOW, BERLIN, "24h") == "16:05 重置"
    assert limits.resets_in(window(resets_in=timedelta()), NOW) == "即将重置"


def test_the_age_of_the_numbers(speak: Callable[[str], None]) -> None:
    seconds, minutes = timedelta(seconds=12), timedelta(minutes=25)

    assert limits.updated(seconds) == "Updated 12 s ago"
    assert limits.updated(minutes, is_stale=True) == "Out of date, updated 25 min ago"
    speak("zh_CN")
    assert limits.updated(seconds) == "12 秒前更新"
    assert limits.updated(minutes, is_stale=True) == "数据已过时，25 分钟前更新"


@pytest.mark.parametrize(
    ("plan", "name"),
    [
        ("plus", "Plus"),
        ("PLUS", "Plus"),
        ("prolite", "Pro 5x"),
        ("pro", "Pro 20x"),
        ("team", "Team"),
        ("self_serve_business_usage_based", "Business"),
        ("sci", "sci"),
        ("", ""),
        ("<img src=file:/etc/x>", "<img src=file:/etc/x>"),
        ("a\u202eb", "a\ufffdb"),
        ("p" * 10_240, "p" * 39 + "…"),
    ],
)
def test_plans(plan: str, name: str) -> None:
    """F-U13: an unknown plan is shown as given, as one short line of plain text."""
    assert limits.plan_name(plan) == name


def test_an_account_without_an_address_is_known_by_plan_and_number() -> None:
    """T-41: and is a mere number where that is hidden."""
    account = Account("acc-0000-ab12", email="ann@example.com", plan="plus")

    assert limits.account_name(account) == "ann@example.com"
    assert limits.account_name(HiddenAccount("", number=2)) == "Account 2"
    assert limits.account_name(Account("acc-0000-ab12", plan="plus")) == "Plus · …ab12"
    assert limits.account_name(Account("", plan="")) == "Account"


@pytest.mark.parametrize(
    ("bought", "words"),
    [
        (None, ""),
        (Credits(), ""),
        (Credits(balance=Decimal(0)), ""),
        (Credits(has_credits=True), "available"),
        (Credits(has_credits=True, unlimited=True), "unlimited"),
        (Credits(has_credits=True, balance=Decimal("150")), "150.00"),
        (Credits(has_credits=True, balance=Decimal("0")), "0.00"),
        (Credits(balance=Decimal("1234.5678")), "1,234.57"),
        (Credits(balance=Decimal("1e40")), f"{10**40:,}.00"),
    ],
)
def test_credits(bought: Credits | None, words: str) -> None:
    assert limits.credits_words(bought) == words


def test_what_credits_are_good_for() -> None:
    assert limits.credits_detail(None) == ""
    assert limits.credits_detail(Credits(approx_local_messages=(20, 40))) == (
        "about 20 to 40 local messages"
    )
    both = Credits(approx_local_messages=(20, 40), approx_cloud_messages=(2, 4))
    assert limits.credits_detail(both).splitlines()[1] == "about 2 to 4 cloud tasks"
