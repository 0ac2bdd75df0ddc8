"""The parent's side of the keyring child: start it, ask it, end it within a deadline.

Why a process: the `keyring` library with secretstorage and cryptography costs 11 to 25 MB of
resident memory for calls made at start, sign-in, sign-out and every ten days; and a locked
keyring blocks its caller for as long as a prompt stays open. A child costs about 130 ms per
use, gives the memory back, and can be ended. Tokens travel through pipes only, never through
arguments or the environment (T-34).
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from app import KEYRING_CHILD_OPTION
from app.auth.daemon_thread import in_daemon_thread
from app.errors import FaultKind, fail

_BOOTSTRAP = (
    "import sys; sys.path[:0] = sys.argv[1:]; from app.auth.keyring_child import main; main()"
)
_END_S = 2.0
# Beginnings of variables that put code into other programs (T-50).
_FOREIGN_CODE = ("PYTHON", "LD_PRELOAD", "LD_AUDIT", "DYLD_INSERT")


class KeyringProcess:
    """One running child; requests one after the other."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Start the child; it gets ready while the caller does other work.

        Raises `AppError(KEYRING_MISSING | KEYRING_FAILED)` if that is not possible.
        """
        command, handing_over = child_command(), _HandingOver()
        try:
            self._child = await in_daemon_thread(
                lambda: handing_over.give(_start(command)), "keyring-start"
            )
        except OSError as error:
            raise fail(FaultKind.KEYRING_FAILED, type(error).__name__) from None
        except asyncio.CancelledError:
            handing_over.give_up()
            raise

    async def ask(self, request: dict[str, Any], deadline_s: float | None) -> dict[str, Any]:
        """The child's reply to `request` (`keyring_child.answer`); starts the child if need be.

        Raises `TimeoutError` after `deadline_s` (None: never), `AppError(KEYRING_FAILED)` if the
        child died. In both cases, and when the caller is cancelled, the child is gone.
        """
        if self._child is None:
            await self.start()
        child = self._child
        assert child is not None  # noqa: S101 - narrows the type
        line = json.dumps(request).encode("ascii") + b"\n"
        try:
            async with asyncio.timeout(deadline_s):
                reply = await in_daemon_thread(lambda: _exchange(child, line), "keyring")
        except BaseException:
            child.kill()
            raise
        try:
            answer: dict[str, Any] = json.loads(reply)
        except ValueError:
            raise fail(FaultKind.KEYRING_FAILED, "the keyring process ended early") from None
        return answer

    async def close(self) -> None:
        """End the child and collect it."""
        child, self._child = self._child, None
        if child is not None:
            await in_daemon_thread(lambda: _end(child), "keyring-end")


class _HandingOver:
    """From the thread that starts a child to whoever waits for it; if nobody does, it is ended."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._is_wanted = True

    def give(self, child: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
        """In the thread: the child has started."""
        with self._lock:
            self._child = child
            is_wanted = self._is_wanted
        if not is_wanted:
            _stop(child)
        return child

    def give_up(self) -> None:
        """On the loop: nobody waits any more. It has been asked nothing: it ends at once."""
        with self._lock:
            self._is_wanted = False
            child = self._child
        if child is not None:
            _stop(child)


def child_command() -> list[str]:
    """The command that runs `keyring_child.main` with this program's own code.

    Isolated mode: neither the working directory nor PYTHON… variables decide what is imported;
    the two folders are where this process found `app` and `keyring`.
    """
    if getattr(sys, "frozen", False):
        return [sys.executable, KEYRING_CHILD_OPTION]
    library = importlib.util.find_spec("keyring")
    if library is None or library.origin is None:
        raise fail(FaultKind.KEYRING_MISSING, "the keyring library is not installed")
    folders = dict.fromkeys((Path(__file__).parents[2], Path(library.origin).parents[1]))
    return [sys.executable, "-I", "-c", _BOOTSTRAP, *map(str, folders)]


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(_FOREIGN_CODE)}
    return subprocess.Popen(  # noqa: S603 - our own interpreter
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _exchange(child: subprocess.Popen[bytes], line: bytes) -> bytes:
    assert child.stdin is not None  # noqa: S101 - narrows the type
    assert child.stdout is not None  # noqa: S101
    with suppress(OSError):  # a dead child shows in the empty reply
        child.stdin.write(line)
        child.stdin.flush()
    return child.stdout.readline()


def _stop(child: subprocess.Popen[bytes]) -> None:
    child.kill()
    _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
    try:
        child.wait(_END_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
