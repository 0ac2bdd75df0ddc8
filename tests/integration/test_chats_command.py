"""`tidegauge chats`: what is kept, at a terminal, while the tray program may be running."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.command_line import Ended, tidegauge
from support.open_conversations import ACCOUNT, OTHER, conversation, open_conversations, turn
from support.open_history import content_of, execute, files_beside

from app.command_line.chats import chats
from app.command_line.exit_codes import ExitCode
from app.command_line.options import parse_options
from app.command_line.terminal import Terminal
from app.conversations.store import FILE_NAME
from app.paths import Paths
from app.private_database import opening

NOW = datetime(2026, 11, 22, 13, 41, tzinfo=UTC)


@pytest.fixture
def path(private_home: Path) -> Path:
    """The file of the user's conversations; nothing of it exists yet."""
    assert private_home
    return Paths.of_user(os.environ).state / FILE_NAME


@pytest.fixture
def kept(path: Path) -> Path:
    async def write() -> None:
        async with open_conversations(path) as store:
            store.save(ACCOUNT, conversation("aa11", turn(0, "How to rename?", "By a `loop`.")))
            store.save(ACCOUNT, conversation("aa22", turn(0, "Why \x1b[31m?"), turn(1, "And?")))
            store.save(ACCOUNT, conversation("bb33", turn(0, "怎样改名？"), title="改名"))
            store.save(OTHER, conversation("cc44", turn(0, "SENTINEL?")))
            store.save(ACCOUNT, conversation("aa22", turn(0, "Why \x1b[31m?"), turn(1, "And?")))

    asyncio.run(write())
    return path


class Said:
    """Runs the command in this process; what it said is in `out` and `err`."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *words: str) -> Ended:
        options = parse_options(("chats", *words))
        code = chats(Paths.of_user(os.environ), options, Terminal(), NOW)
        captured = self._capsys.readouterr()
        return Ended(code, captured.out, captured.err)


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    return Said(capsys)


@pytest.mark.usefixtures("kept")
def test_the_list_has_one_line_each(said: Said) -> None:
    ended = said()
    lines = ended.out.splitlines()

    assert ended.code == ExitCode.FINE
    assert [line[:4] for line in lines] == ["aa22", "bb33", "aa11"]
    assert "4 messages" in lines[0]
    assert lines[1].endswith("改名")
    assert OTHER in ended.err  # there is more
    assert "\x1b" not in ended.out  # T-54
    assert said("list", "--search", "LOOP").out.startswith("aa11")
    assert said("list", "--search", "nothing").code == ExitCode.FAILED
    assert said("--account", OTHER).out.startswith("cc44")
    assert said("list", "--account", OTHER).out.startswith("cc44")
    assert said("--account", "f").code == ExitCode.FAILED


@pytest.mark.usefixtures("kept")
def test_the_list_as_json(said: Said) -> None:
    told = said("list", "--json").json["conversations"]

    assert [one["id"] for one in told] == ["aa22", "bb33", "aa11"]
    assert told[1]["title"] == "改名"
    assert told[2]["messages"] == 2
    assert told[2]["changed_at"].endswith("Z")


@pytest.mark.usefixtures("kept")
def test_a_conversation_is_shown(said: Said) -> None:
    ended = said("show", "aa1")

    assert ended.out.startswith("# How to rename?")
    assert "By a `loop`." in ended.out


@pytest.mark.usefixtures("kept")
def test_it_is_exported_whole_and_private(said: Said, tmp_path: Path) -> None:
    target = tmp_path / "chat.json"

    assert said("export", "bb33", "--json", "--out", str(target)).code == ExitCode.FINE
    assert json.loads(target.read_text("utf-8"))["title"] == "改名"
    assert target.stat().st_mode & 0o777 == 0o600
    assert said("export", "bb33").out.startswith("# 改名")
    assert said("export", "bb33", "--out", str(tmp_path / "no" / "x")).code == ExitCode.FAILED


@pytest.mark.parametrize("words", [("show", "aa"), ("show", "x"), ("delete",), ("delete", "aa")])
def test_it_must_be_one(said: Said, kept: Path, words: tuple[str, ...]) -> None:
    before = content_of(kept)

    assert said(*words).code == ExitCode.WRONG_USAGE
    assert content_of(kept) == before


def test_deleted_is_deleted(said: Said, kept: Path) -> None:
    """T-29: the raw bytes of every file are searched."""
    assert said("delete", "cc44", "--account", OTHER).code == ExitCode.FINE
    for name in files_beside(kept):
        assert b"SENTINEL" not in content_of(kept.with_name(name))
    assert said("delete", "--all").code == ExitCode.FINE
    assert said().err.strip() != ""
    assert said().code == ExitCode.FAILED


@pytest.fixture
def locked(kept: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(opening, "BUSY_S", 0.05)
    with closing(sqlite3.connect(kept, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield


@pytest.mark.usefixtures("locked")
@pytest.mark.expected_log("conversations not kept .locked.")
def test_while_another_program_writes_it_says_so(said: Said) -> None:
    """F-D19"""
    assert said("show", "aa1").code == ExitCode.FINE
    assert said("delete", "aa1").code == ExitCode.FAILED


def test_without_a_file_nothing_is_made(said: Said, path: Path) -> None:
    assert said().code == ExitCode.FAILED
    assert said("delete", "--all").code == ExitCode.FAILED
    assert not path.exists()


@pytest.mark.parametrize(
    ("statement", "word"),
    [("PRAGMA user_version=9", "newer"), ("CREATE VIEW v AS SELECT 1", "damaged")],
)
def test_a_file_that_is_not_ours_is_left_alone(
    said: Said, kept: Path, statement: str, word: str
) -> None:
    """F-C30, F-D17, T-49"""
    execute(kept, statement)
    before = content_of(kept)
    ended = said("delete", "--all")

    assert ended.code == ExitCode.FAILED
    assert word in ended.err
    assert content_of(kept) == before


@pytest.mark.usefixtures("kept")
def test_it_is_a_command_of_the_program() -> None:
    assert tidegauge("http://127.0.0.1:9", "chats", "list").out.startswith("aa22")
