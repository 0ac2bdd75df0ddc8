"""The usage as a document for other programs: what `tidegauge status --json` prints. Pure.

The names and units are a public interface, documented in the README; they only ever grow.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from app.auth.tokens import Account
from app.usage.limits import (
    MAIN_LIMIT,
    Credits,
    RateLimit,
    RateLimitWindow,
    SpendControl,
    UsageSnapshot,
)
from app.usage.pace import binding_window, blocker_of

Label = Callable[[RateLimitWindow, UsageSnapshot], str]


def usage_report(snapshot: UsageSnapshot, account: Account | None, label: Label) -> dict[str, Any]:
    """The snapshot as JSON values; `label` names a window for people.

    Times are UTC in ISO 8601, by the service's clock. `resets_in_seconds` counts from
    `fetched_at`, never below 0; of a window that has not begun they say only how long it is.
    The account is the one signed in, or the one the reply names; null where neither tells.
    """
    known = account or Account("")
    return {
        "account": {
            "email": known.email or snapshot.email or None,
            "account_id": known.account_id or snapshot.account_id or None,
            "user_id": known.user_id or snapshot.user_id or None,
        },
        "plan": snapshot.plan or known.plan or None,
        "limit_reached": is_limit_reached(snapshot),
        "reached_type": snapshot.reached_type or None,
        "windows": [_window(window, snapshot, label) for window in snapshot.windows],
        "binding_window": binding.window_id if (binding := binding_window(snapshot)) else None,
        "limits": [_limit(limit) for limit in snapshot.limits],
        "credits": None if snapshot.credits is None else _credits(snapshot.credits),
        "spend_control": _spend_control(snapshot.spend_control),
        "reset_credits": _reset_credits(snapshot),
        "fetched_at": _iso(snapshot.server_now(snapshot.fetched_at)),
        "source": str(snapshot.source),
        "clock_offset_seconds": _short(round(snapshot.clock_offset_s, 1)),
        "is_partial": snapshot.is_partial,
        "unread": list(snapshot.unread),
        "is_doubtful": snapshot.is_doubtful,
        "doubts": [str(doubt) for doubt in snapshot.doubts],
        "also_told": dict(snapshot.kept),
    }


def is_limit_reached(snapshot: UsageSnapshot) -> bool:
    """Whether the plan's own limit stops the user now; the service's word first (F-U23)."""
    main = snapshot.limit(MAIN_LIMIT)
    if main is None:
        return False
    if not main.has_flags:
        return any((window.used_percent or 0.0) >= 100 for window in main.windows)
    return main.is_exhausted


def _window(window: RateLimitWindow, snapshot: UsageSnapshot, label: Label) -> dict[str, Any]:
    now, blocker = snapshot.server_now(snapshot.fetched_at), blocker_of(window, snapshot)
    remaining = None if window.resets_at is None else window.resets_at - now
    return {
        "id": window.window_id,
        "label": label(window, snapshot),
        "used_percent": _short(window.used_percent),
        "used_percent_reported": _short(window.used_percent_reported),
        "window_seconds": window.window_seconds,
        "resets_at": _iso_or_none(window.resets_at),
        "resets_in_seconds": None
        if remaining is None
        else max(0, round(remaining.total_seconds())),
        "is_sliding": window.is_sliding,
        "limit_id": window.limit_id,
        "blocked_by": None if blocker is None else blocker.window_id,
    }


def _limit(limit: RateLimit) -> dict[str, Any]:
    return {
        "id": limit.limit_id,
        "name": limit.name or None,
        "normal_model": limit.normal_model or None,
        "allowed": limit.allowed,
        "limit_reached": limit.limit_reached,
        "as_of": _iso_or_none(limit.as_of),
        "source": str(limit.source),
    }


def _credits(credits: Credits) -> dict[str, Any]:  # noqa: A002 - the service's own word
    local, cloud = credits.approx_local_messages, credits.approx_cloud_messages
    return {
        "has_credits": credits.has_credits,
        "unlimited": credits.unlimited,
        "balance": _plain(credits.balance),
        "approx_local_messages": None if local is None else list(local),
        "approx_cloud_messages": None if cloud is None else list(cloud),
        "overage_limit_reached": credits.overage_limit_reached,
    }


def _spend_control(spend: SpendControl | None) -> dict[str, Any] | None:
    if spend is None:
        return None
    return {
        "reached": spend.reached,
        "limit": _plain(spend.limit),
        "used": _plain(spend.used),
        "remaining": _plain(spend.remaining),
        "used_percent": _short(spend.used_percent),
        "resets_at": _iso_or_none(spend.resets_at),
        "source": spend.source or None,
    }


def _reset_credits(snapshot: UsageSnapshot) -> dict[str, Any] | None:
    """The resets that may be redeemed; `credits` is null if their details were not read."""
    if snapshot.reset_credits is None:
        return None
    held = snapshot.reset_credit_list
    return {
        "available_count": snapshot.reset_credits,
        "credits": None
        if held is None
        else [
            {"title": one.title or None, "expires_at": _iso_or_none(one.expires_at)} for one in held
        ],
    }


def _short(number: float | None) -> float | None:
    """A whole number without its ".0"."""
    return int(number) if number is not None and float(number).is_integer() else number


def _plain(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:f}"


def _iso_or_none(moment: datetime | None) -> str | None:
    return None if moment is None else _iso(moment)


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
