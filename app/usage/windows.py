"""Limits and windows out of the objects of a reply, whichever source they come from. Pure.

A poll spells lengths in seconds, an answer's headers in minutes; either may give a reset as a
moment, as the seconds until it, or both. Slots are read in order and then forgotten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.usage.fields import Block
from app.usage.limits import RateLimit, RateLimitWindow

PERCENT_BOUND = 1000
LONGEST_S = 10 * 366 * 86_400
SKEW_FROM = timedelta(seconds=120)  # moment and seconds of a reset disagree (F-U10)
_PAST_RESET = timedelta(days=1)
_FUTURE_RESET_S = 60 * 86_400
_NOT_BEGUN = timedelta(seconds=2)
_LATE = datetime.max.replace(tzinfo=UTC)


def window_blocks(limit: Block, slots: Iterable[str]) -> Iterator[Block]:
    """The windows that are there; null and `{}` are none (F-U02)."""
    for slot in slots:
        block = limit.block(slot)
        if block is not None and block.values:
            yield block


def read_windows(
    blocks: Iterable[Block], limit: RateLimit, now: datetime
) -> tuple[RateLimitWindow, ...]:
    """The windows of `limit`, shortest first; of equal length, the one that ends first (F-U11)."""
    found = [_read_window(block, limit, now) for block in blocks]
    windows = [window for window in found if window is not None]
    windows.sort(key=lambda one: (one.window_seconds or LONGEST_S, one.resets_at or _LATE))
    lengths: Counter[int | None] = Counter()
    for place, window in enumerate(windows):
        lengths[window.window_seconds] += 1
        windows[place] = replace(window, twin=lengths[window.window_seconds])
    return tuple(windows)


def _read_window(block: Block, limit: RateLimit, now: datetime) -> RateLimitWindow | None:
    """One window with what is known of it; None if that is nothing at all (F-U03, F-U12)."""
    used = block.number("used_percent", -PERCENT_BOUND, PERCENT_BOUND)
    length_key, seconds = _length(block)
    resets_at = read_reset(block, now, seconds)
    known = {"used_percent": used, length_key: seconds, "reset_at": resets_at}
    for key, value in known.items():
        if value is None:
            block.note(key)
    if all(value is None for value in known.values()):
        return None
    return RateLimitWindow(
        limit.limit_id,
        used,
        seconds,
        resets_at,
        limit.name,
        is_sliding=used == 0 and _is_whole(block, seconds, resets_at, now),
    )


def _length(block: Block) -> tuple[str, int | None]:
    """The name of the field that tells the length, and the length in seconds."""
    if "limit_window_seconds" not in block.values and "window_minutes" in block.values:
        minutes = block.whole("window_minutes", 1, LONGEST_S // 60)
        return "window_minutes", None if minutes is None else 60 * minutes
    return "limit_window_seconds", block.whole("limit_window_seconds", 1, LONGEST_S)


def _is_whole(block: Block, seconds: int | None, resets_at: datetime | None, now: datetime) -> bool:
    """Whether all of the window is still ahead: unused, that means not begun (peers fact 5)."""
    if seconds is None or resets_at is None:
        return False
    after_s = reset_fields(block)[1]
    left = resets_at - now if after_s is None else timedelta(seconds=after_s)
    return abs(left - timedelta(seconds=seconds)) <= _NOT_BEGUN


# --- the moment of a reset ---------------------------------------------------------------------


def reset_fields(block: Block) -> tuple[datetime | None, float | None]:
    """The moment of the reset, and the seconds until it, as far as they are told."""
    at = block.moment("reset_at")
    return (
        block.moment("resets_at") if at is None else at,
        block.number("reset_after_seconds", 0, LONGEST_S),
    )


def read_reset(block: Block, now: datetime, window_seconds: int | None) -> datetime | None:
    """The reset in the server's clock, which showed `now` (F-U09, F-U10)."""
    at, after_s = reset_fields(block)
    derived = None if after_s is None else _whole_second(now + timedelta(seconds=after_s))
    ahead = timedelta(seconds=max(_FUTURE_RESET_S, 1.1 * (window_seconds or 0)))
    if at is None or not -_PAST_RESET <= at - now <= ahead:
        return derived
    if derived is not None and abs(at - derived) > SKEW_FROM:
        return derived
    return at


def _whole_second(moment: datetime) -> datetime:
    return (moment + timedelta(milliseconds=500)).replace(microsecond=0)
