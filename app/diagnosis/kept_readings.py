"""Readings out of the history file, for whoever has no others: the command line.

The history keeps percents and resets only, so a limit that the service called reached below
100 % looks free here. Blocking.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from app.alerts.looks import MOST_LOOKS, Look
from app.history.queries import runs_since
from app.history.schema import SCHEMA
from app.private_database.conditions import FAULTS
from app.private_database.database_file import DamagedError
from app.private_database.opening import open_to_read
from app.usage.limits import RateLimit, RateLimitWindow, UsageSnapshot

_BACK = timedelta(hours=24)
_GAP_S = 900  # a window not heard of for so long is not part of a reading


class KeptRun(NamedTuple):
    """Equal readings of one window in a row; times in epoch seconds, `used` in basis points."""

    window_id: str
    first_at: int
    last_at: int
    used: int
    resets_at: int | None


def kept_looks(path: Path, account_key: str, now: datetime) -> tuple[Look, ...]:
    """The newest readings of the last day, oldest first; none if the file cannot be read."""
    try:
        with closing(open_to_read(path, SCHEMA)) as file:
            rows = runs_since(file, account_key, int((now - _BACK).timestamp()))
            return looks_of(KeptRun(*row) for row in rows)
    except (FileNotFoundError, DamagedError, sqlite3.Error, *FAULTS):
        return ()


def looks_of(runs: Iterable[KeptRun]) -> tuple[Look, ...]:
    """What was known whenever a run began or was heard of last."""
    kept = list(runs)
    moments = sorted({at for run in kept for at in (run.first_at, run.last_at)})[-MOST_LOOKS:]
    return tuple(_look(kept, at) for at in moments)


def _look(runs: list[KeptRun], at: int) -> Look:
    known: dict[str, KeptRun] = {}
    for run in runs:
        if run.first_at <= at <= run.last_at + _GAP_S:
            known[run.window_id] = run
    moment = datetime.fromtimestamp(at, UTC)
    limits: dict[str, list[RateLimitWindow]] = {}
    for run in known.values():
        window = _window(run)
        limits.setdefault(window.limit_id, []).append(window)
    told = tuple(RateLimit(name, tuple(windows), as_of=moment) for name, windows in limits.items())
    return Look(moment, UsageSnapshot(moment, limits=told, served_at=moment), None)


def _window(run: KeptRun) -> RateLimitWindow:
    name, _, rest = run.window_id.rpartition("/")
    seconds, _, twin = rest.partition("#")
    length = int(seconds) if seconds.isdecimal() else 0
    resets_at = None if run.resets_at is None else datetime.fromtimestamp(run.resets_at, UTC)
    twin_number = int(twin) if twin.isdecimal() else 1
    return RateLimitWindow(name, run.used / 100, length or None, resets_at, twin=twin_number)
