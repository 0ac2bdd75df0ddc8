"""A history on a real file, that remembers how it fared."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from support.usage_series import ACCOUNT, SESSION, START

from app.history import opening, rows
from app.history.curves import Point
from app.history.history import History
from app.history.runs import Record
from app.history.schema import SCHEMA
from app.history.status import HistoryStatus
from app.private_database.schema import Schema

LATER = START + timedelta(days=400)


class OpenHistory(History):
    """Has every status it was in."""

    def __init__(self, path: Path, *, schema: Schema = SCHEMA) -> None:
        super().__init__(path, now=lambda: START, schema=schema)
        self.seen: list[HistoryStatus] = []
        self.on_status = self.seen.append

    async def settled(self) -> HistoryStatus:
        """The status once everything recorded so far was dealt with."""
        await self._thread.answer(lambda _keeper: None)
        await asyncio.sleep(0)
        return self.status

    async def points(self, window_id: str = SESSION) -> tuple[Point, ...]:
        """Everything of one window."""
        epoch = datetime.fromtimestamp(0, UTC)
        return (await self.series(ACCOUNT, window_id, epoch, LATER + timedelta(days=9999))).points

    async def uses(self, window_id: str = SESSION) -> list[int]:
        """The use of each run, in order."""
        return [point.used for point in await self.points(window_id)]


@asynccontextmanager
async def open_history(path: Path, *, schema: Schema = SCHEMA) -> AsyncIterator[OpenHistory]:
    history = OpenHistory(path, schema=schema)
    try:
        yield history
    finally:
        await history.close()


def fill(path: Path, records: Iterable[Record]) -> None:
    """Write many records at once, as the history would one by one."""
    with closing(opening.open_history(path, SCHEMA, START).connection) as connection:
        connection.execute("BEGIN")
        for record in records:
            rows.add(connection, record)
        connection.execute("COMMIT")


def rows_in(path: Path, query: str = "SELECT * FROM runs ORDER BY window, seq") -> list[tuple]:  # type: ignore[type-arg]
    """What another program sees in the file."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def execute(path: Path, *statements: str) -> None:
    """Change a file as another program could."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def content_of(path: Path) -> bytes:
    return path.read_bytes()


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def put(path: Path, content: bytes, mode: int = 0o600) -> Path:
    """Write a file as somebody else could."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(mode)
    return path


def files_beside(path: Path) -> set[str]:
    return {entry.name for entry in path.parent.iterdir()}
