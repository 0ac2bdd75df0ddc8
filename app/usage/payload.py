"""The usage reply: bytes in, one `UsageSnapshot` out. Pure, and the only place with wire names.

Shape: the example of the API notes and what today's service adds to it, `GET
/backend-api/wham/usage`. The slots `primary_window` and `secondary_window` carry no meaning and
end here. Reset times come out in the server's clock; the offset to ours is in the snapshot.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from app.errors import FaultKind, fail
from app.guarded_json import decode_json
from app.replies import sanitise, server_offset_s
from app.usage.fields import Block, Notes
from app.usage.limits import (
    CODE_REVIEW_LIMIT,
    MAIN_LIMIT,
    Credits,
    Doubt,
    RateLimit,
    RateLimitWindow,
    SpendControl,
    UsageSnapshot,
)

ADDITIONAL_LIMITS = 50
_NAME_LENGTH = 40
_ID_LENGTH = 128
_EVIDENCE = frozenset(
    {"plan_type", "rate_limit", "code_review_rate_limit", "additional_rate_limits", "credits"}
)
_KNOWN = _EVIDENCE | {
    "account_id",
    "email",
    "model_usage",
    "ordinary_usage_allowed",
    "promo",
    "rate_limit_reached_type",
    "rate_limit_reset_credits",
    "rate_limit_upsell",
    "referral_beacon",
    "spend_control",
    "user_id",
}
_PERCENT_BOUND = 1000
_LONGEST_S = 10 * 366 * 86_400
_PAST_RESET = timedelta(days=1)
_FUTURE_RESET_S = 60 * 86_400
_SKEW_FROM = timedelta(seconds=120)  # reset_at and reset_after_seconds disagree (F-U10)
_DATE_NOISE_S = 1.0  # a smaller offset is only the coarseness of `Date`
_DATE_BELIEF_S = 100 * 366 * 86_400.0
_BODY_BELIEF = timedelta(seconds=_LONGEST_S)


def parse_usage(
    body: bytes, *, received_at: datetime, date_header: str | None = None
) -> UsageSnapshot:
    """Decode one usage reply (rows F-U01…F-U21, F-U26).

    `received_at` is aware, from our clock; `date_header` the reply's `Date`. Raises
    `AppError(NOT_UNDERSTOOD)` if the body is not a JSON object with at least one known block;
    anything smaller only makes the snapshot partial or doubtful.
    """
    document = decode_json(body)
    if not isinstance(document.value, dict) or not _EVIDENCE & document.value.keys():
        raise fail(FaultKind.NOT_UNDERSTOOD, "the reply holds no usage")
    root = Block(document.value, "", Notes({}))
    date_offset_s = server_offset_s(date_header, received_at)
    if date_offset_s is not None and abs(date_offset_s) > _DATE_BELIEF_S:
        date_offset_s = None
    offset_s = _clock_offset_s(root, date_offset_s, received_at)
    now = received_at + timedelta(seconds=offset_s)
    snapshot = UsageSnapshot(
        fetched_at=received_at,
        plan=root.text("plan_type", _NAME_LENGTH),
        limits=tuple(_read_limit(*found, now) for found in _limit_blocks(root)),
        credits=_read_credits(root),
        spend_control=_read_spend_control(root, now),
        reset_credits=_read_reset_credits(root),
        account_id=root.text("account_id", _ID_LENGTH),
        user_id=root.text("user_id", _ID_LENGTH),
        email=root.text("email", 2 * _ID_LENGTH),
        reached_type=_read_reached_type(root),
        clock_offset_s=offset_s,
        served_at=None if date_offset_s is None else received_at + timedelta(seconds=date_offset_s),
        is_doubtful=bool(document.repeated_keys),
        doubts=(Doubt.REPEATED_KEYS,) if document.repeated_keys else (),
    )
    return replace(
        snapshot,
        limits=tuple(replace(limit, as_of=snapshot.as_of) for limit in snapshot.limits),
        is_partial=bool(root.notes.paths),
        unread=tuple(root.notes.paths),
        unknown=tuple(sanitise(key, _NAME_LENGTH) for key in root.values if key not in _KNOWN)[:20],
    )


# --- the server's clock ----------------------------------------------------------------------


def _clock_offset_s(root: Block, date_offset_s: float | None, received_at: datetime) -> float:
    """Server clock minus ours: from `Date`, else from what the reply says of its resets.

    A block that gives both the moment of a reset and the seconds until it tells what the
    server's clock showed. If they differ, most of them win, then the nearest to our clock.
    """
    if date_offset_s is not None:
        return date_offset_s if abs(date_offset_s) > _DATE_NOISE_S else 0.0
    skews = [
        at - timedelta(seconds=after_s) - received_at
        for at, after_s in (_reset_fields(block) for block in _reset_blocks(root))
        if at is not None and after_s is not None
    ]
    skew = min(skews, key=lambda one: (-_agreeing(one, skews), abs(one)), default=timedelta())
    return skew.total_seconds() if _SKEW_FROM < abs(skew) <= _BODY_BELIEF else 0.0


def _agreeing(skew: timedelta, skews: list[timedelta]) -> int:
    return sum(abs(other - skew) <= _SKEW_FROM for other in skews)


def _reset_blocks(root: Block) -> Iterator[Block]:
    for _, _, limit in _limit_blocks(root):
        yield from _window_blocks(limit)
    cap = _individual_limit(root)
    if cap is not None:
        yield cap


def _reset_fields(block: Block) -> tuple[datetime | None, float | None]:
    return block.moment("reset_at"), block.number("reset_after_seconds", 0, _LONGEST_S)


def _read_reset(block: Block, now: datetime, window_seconds: int | None) -> datetime | None:
    """The reset in the server's clock, which showed `now` (F-U09, F-U10)."""
    at, after_s = _reset_fields(block)
    derived = None if after_s is None else _whole_second(now + timedelta(seconds=after_s))
    ahead = timedelta(seconds=max(_FUTURE_RESET_S, 1.1 * (window_seconds or 0)))
    if at is None or not -_PAST_RESET <= at - now <= ahead:
        return derived
    if derived is not None and abs(at - derived) > _SKEW_FROM:
        return derived
    return at


