"""The blocks of a reply beside the windows: credits, spend control, resets to redeem. Pure.

Each is optional and each field of it alone may be broken (F-U15).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from app.guarded_json import UNREADABLE
from app.replies import sanitise
from app.usage.fields import Block
from app.usage.limits import Credits, ResetCredit, SpendControl
from app.usage.windows import PERCENT_BOUND, read_reset

NAME_LENGTH = 40
ID_LENGTH = 128
_KEPT_LENGTH = 600
_KEPT_BLOCKS = 20
_MOST_CREDITS = 50
_COUNT_BOUND = 10**6
_LAST_MOMENT = 253_402_300_799.0  # sorts credits without an expiry behind the others


def read_credits(root: Block) -> Credits | None:
    """The bought credits; the balance as string, number or null."""
    block = root.block("credits")
    if block is None:
        return None
    balance = block.decimal("balance")
    has_credits = block.flag("has_credits")
    if has_credits is None:
        block.note("has_credits")
        has_credits = balance is not None and balance > 0
    return Credits(
        has_credits=has_credits,
        unlimited=block.flag("unlimited") is True,
        balance=balance,
        approx_local_messages=block.span("approx_local_messages"),
        approx_cloud_messages=block.span("approx_cloud_messages"),
        overage_limit_reached=block.flag("overage_limit_reached"),
    )


def individual_limit(root: Block) -> Block | None:
    """The cap of one member, if the workspace has set one."""
    block = root.block("spend_control")
    return None if block is None else block.block("individual_limit")


def read_spend_control(root: Block, now: datetime) -> SpendControl | None:
    """The workspace's spend control; used and remaining may be told as amounts or percents."""
    block = root.block("spend_control")
    if block is None:
        return None
    reached = block.flag("reached")
    cap = individual_limit(root)
    if cap is None:
        return SpendControl(reached)
    used_percent = cap.number("used_percent", -PERCENT_BOUND, PERCENT_BOUND)
    if used_percent is None:
        left = cap.number("remaining_percent", -PERCENT_BOUND, PERCENT_BOUND)
        used_percent = None if left is None else 100.0 - left
    return SpendControl(
        reached=reached,
        limit=cap.decimal("limit"),
        used=cap.decimal("used"),
        remaining=cap.decimal("remaining"),
        used_percent=used_percent,
        resets_at=read_reset(cap, now, None),
        source=cap.text("source", NAME_LENGTH),
    )


def read_reset_count(root: Block) -> int | None:
    """How many limit resets the account may still redeem."""
    block = root.block("rate_limit_reset_credits")
    return None if block is None else block.whole("available_count", 0, _COUNT_BOUND)


def read_reset_credits(root: Block) -> tuple[ResetCredit, ...]:
    """The redeemable ones of `{"credits": […]}`, soonest expiry first."""
    found = [
        ResetCredit(
            credit_id=row.text("id", ID_LENGTH),
            expires_at=row.moment("expires_at"),
            granted_at=row.moment("granted_at"),
            title=row.text("title", 2 * NAME_LENGTH),
            reset_type=row.text("reset_type", NAME_LENGTH),
        )
        for row in root.rows("credits", _MOST_CREDITS)
        if row.text("status", NAME_LENGTH) in ("", "available")
    ]
    found.sort(key=lambda one: one.expires_at.timestamp() if one.expires_at else _LAST_MOMENT)
    return tuple(found)


def read_reached_type(root: Block) -> str:
    """`{"type": …}` as the service sends it, or the bare word."""
    if isinstance(root.values.get("rate_limit_reached_type"), str):
        return root.text("rate_limit_reached_type", ID_LENGTH)
    block = root.block("rate_limit_reached_type")
    return "" if block is None else block.text("type", ID_LENGTH)


def keep(root: Block, keys: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Name and short JSON of the blocks under `keys` that say something; for diagnostics."""
    told = [key for key in keys if root.values.get(key) not in (None, {}, [], "")]
    return tuple(
        (sanitise(key, NAME_LENGTH), sanitise(_as_json(root.values[key]), _KEPT_LENGTH))
        for key in told[:_KEPT_BLOCKS]
    )


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=lambda _odd: repr(UNREADABLE))
