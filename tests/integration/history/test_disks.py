"""Locks, full and failing disks, files that vanish or are not ours: polling never notices."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.open_history import (
    OpenHistory,
    content_of,
    execute,
    files_beside,
    open_history,
    put,
    rows_in,
)
from support.usage_series import ACCOUNT, START, snapshot

from app.history import keeper
from app.history.opening import open_history as open_file
from app.history.schema import RUNS, SCHEMA
from app.private_database import opening
from app.private_database.status import Condition

NOT_KEPT = "WARNING tidegauge.history: history not kept"
MINUTE = timedelta(minutes=1)


def keep(history: OpenHistory, minute: int) -> None:
    history.record(ACCOUNT, snapshot(START + minute * MINUTE, minute % 1000 / 10))


@pytest.fixture
async def kept(path: Path) -> Path:
    async with open_history(path) as history:
        keep(history, 0)
    return path


# --- F-D19: locked by another program ------------------------------------------------------------


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "BUSY_S", 0.05)


@pytest.fixture
def lock(kept: Path) -> Iterator[sqlite3.Connection]:
    """Another program in the middle of a write."""
    connection = sqlite3.connect(kept, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    yield connection
    connection.close()


@pytest.mark.usefixtures("impatient")
@pytest.mark.expected_log(NOT_KEPT)
async def test_readings_wait_while_the_file_is_locked(kept: Path, lock: sqlite3.Connection) -> None:
    """F-D19: they wait in memory and are written with the next one, none lost."""
    async with open_history(kept) as history:
        for minute in range(1, 5):
            keep(history, minute)
        locked = await history.settled()
        assert (locked.condition, locked.rows_waiting) == (Condition.LOCKED, 8)
        assert await history.windows(ACCOUNT) == ()
        lock.execute("ROLLBACK")
        keep(history, 5)

        assert await history.uses() == [0, 10, 20, 30, 40, 50]
        assert (history.status.condition, history.status.rows_waiting) == (Condition.KEEPING, 0)


@pytest.mark.usefixtures("impatient")
@pytest.mark.expected_log(NOT_KEPT)
async def test_no_more_than_a_thousand_readings_wait(
    kept: Path, lock: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-D19: the oldest go first."""
    monkeypatch.setattr(opening, "BUSY_S", 0.0)
    async with open_history(kept) as history:
        for minute in range(1, 700):
            keep(history, minute)
        assert (await history.settled()).rows_waiting == keeper.MOST_WAITING
        lock.execute("ROLLBACK")
        keep(history, 700)

        uses = await history.uses()
    assert (uses[0], uses[1], uses[-1], len(uses)) == (0, 2010, 7000, 501)


def test_a_lock_is_waited_for_five_seconds_in_another_thread() -> None:
    """F-D19"""
    assert opening.BUSY_S == 5.0


@pytest.mark.usefixtures("impatient")
@pytest.mark.expected_log(NOT_KEPT, "could not be closed")
async def test_the_end_does_not_wait_for_a_lock(kept: Path, lock: sqlite3.Connection) -> None:
    async with open_history(kept) as history:
        keep(history, 1)
    lock.close()

    assert len(rows_in(kept)) == 2


# --- F-D20: deleted or replaced while open -------------------------------------------------------


@pytest.mark.expected_log("was deleted or replaced")
async def test_a_deleted_file_is_made_anew(kept: Path) -> None:
    async with open_history(kept) as history:
        keep(history, 1)
        await history.settled()
        remove(kept)
        keep(history, 2)

        assert await history.uses() == [20]
        assert history.status.condition is Condition.KEEPING
    assert len(rows_in(kept)) == 2


@pytest.mark.expected_log("was deleted or replaced")
async def test_a_replaced_file_is_carried_on(kept: Path) -> None:
    """Another copy was put in its place, by a backup program for one."""
    copy = put(kept.with_name("copy"), content_of(kept))
    async with open_history(kept) as history:
        keep(history, 1)
        await history.settled()
        move(copy, kept)
        keep(history, 2)

        assert await history.uses() == [0, 20]


@pytest.mark.expected_log("was deleted or replaced")
async def test_a_folder_that_was_deleted_is_made_anew(kept: Path) -> None:
    async with open_history(kept) as history:
        keep(history, 1)
        await history.settled()
        shutil.rmtree(kept.parent)
        keep(history, 2)

        assert await history.uses() == [20]


def remove(path: Path) -> None:
    path.unlink()


def move(source: Path, target: Path) -> None:
    source.replace(target)


async def test_a_network_folder_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """F-D20: kept all the same, with a warning."""
    monkeypatch.setattr(opening, "is_on_network", lambda _path: True)
    async with open_history(path) as history:
        keep(history, 0)
        status = await history.settled()

    assert status.is_on_network
    assert status.condition is Condition.KEEPING


# --- T-40: what is no file of ours ---------------------------------------------------------------


def link(path: Path) -> None:
    move(path, path.with_name("elsewhere"))
    path.symlink_to(path.with_name("elsewhere"))


