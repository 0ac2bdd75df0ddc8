"""Readings as JSON values, and back: all that the rules ask of them, and nothing else. Pure.

Limits are known by the service's id for them, which names a model or a feature; one that looks
like anything else becomes a number. No name, plan or amount of money is part of it but the
balance of credits, which a rule asks for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from app.alerts.looks import Look
from app.alerts.memory import AccountMemory, Memory
from app.alerts.memory_format import VERSION, from_json, to_json
from app.alerts.replay import ACCOUNT
from app.usage.limits import (
    Credits,
    Doubt,
    RateLimit,
    RateLimitWindow,
    ResetCredit,
    UsageSnapshot,
)

MOST = 256  # of anything in a list
_PLAIN_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


def look_to_json(look: Look) -> dict[str, Any]:
    """One reading with what was remembered before it."""
    usage = look.usage
    return {
        "at": _stamp(look.at),
        "fetched_at": _stamp(usage.fetched_at),
        "served_at": _stamp(usage.served_at),
        "clock_offset_s": usage.clock_offset_s,
        "source": usage.source.value,
        "doubts": [doubt.value for doubt in usage.doubts],
        "is_doubtful": usage.is_doubtful,
        "is_partial": usage.is_partial,
        "limits": [_limit(limit, number) for number, limit in enumerate(usage.limits)],
        "credits": _credits(usage.credits),
        "resets_expire_at": [_stamp(one.expires_at) for one in usage.reset_credit_list or ()],
        "given_within_hour": look.given,
        "memory": None if look.before is None else _memory(look.before, usage),
    }


def look_from_json(value: object) -> Look:
    """The reading in `value`. Raises `ValueError` for anything `look_to_json` did not give."""
    try:
        return _look(_mapping(value))
    except (KeyError, TypeError, ArithmeticError, OSError) as error:
        raise ValueError(f"not a reading: {type(error).__name__}") from error


def _look(root: Mapping[str, Any]) -> Look:
    usage = UsageSnapshot(
        _moment(root["fetched_at"]),
        limits=tuple(_read_limit(one) for one in _list(root["limits"])),
        credits=_read_credits(root["credits"]),
        reset_credit_list=tuple(
            ResetCredit(str(number), _moment_or_none(stamp))
            for number, stamp in enumerate(_list(root["resets_expire_at"]))
        ),
        served_at=_moment_or_none(root["served_at"]),
        clock_offset_s=float(root["clock_offset_s"]),
        is_doubtful=root["is_doubtful"] is True,
        doubts=tuple(Doubt(one) for one in _list(root["doubts"])),
    )
    return Look(
        _moment(root["at"]), usage, _read_memory(root["memory"]), int(root["given_within_hour"])
    )


def plain_id(limit_id: str, number: int) -> str:
    """The id itself, or "limit-3" for one that is not plainly an id."""
    return limit_id if _PLAIN_ID.fullmatch(limit_id) else f"limit-{number}"


def _limit(limit: RateLimit, number: int) -> dict[str, Any]:
    return {
        "id": plain_id(limit.limit_id, number),
        "allowed": limit.allowed,
        "limit_reached": limit.limit_reached,
        "as_of": _stamp(limit.as_of),
        "windows": [
            {
                "used_percent": window.used_percent_reported,
                "window_seconds": window.window_seconds,
                "resets_at": _stamp(window.resets_at),
                "twin": window.twin,
                "is_sliding": window.is_sliding,
            }
            for window in limit.windows
        ],
    }


def _read_limit(value: object) -> RateLimit:
    block = _mapping(value)
    limit_id = str(block["id"])[:64]
    windows = tuple(
        RateLimitWindow(
            limit_id,
            _number_or_none(one["used_percent"]),
            None if one["window_seconds"] is None else int(one["window_seconds"]),
            _moment_or_none(one["resets_at"]),
            twin=int(one["twin"]),
            is_sliding=one["is_sliding"] is True,
        )
        for one in map(_mapping, _list(block["windows"]))
    )
    return RateLimit(
        limit_id,
        windows,
        allowed=_flag_or_none(block["allowed"]),
        limit_reached=_flag_or_none(block["limit_reached"]),
        as_of=_moment_or_none(block["as_of"]),
    )


def _credits(credits: Credits | None) -> dict[str, Any] | None:  # noqa: A002 - the service's word
    if credits is None:
        return None
    balance = None if credits.balance is None else f"{credits.balance:f}"
    return {
        "has_credits": credits.has_credits,
        "unlimited": credits.unlimited,
        "balance": balance,
    }


def _read_credits(value: object) -> Credits | None:
    if value is None:
        return None
    block = _mapping(value)
    balance = block["balance"]
    return Credits(
        has_credits=block["has_credits"] is True,
        unlimited=block["unlimited"] is True,
        balance=None if balance is None else Decimal(str(balance)[:40]),
    )


def _memory(account: AccountMemory, usage: UsageSnapshot) -> dict[str, Any]:
    """The account's memory under the same ids as the reading."""
    value = to_json(Memory({ACCOUNT: account}))
    one: dict[str, Any] = value["accounts"][ACCOUNT]
    names = {limit.limit_id: plain_id(limit.limit_id, n) for n, limit in enumerate(usage.limits)}

    def renamed(name: str) -> str:
        limit_id, slash, rest = name.rpartition("/")
        found = names.get(limit_id, plain_id(limit_id, MOST))
        return f"{found}{slash}{rest}"

    limits = {
        names.get(name, plain_id(name, MOST)): {**kept, "blocked": renamed(kept["blocked"])}
        if kept["blocked"]
        else kept
        for name, kept in one["limits"].items()
    }
    windows = {renamed(name): kept for name, kept in one["windows"].items()}
    return {**asdict(account), "windows": windows, "limits": limits}


def _read_memory(value: object) -> AccountMemory | None:
    if value is None:
        return None
    root = {"version": VERSION, "accounts": {ACCOUNT: value}, "given_at": [], "lost_until": 0}
    return from_json(root).accounts[ACCOUNT]


def _stamp(moment: datetime | None) -> float | None:
    return None if moment is None else round(moment.timestamp(), 3)


def _moment(stamp: object) -> datetime:
    if isinstance(stamp, bool) or not isinstance(stamp, int | float):
        raise ValueError("no time")
    return datetime.fromtimestamp(stamp, UTC)


def _moment_or_none(stamp: object) -> datetime | None:
    return None if stamp is None else _moment(stamp)


def _number_or_none(value: object) -> float | None:
    return None if value is None else float(str(value))


def _flag_or_none(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _mapping(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("no object")
    return value


def _list(value: object) -> list[Any]:
    if not isinstance(value, list) or len(value) > MOST:
        raise ValueError("no list")
    return value
