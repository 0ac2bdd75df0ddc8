"""What a plan allows beside its windows, and how sure a reading is, in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from app.usage.limits import (
    Doubt,
    RateLimitWindow,
    ResetCredit,
    Source,
    SpendControl,
)
from app.wording import allowances, limits

NOW = datetime(2026, 11, 22, 12, 41, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cap", "used", "left"),
    [
        (None, "", ""),
        (SpendControl(), "", ""),
        (SpendControl(reached=False), "", ""),
        (SpendControl(reached=True, limit=Decimal(5)), *["used up"] * 2),
        (
            SpendControl(limit=Decimal(100), used=Decimal("25.5")),
            "25.50 of 100 used",
            "74.50 of 100 left",
        ),
        (
            SpendControl(limit=Decimal(1000), remaining=Decimal(400)),
            "600 of 1,000 used",
            "400 of 1,000 left",
        ),
        (SpendControl(limit=Decimal(100), used_percent=12), "12 % used", "88 % left"),
        (SpendControl(used=Decimal(3)), "", ""),
    ],
)
def test_the_spending_cap(cap: SpendControl | None, used: str, left: str) -> None:
    assert allowances.spend_words(cap) == used
    assert allowances.spend_words(cap, "remaining") == left


def test_when_the_spending_cap_starts_anew() -> None:
    def reset(seconds: float | None) -> str:
        at = None if seconds is None else NOW + timedelta(seconds=seconds)
        return allowances.spend_reset(SpendControl(resets_at=at), NOW, UTC)

    assert reset(3 * 86_400) == "resets Wed 12:41 UTC"
    assert reset(3600) == "resets 13:41 UTC"
    assert reset(0) == reset(None) == ""
    assert allowances.spend_reset(None, NOW, UTC) == ""


def test_resets_to_redeem() -> None:
    assert allowances.reset_credits_words(None) == allowances.reset_credits_words(0) == ""
    assert allowances.reset_credits_words(1) == "1 to redeem"
    assert allowances.reset_credits_words(2) == "2 to redeem"


@pytest.mark.parametrize(
    ("expiries_s", "words"),
    [
        (None, ""),
        ((), ""),
        ((None,), ""),
        ((-5,), ""),
        ((3600,), "expires in 1 h"),
        ((-5, 30 * 86_400, None, 3 * 86_400), "expires Wed 12:41 UTC"),
    ],
)
def test_when_the_first_of_them_is_lost(
    expiries_s: tuple[float | None, ...] | None, words: str
) -> None:
    held = (
        None
        if expiries_s is None
        else tuple(
            ResetCredit(str(n), None if s is None else NOW + timedelta(seconds=s))
            for n, s in enumerate(expiries_s)
        )
    )
    assert allowances.reset_credits_expiry(held, NOW, UTC) == words


def test_what_a_reset_is_called() -> None:
    assert (
        allowances.reset_credit_name(ResetCredit("a", title="One\u202e reset")) == "One\ufffd reset"
    )
    assert allowances.reset_credit_name(ResetCredit("a")) == "Limit reset"


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        ("workspace_owner_credits_depleted", "You can add some"),
        ("workspace_member_credits_depleted", "Its owner can add some"),
        ("workspace_owner_usage_limit_reached", "You can raise it"),
        ("workspace_member_usage_limit_reached", "Its owner can raise it"),
    ],
)
def test_why_a_limit_holds_and_who_can_change_it(kind: str, part: str) -> None:
    assert part in allowances.reached_words(kind)


@pytest.mark.parametrize("kind", ["", "other", "<b>new</b>", "rate_limit_reached"])
def test_other_reasons_say_nothing_that_the_gauges_do_not(kind: str) -> None:
    assert allowances.reached_words(kind) == ""


def test_who_told_the_numbers() -> None:
    assert allowances.source_words(Source.POLL) == "from the service"
    assert allowances.source_words(Source.ANSWER) == "from a chat answer"


def test_every_doubt_says_what_is_odd_and_what_happens() -> None:
    sentences = {allowances.doubt_words((doubt,)) for doubt in Doubt}
    assert len(sentences) == len(Doubt)
    assert all(sentence.endswith("asking again.") for sentence in sentences)
    assert allowances.doubt_words(()) == ""


# --- windows that have not begun -----------------------------------------------------------------


def test_a_window_that_has_not_begun_has_no_reset_in_words() -> None:
    """Peers fact 5."""
    idle = RateLimitWindow("codex", 0, 18_000, NOW + timedelta(hours=5), is_sliding=True)
    assert limits.resets_in(idle, NOW) == "starts with the first use"
    assert limits.resets_at(idle, NOW, UTC) == "starts with the first use"
    assert limits.resets_soonest(idle, NOW, UTC) == "starts with the first use"
    assert limits.reset_clock(idle, NOW, UTC) == ""


@pytest.mark.usefixtures("in_chinese")
def test_in_chinese() -> None:
    assert limits.not_begun() == "首次使用后开始计时"
    assert allowances.reset_credits_words(2) == "可兑换 2 次"
    cap = SpendControl(limit=Decimal(100), used=Decimal(25))
    assert allowances.spend_words(cap) == "已用 25，共 100"
    assert all("再次查询" in allowances.doubt_words((doubt,)) for doubt in Doubt)