def second_name(path: Path) -> None:
    path.with_name("elsewhere").hardlink_to(path)


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def device(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/full")


def listener(path: Path) -> None:
    path.unlink()
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(str(path))


def linked_journal(path: Path) -> None:
    path.with_name("history.db-journal").unlink()
    path.with_name("history.db-journal").symlink_to("/etc/hostname")


@pytest.mark.expected_log(NOT_KEPT + " .refused.")
@pytest.mark.parametrize(
    "place", [link, second_name, pipe, folder, device, listener, linked_journal]
)
async def test_only_a_plain_file_of_ours_is_opened(
    kept: Path, place: Callable[[Path], None]
) -> None:
    """T-40, F-D20: refused and told; nothing is changed, and polling goes on."""
    place(kept)
    before = files_beside(kept)
    async with open_history(kept) as history:
        keep(history, 1)
        status = await history.settled()

    assert status.condition is Condition.REFUSED
    assert files_beside(kept) == before


@pytest.mark.expected_log(NOT_KEPT + " .refused.")
async def test_a_file_of_somebody_else(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """T-40"""
    look = os.fstat

    def as_anothers(descriptor: int) -> os.stat_result:
        status = list(look(descriptor))
        status[4] += 1  # the owner
        return os.stat_result(status)

    async with open_history(kept) as history:
        monkeypatch.setattr("app.private_database.database_file.os.fstat", as_anothers)
        keep(history, 1)
        status = await history.settled()
        monkeypatch.undo()

    assert status.condition is Condition.REFUSED


@pytest.mark.expected_log(NOT_KEPT)
async def test_a_file_in_place_of_the_folder(path: Path) -> None:
    """F-D10"""
    put(path.parent, b"")
    async with open_history(path) as history:
        keep(history, 1)

        assert (await history.settled()).condition is Condition.FAILING


# --- F-D18: from version to version --------------------------------------------------------------

_NEW_RUNS = RUNS.replace("skew INTEGER", "source INTEGER NOT NULL DEFAULT 0, skew INTEGER")
SECOND = replace(
    SCHEMA,
    version=2,
    tables=(SCHEMA.tables[0], _NEW_RUNS, SCHEMA.tables[2], "CREATE TABLE extra(name TEXT)"),
    steps={
        1: (
            "ALTER TABLE runs RENAME TO old_runs",
            _NEW_RUNS,
            "INSERT INTO runs SELECT window, seq, first_at, last_at, readings, used, resets_at, "
            "0, skew FROM old_runs",
            "DROP TABLE old_runs",
            "CREATE TABLE extra(name TEXT)",
        )
    },
)


async def test_an_older_file_is_carried_over_and_a_copy_kept(kept: Path) -> None:
    """F-D18: a synthetic second version."""
    async with open_history(kept, schema=SECOND) as history:
        assert len(await history.windows(ACCOUNT)) == 2

    assert rows_in(kept, "PRAGMA user_version") == [(2,)]
    assert [row[7:] for row in rows_in(kept)] == [(0, 0), (0, 0)]
    copy = kept.with_name("history.version-1")
    assert len(rows_in(copy)) == 2
    assert rows_in(copy, "PRAGMA user_version") == [(1,)]
    assert copy.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("killed_at", range(12))
def test_a_migration_killed_at_any_statement_is_finished_by_the_next_start(
    path: Path, killed_at: int
) -> None:
    """F-D18: the process dies before its n-th statement; the file is as before or as after."""
    opened = open_file(path, SCHEMA, START)
    opened.connection.execute(
        "INSERT INTO runs VALUES (1, 1, 1800000000, 1800000000, 1, 5, NULL, 0)"
    )
    opened.connection.close()
    child = os.fork()
    if child == 0:
        _migrate_and_die(path, killed_at)
    assert os.waitpid(child, 0)[1] in (0, 9)
    version = rows_in(path, "PRAGMA user_version")
    assert version in ([(1,)], [(2,)])

    open_file(path, SECOND, START).connection.close()

    assert rows_in(path, "PRAGMA user_version") == [(2,)]
    assert rows_in(path) == [(1, 1, 1800000000, 1800000000, 1, 5, None, 0, 0)]
    assert len(rows_in(path.with_name("history.version-1"))) == 1


def _migrate_and_die(path: Path, killed_at: int) -> None:
    statements = 0

    def trace(statement: str) -> None:
        nonlocal statements
        if statement.startswith(("VACUUM", "BEGIN", "ALTER", "CREATE", "INSERT", "DROP", "COMMIT")):
            statements += 1
        if statements > killed_at:
            os.kill(os.getpid(), 9)

    connect = opening._connect

    def traced(path: Path) -> sqlite3.Connection:
        connection = connect(path)
        connection.set_trace_callback(trace)
        return connection

    opening._connect = traced
    try:
        open_file(path, SECOND, START)
    finally:
        os._exit(0)


# --- while it is open ----------------------------------------------------------------------------


@pytest.mark.expected_log(NOT_KEPT, "rows saved")
async def test_a_table_that_vanishes_meanwhile_is_damage(kept: Path) -> None:
    """F-D16: found with the next write, mended with the one after; no reading is lost."""
    async with open_history(kept) as history:
        assert len(await history.windows(ACCOUNT)) == 2
        execute(kept, "DROP TABLE changes")
        keep(history, 1)
        assert (await history.settled()).condition is Condition.FAILING
        keep(history, 2)

        assert await history.uses() == [0, 10, 20]
        assert history.status.set_aside
