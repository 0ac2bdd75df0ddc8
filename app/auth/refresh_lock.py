"""One refresh at a time among all processes of the user, and what the last one came to.

The lock is the operating system's own (`flock`, on Windows a locked byte) on a private file
that is never removed: it is free the moment its holder dies (F-T05). The file's few bytes say
when refreshes were posted, without any token, so that a successor keeps the pace of the one
before it and knows of a post whose outcome nobody learned.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import threading
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
from typing import Protocol

from app.auth.daemon_thread import in_daemon_thread
from app.auth.refresh_pace import RefreshRecord, record_from_json, record_to_json
from app.auth.tokens import TokenSet
from app.errors import FaultKind, fail
from app.paths import private_folder

PATIENCE_S = 60.0  # F-T04: longer than a post may take
_PAUSE_S = 0.02
_RECORD_LIMIT = 4096
_LOCKED_BYTE = 1 << 20  # behind the record: Windows lets nobody read a locked byte


class RefreshTurn(Protocol):
    """What the holder of the lock may do with the record."""

    def read(self) -> RefreshRecord: ...

    def write(self, record: RefreshRecord) -> None: ...


class RefreshLock(Protocol):
    """Keeps other refreshes of the same issuer and client out."""

    def held(
        self, tokens: TokenSet, patience_s: float = PATIENCE_S
    ) -> AbstractAsyncContextManager[RefreshTurn]:
        """The lock for the duration of the block.

        Raises `AppError(TIMED_OUT)` if another process keeps it longer than `patience_s`,
        `AppError(CONFIGURATION)` if the file cannot be used.
        """


class LocalRefreshLock:
    """For tokens that only this process knows: the demo, tests."""

    def __init__(self) -> None:
        self._record = RefreshRecord()

    @asynccontextmanager
    async def held(
        self, tokens: TokenSet, patience_s: float = PATIENCE_S
    ) -> AsyncIterator[RefreshTurn]:
        yield self

    def read(self) -> RefreshRecord:
        return self._record

    def write(self, record: RefreshRecord) -> None:
        self._record = record


class FileRefreshLock:
    """Lock files in `folder`, which is made private when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @asynccontextmanager
    async def held(
        self, tokens: TokenSet, patience_s: float = PATIENCE_S
    ) -> AsyncIterator[RefreshTurn]:
        name = f"refresh-{_digest(tokens.issuer, tokens.client_id)}.lock"
        claim = _Claim(self._folder / name, patience_s)
        try:
            try:
                is_ours = await in_daemon_thread(claim.take, "refresh-lock")
            except OSError as error:
                raise fail(
                    FaultKind.CONFIGURATION, f"{self._folder}: {error.strerror or error}"
                ) from error
            if not is_ours:
                raise fail(FaultKind.TIMED_OUT, "another process is still refreshing")
            account = tokens.account
            yield _FileTurn(claim, _digest(account.account_id, account.user_id))
        finally:
            claim.give_up()


class _Claim:
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


class _FileTurn:
    """The record in the locked file; another account's is not for us."""

    def __init__(self, claim: _Claim, owner: str) -> None:
        self._claim = claim
        self._owner = owner

    def read(self) -> RefreshRecord:
        file = self._claim.file
        if file is None:
            return RefreshRecord()
        try:
            os.lseek(file, 0, os.SEEK_SET)
            return record_from_json(os.read(file, _RECORD_LIMIT), self._owner)
        except OSError:
            return RefreshRecord()

    def write(self, record: RefreshRecord) -> None:
        """A disk that is full must not stop a refresh: the lock itself needs no space."""
        file = self._claim.file
        if file is None:
            return
        with suppress(OSError):
            os.ftruncate(file, 0)
            os.lseek(file, 0, os.SEEK_SET)
            os.write(file, record_to_json(record, self._owner))


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


def _digest(*names: str) -> str:
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:16]
