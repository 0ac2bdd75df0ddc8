"""What listens on Windows, over the sockets Qt has for it elsewhere."""

from __future__ import annotations

import socket
import stat
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from pytestqt.qtbot import QtBot

from app import VERSION
from app.instance.client import Outcome, by_socket, tell
from app.instance.messages import LINE_LIMIT, Answer, Message, Verb, read_answer, to_line
from app.instance.mouth import MOST_CLIENTS, Mouth
from app.instance.pipe_server import PipeServer, listen_by_pipe

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="clients by Unix sockets")


@dataclass
class Listening:
    """A server, what it heard, and clients of it."""

    qtbot: QtBot
    file: Path
    server: PipeServer
    heard: list[Message] = field(default_factory=list)

    def connected(self) -> socket.socket:
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(10)
        try:
            client.connect(self.file.read_text())
        except OSError:
            client.close()
            raise
        return client

    def sent(self, data: bytes) -> bytes:
        """What comes back for `data`, to the end of the connection."""
        with self.connected() as client:
            client.sendall(data)
            return self.rest_of(client)

    def rest_of(self, client: socket.socket) -> bytes:
        answer: list[bytes] = []
        ended = threading.Event()

        def read() -> None:
            try:
                while piece := client.recv(LINE_LIMIT):
                    answer.append(piece)
            except OSError:
                pass
            ended.set()

        thread = threading.Thread(target=read)
        thread.start()
        self.qtbot.waitUntil(ended.is_set)
        thread.join()
        return b"".join(answer)


impatient = pytest.mark.parametrize("listening", [0.5], indirect=True)


@pytest.fixture
def listening(qtbot: QtBot, request: pytest.FixtureRequest) -> Iterator[Listening]:
    """Of more patience than a busy machine needs, but for tests that use it up."""
    heard: list[Message] = []
    mouth = Mouth(heard.append, lambda message: message.verb is Verb.QUIT)
    with TemporaryDirectory() as folder:  # the path of a socket is short
        file = Path(folder) / "tray.socket"
        server = listen_by_pipe(file, mouth, deadline_s=getattr(request, "param", 30.0))
        assert server is not None
        yield Listening(qtbot, file, server, heard)
        server.close()


def test_its_name_is_chance_and_stands_in_a_private_file(listening: Listening) -> None:
    """T-44: nobody can have taken it before, and nobody else may open it."""
    assert stat.S_IMODE(listening.file.stat().st_mode) == 0o600
    pipe = Path(listening.file.read_text())
    assert pipe.name.startswith("tidegauge-")
    assert len(pipe.name) == len("tidegauge-") + 32
    assert stat.S_IMODE(pipe.stat().st_mode) & 0o077 == 0
    demo = listening.file.with_name("demo.socket")
    other = listen_by_pipe(demo, Mouth(listening.heard.append))
    assert other is not None
    assert other.name != listening.server.name
    other.close()


@pytest.mark.parametrize("verb", [Verb.SHOW, Verb.QUIT])
def test_a_message_is_answered_and_heard(listening: Listening, verb: Verb) -> None:
    """F-D13"""
    answer = listening.sent(to_line(Message(verb, "token")))
    assert read_answer(answer) == Answer(VERSION, asks=verb is Verb.QUIT)
    assert listening.heard == [Message(verb, "token")]


def test_a_message_may_come_in_pieces(listening: Listening) -> None:
    line = to_line(Message(Verb.CHAT))
    with listening.connected() as client:
        client.sendall(line[:5])
        listening.qtbot.wait(20)
        client.sendall(line[5:])
        assert read_answer(listening.rest_of(client)) is not None
    assert listening.heard == [Message(Verb.CHAT)]


@impatient
@pytest.mark.parametrize(
    "data",
    [
        b"garbage\n",
        b'{"v": 1, "verb": "run", "path": "/bin/sh"}\n',
        b"x" * (LINE_LIMIT * 2),
        b'{"v": 1, "verb": "show"}',  # never ends
        b"",
    ],
)
def test_what_is_no_message_gets_no_answer_and_a_short_time(
    listening: Listening, data: bytes
) -> None:
    """T-45"""
    assert listening.sent(data) == b""
    assert listening.heard == []
    assert read_answer(listening.sent(to_line(Message(Verb.SHOW)))) is not None


@impatient
def test_silent_clients_beyond_a_few_are_sent_away(listening: Listening) -> None:
    """T-45: and once their time is over, others are heard again."""
    clients = [listening.connected() for _ in range(MOST_CLIENTS + 1)]
    assert listening.rest_of(clients[-1]) == b""
    for client in clients:
        assert listening.rest_of(client) == b""
        client.close()
    assert read_answer(listening.sent(to_line(Message(Verb.SHOW)))) is not None


def test_a_second_start_finds_it_by_the_file(listening: Listening) -> None:
    """F-D13: over the client that starts use, with a socket in the place of the pipe."""
    found: list[Outcome] = []

    def exchange(path: Path, line: bytes, deadline: float) -> bytes:
        return by_socket(Path(path.read_text()), line, deadline)

    def second() -> None:
        found.append(tell(listening.file, Message(Verb.SHOW), exchange=exchange))

    thread = threading.Thread(target=second)
    thread.start()
    listening.qtbot.waitUntil(lambda: bool(found))
    thread.join()
    assert found == [Outcome.TAKEN]


def test_once_closed_nobody_is_heard(listening: Listening) -> None:
    waiting = listening.connected()
    listening.qtbot.wait(20)
    listening.server.close()
    assert listening.rest_of(waiting) == b""
    with pytest.raises(OSError, match=r".+"):
        listening.connected()
    waiting.close()


def test_a_folder_that_takes_no_file_is_no_place_to_listen(qtbot: QtBot, tmp_path: Path) -> None:
    """F-D09"""
    missing = tmp_path / "file"
    missing.write_text("")
    assert listen_by_pipe(missing / "run", Mouth(lambda _message: None)) is None
