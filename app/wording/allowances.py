"""Words for what a plan allows beside its windows, and for how sure a reading is. Pure.

Spending caps, limit resets to redeem, why a limit holds, who told the numbers, and doubts.
`now` is the service's time wherever a moment it told is meant.
"""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from decimal import Decimal
from typing import assert_never

from app.usage.limits import Doubt, ResetCredit, Source, SpendControl
from app.wording.amounts import amount
from app.wording.language import phrase, tr, tr_n
from app.wording.limits import percent_words
from app.wording.times import countdown, near_time
from app.wording.untrusted import clean

spend_cap_title = phrase("Spending cap")
used_up = phrase("used up")
reset_credits_title = phrase("Limit resets")

_REACHED = {
    "workspace_owner_credits_depleted": phrase(
        "The workspace's credits are used up. You can add some as its owner."
    ),
    "workspace_member_credits_depleted": phrase(
        "The workspace's credits are used up. Its owner can add some."
    ),
    "workspace_owner_usage_limit_reached": phrase(
        "The workspace's usage limit is reached. You can raise it as its owner."
    ),
    "workspace_member_usage_limit_reached": phrase(
        "The workspace's usage limit is reached. Its owner can raise it."
    ),
}


def spend_words(cap: SpendControl | None, shows: str = "used") -> str:
    """What is used, or left, of one's spending cap; empty if there is no cap to speak of."""
    if cap is None:
        return ""
    if cap.reached is True:
        return used_up()
    used = _used_amount(cap)
    if used is not None and cap.limit is not None:
        left = cap.limit - used if cap.remaining is None else cap.remaining
        number = left if shows == "remaining" else used
        pattern = tr("{n} of {all} left") if shows == "remaining" else tr("{n} of {all} used")
        return pattern.format(n=amount(number), all=amount(cap.limit))
    return "" if cap.used_percent is None else percent_words(cap.used_percent, shows)


def spend_reset(
    cap: SpendControl | None, now: datetime, zone: tzinfo, clock: str = "system"
) -> str:
    """When the spending cap starts anew: "resets Thu 09:12"; empty if not told."""
    if cap is None or cap.resets_at is None or cap.resets_at <= now:
        return ""
    return tr("resets {time}").format(time=near_time(cap.resets_at, now, zone, clock))


def reset_credits_words(count: int | None) -> str:
    """How many limit resets can be redeemed; empty if none."""
    return tr_n("{n} to redeem", "{n} to redeem", count).format(n=count) if count else ""


def reset_credits_expiry(
    credit_list: tuple[ResetCredit, ...] | None,
    now: datetime,
    zone: tzinfo,
    clock: str = "system",
) -> str:
    """When the first of them is lost: "expires in 5 h 10 m", "expires 3 Dec 09:12"; or empty."""
    moments = [one.expires_at for one in credit_list or () if one.expires_at is not None]
    coming = [moment for moment in moments if moment > now]
    if not coming:
        return ""
    soonest = min(coming)
    if soonest - now < timedelta(days=1):
        return tr("expires in {duration}").format(duration=countdown(soonest - now))
    return tr("expires {time}").format(time=near_time(soonest, now, zone, clock))


def reset_credit_name(credit: ResetCredit) -> str:
    """What the service calls one of them, cleaned."""
    return clean(credit.title) or tr("Limit reset")


def reached_words(reached_type: str) -> str:
    """Why a workspace refuses, and who can change it; empty for any other reason."""
    known = _REACHED.get(reached_type)
    return "" if known is None else known()


def source_words(source: Source) -> str:
    """Who told the numbers."""
    match source:
        case Source.POLL:
            return tr("from the service")
        case Source.ANSWER:
            return tr("from a chat answer")
        case _:
            assert_never(source)


def doubt_words(doubts: tuple[Doubt, ...]) -> str:
    """Why these numbers are not relied upon yet; the first reason, empty without one."""
    return _doubt(doubts[0]) if doubts else ""


def _doubt(doubt: Doubt) -> str:
    match doubt:
        case Doubt.REPEATED_KEYS:
            return tr("The reply contradicts itself; asking again.")
        case Doubt.FELL:
            return tr("Less used than before without a reset; asking again.")
        case Doubt.JUMPED:
            return tr("Far more used than a moment ago; asking again.")
        case Doubt.RESET_BACK:
            return tr("The reset moved to an earlier time; asking again.")
        case Doubt.RESET_EARLY:
            return tr("The window began anew before its time; asking again.")
        case _:
            assert_never(doubt)


def _used_amount(cap: SpendControl) -> Decimal | None:
    if cap.used is None and cap.limit is not None and cap.remaining is not None:
        return cap.limit - cap.remaining
    return cap.used
