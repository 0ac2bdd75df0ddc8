"""Words for limits: names of windows, percent, resets, pace, plan, credits, age. Pure.

A window is named by its duration, never by its slot in the reply; an unknown value is a dash,
never a zero. `now` is the service's time (`UsageSnapshot.server_now`) wherever a reset is meant.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta, tzinfo
from typing import assert_never

from app.auth.hidden_account import HiddenAccount
from app.auth.tokens import Account
from app.usage.limits import (
    CODE_REVIEW_LIMIT,
    MAIN_LIMIT,
    Credits,
    Duration,
    RateLimitWindow,
    Source,
    UsageSnapshot,
)
from app.wording.amounts import grouped
from app.wording.language import phrase, tr, tr_n
from app.wording.times import age, clock_time, countdown, near_time
from app.wording.untrusted import clean

UNKNOWN = "–"

limit_reached = phrase("limit reached")
available_again = phrase("available again")
no_limit_reported = phrase("The service reports no limits for this plan.")
reset_due = phrase("reset due")
reset_time_unknown = phrase("reset time unknown")
not_begun = phrase("starts with the first use")
credits_title = phrase("Credits")
code_review = phrase("Code review")

_PLAN_NAMES = {
    "free": "Free",
    "guest": "Guest",
    "free_workspace": "Free",
    "go": "Go",
    "plus": "Plus",
    "prolite": "Pro 5x",
    "pro": "Pro 20x",
    "team": "Team",
    "business": "Business",
    "self_serve_business_prolite": "Business",
    "self_serve_business_usage_based": "Business",
    "enterprise": "Enterprise",
    "ent26": "Enterprise",
    "enterprise_cbp_automation": "Enterprise",
    "enterprise_cbp_usage_based": "Enterprise",
    "hc": "Enterprise",
    "edu": "Edu",
    "education": "Edu",
    "edu_plus": "Edu Plus",
    "edu_pro": "Edu Pro",
    "k12": "K-12",
}


def window_name(window: RateLimitWindow, snapshot: UsageSnapshot | None = None) -> str:
    """What to call `window`: "5-hour", "Weekly", "Code review", or the server's own name.

    With the `snapshot` it comes from, windows of one extra limit are told apart by length. The
    second of two of one length has its number behind it: "Weekly 2".
    """
    length = _length_name(window)
    if window.twin > 1:
        length = f"{length} {window.twin}"
    if window.limit_id == MAIN_LIMIT:
        return length
    if window.limit_id == CODE_REVIEW_LIMIT:
        name = code_review()
    else:
        name = clean(window.limit_name) or clean(window.limit_id)
    limit = snapshot.limit(window.limit_id) if snapshot else None
    if limit is not None and len(limit.windows) > 1:
        return f"{name} · {length}"
    return name


def percent_number(used_percent: float | None, shows: str = "used") -> str:
    """The number of `percent` without its sign, for a gauge: "78", "<1", "–"."""
    if used_percent is None:
        return UNKNOWN
    value = min(100.0, max(0.0, used_percent))
    if shows == "remaining":
        value = 100.0 - value
    if 0 < value < 1:
        return "<1"
    if 99 < value < 100:
        return ">99"
    return str(math.floor(value + 0.5))


def percent(used_percent: float | None, shows: str = "used") -> str:
    """ "78 %", "<1 %", or a dash; `shows` "remaining" gives what is left of it."""
    number = percent_number(used_percent, shows)
    return number if number == UNKNOWN else tr("{number} %").format(number=number)


def shown_word(shows: str, *, is_doubtful: bool = False) -> str:
    """The word below the number: "used" or "left", with a question mark if in doubt."""
    if is_doubtful:
        return tr("left?") if shows == "remaining" else tr("used?")
    return tr("left") if shows == "remaining" else tr("used")


def percent_words(used_percent: float | None, shows: str = "used") -> str:
    """Number and meaning: "78 % used", "22 % left"."""
    if used_percent is None:
        return tr("use unknown")
    pattern = tr("{percent} left") if shows == "remaining" else tr("{percent} used")
    return pattern.format(percent=percent(used_percent, shows))


def resets_in(window: RateLimitWindow, now: datetime) -> str:
    """ "resets in 2 h 24 m", "reset due" when the time has passed, or why there is none."""
    if window.is_sliding:
        return not_begun()
    remaining = window.resets_in(now)
    if remaining is None:
        return reset_time_unknown()
    if remaining <= timedelta():
        return reset_due()
    return tr("resets in {duration}").format(duration=countdown(remaining))


def resets_at(window: RateLimitWindow, now: datetime, zone: tzinfo, clock: str = "system") -> str:
    """ "resets at 16:05" today, "resets Thu 09:12" later, "reset due", or why there is none."""
    if window.is_sliding:
        return not_begun()
    if window.resets_at is None:
        return reset_time_unknown()
    if window.resets_at <= now:
        return reset_due()
    time = near_time(window.resets_at, now, zone, clock)
    if window.resets_at.astimezone(zone).date() == now.astimezone(zone).date():
        return tr("resets at {time}").format(time=time)
    return tr("resets {time}").format(time=time)


def reset_clock(window: RateLimitWindow, now: datetime, zone: tzinfo, clock: str = "system") -> str:
    """The moment alone, below a countdown: "today 16:05"; empty if there is none."""
    if window.resets_at is None or window.is_sliding:
        return ""
    return clock_time(window.resets_at, now, zone, clock)


def resets_soonest(
    window: RateLimitWindow, now: datetime, zone: tzinfo, clock: str = "system"
) -> str:
    """One short form for a row: a countdown within a day, the day and time beyond it."""
    remaining = window.resets_in(now)
    if remaining is not None and remaining >= timedelta(days=1):
        return resets_at(window, now, zone, clock)
    return resets_in(window, now)


def percent_and_reset(
    window: RateLimitWindow,
    now: datetime,
    zone: tzinfo,
    clock: str = "system",
    shows: str = "used",
) -> str:
    """What stands beside a bar: "4 % · resets Mon 10:00"."""
    return f"{percent(window.used_percent, shows)} · {resets_soonest(window, now, zone, clock)}"


def updated(elapsed: timedelta, *, is_stale: bool = False, source: Source = Source.POLL) -> str:
    """The age of the numbers: "Updated 12 s ago", "Out of date, updated 25 min ago".

    Fresh ones that a chat answer brought are said to be so (peers fact 10).
    """
    if is_stale:
        pattern = tr("Out of date, updated {age}")
    else:
        by_answer = source is Source.ANSWER
        pattern = tr("Updated {age} by an answer") if by_answer else tr("Updated {age}")
    return pattern.format(age=age(elapsed))


def plan_name(plan: str) -> str:
    """The plan's name as the service sells it; an unknown plan as given, cleaned (F-U13)."""
    return _PLAN_NAMES.get(plan.strip().lower()) or clean(plan)


