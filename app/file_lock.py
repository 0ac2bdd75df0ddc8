"""The operating system's own lock on a private file that is never removed (T-46).

It is free the moment its holder dies (F-T05): `flock`, on Windows a locked byte. The few bytes
in the file belong to whoever holds the lock. No asyncio here: the icon waits for this module.
"""

from __future__ import annotations

import os
import stat
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from app.paths import private_folder

_PAUSE_S = 0.02
_LOCKED_BYTE = 1 << 20  # behind the content: Windows lets nobody read a locked byte


class Claim:
    """One wait for the lock. `take` runs on a thread; `give_up` may come at any moment."""

    def __init__(self, path: Path, patience_s: float) -> None:
        self._path = path
        self._deadline = time.monotonic() + patience_s
        self._given_up = threading.Event()
        self._guard = threading.Lock()
        self.file: int | None = None

    def take(self) -> bool:
        """Wait for the lock; false if it did not become free in time. Raises `OSError`."""
        private_folder(self._path.parent)
        while not self._given_up.is_set():
            file = _open_private(self._path)
            if self._keep(file):
                return True
            os.close(file)
            if time.monotonic() >= self._deadline:
                return False
            self._given_up.wait(_PAUSE_S)
        return False

    def give_up(self) -> None:
        with self._guard:
            self._given_up.set()
            file, self.file = self.file, None
        if file is not None:
            with suppress(OSError):
                _unlock(file)  # a child just being started may hold a copy for a moment
            os.close(file)

    def _keep(self, file: int) -> bool:
        if not _try_lock(file):
            return False
        with self._guard:
            if self._given_up.is_set() or not _is_still(file, self._path):
                return False
            self.file = file
        return True


def _open_private(path: Path) -> int:
    """Mode 0600, no link followed, a regular file of our own (T-40). Raises `OSError`."""
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    file = os.open(path, flags | getattr(os, "O_NONBLOCK", 0), 0o600)
    status = os.fstat(file)
    is_ours = not hasattr(os, "getuid") or status.st_uid == os.getuid()
    if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1 or not is_ours:
        os.close(file)
        message = f"{path.name} is not a file of ours"
        raise OSError(message)
    return file


def _is_still(file: int, path: Path) -> bool:
    """Whether the locked file is the one that others will find at `path`."""
    try:
        return os.path.samestat(os.fstat(file), os.stat(path, follow_symlinks=False))
    except FileNotFoundError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: int) -> bool:
        os.lseek(file, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True

    def _unlock(file: int) -> None:
        os.lseek(file, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
