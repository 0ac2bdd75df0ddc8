"""Deleted is deleted: the raw bytes of every file are searched (T-29, T-43)."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from support.open_conversations import (
    ACCOUNT,
    OTHER,
    START,
    OpenConversations,
    conversation,
    open_conversations,
    turn,
)
from support.open_history import content_of, files_beside, put, rows_in

from app.chat.attachments import Attachment
from app.chat.conversation import Conversation, Turn
from app.conversations import keeper as keeper_module
from app.private_database import opening
from app.private_database.status import Condition

_MARK = re.compile(rb"MARK[0-9]{6}X")


def marked(number: int, chance: Random) -> Conversation:
    """A conversation all of whose texts can be recognised; short and long ones."""
    mark = f"MARK{number:06d}X"

    def text() -> str:
        return mark * chance.choice([1, 3, 40, 400])

    turns = tuple(
        Turn(
            f"{mark}{n}",
            text(),
            text(),
            text(),
            model=mark,
            attachments=(Attachment(mark, "image/png", data=text().encode()),) * (n % 2),
        )
        for n in range(chance.randint(1, 6))
    )
    return Conversation(f"{mark}-id", turns, title=mark)


def marks_in(path: Path) -> set[str]:
    """Every mark that stands anywhere in the folder: file, journal, copies."""
    return {
        mark.decode()
        for name in files_beside(path)
        for mark in _MARK.findall(content_of(path.with_name(name)))
    }


@pytest.mark.parametrize("seed", range(3))
async def test_no_byte_of_a_deleted_conversation_is_left(path: Path, seed: int) -> None:
    """Among hundreds that come, grow and go; `secure_delete` alone leaves copies in pages."""
    chance = Random(seed)
    kept: dict[str, Conversation] = {}
    async with open_conversations(path) as store:
        for number in range(250):
            one = marked(number, chance)
            kept[f"MARK{number:06d}X"] = one
            store.save(chance.choice((ACCOUNT, OTHER)), one)
        accounts = dict(rows_in_accounts(await settled(store, path)))
        for mark in chance.sample(sorted(kept), 25):
            one = kept.pop(mark)
            assert await store.delete(accounts[one.conversation_id], one.conversation_id)
            assert mark not in marks_in(path)
        assert marks_in(path) == set(kept)

        assert await store.delete_all(ACCOUNT)
        mine = {f"{name[:11]}" for name, account in accounts.items() if account == ACCOUNT}
        assert marks_in(path) == set(kept) - mine

        store.forget(OTHER)
        await store.settled()
        assert marks_in(path) == set()
        assert {ACCOUNT.encode(), OTHER.encode()} & set(content_of(path).split(b"\0")) == set()


async def settled(store: OpenConversations, path: Path) -> Path:
    await store.settled()
    return path


def rows_in_accounts(path: Path) -> Iterator[tuple[str, str]]:
    yield from rows_in(path, "SELECT name, account FROM conversations")


async def test_copies_go_with_what_was_deleted(path: Path) -> None:
    """A damaged file put aside, and a backup before a migration, may hold it too."""
    chance = Random(1)
    async with open_conversations(path) as store:
        store.save(ACCOUNT, marked(1, chance))
        await store.settled()
        for name in ("conversations.version-0", "conversations.corrupt-2026"):
            put(path.with_name(name), content_of(path))

        assert await store.delete(ACCOUNT, "MARK000001X-id")

    assert files_beside(path) <= {"conversations.db", "conversations.db-journal"}
    assert marks_in(path) == set()


async def test_what_is_deleted_by_age_leaves_nothing(path: Path) -> None:
    async with open_conversations(path) as store:
        store.save(ACCOUNT, marked(1, Random(1)))
        store.delete_before(START.replace(year=2030))

        assert await store.names() == []
        assert marks_in(path) == set()


async def test_a_large_file_is_swept_as_well(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "_SWEPT_IN_MEMORY", 0)
    async with open_conversations(path) as store:
        for number in range(30):
            store.save(ACCOUNT, marked(number, Random(number)))
        assert await store.delete(ACCOUNT, "MARK000007X-id")

        assert marks_in(path) == {f"MARK{n:06d}X" for n in range(30) if n != 7}


async def test_what_waits_to_be_written_is_deleted_too(path: Path) -> None:
    async with open_conversations(path) as store:
        store.save(ACCOUNT, conversation("one"))
        store.save(ACCOUNT, marked(1, Random(1)))
        assert await store.delete(ACCOUNT, "MARK000001X-id")

    assert marks_in(path) == set()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "BUSY_S", 0.05)


@pytest.mark.usefixtures("impatient")
@pytest.mark.expected_log("WARNING tidegauge.conversations: conversations not kept .locked.")
async def test_an_account_is_forgotten_once_the_file_is_free(path: Path) -> None:
    """T-43, F-D19"""
    async with open_conversations(path) as store:
        store.save(ACCOUNT, marked(1, Random(1)))
        store.save(OTHER, conversation("two", turn(0)))
        await store.settled()
        other_program = sqlite3.connect(path, isolation_level=None)
        other_program.execute("BEGIN EXCLUSIVE")
        try:
            assert not await store.delete_all(ACCOUNT)
            assert store.status.condition is Condition.LOCKED
        finally:
            other_program.execute("ROLLBACK")
            other_program.close()
        assert marks_in(path)

        assert await store.names(account=OTHER) == ["two"]
        assert marks_in(path) == set()


@pytest.mark.expected_log("WARNING tidegauge.conversations: conversations not kept")
async def test_traces_that_could_not_be_swept_are_swept_later(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-D08: writing the file anew takes room."""

    def no_room(_connection: sqlite3.Connection) -> None:
        raise OSError(28, "No space left on device")

    async with open_conversations(path) as store:
        store.save(ACCOUNT, marked(1, Random(1)))
        await store.settled()
        copy = put(path.with_name("conversations.corrupt-2026"), content_of(path))
        with monkeypatch.context() as patched:
            patched.setattr(keeper_module, "sweep", no_room)
            assert not await store.delete(ACCOUNT, "MARK000001X-id")
        assert copy.exists()
    async with open_conversations(path) as later:  # the program was killed meanwhile
        assert await later.names() == []
        assert marks_in(path) == set()
        assert files_beside(path) <= {"conversations.db", "conversations.db-journal"}
