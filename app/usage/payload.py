"""The usage reply: bytes in, one `UsageSnapshot` out. Pure.

Shape: the example of the API notes and what today's service adds to it, `GET
/backend-api/wham/usage`. The slots `primary_window` and `secondary_window` carry no meaning and
end here. Reset times come out in the server's clock; the offset to ours is in the snapshot.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from app.errors import FaultKind, fail
from app.guarded_json import decode_json
from app.replies import sanitise
from app.service_clock import read_service_clock
from app.usage.blocks import (
    ID_LENGTH,
    NAME_LENGTH,
    individual_limit,
    keep,
    read_credits,
    read_reached_type,
    read_reset_count,
    read_reset_credits,
    read_spend_control,
)
from app.usage.fields import Block, Notes
from app.usage.limits import (
    CODE_REVIEW_LIMIT,
    MAIN_LIMIT,
    Doubt,
    RateLimit,
    ResetCredit,
    UsageSnapshot,
)
from app.usage.windows import LONGEST_S, SKEW_FROM, read_windows, reset_fields, window_blocks

ADDITIONAL_LIMITS = 50
_SLOTS = ("primary_window", "secondary_window")
_EVIDENCE = frozenset(
    {"plan_type", "rate_limit", "code_review_rate_limit", "additional_rate_limits", "credits"}
)
_KEPT = ("model_usage", "promo", "rate_limit_upsell", "referral_beacon", "ordinary_usage_allowed")
_KNOWN = _EVIDENCE.union(
    _KEPT,
    {
        "account_id",
        "email",
        "rate_limit_reached_type",
        "rate_limit_reset_credits",
        "spend_control",
        "user_id",
    },
)
_BODY_BELIEF = timedelta(seconds=LONGEST_S)


def parse_usage(
    body: bytes, *, received_at: datetime, date_header: str | None = None, took_s: float = 0.0
) -> UsageSnapshot:
    """Decode one usage reply (rows F-U01…F-U21, F-U26).

    `received_at` is aware, from our clock; `date_header` the reply's `Date`, `took_s` how long
    it was on its way since the request was sent. Raises
    `AppError(NOT_UNDERSTOOD)` if the body is not a JSON object with at least one known block;
    anything smaller only makes the snapshot partial or doubtful.
    """
    document = decode_json(body)
    if not isinstance(document.value, dict) or not _EVIDENCE & document.value.keys():
        raise fail(FaultKind.NOT_UNDERSTOOD, "the reply holds no usage")
    root = Block(document.value, "", Notes({}))
    clock = read_service_clock(date_header, received_at, took_s)
    offset_s = _offset_of_body(root, received_at) if clock is None else clock.offset_s
    served_at = None if clock is None else clock.served_at
    now = received_at + timedelta(seconds=offset_s)
    snapshot = UsageSnapshot(
        fetched_at=received_at,
        plan=root.text("plan_type", NAME_LENGTH),
        limits=tuple(_read_limit(*found, now, served_at or now) for found in _limit_blocks(root)),
        credits=read_credits(root),
        spend_control=read_spend_control(root, now),
        reset_credits=read_reset_count(root),
        account_id=root.text("account_id", ID_LENGTH),
        user_id=root.text("user_id", ID_LENGTH),
        email=root.text("email", 2 * ID_LENGTH),
        reached_type=read_reached_type(root),
        clock_offset_s=offset_s,
        served_at=served_at,
        is_doubtful=bool(document.repeated_keys),
        doubts=(Doubt.REPEATED_KEYS,) if document.repeated_keys else (),
    )
    unknown = [key for key in root.values if key not in _KNOWN]
    return replace(
        snapshot,
        is_partial=bool(root.notes.paths),
        unread=tuple(root.notes.paths),
        unknown=tuple(sanitise(key, NAME_LENGTH) for key in unknown)[:20],
        kept=keep(root, (*_KEPT, *unknown)),
    )


def parse_reset_credits(body: bytes) -> tuple[ResetCredit, ...]:
    """The redeemable resets of `GET …/rate-limit-reset-credits`, soonest expiry first.

    Raises `AppError(NOT_UNDERSTOOD)` if the body is no JSON object.
    """
    value = decode_json(body).value
    if not isinstance(value, dict):
        raise fail(FaultKind.NOT_UNDERSTOOD, "the reply holds no reset credits")
    return read_reset_credits(Block(value, "", Notes({})))


# --- the server's clock ----------------------------------------------------------------------


def _offset_of_body(root: Block, received_at: datetime) -> float:
    """Server clock minus ours in seconds, from what the reply says of its resets.

    A block that gives both the moment of a reset and the seconds until it tells what the
    server's clock showed. If they differ, most of them win, then the nearest to our clock.
    """
    skews = [
        at - timedelta(seconds=after_s) - received_at
        for at, after_s in (reset_fields(block) for block in _reset_blocks(root))
        if at is not None and after_s is not None
    ]
    skew = min(skews, key=lambda one: (-_agreeing(one, skews), abs(one)), default=timedelta())
    return skew.total_seconds() if SKEW_FROM < abs(skew) <= _BODY_BELIEF else 0.0


def _agreeing(skew: timedelta, skews: list[timedelta]) -> int:
    return sum(abs(other - skew) <= SKEW_FROM for other in skews)


def _reset_blocks(root: Block) -> Iterator[Block]:
    for _, limit in _limit_blocks(root):
        yield from window_blocks(limit, _SLOTS)
    cap = individual_limit(root)
    if cap is not None:
        yield cap


# --- limits and their windows ----------------------------------------------------------------


def _limit_blocks(root: Block) -> Iterator[tuple[RateLimit, Block]]:
    """Name and block of every limit: the main one, code review, the others."""
    for limit_id, key in (
        (MAIN_LIMIT, "rate_limit"),
        (CODE_REVIEW_LIMIT, "code_review_rate_limit"),
    ):
        block = root.block(key)
        if block is not None:
            yield RateLimit(limit_id), block
    taken = {MAIN_LIMIT, CODE_REVIEW_LIMIT}
    for entry in root.rows("additional_rate_limits", ADDITIONAL_LIMITS):
        name = entry.text("limit_name", NAME_LENGTH)
        limit_id = _free_id(entry.text("metered_feature", NAME_LENGTH) or name or "limit", taken)
        model = entry.text("normal_model_slug", 2 * NAME_LENGTH)
        block = entry.block("rate_limit")
        if block is not None:
            yield RateLimit(limit_id, name=name, normal_model=model), block


def _free_id(wanted: str, taken: set[str]) -> str:
    """`wanted`, or with the first free number behind it; stable for the same reply (F-U14)."""
    number, free = 1, wanted
    while free in taken:
        number += 1
        free = f"{wanted}-{number}"
    taken.add(free)
    return free


def _read_limit(limit: RateLimit, block: Block, now: datetime, as_of: datetime) -> RateLimit:
    return replace(
        limit,
        windows=read_windows(window_blocks(block, _SLOTS), limit, now),
        allowed=block.flag("allowed"),
        limit_reached=block.flag("limit_reached"),
        as_of=as_of,
    )
