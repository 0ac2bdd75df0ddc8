"""The second start: tells the running program what is wanted, without Qt and without asyncio."""

from __future__ import annotations

import socket
import sys
import time
from enum import Enum
from pathlib import Path

from app.instance.messages import LINE_LIMIT, Message, read_answer, to_line

PATIENCE_S = 2.0
_PAUSE_S = 0.02


class Outcome(Enum):
    TAKEN = "taken"  # the running program has it
    ASKS = "asks"  # it has it, and asks the person first
    SILENT = "silent"  # it listens, and does not answer (F-D15)
    NOBODY = "nobody"  # nothing listens


def tell(path: Path, message: Message, patience_s: float = PATIENCE_S) -> Outcome:
    """Send `message` to the program that listens at `path`, and wait for its answer.

    A program that has only just taken its lock may not listen yet, so an absent socket is looked
    for again until the patience is over.
    """
    if sys.platform == "win32":
        return Outcome.NOBODY
    deadline = time.monotonic() + patience_s
    outcome = Outcome.NOBODY
    while time.monotonic() < deadline:
        try:
            return _exchange(path, message, deadline)
        except TimeoutError:
            return Outcome.SILENT
        except (FileNotFoundError, ConnectionRefusedError):
            outcome = Outcome.NOBODY
        except OSError:
            outcome = Outcome.SILENT  # closed on us while it ends: perhaps another one follows
        time.sleep(_PAUSE_S)
    return outcome


def _exchange(path: Path, message: Message, deadline: float) -> Outcome:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(max(0.01, deadline - time.monotonic()))
        connection.connect(str(path))
        connection.sendall(to_line(message))
        answer = b""
        while not answer.endswith(b"\n") and len(answer) < LINE_LIMIT:
            connection.settimeout(max(0.01, deadline - time.monotonic()))
            received = connection.recv(LINE_LIMIT)
            if not received:
                raise ConnectionResetError
            answer += received
    said = read_answer(answer)
    if said is None:
        return Outcome.SILENT
    return Outcome.ASKS if said.asks else Outcome.TAKEN
