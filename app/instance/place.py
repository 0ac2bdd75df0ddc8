"""Where the one program of a user is found, and who it is: taken before anything is shown.

The lock decides, never the socket: a second listener on one path would be let through (A12). The
lock file is never removed (T-46). Until the socket is there, a start a moment later looks for it
again. The icon waits for this module, so it imports no sockets by itself.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from app.file_lock import Claim
from app.paths import Paths, private_folder

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

L = TypeVar("L", bound="Listener")
_BACKLOG = 16
_LONGEST_PATH = 100  # bytes that fit into a socket's address everywhere


class Place:
    """The folder of lock and socket. The demo has a name of its own beside the real program."""

    def __init__(self, paths: Paths, *, demo: bool = False) -> None:
        name = "demo" if demo else "tray"
        self.folder = paths.runtime
        self.lock = self.folder / f"{name}.lock"
        self.socket = self.folder / f"{name}.socket"

    def take(self) -> Instance | None:
        """Be the one program; None if another one is. Raises `AppError(CONFIGURATION)`, `OSError`.

        On a folder that cannot be locked the program runs all the same, alone as far as it knows.
        """
        claim = Claim(self.lock, 0.0)
        if not claim.take():
            return None
        return Instance(self, claim)


class Listener(Protocol):
    """What listens at the place's socket; its end leaves the file there."""

    def close(self) -> None: ...


class Instance:
    """The one program. `listener` is None before `open`, and where nothing can listen."""

    def __init__(self, place: Place, claim: Claim) -> None:
        self.place = place
        self._claim = claim
        self.listener: Listener | None = None

    def open(self, listen: Callable[[Path], L | None]) -> L | None:
        """Listen for later starts, in place of what listened before."""
        if self.listener is not None:
            self.listener.close()
        self.listener = opened = listen(self.place.socket)
        return opened

    def is_intact(self) -> bool:
        """Whether later starts would still find this program (F-D14)."""
        if self._claim.file is None:
            return False
        try:
            ours, found = os.fstat(self._claim.file), os.stat(self.place.lock)
        except OSError:
            return False
        is_reachable = self.listener is None or self.place.socket.exists()
        return os.path.samestat(ours, found) and is_reachable

    def renew(self) -> bool:
        """Make the lock anew where somebody removed it; false if another program took over."""
        claim = Claim(self.place.lock, 0.0)
        try:
            if not self._has_lock() and not claim.take():
                return False
        except OSError:
            return False
        if claim.file is not None:
            self._claim.give_up()
            self._claim = claim
        return True

    def close(self) -> None:
        """Leave: the socket goes first, then the lock."""
        if self.listener is not None:
            self.listener.close()
            if self._has_lock():  # else another program has taken the place
                with suppress(OSError):
                    self.place.socket.unlink()
        self._claim.give_up()

    def _has_lock(self) -> bool:
        try:
            found = os.stat(self.place.lock)
        except OSError:
            return False
        return self._claim.file is not None and os.path.samestat(os.fstat(self._claim.file), found)


def listen(path: Path) -> socket.socket | None:
    """A private socket at `path`, in place of one that a dead program left; None if none can be.

    Only for the holder of the lock. Without it a second start still ends, and says why. Windows
    has `pipe_server` instead.
    """
    if sys.platform == "win32" or len(os.fsencode(path)) > _LONGEST_PATH:
        return None
    import socket  # noqa: PLC0415 - after the icon

    try:
        private_folder(path.parent)
        path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(os.fspath(path))
        path.chmod(0o600)
        listener.listen(_BACKLOG)
        listener.setblocking(False)
    except OSError:
        return None
    return listener
