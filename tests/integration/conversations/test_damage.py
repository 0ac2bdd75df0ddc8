"""A file that is damaged, foreign, newer, locked or on a failing disk.

F-C30, F-D08, F-D09, F-D16…F-D20, T-49.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from support.open_conversations import (
    ACCOUNT,
    PICTURE,
    START,
    conversation,
    open_conversations,
    turn,
)
from support.open_history import content_of, execute, files_beside, put, rows_in

from app.chat.conversation import Conversation, Turn
from app.conversations import keeper as keeper_module
from app.conversations import rows, salvage
from app.conversations.schema import APPLICATION_ID, SCHEMA
from app.history.schema import SCHEMA as HISTORY_SCHEMA
from app.private_database import opening
from app.private_database.pages import Row
from app.private_database.schema import PAGE_BYTES
from app.private_database.status import Condition

TRIALS = int(os.environ.get("TIDEGAUGE_DAMAGES", "40"))
SEED = int(os.environ.get("TIDEGAUGE_SEED", "0"))
DAMAGED = "WARNING tidegauge.conversations: .*(rows saved|damaged)"
NOT_KEPT = "WARNING tidegauge.conversations: conversations not kept"


def some(number: int) -> Conversation:
    """Short and long turns: some continue on many pages."""
    chance = Random(number)
    turns = (
        Turn(f"{number}-{n}", f"question {number} {n}", "ä" * chance.choice([5, 900, 9000]))
        for n in range(4)
    )
    return Conversation(f"name-{number}", tuple(turns))


@pytest.fixture
async def kept(path: Path) -> Path:
    """Sixty conversations of four turns."""
    async with open_conversations(path) as store:
        for number in range(60):
            store.save(ACCOUNT, some(number))
    return path


def texts_in(path: Path) -> set[tuple[str, ...]]:
    return set(rows_in(path, "SELECT name, question, answer FROM turns"))


# --- F-D16 ---------------------------------------------------------------------------------------


def without_header(content: bytes) -> bytes:
    return b"\0" * 100 + content[100:]


def without_first_page(content: bytes) -> bytes:
    return b"x" * PAGE_BYTES + content[PAGE_BYTES:]


def first_half(content: bytes) -> bytes:
    return content[: len(content) // 2 // PAGE_BYTES * PAGE_BYTES]


def no_database(_content: bytes) -> bytes:
    return b"This is no database."


def empty(_content: bytes) -> bytes:
    return b""


@pytest.mark.parametrize(
    ("damage", "least"),
    [
        (without_header, 200),
        (without_first_page, 0),
        (first_half, 20),
        (no_database, 0),
        (empty, 0),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
@pytest.mark.expected_log(DAMAGED)
async def test_a_damaged_file_is_put_aside_and_what_can_be_read_is_saved(
    kept: Path, damage: Callable[[bytes], bytes], least: int
) -> None:
    before, damaged = texts_in(kept), damage(content_of(kept))
    put(kept, damaged)
    async with open_conversations(kept) as store:
        store.save(ACCOUNT, conversation("new"))
        status = await store.settled()
        assert await store.load(ACCOUNT, "new") == conversation("new")

    saved = texts_in(kept) - {("turn-0", "Why?", "Because.")}
    assert status.condition is Condition.KEEPING
    assert saved <= before
    assert status.rows_saved == len(saved) >= least
    assert content_of(kept.with_name(status.set_aside)) == damaged


@pytest.mark.expected_log(DAMAGED)
async def test_files_of_questions_are_saved_too(path: Path) -> None:
    asked = Conversation("one", (Turn("t", "q", "a", attachments=(PICTURE,)),), title="A title")
    async with open_conversations(path) as store:
        store.save(ACCOUNT, asked)
    put(path, without_header(content_of(path)))
    async with open_conversations(path) as store:
        found = await store.load(ACCOUNT, "one")

    assert found is not None
    assert found.title == "A title"
    assert found.turns[0].attachments == (PICTURE,)


@pytest.mark.expected_log(DAMAGED)
async def test_a_conversation_of_which_only_the_index_is_left(kept: Path) -> None:
    """Its list entry is made anew from its turns; turns of nobody are not shown to anybody."""
    content = content_of(kept)
    pages = [content[at : at + PAGE_BYTES] for at in range(0, len(content), PAGE_BYTES)]
    root = rows_in(kept, "SELECT rootpage FROM sqlite_master WHERE name = 'conversations'")[0][0]
    pages[root - 1] = b"\xff" * PAGE_BYTES
    put(kept, b"".join(pages))
    async with open_conversations(kept) as store:
        entries = await store.entries(ACCOUNT)

    assert len(entries) == 60
    assert {entry.opening for entry in entries} == {f"question {n} 0" for n in range(60)}
    assert {entry.messages for entry in entries} == {8}


@pytest.mark.parametrize("numbers", [(61, 7), (7, 61)], ids=["false first", "true first"])
@pytest.mark.expected_log(DAMAGED)
async def test_a_conversation_told_twice_is_there_once_with_its_turns(
    kept: Path, monkeypatch: pytest.MonkeyPatch, numbers: tuple[int, int]
) -> None:
    """Figure 26, found in a full run: a damaged number gives a second row of the same name."""

    def rows_of(_damaged: Path) -> Iterator[Row]:
        for number in numbers:
            yield (number, None, ACCOUNT, "twice", "", "Why?", 2, 1_700_000_000)
        yield (1, None, 7, 0, "turn-0", "Why?", "Because.", "", "{}")

    monkeypatch.setattr(salvage, "_rows", rows_of)
    put(kept, b"no database")
    async with open_conversations(kept) as store:
        assert await store.names() == ["twice"]
        found = await store.load(ACCOUNT, "twice")

    assert found is not None
    assert [one.answer for one in found.turns] == ["Because."]


@pytest.mark.expected_log(DAMAGED, NOT_KEPT)
async def test_random_damage_never_stops_anything(kept: Path) -> None:
    """Figure 26: `TIDEGAUGE_DAMAGES=1000` tries more, `TIDEGAUGE_SEED` others."""
    whole = content_of(kept)
    for trial in range(TRIALS):
        chance = Random(trial + SEED)
        content = bytearray(whole)
        for _ in range(chance.choice([1, 10, 300])):
            content[chance.randrange(len(content))] = chance.randrange(256)
        put(kept, bytes(content))
        async with open_conversations(kept) as store:
            store.save(ACCOUNT, conversation("new"))
            await store.settled()
            await store.entries(ACCOUNT, "question")
            assert (await store.load(ACCOUNT, "new")) == conversation("new")
            ((left,),) = rows_in(kept, "SELECT count(*) FROM turns")
        for name in files_beside(kept):
            kept.with_name(name).unlink()
        assert left > 1


@pytest.mark.expected_log(DAMAGED)
async def test_a_file_of_another_program_is_not_taken_for_ours(path: Path) -> None:
    """T-49: even our own history is no file of conversations."""
    with suppress(FileExistsError):
        path.parent.mkdir(mode=0o700, parents=True)
    execute(path, f"PRAGMA application_id={HISTORY_SCHEMA.application_id}", "CREATE TABLE x(y)")
    async with open_conversations(path) as store:
        store.save(ACCOUNT, conversation("one"))
        assert (await store.settled()).set_aside

    assert rows_in(path, "PRAGMA application_id") == [(APPLICATION_ID,)]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE VIEW v AS SELECT * FROM turns",
        "CREATE TRIGGER t AFTER INSERT ON turns BEGIN DELETE FROM turns; END",
        "CREATE TABLE extra(x)",
        "CREATE INDEX i ON turns(answer)",
    ],
)
@pytest.mark.expected_log(DAMAGED)
async def test_a_file_with_more_in_it_is_not_believed(kept: Path, statement: str) -> None:
    """T-49"""
    execute(kept, statement)
    async with open_conversations(kept) as store:
        assert len(await store.entries(ACCOUNT)) == 60

    assert len(rows_in(kept, "SELECT * FROM sqlite_master WHERE sql IS NOT NULL")) == 3


async def test_strange_values_are_read_as_nothing(kept: Path) -> None:
    """T-49: nonsense where JSON should be, bytes that are no text, a year beyond all."""
    execute(
        kept,
        "UPDATE turns SET details = '[' WHERE place = 0",
        "UPDATE turns SET details = '[]', question = 42 WHERE place = 1",
        "UPDATE turns SET answer = CAST(x'80ff' AS TEXT) WHERE place = 2",
        "UPDATE conversations SET changed_at = 9000000000000000 WHERE id = 1",
    )
    async with open_conversations(kept) as store:
        entries = await store.entries(ACCOUNT, "question")
        found = await store.load(ACCOUNT, "name-0")

    assert len(entries) == 60
    assert found is not None
    assert len(found.turns) == 4


@pytest.mark.expected_log(DAMAGED)
async def test_values_of_another_type_are_damage(kept: Path) -> None:
    """T-49"""
    execute(
        kept,
        "PRAGMA ignore_check_constraints=ON",
        "UPDATE turns SET answer = x'6869' WHERE place = 1 AND conversation = 7",
    )
    async with open_conversations(kept) as store:
        assert len(await store.entries(ACCOUNT, "question")) == 60
        assert store.status.rows_saved == 239


# --- F-D17 ---------------------------------------------------------------------------------------


@pytest.mark.expected_log(NOT_KEPT + " .newer.")
async def test_a_newer_file_is_left_as_it_is(kept: Path) -> None:
    execute(kept, "PRAGMA user_version=2")
    before = content_of(kept)
    async with open_conversations(kept) as store:
        store.save(ACCOUNT, conversation("new"))
        assert (await store.settled()).condition is Condition.NEWER
        assert await store.entries(ACCOUNT) == ()
        assert not await store.delete(ACCOUNT, "name-1")

    assert content_of(kept) == before


# --- F-D19, F-D20, F-D08, F-D09 ------------------------------------------------------------------


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "BUSY_S", 0.05)


@pytest.fixture
def lock(kept: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(kept, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    yield connection
    connection.close()


@pytest.mark.usefixtures("impatient")
@pytest.mark.expected_log(NOT_KEPT + " .locked.")
async def test_what_cannot_be_written_waits(kept: Path, lock: sqlite3.Connection) -> None:
    async with open_conversations(kept) as store:
        store.save(ACCOUNT, conversation("new", turn(0)))
        store.save(ACCOUNT, conversation("new", turn(0), turn(1)))
        assert (await store.settled()).condition is Condition.LOCKED
        assert await store.entries(ACCOUNT) == ()
        lock.execute("ROLLBACK")

        found = await store.load(ACCOUNT, "new")
        assert found == conversation("new", turn(0), turn(1))
        assert store.status.condition is Condition.KEEPING


@pytest.mark.usefixtures("impatient")
@pytest.mark.expected_log(NOT_KEPT + " .locked.")
async def test_only_a_few_conversations_wait(
    kept: Path, lock: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "BUSY_S", 0.0)
    async with open_conversations(kept) as store:
        for number in range(keeper_module.MOST_WAITING + 5):
            store.save(ACCOUNT, conversation(f"new-{number}"))
        await store.settled()
        lock.execute("ROLLBACK")

        names = {name for name in await store.names() if name.startswith("new")}
        assert names == {f"new-{n}" for n in range(5, keeper_module.MOST_WAITING + 5)}


@pytest.mark.expected_log("the file was deleted or replaced")
async def test_a_deleted_file_is_made_anew_and_whole(path: Path) -> None:
    async with open_conversations(path) as store:
        store.save(ACCOUNT, conversation("one", turn(0), turn(1)))
        await store.settled()
        for name in files_beside(path):
            path.with_name(name).unlink()
        store.save(ACCOUNT, conversation("one", turn(0), turn(1), turn(2)))
        found = await store.load(ACCOUNT, "one")

    assert found is not None
    assert len(found.turns) == 3


@pytest.mark.expected_log(NOT_KEPT)
async def test_a_disk_that_fails_holds_nothing_up(kept: Path) -> None:
    """F-D08, F-D09, T-40: a link in the file's place is not followed."""
    elsewhere = kept.with_name("elsewhere")
    kept.rename(elsewhere)  # noqa: ASYNC240 - nothing runs beside
    kept.symlink_to(elsewhere)  # noqa: ASYNC240
    before = content_of(elsewhere)
    async with open_conversations(kept) as store:
        store.save(ACCOUNT, conversation("new"))
        assert (await store.settled()).condition is Condition.REFUSED
        assert await store.entries(ACCOUNT) == ()

    assert content_of(elsewhere) == before


