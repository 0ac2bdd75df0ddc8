"""The usage as a document for other programs: what `tidegauge status --json` prints. Pure.

The names and units are a public interface, documented in the README; they only ever grow.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from app.auth.tokens import Account
from app.usage.limits import MAIN_LIMIT, Credits, RateLimitWindow, UsageSnapshot

Label = Callable[[RateLimitWindow, UsageSnapshot], str]


def usage_report(snapshot: UsageSnapshot, account: Account | None, label: Label) -> dict[str, Any]:
    """The snapshot as JSON values; `label` names a window for people.

    Times are UTC in ISO 8601, by the service's clock. `resets_in_seconds` counts from
    `fetched_at`, never below 0.
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
        "windows": [_window(window, snapshot, label) for window in snapshot.windows],
        "credits": None if snapshot.credits is None else _credits(snapshot.credits),
        "fetched_at": _iso(snapshot.server_now(snapshot.fetched_at)),
        "is_partial": snapshot.is_partial,
        "is_doubtful": snapshot.is_doubtful,
    }


def is_limit_reached(snapshot: UsageSnapshot) -> bool:
    """Whether the plan's own limit stops the user now; the service's word first (F-U23)."""
    main = snapshot.limit(MAIN_LIMIT)
    if main is None:
        return False
    if main.allowed is None and main.limit_reached is None:
        return any((window.used_percent or 0.0) >= 100 for window in main.windows)
    return main.is_exhausted


def _window(window: RateLimitWindow, snapshot: UsageSnapshot, label: Label) -> dict[str, Any]:
    remaining = window.resets_in(snapshot.server_now(snapshot.fetched_at))
    return {
        "id": window.window_id,
        "label": label(window, snapshot),
        "used_percent": _short(window.used_percent),
        "used_percent_reported": _short(window.used_percent_reported),
        "window_seconds": window.window_seconds,
        "resets_at": None if window.resets_at is None else _iso(window.resets_at),
        "resets_in_seconds": None
        if remaining is None
        else max(0, round(remaining.total_seconds())),
    }


def _credits(credits: Credits) -> dict[str, Any]:  # noqa: A002 - the service's own word
    local, cloud = credits.approx_local_messages, credits.approx_cloud_messages
    return {
        "has_credits": credits.has_credits,
        "unlimited": credits.unlimited,
        "balance": None if credits.balance is None else f"{credits.balance:f}",
        "approx_local_messages": None if local is None else list(local),
        "approx_cloud_messages": None if cloud is None else list(cloud),
    }


def _short(number: float | None) -> float | None:
    """A whole number without its ".0"."""
    return int(number) if number is not None and float(number).is_integer() else number


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