def _whole_second(moment: datetime) -> datetime:
    return (moment + timedelta(milliseconds=500)).replace(microsecond=0)


# --- limits and their windows ----------------------------------------------------------------


def _limit_blocks(root: Block) -> Iterator[tuple[str, str, Block]]:
    """(limit id, server's name, block) of every limit: the main one, code review, the others."""
    for limit_id, key in (
        (MAIN_LIMIT, "rate_limit"),
        (CODE_REVIEW_LIMIT, "code_review_rate_limit"),
    ):
        block = root.block(key)
        if block is not None:
            yield limit_id, "", block
    taken = {MAIN_LIMIT, CODE_REVIEW_LIMIT}
    for entry in root.rows("additional_rate_limits", ADDITIONAL_LIMITS):
        name = entry.text("limit_name", _NAME_LENGTH)
        limit_id = _free_id(entry.text("metered_feature", _NAME_LENGTH) or name or "limit", taken)
        block = entry.block("rate_limit")
        if block is not None:
            yield limit_id, name, block


def _free_id(wanted: str, taken: set[str]) -> str:
    """`wanted`, or with the first free number behind it; stable for the same reply (F-U14)."""
    number, free = 1, wanted
    while free in taken:
        number += 1
        free = f"{wanted}-{number}"
    taken.add(free)
    return free


def _window_blocks(limit: Block) -> Iterator[Block]:
    """The windows that are there; null and `{}` are none (F-U02)."""
    for slot in ("primary_window", "secondary_window"):
        block = limit.block(slot)
        if block is not None and block.values:
            yield block


def _read_limit(limit_id: str, name: str, block: Block, now: datetime) -> RateLimit:
    found = [_read_window(window, limit_id, name, now) for window in _window_blocks(block)]
    windows = [window for window in found if window is not None]
    windows.sort(key=lambda window: window.window_seconds or _LONGEST_S)
    lengths: Counter[int | None] = Counter()
    for place, window in enumerate(windows):
        lengths[window.window_seconds] += 1
        windows[place] = replace(window, twin=lengths[window.window_seconds])
    return RateLimit(
        limit_id, tuple(windows), name, block.flag("allowed"), block.flag("limit_reached")
    )


def _read_window(block: Block, limit_id: str, name: str, now: datetime) -> RateLimitWindow | None:
    """One window with what is known of it; None if that is nothing at all (F-U03, F-U12)."""
    used = block.number("used_percent", -_PERCENT_BOUND, _PERCENT_BOUND)
    seconds = block.whole("limit_window_seconds", 1, _LONGEST_S)
    resets_at = _read_reset(block, now, seconds)
    known = {"used_percent": used, "limit_window_seconds": seconds, "reset_at": resets_at}
    for key, value in known.items():
        if value is None:
            block.note(key)
    if all(value is None for value in known.values()):
        return None
    return RateLimitWindow(limit_id, used, seconds, resets_at, name)


# --- the other blocks ------------------------------------------------------------------------


def _read_credits(root: Block) -> Credits | None:
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


def _individual_limit(root: Block) -> Block | None:
    block = root.block("spend_control")
    return None if block is None else block.block("individual_limit")


def _read_spend_control(root: Block, now: datetime) -> SpendControl | None:
    block = root.block("spend_control")
    if block is None:
        return None
    reached = block.flag("reached")
    cap = _individual_limit(root)
    if cap is None:
        return SpendControl(reached)
    return SpendControl(
        reached=reached,
        limit=cap.decimal("limit"),
        used=cap.decimal("used"),
        remaining=cap.decimal("remaining"),
        used_percent=cap.number("used_percent", -_PERCENT_BOUND, _PERCENT_BOUND),
        resets_at=_read_reset(cap, now, None),
        source=cap.text("source", _NAME_LENGTH),
    )


def _read_reset_credits(root: Block) -> int | None:
    block = root.block("rate_limit_reset_credits")
    return None if block is None else block.whole("available_count", 0, 10**6)


def _read_reached_type(root: Block) -> str:
    """`{"type": …}` as the service sends it, or the bare word."""
    if isinstance(root.values.get("rate_limit_reached_type"), str):
        return root.text("rate_limit_reached_type", _ID_LENGTH)
    block = root.block("rate_limit_reached_type")
    return "" if block is None else block.text("type", _ID_LENGTH)
