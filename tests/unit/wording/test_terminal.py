"""What the command line prints: the status table, the line of `watch`, messages."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from app.auth.accounts import KnownAccount
from app.auth.tokens import Account
from app.usage.limits import (
    Credits,
    Doubt,
    RateLimit,
    RateLimitWindow,
    ResetCredit,
    SpendControl,
    UsageSnapshot,
)
from app.wording import terminal

NOW = datetime(2026, 11, 22, 12, 41, tzinfo=UTC)
ANN = Account("acc-1234", "user-1", "ann@example.com", "plus")


def window(
    used: float | None, seconds: int | None, left_s: float | None, limit_id: str = "codex"
) -> RateLimitWindow:
    resets_at = None if left_s is None else NOW + timedelta(seconds=left_s)
    return RateLimitWindow(limit_id, used, seconds, resets_at)


def snapshot(**changes: object) -> UsageSnapshot:
    main = RateLimit("codex", (window(62, 18_000, 5400), window(31, 604_800, 86_400)))
    review = RateLimit("code_review", (window(None, 604_800, None, "code_review"),))
    values: dict[str, object] = {
        "plan": "plus",
        "limits": (main, review),
        "credits": Credits(True, False, Decimal("12.5")),
        **changes,
    }
    return UsageSnapshot(NOW - timedelta(seconds=12), **values)  # type: ignore[arg-type]


def test_the_status_table() -> None:
    assert terminal.status_lines(snapshot(), ANN, NOW, UTC) == [
        "ann@example.com · Plus",
        "5-hour       62 % used    resets in 1 h 30 m  today 14:11 UTC     8 % in reserve",
        "Weekly       31 % used    resets in 1 d       tomorrow 12:41 UTC  55 % in reserve",
        "Code review  use unknown  reset time unknown",
        "Credits      12.50",
        "Updated 12 s ago",
    ]


def width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


@pytest.mark.usefixtures("in_chinese")
def test_columns_line_up_in_chinese() -> None:
    lines = terminal.status_lines(snapshot(), ANN, NOW, UTC)
    columns = [width(line[: line.index("已用")]) for line in lines if "已用" in line]
    assert len(columns) == 2
    assert len(set(columns)) == 1


def test_an_exhausted_limit_is_said() -> None:
    reached = RateLimit("codex", (window(100, 18_000, 60),), limit_reached=True)
    lines = terminal.status_lines(snapshot(limits=(reached,)), ANN, NOW, UTC)
    assert "limit reached" in lines
    assert any(line.startswith("5-hour") and line.endswith("limit reached") for line in lines)


def test_a_reply_without_limits() -> None:
    """F-U01."""
    lines = terminal.status_lines(snapshot(limits=(), credits=None), ANN, NOW, UTC)
    assert lines[1:-1] == ["The service reports no limits for this plan."]


@pytest.mark.parametrize(
    ("account", "changes", "heading"),
    [
        (None, {"email": "ann@example.com"}, "ann@example.com · Plus"),
        (None, {}, "Plus"),
        (None, {"plan": "", "email": "ann@example.com"}, "ann@example.com"),
        (Account("acc-1234", plan="team"), {"plan": ""}, "Team · …1234"),
        (None, {"plan": ""}, None),
    ],
)
def test_whose_limits_they_are(
    account: Account | None, changes: dict[str, object], heading: str | None
) -> None:
    lines = terminal.status_lines(snapshot(**changes), account, NOW, UTC)
    assert (lines[0] if heading else None) == heading
    assert heading or lines[0].startswith("5-hour")


def test_a_saved_reply_is_told_as_of_its_time() -> None:
    later = NOW + timedelta(days=30)
    lines = terminal.status_lines(snapshot(), None, later, UTC, is_saved=True)
    assert "resets in 1 h 31 m" in lines[1]
    assert "22 Nov 14:11" in lines[1]
    assert lines[-1] == "As of 22 Nov 12:40 UTC"


def test_countdowns_are_by_the_services_clock() -> None:
    """F-U26."""
    lines = terminal.status_lines(snapshot(clock_offset_s=3600), ANN, NOW, UTC)
    assert "resets in 30 m" in lines[1]


def test_what_a_plan_allows_beside_its_windows() -> None:
    later = NOW + timedelta(days=3)
    lines = terminal.status_lines(
        snapshot(
            spend_control=SpendControl(False, Decimal(100), Decimal(25), resets_at=later),
            reset_credits=2,
            reset_credit_list=(ResetCredit("a", later),),
            reached_type="workspace_member_credits_depleted",
            is_doubtful=True,
            doubts=(Doubt.FELL,),
        ),
        ANN,
        NOW,
        UTC,
    )
    assert lines[4:] == [
        "Credits       12.50",
        "Spending cap  25 of 100 used  resets Wed 12:41 UTC",
        "Limit resets  2 to redeem     expires Wed 12:41 UTC",
        "The workspace's credits are used up. Its owner can add some.",
        "Less used than before without a reset; asking again.",
        "Updated 12 s ago",
    ]


def test_a_cap_alone_is_not_called_no_limit() -> None:
    """Peers fact 14."""
    alone = snapshot(limits=(), credits=None, spend_control=SpendControl(used_percent=25))
    assert terminal.status_lines(alone, ANN, NOW, UTC)[1:-1] == ["Spending cap  25 % used"]


def test_windows_that_are_useless_and_windows_that_have_not_begun() -> None:
    """Peers facts 5 and 9."""
    idle = replace(window(0, 604_800, 604_800, "code_review"), is_sliding=True)
    main = RateLimit("codex", (window(3, 18_000, 5400), window(100, 604_800, 86_400)))
    told = snapshot(limits=(main, RateLimit("code_review", (idle,))), credits=None)
    lines = terminal.status_lines(told, ANN, NOW, UTC)
    assert lines[1].endswith("blocked by the weekly limit")
    assert lines[3] == "Code review  0 % used    starts with the first use"


def test_the_line_of_watch() -> None:
    assert terminal.watch_line(snapshot(), NOW, UTC) == (
        "12:40 UTC  5-hour 62 %, resets in 1 h 30 m; Weekly 31 %, resets in 1 d; "
        "Code review –, reset time unknown"
    )
    nothing = terminal.watch_line(snapshot(limits=()), NOW, UTC)
    assert nothing == "12:40 UTC  The service reports no limits for this plan."


def test_messages_are_one_clean_line() -> None:
    """T-54."""
    assert terminal.signed_in(ANN) == "Signed in as ann@example.com."
    assert terminal.message_line("x") == "tidegauge: x"
    for said in (
        terminal.file_not_read("a\n\x1b[2Jb", "No such file"),
        terminal.wrong_usage("invalid choice: 'a\n\x1b[2Jb'", "tidegauge"),
    ):
        assert said.isprintable()


def test_an_account_is_told_in_full_before_it_is_stored() -> None:
    """T-16, F-L13"""
    ann = Account("acc-0001", email="ann@example.com", plan="plus")
    bo = Account("acc-0002", email="bo@example.com")
    assert terminal.who_signed_in(ann, None) == "This is ann@example.com · Plus · …0001."
    assert terminal.who_signed_in(bo, ann) == (
        "This is bo@example.com · …0002. Signed in here until now: ann@example.com · Plus · …0001."
    )
    assert terminal.yes() == {"y", "yes"}
    assert terminal.show() == {"show"}


def test_the_table_of_accounts_marks_the_one_in_use() -> None:
    ann = KnownAccount("a" * 16, Account("acc-0001", email="ann@example.com", plan="plus"))
    codex = KnownAccount("codex", Account("acc-0002", plan="pro"), is_borrowed=True)
    assert terminal.account_lines((ann, codex), "codex") == [
        "   1  ann@example.com  Plus     …0001",
        "*  2  Pro 20x · …0002  Pro 20x  …0002  Codex CLI, read only",
    ]
    assert terminal.account_lines((), "", (ann,)) == [
        "   1  ann@example.com  Plus  …0001  removed, but not from the keyring yet",
    ]
    assert terminal.in_front(codex) == (
        "The account in use is Pro 20x · …0002 · Codex CLI, read only."
    )
    assert "“x”" in terminal.no_such_account("x", 0)
    assert "several" in terminal.no_such_account("x", 2)


def test_the_form_of_a_command_line_is_announced(speak: Callable[[str], None]) -> None:
    assert terminal.usage_title() == "Usage: "
    speak("zh_CN")
    assert terminal.usage_title() == "用法："
