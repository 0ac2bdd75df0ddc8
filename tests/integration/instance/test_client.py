"""The second start's side of a named pipe; a terminal of its own stands in for it here."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.instance.client import Outcome, by_pipe, tell
from app.instance.messages import Answer, Message, Verb, answer_line, read_line

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="terminals of POSIX")


@dataclass
class Pipe:
    """Its name stands in `file`; `other_end` is the running program's."""

    file: Path
    other_end: int

    def serve(self, answer: bytes) -> threading.Thread:
        """Read one line and say `answer`."""

        def work() -> None:
            line = b""
            while not line.endswith(b"\n"):
                line += os.read(self.other_end, 4096)
            assert read_line(line) == Message(Verb.SHOW)
            os.write(self.other_end, answer)

        thread = threading.Thread(target=work)
        thread.start()
        return thread


@pytest.fixture
def pipe(tmp_path: Path) -> Iterator[Pipe]:
    import tty

    ours, theirs = os.openpty()
    tty.setraw(theirs)
    file = tmp_path / "tray.socket"
    file.write_text(os.ttyname(theirs))
    yield Pipe(file, ours)
    os.close(ours)
    os.close(theirs)


@pytest.mark.parametrize(("asks", "outcome"), [(False, Outcome.TAKEN), (True, Outcome.ASKS)])
def test_a_message_is_taken_over_a_pipe(pipe: Pipe, asks: bool, outcome: Outcome) -> None:
    """F-D13"""
    thread = pipe.serve(answer_line(Answer("1.0", asks)))
    assert tell(pipe.file, Message(Verb.SHOW), exchange=by_pipe) is outcome
    thread.join(10)


def test_an_answer_that_is_none_is_silence(pipe: Pipe) -> None:
    """F-D15"""
    thread = pipe.serve(b"what?\n")
    assert tell(pipe.file, Message(Verb.SHOW), exchange=by_pipe) is Outcome.SILENT
    thread.join(10)


def test_nobody_waits_longer_than_its_patience_for_a_program_that_hangs(pipe: Pipe) -> None:
    """F-D15"""
    with pytest.raises(TimeoutError):
        by_pipe(pipe.file, b"line\n", time.monotonic() + 0.1)
    os.write(pipe.other_end, b"late\n")  # ends the thread that was left waiting


@pytest.mark.parametrize("name", ["/no/such/pipe", "x" * 1000, "\x00"])
def test_a_pipe_that_is_not_there_is_nobody(tmp_path: Path, name: str) -> None:
    file = tmp_path / "tray.socket"
    file.write_text(name)
    assert tell(file, Message(Verb.SHOW), 0.1, by_pipe) is Outcome.NOBODY
    file.unlink()
    assert tell(file, Message(Verb.SHOW), 0.1, by_pipe) is Outcome.NOBODY
