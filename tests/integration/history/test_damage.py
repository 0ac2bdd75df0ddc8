"""A file that is damaged, foreign, older or newer: nothing is lost that could be read."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from support.open_history import (
    content_of,
    execute,
    files_beside,
    fill,
    open_history,
    put,
    rows_in,
)
from support.usage_series import ACCOUNT, SESSION, START, readings, snapshot

from app.history.runs import record_of
from app.history.schema import APPLICATION_ID, SCHEMA
from app.private_database.pages import rows_of_page
from app.private_database.schema import PAGE_BYTES
from app.private_database.status import Condition

TRIALS = int(os.environ.get("TIDEGAUGE_DAMAGES", "40"))
DAMAGED = "WARNING tidegauge.history: .*(rows saved|damaged)"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A file with enough rows for a tree of pages above pages."""
    path = tmp_path_factory.mktemp("history") / "history.db"
    records = (record_of(ACCOUNT, one) for one in readings(4000))
    fill(path, (record for record in records if record is not None))
    assert len(rows_in(path)) == 4001
    return content_of(path)


@pytest.fixture
def kept(path: Path, whole: bytes) -> Path:
    return put(path, whole)


def rows_by_page(path: Path) -> dict[int, set[tuple[object, ...]]]:
    """Which runs stand on which page; all that SQLite itself reads are found."""
    content, everything = content_of(path), set(rows_in(path))
    found: dict[int, set[tuple[object, ...]]] = {}
    for at in range(0, len(content), PAGE_BYTES):
        page = content[at : at + PAGE_BYTES]
        found[at // PAGE_BYTES + 1] = {row for row in rows_of_page(page) if row in everything}
    assert set().union(*found.values()) == everything
    return found


# --- figure 26 -----------------------------------------------------------------------------------


def flip(content: bytes, chance: Random) -> bytes:
    """One to eight bytes become others."""
    damaged = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        damaged[chance.randrange(len(damaged))] ^= chance.randint(1, 255)
    return bytes(damaged)


def truncate(content: bytes, chance: Random) -> bytes:
    return content[: chance.randrange(len(content))]


def blot(content: bytes, chance: Random) -> bytes:
    """A stretch of the file reads as something else, as on a bad disk."""
    at = chance.randrange(len(content))
    length = chance.randint(1, 3 * PAGE_BYTES)
    return content[:at] + chance.randbytes(min(length, len(content) - at)) + content[at + length :]


@pytest.mark.expected_log(DAMAGED, "history not kept")
async def test_random_damage(kept: Path, whole: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    """Figure 26, F-D16: 0 crashes, at least 95 % of the rows outside damaged pages, the original
    kept. `TIDEGAUGE_DAMAGES` is the number of trials."""
    pages = rows_by_page(kept)
    chance, worst, set_aside = Random(26), 1.0, 0
    for trial in range(TRIALS):
        damaged = chance.choice([flip, flip, truncate, blot])(whole, chance)
        for name in files_beside(kept):
            kept.with_name(name).unlink()
        put(kept, damaged)
        async with open_history(kept) as history:
            history.record(ACCOUNT, snapshot(START.replace(year=2027), 42.0))
            status = await history.settled()
        if status.condition is Condition.NEWER:  # the version itself was hit
            assert content_of(kept) == damaged
            continue
        assert status.condition is Condition.KEEPING, trial
        assert rows_in(kept, "PRAGMA integrity_check") == [("ok",)]
        rows = set(rows_in(kept))
        if status.set_aside:
            set_aside += 1
            assert content_of(kept.with_name(status.set_aside)) == damaged
        hit = damaged_pages(whole, damaged)
        expected = set().union(*(found for number, found in pages.items() if number not in hit))
        if expected:
            worst = min(worst, len(rows & expected) / len(expected))
        assert any(row[5] == 4200 for row in rows), trial  # keeping goes on
        assert len(rows_in(kept, "SELECT * FROM windows")) == 2  # and gave the runs their names
    with capsys.disabled():
        print(f"\n{TRIALS} damages, {set_aside} set aside, rows recovered at worst {worst:.2%}")
    assert worst >= 0.95


def damaged_pages(whole: bytes, damaged: bytes) -> set[int]:
    return {
        at // PAGE_BYTES + 1
        for at in range(0, len(whole), PAGE_BYTES)
        if whole[at : at + PAGE_BYTES] != damaged[at : at + PAGE_BYTES]
    }


# --- the cases of F-D16 --------------------------------------------------------------------------


def overwrite(path: Path, at: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(content)


DAMAGES: dict[str, tuple[Callable[[Path], object], int]] = {
    "header": (lambda path: overwrite(path, 0, bytes(100)), 4001),
    "first page": (lambda path: overwrite(path, 0, b"\xff" * PAGE_BYTES), 4001),
    "page above the leaves": (lambda path: overwrite(path, 3 * PAGE_BYTES, bytes(12)), 3900),
    "names of the windows": (lambda path: overwrite(path, PAGE_BYTES, bytes(PAGE_BYTES)), 4001),
    "index of the names": (lambda path: overwrite(path, 2 * PAGE_BYTES, bytes(PAGE_BYTES)), 4001),
    "0 bytes": (lambda path: put(path, b""), 0),
    "3 bytes": (lambda path: put(path, b"SQL"), 0),
    "half of it": (lambda path: os.truncate(path, path.stat().st_size // 2), 1500),
    "no database": (lambda path: put(path, b"Dear diary,\n" * 9000), 0),
}


@pytest.mark.expected_log(DAMAGED)
@pytest.mark.parametrize("damage", DAMAGES)
async def test_a_damaged_file_is_set_aside_and_told(kept: Path, damage: str) -> None:
    """F-D16: set aside under the time, rows saved one by one, a new file, the person told."""
    inflict, least = DAMAGES[damage]
    inflict(kept)
    damaged = content_of(kept)
    async with open_history(kept) as history:
        history.record(ACCOUNT, snapshot(START, 1.0))
        status = await history.settled()

    assert status.condition is Condition.KEEPING
    assert status.set_aside == "history.corrupt-20260105T000000Z"
    assert least <= status.rows_saved <= 4001
    assert content_of(kept.with_name(status.set_aside)) == damaged
    assert rows_in(kept, "PRAGMA integrity_check") == [("ok",)]
    assert len(rows_in(kept)) >= least


@pytest.mark.expected_log(DAMAGED)
async def test_damage_that_shows_only_later(kept: Path) -> None:
    """The file is overwritten while it is open."""
    async with open_history(kept) as history:
        assert len(await history.points()) == 4000
        overwrite(kept, 5 * PAGE_BYTES, b"\xff" * (len(content_of(kept)) - 5 * PAGE_BYTES))
        points = await history.points()

    assert history.status.set_aside
    assert history.status.rows_saved == len(rows_in(kept)) >= len(points) > 0


@pytest.mark.expected_log(DAMAGED)
async def test_two_damages_in_one_second_are_both_kept(kept: Path) -> None:
    for _ in range(2):
        put(kept, b"damaged")
        async with open_history(kept) as history:
            await history.windows("")

    names = {"history.corrupt-20260105T000000Z", "history.corrupt-20260105T000000Z-2"}
    assert names < files_beside(kept)


@pytest.mark.expected_log(DAMAGED)
async def test_the_journal_of_a_damaged_file_goes_with_it(kept: Path) -> None:
    """Beside a new file it would be rolled back into that one."""
    put(kept, b"damaged")
    put(kept.with_name("history.db-journal"), b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(600))
    async with open_history(kept) as history:
        history.record(ACCOUNT, snapshot(START, 1.0))
        await history.settled()

    assert "history.corrupt-20260105T000000Z-journal" in files_beside(kept)
    assert len(rows_in(kept)) == 2


async def test_a_write_ahead_log_without_its_database_does_no_harm(path: Path) -> None:
    put(path.with_name("history.db-wal"), b"\x37\x7f\x06\x82" + bytes(4096))
    async with open_history(path) as history:
        history.record(ACCOUNT, snapshot(START, 1.0))

        assert (await history.settled()).condition is Condition.KEEPING
        assert await history.uses() == [100]


async def test_a_file_in_another_journal_mode_is_taken_back(kept: Path) -> None:
    """A11: no write-ahead log."""
    execute(kept, "PRAGMA journal_mode=WAL")
    async with open_history(kept) as history:
        assert len(await history.points()) == 4000
        assert history.status.set_aside == ""

    assert rows_in(kept, "PRAGMA journal_mode") == [("delete",)]


# --- T-49: crafted files -------------------------------------------------------------------------

CRAFTED = {
    "a trigger": "CREATE TRIGGER t AFTER INSERT ON runs BEGIN DELETE FROM runs; END",
    "a view": "CREATE VIEW v AS SELECT load_extension('evil')",
    "another table": "CREATE TABLE extra(x)",
    "an index with a function": "CREATE INDEX i ON changes(lower(value))",
    "another program's": "PRAGMA application_id=1",
    "no version": "PRAGMA user_version=0",
    "a version beyond reason": "PRAGMA user_version=2000000000",
    "a text for a number": "PRAGMA ignore_check_constraints=1; INSERT INTO runs VALUES"
    " (1, 90000, 'x', 1800000000, 1, 0, NULL, 0)",
}


@pytest.mark.expected_log(DAMAGED)
@pytest.mark.parametrize("craft", CRAFTED)
async def test_a_crafted_file_is_not_used(kept: Path, craft: str) -> None:
    """T-49: only our own tables, our own mark and numbers where numbers belong."""
    execute(kept, *CRAFTED[craft].split("; ", 1 if "INSERT INTO" in CRAFTED[craft] else 0))
    async with open_history(kept) as history:
        history.record(ACCOUNT, snapshot(START.replace(year=2027), 1.0))
        status = await history.settled()

    assert status.set_aside
    assert status.rows_saved >= 4000
    assert rows_in(kept, "SELECT count(*) FROM sqlite_master WHERE type NOT IN ('table', 'index')")[
        0
    ] == (0,)
    assert rows_in(kept, "PRAGMA application_id") == [(APPLICATION_ID,)]


@pytest.mark.expected_log(DAMAGED)
async def test_rows_that_make_no_sense_are_not_saved(kept: Path) -> None:
    """T-49: huge values, times before the service, names that are none."""
    execute(
        kept,
        "PRAGMA application_id=1",
        "INSERT INTO runs VALUES (1, 90001, 5, 5, 1, 0, NULL, 0)",
        "INSERT INTO runs VALUES (1, 90002, 1800000000, 1800000000, 1, 1 << 60, NULL, 0)",
        "INSERT INTO windows VALUES (50, 'somebody', 'codex/1', '')",
        "INSERT INTO windows VALUES (51, '0123456789abcdef', 'no length', '')",
        "INSERT INTO changes VALUES (9, '0123456789abcdef', 5, 'plan', 'x')",
    )
    async with open_history(kept) as history:
        await history.windows("")

    assert history.status.rows_saved == 4001
    assert len(rows_in(kept, "SELECT * FROM windows")) == 2
    assert len(rows_in(kept, "SELECT * FROM changes")) == 1


# --- versions ------------------------------------------------------------------------------------


@pytest.mark.expected_log("history not kept .newer.")
async def test_a_newer_file_is_left_alone(kept: Path) -> None:
    """F-D17: not migrated down, not overwritten; polling goes on without it."""
    execute(kept, f"PRAGMA user_version={SCHEMA.version + 1}", "CREATE TABLE future(x)")
    before = content_of(kept)
    async with open_history(kept) as history:
        history.record(ACCOUNT, snapshot(START, 1.0))
        status = await history.settled()
        windows = await history.windows(ACCOUNT)

    assert status.condition is Condition.NEWER
    assert status.rows_waiting == 2
    assert windows == ()
    assert content_of(kept) == before


async def test_it_tells_nothing_of_a_window_that_is_gone(kept: Path) -> None:
    async with open_history(kept) as history:
        assert await history.forget(ACCOUNT)

        assert await history.points(SESSION) == ()


@pytest.fixture
def leftovers(path: Path) -> Iterator[Path]:
    yield path
    with suppress(OSError):
        path.unlink()


async def test_a_half_built_file_is_begun_anew(leftovers: Path) -> None:
    """F-D07: the first start was killed while it made the file."""
    put(leftovers.with_name("history.db.new"), b"SQLite format 3\0 and no more")
    put(leftovers.with_name("history.db.new-journal"), b"x")
    async with open_history(leftovers) as history:
        history.record(ACCOUNT, snapshot(START, 1.0))
        await history.settled()

    assert files_beside(leftovers) == {"history.db", "history.db-journal"}


async def test_a_renewed_file_that_only_lacks_its_name_is_taken_up(kept: Path) -> None:
    """F-D16: killed between the two renames that end a renewal."""
    await asyncio.to_thread(kept.rename, kept.with_name("history.db.new"))
    async with open_history(kept) as history:
        assert len(await history.points()) == 4000
