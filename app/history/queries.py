"""Reads the history for charts: series, cycles, windows and changes, thinned out inside SQLite.

A year of readings is half a million rows: they are summed up where the interpreter's lock is not
held, and only what a chart can show comes out. Everything raises `sqlite3.Error`.

`pixels` is how many columns a chart has: more points than that are thinned out so that lowest,
highest, first and last of each column stay; None: every point. `gap_s` is the longest time
between two readings that still counts as known use: as for stale data, the larger of 15 minutes
and three polling intervals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from app.history.curves import (
    Change,
    Cycle,
    Point,
    Reset,
    Series,
    WindowOnFile,
)
from app.history.runs import GAP_S

if TYPE_CHECKING:
    import sqlite3

_EARLY_S = 300  # a reset further ahead of its time is an early one; times jitter
_WINDOWS = (
    "SELECT name, title, "
    "(SELECT first_at FROM runs WHERE window = id ORDER BY seq LIMIT 1), "
    "(SELECT last_at FROM runs WHERE window = id ORDER BY seq DESC LIMIT 1) AS heard "
    "FROM windows WHERE account = ? AND heard IS NOT NULL ORDER BY heard DESC, name"
)
_IN_RANGE = "window = :window AND last_at >= :since AND first_at <= :until"
_COUNT = f"SELECT count(*) FROM runs WHERE {_IN_RANGE}"  # noqa: S608 - a constant
_RUNS = f"SELECT seq, first_at, last_at, used, resets_at FROM runs WHERE {_IN_RANGE} ORDER BY seq"  # noqa: S608
# `used` and `seq` in one number: its least and greatest tell which run has them.
_COLUMNS = (
    "SELECT min(seq), max(seq), "  # noqa: S608
    "min(used * 2147483648 + seq) & 2147483647, max(used * 2147483648 + seq) & 2147483647 "
    f"FROM runs WHERE {_IN_RANGE} "
    "GROUP BY (max(first_at, :since) - :since) * :pixels / :span"
)
_RUN = "SELECT seq, first_at, last_at, used, resets_at FROM runs WHERE window = ? AND seq = ?"
_CYCLES = (
    "SELECT resets_at, min(seq), max(seq) FROM runs "  # noqa: S608
    f"WHERE {_IN_RANGE} AND resets_at IS NOT NULL GROUP BY resets_at ORDER BY min(seq)"
)
_LAST_CYCLES = (
    "SELECT resets_at, min(first_at), max(last_at) FROM runs "
    "WHERE window = ? AND resets_at IS NOT NULL GROUP BY resets_at ORDER BY max(seq) DESC LIMIT ?"
)


_RUNS_SINCE = (
    "SELECT name, first_at, last_at, used, resets_at FROM runs JOIN windows ON id = window "
    "WHERE account = ? AND last_at >= ? ORDER BY window, seq"
)


class _Run(NamedTuple):
    seq: int
    first_at: int
    last_at: int
    used: int
    resets_at: int | None


def windows_of(connection: sqlite3.Connection, account: str) -> tuple[WindowOnFile, ...]:
    """What is kept of an account, the window heard of last first."""
    return tuple(WindowOnFile(*row) for row in connection.execute(_WINDOWS, (account,)))


def runs_since(
    connection: sqlite3.Connection, account: str, since: int
) -> Iterator[tuple[str, int, int, int, int | None]]:
    """(window id, first and last heard of, used, resets at) of every run, window by window."""
    yield from connection.execute(_RUNS_SINCE, (account, since))


def changes_of(
    connection: sqlite3.Connection, account: str, since: int, until: int
) -> tuple[Change, ...]:
    """Plan, credits and reset credits, whenever they became another, oldest first."""
    found = connection.execute(
        "SELECT at, kind, value FROM changes WHERE account = ? AND at BETWEEN ? AND ? ORDER BY seq",
        (account, since, until),
    )
    return tuple(Change(*row) for row in found)


def series_of(
    connection: sqlite3.Connection,
    account: str,
    window_id: str,
    since: int,
    until: int,
    *,
    pixels: int | None = None,
    gap_s: float = GAP_S,
) -> Series:
    """The readings of a window from `since` to `until`, in the order in which they came."""
    number = _number(connection, account, window_id)
    if number is None or until <= since:
        return Series(window_id, since, until)
    part = {"window": number, "since": since, "until": until}
    runs = _runs(connection, part, pixels)
    points = _points(runs, since, until, gap_s, pixels)
    return Series(window_id, since, until, points, _resets(connection, part))


def cycles_of(
    connection: sqlite3.Connection,
    account: str,
    window_id: str,
    count: int,
    *,
    pixels: int | None = None,
    gap_s: float = GAP_S,
) -> tuple[Cycle, ...]:
    """The last `count` cycles of a window, the running one last."""
    number = _number(connection, account, window_id)
    length = WindowOnFile(window_id, "", 0, 0).window_seconds
    if number is None or not length:
        return ()
    cycles = []
    for resets_at, first_at, last_at in connection.execute(_LAST_CYCLES, (number, count)):
        part = {"window": number, "since": first_at, "until": last_at}
        runs = [r for r in _runs(connection, part, pixels) if r.resets_at == resets_at]
        points = _points(runs, first_at, last_at, gap_s, pixels)
        cycles.append(Cycle(resets_at, length, points))
    return tuple(reversed(cycles))


def _number(connection: sqlite3.Connection, account: str, window_id: str) -> int | None:
    found = connection.execute(
        "SELECT id FROM windows WHERE account = ? AND name = ?", (account, window_id)
    ).fetchone()
    return None if found is None else int(found[0])


def _runs(connection: sqlite3.Connection, part: dict[str, int], pixels: int | None) -> list[_Run]:
    """All runs of a part, or at most four for each of `pixels` columns, in order."""
    if pixels is not None:
        (count,) = connection.execute(_COUNT, part).fetchone()
        if count > 4 * pixels:
            span = max(1, part["until"] - part["since"])
            columns = connection.execute(_COLUMNS, {**part, "pixels": pixels, "span": span})
            wanted = sorted({seq for column in columns for seq in column})
            return [
                _Run(*connection.execute(_RUN, (part["window"], seq)).fetchone()) for seq in wanted
            ]
    return [_Run(*row) for row in connection.execute(_RUNS, part)]


def _points(
    runs: list[_Run], since: int, until: int, gap_s: float, pixels: int | None
) -> tuple[Point, ...]:
    """The ends of every run, clipped to the part of time that was asked for."""
    column = _column_of(since, until, pixels)
    points: list[Point] = []
    before: _Run | None = None
    for run in runs:
        first_at, last_at = max(run.first_at, since), min(run.last_at, until)
        points.append(Point(first_at, run.used, run.resets_at, _is_gap(before, run, gap_s, column)))
        if last_at > first_at:
            points.append(Point(last_at, run.used, run.resets_at))
        before = run
    return tuple(points)


def _column_of(since: int, until: int, pixels: int | None) -> Callable[[_Run], int]:
    if pixels is None:
        return lambda run: run.seq
    span = max(1, until - since)
    return lambda run: (max(run.first_at, since) - since) * pixels // span


def _is_gap(before: _Run | None, run: _Run, gap_s: float, column: Callable[[_Run], int]) -> bool:
    """Runs left out between two of one column were no gap."""
    if before is None:
        return False
    is_next = run.seq == before.seq + 1 or column(run) != column(before)
    return is_next and not 0 <= run.first_at - before.last_at <= gap_s


def _resets(connection: sqlite3.Connection, part: dict[str, int]) -> tuple[Reset, ...]:
    """A cycle ended: on time, or early if less was used afterwards."""
    resets = []
    for resets_at, _first, last in connection.execute(_CYCLES, part).fetchall():
        ended = _Run(*connection.execute(_RUN, (part["window"], last)).fetchone())
        row = connection.execute(_RUN, (part["window"], last + 1)).fetchone()
        if row is None:
            continue
        following = _Run(*row)
        if following.first_at >= resets_at - _EARLY_S:
            resets.append(Reset(resets_at))
        elif following.used < ended.used:
            resets.append(Reset(following.first_at, is_early=True))
    return tuple(r for r in resets if part["since"] <= r.at <= part["until"])
