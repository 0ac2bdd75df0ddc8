"""A year of one-minute polls: what it weighs, and how long opening, charts and appending take.

Two years are made: one as somebody works, and one in which every reading is another, which is
the worst there can be.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from bench.table import Row
from support.open_history import fill
from support.usage_series import ACCOUNT, SESSION, START, WEEK, snapshot, worked_year

from app.history.history import History
from app.history.runs import Record, record_of

_POLLS = 525_600
_YEAR = timedelta(minutes=_POLLS)
_PIXELS = 640
_ROUNDS = 9


def measure() -> list[Row]:
    """Rows of both years; takes about a minute."""
    rows = []
    for name, records in (("a year at work", worked_year(_POLLS)), ("worst year", _worst_year())):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "history" / "history.db"
            fill(path, records)
            rows += asyncio.run(_measure(name, path))
    return rows


def _worst_year() -> Iterable[Record]:
    """Every poll tells another use of both windows."""

    def records() -> Iterator[Record]:
        for number in range(_POLLS):
            at = START + timedelta(minutes=number)
            cycle = START + number // 300 * timedelta(minutes=300)
            record = record_of(
                ACCOUNT, snapshot(at, number % 300 / 3, number % 10_080 / 101, cycle=cycle)
            )
            assert record is not None
            yield record

    return records()


async def _measure(name: str, path: Path) -> list[Row]:
    size_mb = path.stat().st_size / 1e6  # noqa: ASYNC240 - nothing else runs here
    history = History(path, now=lambda: START + _YEAR)
    opened_ms = await _timed(lambda: history.windows(ACCOUNT))
    end = START + _YEAR
    month = await _median(
        lambda: history.series(ACCOUNT, SESSION, end - timedelta(days=30), end, pixels=_PIXELS)
    )
    year = await _median(lambda: history.series(ACCOUNT, SESSION, START, end, pixels=_PIXELS))
    cycles = await _median(lambda: history.cycles(ACCOUNT, WEEK, 9, pixels=_PIXELS))
    gap_ms = await _gap_during(lambda: history.series(ACCOUNT, SESSION, START, end, pixels=_PIXELS))
    appended = []
    for minute in range(_ROUNDS):
        history.record(ACCOUNT, snapshot(end + timedelta(minutes=minute), minute % 100))
        appended.append(await _timed(lambda: history.windows(ACCOUNT)))
    await history.close()
    return [
        Row(f"history, {name}: size on disk", size_mb, "MB", 60),
        Row(f"history, {name}: opened and checked", opened_ms, "ms", 3000),
        Row(f"history, {name}: chart of 30 days", month, "ms", 500),
        Row(f"history, {name}: chart of the whole year", year, "ms", 2000),
        Row(f"history, {name}: nine weekly cycles", cycles, "ms", 1000),
        Row(f"history, {name}: loop held up meanwhile", gap_ms, "ms", 50),
        Row(
            f"history, {name}: one reading written and synced",
            statistics.median(appended),
            "ms",
            100,
        ),
    ]


async def _timed(ask: Callable[[], Awaitable[object]]) -> float:
    started = time.perf_counter()
    await ask()
    return (time.perf_counter() - started) * 1000


async def _median(ask: Callable[[], Awaitable[object]]) -> float:
    return statistics.median([await _timed(ask) for _ in range(_ROUNDS)])


async def _gap_during(ask: Callable[[], Awaitable[object]]) -> float:
    """The longest the loop was kept from a 5 ms heartbeat while the history answered."""
    async with asyncio.TaskGroup() as group:
        asking = group.create_task(_timed(ask))
        worst, last = 0.0, time.perf_counter()
        while not asking.done():
            await asyncio.sleep(0.005)
            now = time.perf_counter()
            worst, last = max(worst, now - last - 0.005), now
    return worst * 1000


if __name__ == "__main__":
    from bench.table import rendered

    print(rendered(measure()))