def account_name(account: Account) -> str:
    """Who is signed in: the e-mail, else the plan and the end of the account id (T-41)."""
    if isinstance(account, HiddenAccount):
        return tr("Account {n}").format(n=account.number)
    if account.email:
        return clean(account.email, limit=64)
    name = plan_name(account.plan) or tr("Account")
    return f"{name} · …{clean(account.account_id[-4:])}" if account.account_id else name


def credits_words(credits: Credits | None) -> str:  # noqa: A002 - the service's own word
    """What is left of the bought credits; empty if there are none to speak of."""
    if credits is None:
        return ""
    if credits.unlimited:
        return tr("unlimited")
    if credits.balance is not None and (credits.has_credits or credits.balance):
        return grouped(credits.balance, 2)
    return tr("available") if credits.has_credits else ""


def credits_detail(credits: Credits | None) -> str:  # noqa: A002 - the service's own word
    """What the credits are good for, as the service estimates it; empty if not told."""
    lines = []
    if credits and credits.approx_local_messages:
        low, high = credits.approx_local_messages
        pattern = tr_n(
            "about {low} to {high} local message", "about {low} to {high} local messages", high
        )
        lines.append(pattern.format(low=low, high=high))
    if credits and credits.approx_cloud_messages:
        low, high = credits.approx_cloud_messages
        pattern = tr_n(
            "about {low} to {high} cloud task", "about {low} to {high} cloud tasks", high
        )
        lines.append(pattern.format(low=low, high=high))
    return "\n".join(lines)


def _length_name(window: RateLimitWindow) -> str:
    duration = window.duration
    match duration:
        case Duration.SESSION:
            return tr("{n}-hour").format(n=5)
        case Duration.DAY:
            return tr("Daily")
        case Duration.WEEK:
            return tr("Weekly")
        case Duration.MONTH:
            return tr("Monthly")
        case Duration.YEAR:
            return tr("Yearly")
        case Duration.OTHER:
            return _measured_name(window.window_seconds)
        case _:
            assert_never(duration)


def _measured_name(seconds: int | None) -> str:
    if seconds is None or seconds <= 0:
        return tr("Limit")
    if seconds >= 86_400 and seconds % 86_400 < 3600:
        return tr("{n}-day").format(n=seconds // 86_400)
    hours = math.floor(seconds / 3600 + 0.5)
    if hours and abs(seconds - 3600 * hours) <= 0.05 * seconds:
        return tr("{n}-hour").format(n=hours)
    return tr("{n}-minute").format(n=max(1, math.floor(seconds / 60 + 0.5)))
