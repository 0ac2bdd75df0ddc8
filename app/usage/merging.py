"""Two sources of one truth: what a poll tells and what a chat answer tells, per limit. Pure.

The newer reading of a limit wins, by the service's clock. A poll tells everything; an answer
tells windows and credits only, and never erases what only a poll can know.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from app.usage.cycles import same_cycle
from app.usage.limits import (
    MAIN_LIMIT,
    Credits,
    RateLimit,
    RateLimitWindow,
    Source,
    UsageSnapshot,
)

DATE_TOLERANCE = timedelta(seconds=2)  # `Date` counts whole seconds


def merged(known: UsageSnapshot | None, told: UsageSnapshot) -> UsageSnapshot:
    """`known` with what the newer reading `told` says; doubts are those of `told` alone."""
    if known is None:
        return told
    limits = _joined_limits(known, told)
    if told.source is Source.POLL:
        return replace(told, limits=limits)
    whole = replace(
        known,
        plan=told.plan or known.plan,
        limits=limits,
        credits=_joined_credits(known.credits, told.credits),
        reached_type=told.reached_type or known.reached_type,
        clock_offset_s=known.clock_offset_s if told.served_at is None else told.clock_offset_s,
        is_doubtful=told.is_doubtful,
        doubts=told.doubts,
        kept=tuple({**dict(known.kept), **dict(told.kept)}.items()),
    )
    if all(limit.limit_id != MAIN_LIMIT for limit in told.limits):
        return whole  # the plan's own numbers are as old as they were
    return replace(whole, fetched_at=told.fetched_at, served_at=told.served_at, source=told.source)


def is_newer(limit: RateLimit, known: RateLimit | None) -> bool:
    """Whether `limit` was told after `known`, or at about the same time."""
    if known is None or known.as_of is None or limit.as_of is None:
        return True
    return limit.as_of >= known.as_of - DATE_TOLERANCE


def limit_like(limit_id: str, limits: Sequence[RateLimit]) -> RateLimit | None:
    """The limit of that id; header names cannot tell "_" from "-"."""
    plain = _plain(limit_id)
    return next((limit for limit in limits if _plain(limit.limit_id) == plain), None)


def _joined_limits(known: UsageSnapshot, told: UsageSnapshot) -> tuple[RateLimit, ...]:
    is_poll = told.source is Source.POLL
    joined: list[RateLimit] = []
    for limit in told.limits:
        before = limit_like(limit.limit_id, known.limits)
        if before is None:
            joined.append(limit)
        elif not is_newer(limit, before):
            joined.append(before)
        else:
            joined.append(_same_twins(limit, before) if is_poll else _joined_limit(before, limit))
    for limit in known.limits:
        if limit_like(limit.limit_id, told.limits) is None and (
            not is_poll or _is_still_told(limit, told.as_of)
        ):
            joined.append(limit)
    order = {_plain(limit.limit_id): place for place, limit in enumerate(known.limits)}
    if not is_poll:
        joined.sort(key=lambda limit: order.get(_plain(limit.limit_id), len(order)))
    joined.sort(key=lambda limit: limit.limit_id != MAIN_LIMIT)
    return tuple(joined)


def _is_still_told(limit: RateLimit, now: datetime) -> bool:
    """A limit that only answers speak of stays until its windows are over."""
    return limit.source is Source.ANSWER and any(
        window.resets_at is not None and window.resets_at > now for window in limit.windows
    )


def _joined_limit(known: RateLimit, told: RateLimit) -> RateLimit:
    """`known` with the windows and flags that an answer told."""
    windows = list(known.windows)
    changed = False  # whether the flags of before still speak of these numbers
    for window in told.windows:
        place = place_of(window, windows)
        if place is None:
            if window.window_seconds is not None or not windows:
                windows.append(replace(window, limit_id=known.limit_id, limit_name=known.name))
                # They may have spoken of the one that was missing.
                changed = changed or known.is_exhausted or (window.used_percent or 0.0) >= 100
            continue
        before = windows[place]
        windows[place] = _updated(before, window)
        changed = changed or _says_otherwise(before, window)
    windows.sort(key=lambda window: (window.window_seconds or math.inf, window.twin))
    flags = told if told.has_flags else RateLimit("") if changed else known
    return replace(
        known,
        windows=tuple(windows),
        name=known.name or told.name,
        allowed=flags.allowed,
        limit_reached=flags.limit_reached,
        as_of=told.as_of,
        source=told.source,
    )


def place_of(window: RateLimitWindow, known: Sequence[RateLimitWindow]) -> int | None:
    """Which window of `known` this is; an answer counts whole minutes, rounded up.

    Of two of that length the one in the same cycle; without a length, the only one there is.
    """
    if window.window_seconds is None:
        return 0 if len(known) == 1 else None
    alike = [
        place
        for place, one in enumerate(known)
        if one.window_seconds and _minutes(one.window_seconds) == _minutes(window.window_seconds)
    ]

    def fits(place: int) -> tuple[bool, bool]:
        return same_cycle(known[place], window), known[place].twin == window.twin

    return max(alike, key=fits, default=None)


def _updated(known: RateLimitWindow, told: RateLimitWindow) -> RateLimitWindow:
    return replace(
        known,
        used_percent_reported=told.used_percent_reported,
        resets_at=told.resets_at or known.resets_at,
        is_sliding=told.is_sliding if told.resets_at else known.is_sliding,
    )


def _says_otherwise(known: RateLimitWindow, told: RateLimitWindow) -> bool:
    """Whether the flags that came with `known` may no longer hold."""
    before, now = known.used_percent or 0.0, told.used_percent or 0.0
    return not same_cycle(known, told) or now < before - 1 or now >= 100


def _same_twins(limit: RateLimit, before: RateLimit) -> RateLimit:
    """`limit` with the twin numbers its windows had before: two weekly ones may change places."""
    windows = list(limit.windows)
    for place, window in enumerate(windows[:-1]):
        other = windows[place + 1]
        if window.window_seconds != other.window_seconds:
            continue
        first, second = (_window_of(before, window, twin) for twin in (window.twin, other.twin))
        if first is None or second is None:
            continue
        crossed = same_cycle(window, second) or same_cycle(other, first)
        if crossed and not (same_cycle(window, first) or same_cycle(other, second)):
            windows[place] = replace(other, twin=window.twin)
            windows[place + 1] = replace(window, twin=other.twin)
    return replace(limit, windows=tuple(windows))


def _window_of(limit: RateLimit, like: RateLimitWindow, twin: int) -> RateLimitWindow | None:
    return next(
        (
            window
            for window in limit.windows
            if window.window_seconds == like.window_seconds and window.twin == twin
        ),
        None,
    )


def _joined_credits(known: Credits | None, told: Credits | None) -> Credits | None:
    """An answer tells balance and flags; what they are good for, only a poll knows."""
    if known is None or told is None:
        return told or known
    return replace(
        known,
        has_credits=told.has_credits,
        unlimited=told.unlimited,
        balance=known.balance if told.balance is None else told.balance,
    )


def _minutes(seconds: int) -> int:
    return math.ceil(seconds / 60)


def _plain(limit_id: str) -> str:
    return limit_id.replace("-", "_").lower()
