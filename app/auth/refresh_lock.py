"""One refresh at a time among all processes of the user, and what the last one came to.

The lock is a `file_lock`. The file's few bytes say when refreshes were posted, without any
token, so that a successor keeps the pace of the one before it and knows of a post whose outcome
nobody learned.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
from typing import Protocol

from app.auth.file_lock import held
from app.auth.refresh_pace import RefreshRecord, record_from_json, record_to_json
from app.auth.tokens import TokenSet
from app.file_lock import Claim

PATIENCE_S = 60.0  # F-T04: longer than a post may take
_RECORD_LIMIT = 4096


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
        account = tokens.account
        async with held(self._folder / name, patience_s) as claim:
            yield _FileTurn(claim, _digest(account.account_id, account.user_id))


class _FileTurn:
    """The record in the locked file; another account's is not for us."""

    def __init__(self, claim: Claim, owner: str) -> None:
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


def _digest(*names: str) -> str:
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:16]
