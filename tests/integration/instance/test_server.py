"""What a running program takes from later starts, and from anybody else, over a real socket."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.instance import server
from app.instance.client import Outcome, tell
from app.instance.messages import LINE_LIMIT, Message, Verb, to_line
from app.instance.place import Instance, Place
from app.instance.server import Ear, heard
from app.paths import Paths

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sockets in folders")


_STRANGER = """
import socket, sys
with socket.socket(socket.AF_UNIX) as connection:
    connection.settimeout(5)
    connection.connect(sys.argv[1])
    try:
        connection.sendall(bytes.fromhex(sys.argv[2]))
        answer = connection.recv(100)
    except (BrokenPipeError, ConnectionResetError):
        answer = b""
print("connected,", answer or "no answer")
"""


@dataclass
class Running:
    """A program that listens, and what it heard."""

    instance: Instance
    ear: Ear | None = None
    messages: list[Message] = field(default_factory=list)

    @property
    def path(self) -> Path:
        return self.instance.place.socket

    async def told(self, message: Message) -> Outcome:
        return await asyncio.to_thread(tell, self.path, message)

    async def sent(self, data: bytes) -> bytes:
        """What comes back for `data`, to the end of the connection."""
        reader, writer = await asyncio.open_unix_connection(self.path)
        writer.write(data)
        answer = await asyncio.wait_for(_rest_of(reader), 10)
        writer.close()
        return answer


async def _rest_of(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read()
    except ConnectionResetError:
        return b""


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Running]:
    instance = Place(Paths.below(folder)).take()
    assert instance is not None
    program = Running(instance)
    async with heard(instance, program.messages.append) as program.ear:
        yield program
    instance.close()


@pytest.mark.parametrize("verb", Verb)
async def test_a_second_start_is_heard_and_answered(tmp_path: Path, verb: Verb) -> None:
    """F-D13"""
    async with running(tmp_path) as program:
        assert await program.told(Message(verb, "token-1")) is Outcome.TAKEN
        assert program.messages == [Message(verb, "token-1")]


async def test_a_second_start_is_told_that_the_person_is_asked(tmp_path: Path) -> None:
    """F-T22: before a program ends with which something is lost."""
    instance = Place(Paths.below(tmp_path)).take()
    assert instance is not None
    heard_so_far: list[Message] = []
    async with heard(instance, heard_so_far.append, lambda message: not message.is_forced) as ear:
        program = Running(instance, ear)
        assert await program.told(Message(Verb.QUIT)) is Outcome.ASKS
        assert await program.told(Message(Verb.QUIT, is_forced=True)) is Outcome.TAKEN
        assert heard_so_far == [Message(Verb.QUIT), Message(Verb.QUIT, is_forced=True)]
    instance.close()


async def test_ten_starts_at_once_are_all_answered(tmp_path: Path) -> None:
    """F-D13"""
    async with running(tmp_path) as program:
        outcomes = await asyncio.gather(*(program.told(Message(Verb.SHOW)) for _ in range(10)))
        assert set(outcomes) == {Outcome.TAKEN}
        assert len(program.messages) == 10


@pytest.mark.parametrize(
    "data",
    [
        b"garbage\n",
        b"\x00" * 100 + b"\n",
        b'{"v": 99, "verb": "show"}\n',
        b'{"v": 1, "verb": "run", "path": "/bin/sh"}\n',
        b"x" * (LINE_LIMIT * 50),
        b'{"v": 1, "verb": "show"}',
        b"",
    ],
)
async def test_what_is_no_message_is_dropped_without_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes
) -> None:
    """T-45: garbage, wrong version, too much, a line that never ends."""
    monkeypatch.setattr(server, "DEADLINE_S", 0.2)
    async with running(tmp_path) as program:
        assert await program.sent(data) == b""
        assert program.messages == []
        assert await program.told(Message(Verb.CHAT)) is Outcome.TAKEN


async def test_a_thousand_silent_clients_cost_as_much_as_eight(tmp_path: Path) -> None:
    """T-45"""
    async with running(tmp_path) as program:
        clients = []
        for _ in range(1000):
            client = socket.socket(socket.AF_UNIX)
            client.setblocking(False)
            try:
                client.connect(str(program.path))
            except BlockingIOError:  # the backlog is full
                client.close()
            else:
                clients.append(client)
            await asyncio.sleep(0)
        assert len(clients) > 100
        for client in clients:
            client.close()
        assert await program.told(Message(Verb.SHOW)) is Outcome.TAKEN


@pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or shutil.which("setpriv") is None,
    reason="only root can be another user",
)
async def test_another_user_is_not_listened_to() -> None:
    """T-44: even where the folder would let them in."""
    with tempfile.TemporaryDirectory() as folder:
        async with running(Path(folder)) as program:
            for opened in (Path(folder), program.path.parent, program.path):
                opened.chmod(0o777)
            command = ["setpriv", "--reuid=65534", "--clear-groups", "/usr/bin/python3", "-c"]
            quit_line = to_line(Message(Verb.QUIT)).hex()
            done = await asyncio.to_thread(
                subprocess.run,
                [*command, _STRANGER, str(program.path), quit_line],
                capture_output=True,
                text=True,
                check=False,
            )
            assert (done.returncode, done.stdout) == (0, "connected, no answer\n"), done.stderr
            assert program.messages == []


async def test_a_cleaned_folder_is_repaired_while_it_runs(tmp_path: Path) -> None:
    """F-D14"""
    async with running(tmp_path) as program:
        assert program.ear is not None
        for path in (program.path, program.instance.place.lock):
            path.unlink()
        await program.ear.look_after()
        assert await program.told(Message(Verb.SHOW)) is Outcome.TAKEN
        await program.ear.look_after()
        assert await program.told(Message(Verb.SHOW)) is Outcome.TAKEN


async def test_nothing_is_heard_without_an_instance() -> None:
    async with heard(None, lambda _message: None) as ear:
        assert ear is None
