"""`tidegauge status --json`: names, units and edge cases of a public interface."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from app.auth.tokens import Account
from app.usage.limits import (
    Credits,
    Doubt,
    RateLimit,
    RateLimitWindow,
    ResetCredit,
    Source,
    SpendControl,
    UsageSnapshot,
)
from app.usage.report import is_limit_reached, usage_report

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


def label(window: RateLimitWindow, _snapshot: UsageSnapshot) -> str:
    return f"window of {window.window_seconds}"


def limit(
    *windows: RateLimitWindow, allowed: bool | None = None, reached: bool | None = None
) -> RateLimit:
    return RateLimit("codex", windows, "", allowed, reached)


def test_every_field() -> None:
    session = RateLimitWindow("codex", 61.5, 18_000, NOW + timedelta(seconds=600.4))
    unknown = RateLimitWindow("codex", None, None, None)
    over = RateLimitWindow("codex", 130.0, 604_800, NOW - timedelta(seconds=5))
    snapshot = UsageSnapshot(
        NOW,
        plan="plus",
        limits=(limit(session, over, unknown),),
        credits=Credits(True, False, Decimal("1E+2"), (10, 20), None),
        is_partial=True,
    )
    assert usage_report(snapshot, Account("acc", email="ann@example.com"), label) == {
        "account": {"email": "ann@example.com", "account_id": "acc", "user_id": None},
        "plan": "plus",
        "limit_reached": True,
        "reached_type": None,
        "windows": [
            {
                "id": "codex/18000",
                "label": "window of 18000",
                "used_percent": 61.5,
                "used_percent_reported": 61.5,
                "window_seconds": 18_000,
                "resets_at": "2026-11-22T12:10:00Z",
                "resets_in_seconds": 600,
                "is_sliding": False,
                "limit_id": "codex",
                "blocked_by": None,
            },
            {
                "id": "codex/604800",
                "label": "window of 604800",
                "used_percent": 100,
                "used_percent_reported": 130,
                "window_seconds": 604_800,
                "resets_at": "2026-11-22T11:59:55Z",
                "resets_in_seconds": 0,
                "is_sliding": False,
                "limit_id": "codex",
                "blocked_by": None,
            },
            {
                "id": "codex/0",
                "label": "window of None",
                "used_percent": None,
                "used_percent_reported": None,
                "window_seconds": None,
                "resets_at": None,
                "resets_in_seconds": None,
                "is_sliding": False,
                "limit_id": "codex",
                "blocked_by": None,
            },
        ],
        "binding_window": "codex/604800",
        "limits": [
            {
                "id": "codex",
                "name": None,
                "normal_model": None,
                "allowed": None,
                "limit_reached": None,
                "as_of": None,
                "source": "poll",
            }
        ],
        "credits": {
            "has_credits": True,
            "unlimited": False,
            "balance": "100",
            "approx_local_messages": [10, 20],
            "approx_cloud_messages": None,
            "overage_limit_reached": None,
        },
        "spend_control": None,
        "reset_credits": None,
        "fetched_at": "2026-11-22T12:00:00Z",
        "source": "poll",
        "clock_offset_seconds": 0,
        "is_partial": True,
        "unread": [],
        "is_doubtful": False,
        "doubts": [],
        "also_told": {},
    }


def test_what_a_plan_allows_beside_its_windows() -> None:
    later = NOW + timedelta(days=2)
    snapshot = UsageSnapshot(
        NOW,
        spend_control=SpendControl(
            False, Decimal(100), Decimal("25.50"), None, 25.5, later, "workspace"
        ),
        reset_credits=2,
        reset_credit_list=(ResetCredit("a", later, title="Reset"), ResetCredit("b")),
        reached_type="rate_limit_reached",
        kept=(("promo", "{}"),),
        unread=("credits.balance",),
        doubts=(Doubt.FELL,),
        source=Source.ANSWER,
        clock_offset_s=-3600.04,
    )
    report = usage_report(snapshot, None, label)
    assert report["spend_control"] == {
        "reached": False,
        "limit": "100",
        "used": "25.50",
        "remaining": None,
        "used_percent": 25.5,
        "resets_at": "2026-11-24T12:00:00Z",
        "source": "workspace",
    }
    assert report["reset_credits"] == {
        "available_count": 2,
        "credits": [
            {"title": "Reset", "expires_at": "2026-11-24T12:00:00Z"},
            {"title": None, "expires_at": None},
        ],
    }
    assert (report["reached_type"], report["source"]) == ("rate_limit_reached", "answer")
    assert (report["unread"], report["doubts"]) == (["credits.balance"], ["fell"])
    assert (report["also_told"], report["clock_offset_seconds"]) == ({"promo": "{}"}, -3600)


def test_resets_whose_details_were_not_read_are_still_counted() -> None:
    report = usage_report(UsageSnapshot(NOW, reset_credits=1), None, label)
    assert report["reset_credits"] == {"available_count": 1, "credits": None}


def test_a_window_that_is_useless_and_one_that_has_not_begun() -> None:
    """Peers facts 5 and 9."""
    short = RateLimitWindow("codex", 3, 18_000, NOW + timedelta(hours=1))
    idle = RateLimitWindow("spark", 0, 18_000, NOW + timedelta(hours=5), is_sliding=True)
    week = RateLimitWindow("codex", 100, 604_800, NOW + timedelta(days=2))
    snapshot = UsageSnapshot(NOW, limits=(limit(short, week), RateLimit("spark", (idle,))))
    report = usage_report(snapshot, None, label)
    assert [w["blocked_by"] for w in report["windows"]] == ["codex/604800", None, None]
    assert [w["is_sliding"] for w in report["windows"]] == [False, False, True]
    assert report["windows"][2]["resets_in_seconds"] == 18_000
    assert report["binding_window"] == "codex/604800"


def test_without_anything() -> None:
    report = usage_report(UsageSnapshot(NOW), None, label)
    assert report["account"] == {"email": None, "account_id": None, "user_id": None}
    assert (report["plan"], report["windows"], report["credits"]) == (None, [], None)


def test_times_are_the_services() -> None:
    """F-U26: with our clock an hour fast, the document is still consistent in itself."""
    session = RateLimitWindow("codex", 1, 18_000, NOW + timedelta(minutes=10))
    snapshot = UsageSnapshot(
        NOW + timedelta(hours=1), limits=(limit(session),), clock_offset_s=-3600
    )
    report = usage_report(snapshot, None, label)
    assert report["fetched_at"] == "2026-11-22T12:00:00Z"
    assert report["windows"][0]["resets_in_seconds"] == 600


def test_the_account_of_the_reply_and_the_plan_of_the_sign_in() -> None:
    snapshot = UsageSnapshot(NOW, account_id="acc", user_id="u", email="x@example.com")
    report = usage_report(snapshot, Account("", plan="team"), label)
    assert report["account"] == {"email": "x@example.com", "account_id": "acc", "user_id": "u"}
    assert report["plan"] == "team"


FULL = RateLimitWindow("codex", 100, 18_000, None)


@pytest.mark.parametrize(
    ("limits", "reached"),
    [
        ((), False),
        ((limit(),), False),
        ((limit(FULL),), True),
        ((limit(RateLimitWindow("codex", None, 1, None)),), False),
        ((limit(FULL, allowed=True, reached=False),), False),
        ((limit(allowed=False),), True),
        ((limit(reached=True),), True),
        ((RateLimit("spark", (FULL,)),), False),
    ],
)
def test_the_services_word_on_the_limit_comes_first(
    limits: tuple[RateLimit, ...], reached: bool
) -> None:
    """F-U23."""
    assert is_limit_reached(UsageSnapshot(NOW, limits=limits)) is reached
