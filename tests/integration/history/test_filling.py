"""Many records at once: all of them or none."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.history.filling import fill
from app.history.opening import open_history
from app.history.queries import windows_of
from app.history.runs import Reading, Record
from app.history.schema import SCHEMA

NOW = datetime(2026, 11, 22, 12, 41, tzinfo=UTC)
AT = round(NOW.timestamp())


def records(count: int) -> Iterator[Record]:
    for number in range(count):
        at = AT - (count - number) * 300
        reading = Reading("codex/604800", "", at, number * 100, AT + 3600, 0)
        yield Record("account", at, (reading,), (), is_dated=True)


def test_all_records_are_there_afterwards(path: Path) -> None:
    fill(path, records(50), NOW)
    with closing(open_history(path, SCHEMA, NOW).connection) as file:
        (window,) = windows_of(file, "account")
    assert (window.window_id, window.first_at, window.last_at) == (
        "codex/604800",
        AT - 50 * 300,
        AT - 300,
    )


def test_a_broken_one_leaves_nothing_of_the_others(path: Path) -> None:
    def broken() -> Iterator[Record]:
        yield from records(5)
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - it has no words
        fill(path, broken(), NOW)
    with closing(open_history(path, SCHEMA, NOW).connection) as file:
        assert windows_of(file, "account") == ()


def test_a_file_somebody_holds_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.private_database.opening.BUSY_S", 0.05)
    with closing(open_history(path, SCHEMA, NOW).connection) as file:
        file.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError):
            fill(path, records(1), NOW)
