"""The limits that a chat answer tells: by its `x-codex-*` headers and its events. Pure.

Protocol reference §7: every header that ends in `-primary-used-percent` names a bucket, the main
one is `codex`; lengths are in minutes. Refusals (429) carry the same headers. Such a reading is
part of a picture: `merging` puts it into what the last poll told.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from app.replies import sanitise
from app.service_clock import ServiceClock
from app.usage.blocks import ID_LENGTH, NAME_LENGTH, keep, read_credits
from app.usage.fields import Block, Notes
from app.usage.limits import CODE_REVIEW_LIMIT, MAIN_LIMIT, RateLimit, Source, UsageSnapshot
from app.usage.windows import PERCENT_BOUND, read_windows, window_blocks

_SLOTS = ("primary", "secondary")
_MOST_BUCKETS = 20
_BUCKET = re.compile(r"x-([a-z0-9][a-z0-9-]{0,39})-(?:primary|secondary)-used-percent")
_WINDOW_FIELDS = {
    "used-percent": "used_percent",
    "window-minutes": "window_minutes",
    "reset-at": "reset_at",
    "reset-after-seconds": "reset_after_seconds",
}
_FLAGS = {"true": True, "1": True, "false": False, "0": False}


def limits_from_headers(
    headers: Mapping[str, str],
    received_at: datetime,
    clock: ServiceClock | None = None,
    *,
    is_refusal: bool = False,
) -> UsageSnapshot | None:
    """What the headers of one answer tell; None if that is nothing about limits.

    Header names in lower case, `received_at` aware, from our clock; `clock` is what the `Date` of
    the answer tells. `is_refusal`: the service answered "usage limit reached", which speaks of the
    active limit whatever its windows say.
    """
    reached_type = headers.get("x-codex-rate-limit-reached-type", "").strip()
    now = _service_time(clock, received_at)
    found = [_bucket(name, headers, now) for name in _bucket_names(headers)]
    limits = [limit for limit in found if limit.windows]
    if is_refusal or reached_type:
        active = _limit_id(headers.get("x-codex-active-limit", "")) or MAIN_LIMIT
        limits = _reached(limits, active)
    told = Block(_as_polled(headers), "", Notes({}))
    return _snapshot(
        received_at,
        clock,
        limits=tuple(limits),
        credits=read_credits(told),
        plan=told.text("plan_type", NAME_LENGTH),
        reached_type=told.text("reached_type", ID_LENGTH),
        kept=keep(told, ("promo",)),
    )


def limits_from_event(
    frame: Mapping[str, Any], received_at: datetime, clock: ServiceClock | None = None
) -> UsageSnapshot | None:
    """What a `codex.rate_limits` event tells; None if that is nothing about limits.

    `clock` is what the `Date` of the answer tells.
    """
    root = Block(frame, "", Notes({}))
    now = _service_time(clock, received_at)
    name = root.text("limit_name", NAME_LENGTH)
    metered = root.text("metered_limit_name", NAME_LENGTH)
    wanted = ((_limit_id(metered or name) or MAIN_LIMIT, "rate_limits", name if metered else ""),)
    limits = []
    for limit_id, key, shown in (*wanted, (CODE_REVIEW_LIMIT, "code_review_rate_limits", "")):
        block = root.block(key)
        if block is not None:
            limit = RateLimit(limit_id, name=shown)
            windows = read_windows(window_blocks(block, _SLOTS), limit, now)
            allowed, reached = block.flag("allowed"), block.flag("limit_reached")
            if windows or reached is not None:
                limits.append(
                    replace(limit, windows=windows, allowed=allowed, limit_reached=reached)
                )
    return _snapshot(
        received_at,
        clock,
        limits=tuple(limits),
        credits=read_credits(root),
        plan=root.text("plan_type", NAME_LENGTH),
        kept=keep(root, ("promo",)),
    )


def _service_time(clock: ServiceClock | None, received_at: datetime) -> datetime:
    return received_at if clock is None else received_at + timedelta(seconds=clock.offset_s)


def _snapshot(
    received_at: datetime, clock: ServiceClock | None, **told: Any
) -> UsageSnapshot | None:
    snapshot = UsageSnapshot(
        fetched_at=received_at,
        clock_offset_s=0.0 if clock is None else clock.offset_s,
        served_at=None if clock is None else clock.carried_to(received_at),
        source=Source.ANSWER,
        **told,
    )
    if not snapshot.limits and snapshot.credits is None:
        return None
    as_of = snapshot.as_of
    limits = [replace(limit, as_of=as_of, source=Source.ANSWER) for limit in snapshot.limits]
    return replace(snapshot, limits=tuple(limits))


def _bucket_names(headers: Mapping[str, str]) -> list[str]:
    names = (match[1] for match in map(_BUCKET.fullmatch, headers) if match is not None)
    return sorted(dict.fromkeys(names), key=lambda name: name != MAIN_LIMIT)[:_MOST_BUCKETS]


def _bucket(name: str, headers: Mapping[str, str], now: datetime) -> RateLimit:
    """The limit of one bucket."""
    shown = sanitise(headers.get(f"x-{name}-limit-name", ""), NAME_LENGTH)
    limit = RateLimit(_limit_id(name), name=shown)
    blocks = [_window_block(f"x-{name}-{slot}", headers) for slot in _SLOTS]
    told = [block for block in blocks if _is_window(block)]
    return replace(limit, windows=read_windows(told, limit, now))


def _window_block(prefix: str, headers: Mapping[str, str]) -> Block:
    """The headers of one slot under the names an event uses."""
    values = {
        field: headers[header]
        for ending, field in _WINDOW_FIELDS.items()
        if (header := f"{prefix}-{ending}") in headers
    }
    return Block(values, "", Notes({}))


def _is_window(block: Block) -> bool:
    """A slot that says "0 % used" and nothing more is none, as the official client has it."""
    used = block.number("used_percent", -PERCENT_BOUND, PERCENT_BOUND)
    has_length = block.number("window_minutes", 1, math.inf) is not None
    has_reset = "reset_at" in block.values or "reset_after_seconds" in block.values
    return used is not None and (used != 0 or has_length or has_reset)


def _limit_id(name: str) -> str:
    """The id as polls spell it: headers have hyphens for underscores."""
    return sanitise(name.lower(), NAME_LENGTH).replace("-", "_")


def _reached(limits: list[RateLimit], active: str) -> list[RateLimit]:
    """`limits` with the flag on the active one, which need not have told windows."""
    if all(limit.limit_id != active for limit in limits):
        limits = [*limits, RateLimit(active)]
    return [
        replace(limit, limit_reached=True) if limit.limit_id == active else limit
        for limit in limits
    ]


def _as_polled(headers: Mapping[str, str]) -> dict[str, Any]:
    """The other headers under the names a poll uses."""
    values: dict[str, Any] = {
        "plan_type": headers.get("x-codex-plan-type"),
        "promo": headers.get("x-codex-promo-message"),
        "reached_type": headers.get("x-codex-rate-limit-reached-type"),
    }
    bought: dict[str, Any] = {}
    for ending, field in (("has-credits", "has_credits"), ("unlimited", "unlimited")):
        text = headers.get(f"x-codex-credits-{ending}", "").strip().lower()
        if text in _FLAGS:
            bought[field] = _FLAGS[text]
    balance = headers.get("x-codex-credits-balance", "").strip()
    if balance:
        bought["balance"] = balance
    return {**values, "credits": bought} if bought else values