@pytest.mark.parametrize("killed_at", range(14))
def test_a_process_that_dies_leaves_the_old_state_or_the_new_one(
    path: Path, killed_at: int
) -> None:
    """F-D07: killed before its n-th statement, while it writes and while it deletes."""
    child = os.fork()
    if child == 0:
        _save_and_die(path, killed_at)
    assert os.waitpid(child, 0)[1] in (0, 9)
    keeper = keeper_module.ConversationKeeper(path, SCHEMA, lambda: START, lambda _status: None)
    found = keeper.ask(lambda file: len(rows.entries(file, ACCOUNT)), 0)
    keeper.close()

    assert found in (0, 1)
    if not found:
        assert b"Because" not in content_of(path)


def _save_and_die(path: Path, killed_at: int) -> None:
    statements = 0

    def trace(statement: str) -> None:
        nonlocal statements
        statements += statement.startswith(("BEGIN", "INSERT", "DELETE", "COMMIT", "VACUUM"))
        if statements > killed_at + 1:  # the first one makes the file
            os.kill(os.getpid(), 9)

    try:
        keeper = keeper_module.ConversationKeeper(path, SCHEMA, lambda: START, lambda _s: None)
        keeper.ask(lambda _file: None, None)
        connect = opening._connect

        def traced(path: Path) -> sqlite3.Connection:
            connection = connect(path)
            connection.set_trace_callback(trace)
            return connection

        opening._connect = traced
        keeper.save(ACCOUNT, conversation("one", turn(0), turn(1)))
        keeper.delete(ACCOUNT, "one")
    finally:
        os._exit(0)
