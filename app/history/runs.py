"""What of a usage snapshot is kept, and how equal readings become one run. Pure."""

from __future__ import annotations

import hashlib
from datetime import datetime
from math import isfinite

from app.usage.cycles import cycle_tolerance
from app.usage.limits import RateLimitWindow, UsageSnapshot
from app.values import dataclass

GAP_S = 900  # after so long without a reading nobody knows what was; see `pace.is_stale`
SKEW_STEP_S = 5  # a `Date` is told in whole seconds and travels for a while
_LARGEST_USED = 10**8  # basis points; beyond a million percent it is no measurement
_TITLE_LIMIT = 80
_NAME_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Reading:
    """One window in one reply. `at` by the service's clock; `skew` that clock minus ours.

    `resets_at` None: not told, or `is_sliding`. `tolerance_s`: how far it jitters in one cycle.
    """

    window_id: str
    title: str
    at: int
    used: int
    resets_at: int | None
    skew: int
    tolerance_s: float = 300.0
    is_sliding: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """Equal readings in a row, none of them more than `GAP_S` after the one before."""

    seq: int
    first_at: int
    last_at: int
    readings: int
    used: int
    resets_at: int | None
    skew: int


@dataclass(frozen=True, slots=True)
class Record:
    """What one snapshot adds to an account's history.

    `facts` are the present values of what changes rarely. `is_dated`: the service told the time.
    """

    account: str
    at: int
    readings: tuple[Reading, ...]
    facts: tuple[tuple[str, str], ...]
    is_dated: bool


def record_of(account: str, snapshot: UsageSnapshot) -> Record | None:
    """What to keep of `snapshot`; None for a doubtful one, or if it holds nothing to keep."""
    if snapshot.is_doubtful or not account:
        return None
    at, skew = round(snapshot.as_of.timestamp()), round(snapshot.clock_offset_s)
    readings = tuple(
        reading
        for limit in snapshot.limits
        for window in limit.windows
        if (reading := _reading(window, _stamp(limit.as_of) or at, skew)) is not None
    )
    facts = _facts(snapshot)
    if not readings and not facts:
        return None
    return Record(account, at, readings, facts, snapshot.served_at is not None)


def window_number(account: str, window_id: str) -> int:
    """The number that the runs of a window stand under: the same whenever it is asked.

    Runs whose window lost its name to damage have it again with the window's next reading.
    """
    digest = hashlib.sha256(f"{account}\0{window_id}".encode()).digest()
    return int.from_bytes(digest[:4]) >> 1 or 1


def following(last: Run | None, reading: Reading) -> Run | None:
    """The run that `reading` belongs to: `last` made longer, or a new one (its `seq` is another).

    None if it tells nothing new: the same reply seen twice (F-U25).
    """
    if last is None:
        return _begun(1, reading, reading.resets_at)
    since_s = reading.at - last.last_at
    resets_at = _cycle_of(last, reading)
    is_equal = (
        last.used == reading.used
        and last.resets_at == resets_at
        and abs(last.skew - reading.skew) <= SKEW_STEP_S
    )
    if is_equal and -SKEW_STEP_S <= since_s <= 0:
        return None
    if is_equal and 0 < since_s <= GAP_S:
        return Run(
            last.seq,
            last.first_at,
            reading.at,
            last.readings + 1,
            last.used,
            last.resets_at,
            last.skew,
        )
    return _begun(last.seq + 1, reading, resets_at)


def _begun(seq: int, reading: Reading, resets_at: int | None) -> Run:
    return Run(seq, reading.at, reading.at, 1, reading.used, resets_at, reading.skew)


def _cycle_of(last: Run, reading: Reading) -> int | None:
    """The reset that names the reading's cycle: the first one told, for it jitters (fact 32)."""
    known, told = last.resets_at, reading.resets_at
    if known is None or reading.is_sliding:
        return told
    if told is None:
        return known if reading.at < known else None
    return known if abs(known - told) <= reading.tolerance_s else told


def _reading(window: RateLimitWindow, at: int, skew: int) -> Reading | None:
    percent = window.used_percent_reported
    if percent is None or not isfinite(percent) or abs(percent) > _LARGEST_USED / 100:
        return None
    if len(window.window_id) > _NAME_LIMIT:
        return None
    return Reading(
        window.window_id,
        window.limit_name[:_TITLE_LIMIT],
        at,
        round(percent * 100),
        None if window.is_sliding else _stamp(window.resets_at),
        skew,
        cycle_tolerance(window.window_seconds).total_seconds(),
        window.is_sliding,
    )


def _stamp(moment: datetime | None) -> int | None:
    return None if moment is None else round(moment.timestamp())


def _facts(snapshot: UsageSnapshot) -> tuple[tuple[str, str], ...]:
    facts = [("plan", snapshot.plan)] if snapshot.plan else []
    if snapshot.credits is not None:
        bought = snapshot.credits
        balance = "" if bought.balance is None else str(bought.balance)
        facts.append(("credits", "unlimited" if bought.unlimited else balance))
    if snapshot.reset_credits is not None:
        facts.append(("reset_credits", str(snapshot.reset_credits)))
    return tuple((kind, value[:_TITLE_LIMIT]) for kind, value in facts if value)
