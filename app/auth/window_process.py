"""The parent's side of the sign-in window: start its process, wait for its answer, end it.

The child lives as long as its stdin is open, so it never outlives this process.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

from app import SIGN_IN_WINDOW_OPTION
from app.auth.daemon_thread import in_daemon_thread
from app.embedded_window import Ending, Opening, clean_environment, read_ending, write_opening
from app.errors import FaultKind, fail

_BOOTSTRAP = (
    "import sys; sys.path[:0] = sys.argv[1:]; from app.sign_in_window.process import main; main()"
)
_END_S = 1.0  # the program itself has two seconds to end


class WindowProcess:
    """One window; it is shown once."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._is_over = False

    async def start(self) -> None:
        """Start the process. Raises `AppError(SIGN_IN_WINDOW_FAILED)` if that is impossible."""
        command = window_command()
        try:
            await in_daemon_thread(lambda: self._start(command), "window-start")
        except OSError as error:
            raise fail(FaultKind.SIGN_IN_WINDOW_FAILED, type(error).__name__) from None

    async def show(self, opening: Opening) -> Ending:
        """Show it and wait for its end, however long that takes."""
        line = write_opening(opening)
        answer = await in_daemon_thread(lambda: self._exchange(line), "window")
        try:
            return read_ending(answer)
        except ValueError:
            message = "the window's process ended early"
            raise fail(FaultKind.SIGN_IN_WINDOW_FAILED, message) from None

    def end(self) -> None:
        """Close the window if it is open, and see to it that its process goes; returns at once."""
        self._is_over = True
        if self._child is not None:
            child = self._child
            threading.Thread(target=lambda: _end(child), name="window-end").start()

    def _start(self, command: list[str]) -> None:
        child = subprocess.Popen(  # noqa: S603 - our own interpreter
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # Chromium's messages name addresses
            env=clean_environment(os.environ),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._child = child
        if self._is_over:  # cancelled meanwhile
            _end(child)

    def _exchange(self, line: bytes) -> bytes:
        child = self._child
        assert child is not None  # noqa: S101 - narrows the type
        assert child.stdin is not None  # noqa: S101
        assert child.stdout is not None  # noqa: S101
        with suppress(OSError):  # a dead child shows in the empty answer
            child.stdin.write(line)
            child.stdin.flush()
        return child.stdout.readline()


def window_command() -> list[str]:
    """The command that runs the window's process with this program's own code.

    Isolated mode: neither the working directory nor PYTHON… variables decide what is imported;
    the two folders are where this process found `app` and PySide6.
    """
    if getattr(sys, "frozen", False):
        return [sys.executable, SIGN_IN_WINDOW_OPTION]
    qt = importlib.util.find_spec("PySide6")
    if qt is None or qt.origin is None:
        raise fail(FaultKind.SIGN_IN_WINDOW_FAILED, "PySide6 is not installed")
    folders = dict.fromkeys((Path(__file__).parents[2], Path(qt.origin).parents[1]))
    return [sys.executable, "-I", "-c", _BOOTSTRAP, *map(str, folders)]


def _end(child: subprocess.Popen[bytes]) -> None:
    """Closing its stdin asks it to go."""
    assert child.stdin is not None  # noqa: S101 - narrows the type
    with suppress(OSError):
        child.stdin.close()
    try:
        child.wait(_END_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    if child.stdout is not None:
        with suppress(OSError):
            child.stdout.close()
