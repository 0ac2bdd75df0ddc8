"""The second start: tells the running program what is wanted, without Qt and without asyncio."""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import BinaryIO

from app.instance.messages import LINE_LIMIT, Message, read_answer, to_line
from app.private_files import UnusableFileError, read_private

PATIENCE_S = 2.0
_PAUSE_S = 0.02
_LONGEST_NAME = 256
_ANY_PROCESS = -1  # ASFW_ANY of AllowSetForegroundWindow


class Outcome(Enum):
    TAKEN = "taken"  # the running program has it
    ASKS = "asks"  # it has it, and asks the person first
    SILENT = "silent"  # it listens, and does not answer (F-D15)
    NOBODY = "nobody"  # nothing listens


Exchange = Callable[[Path, bytes, float], bytes]


def tell(
    path: Path, message: Message, patience_s: float = PATIENCE_S, exchange: Exchange | None = None
) -> Outcome:
    """Send `message` to the program that listens at `path`, and wait for its answer.

    A program that has only just taken its lock may not listen yet, so an absent socket is looked
    for again until the patience is over. `exchange` carries a line there and the answer back, by
    a moment on the monotonic clock; by itself it is what the system has.
    """
    carry = exchange or (by_pipe if sys.platform == "win32" else by_socket)
    deadline = time.monotonic() + patience_s
    outcome = Outcome.NOBODY
    while time.monotonic() < deadline:
        try:
            said = read_answer(carry(path, to_line(message), deadline))
        except TimeoutError:
            return Outcome.SILENT
        except (FileNotFoundError, ConnectionRefusedError):
            outcome = Outcome.NOBODY
        except OSError:
            outcome = Outcome.SILENT  # closed on us while it ends: perhaps another one follows
        else:
            if said is None:
                return Outcome.SILENT
            return Outcome.ASKS if said.asks else Outcome.TAKEN
        time.sleep(_PAUSE_S)
    return outcome


def by_socket(path: Path, line: bytes, deadline: float) -> bytes:
    """Over the Unix socket at `path`. Raises `OSError`, `TimeoutError` among them."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(max(0.01, deadline - time.monotonic()))
        connection.connect(str(path))
        connection.sendall(line)
        answer = b""
        while not answer.endswith(b"\n") and len(answer) < LINE_LIMIT:
            connection.settimeout(max(0.01, deadline - time.monotonic()))
            received = connection.recv(LINE_LIMIT)
            if not received:
                raise ConnectionResetError
            answer += received
    return answer


def by_pipe(path: Path, line: bytes, deadline: float) -> bytes:
    """Over the named pipe whose name the file at `path` holds; raises like `by_socket`.

    A pipe knows no timeouts: a thread waits, and is left alone when the time is over.
    """
    try:
        name = read_private(path, _LONGEST_NAME).decode()
    except (UnusableFileError, UnicodeDecodeError):
        raise FileNotFoundError(path) from None
    _let_others_come_to_the_front()
    found: list[bytes | OSError] = []

    def work() -> None:
        try:
            with open(name, "r+b", buffering=0) as pipe:
                found.append(_exchanged(pipe, line))
        except ValueError:  # a name with a NUL in it
            found.append(FileNotFoundError(name))
        except OSError as error:
            found.append(error)

    thread = threading.Thread(target=work, name="instance", daemon=True)
    thread.start()
    thread.join(max(0.01, deadline - time.monotonic()))
    if not found:
        raise TimeoutError
    if isinstance(found[0], OSError):
        raise found[0]
    return found[0]


def _exchanged(pipe: BinaryIO, line: bytes) -> bytes:
    pipe.write(line)
    answer = b""
    while not answer.endswith(b"\n") and len(answer) < LINE_LIMIT:
        received = pipe.read(LINE_LIMIT)
        if not received:
            raise ConnectionResetError
        answer += received
    return answer


def _let_others_come_to_the_front() -> None:
    """Windows lets nobody raise a window but whom the person has just used: this start."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - only here

        with suppress(OSError, AttributeError):
            ctypes.windll.user32.AllowSetForegroundWindow(_ANY_PROCESS)
