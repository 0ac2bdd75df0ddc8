"""Waiting for a lock on a private file without holding up the loop."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from app.auth.daemon_thread import in_daemon_thread
from app.errors import FaultKind, fail
from app.file_lock import Claim


@asynccontextmanager
async def held(path: Path, patience_s: float) -> AsyncIterator[Claim]:
    """The lock on `path`, which is made private if need be, for the duration of the block.

    Raises `AppError(TIMED_OUT)` if another process keeps it longer than `patience_s`,
    `AppError(CONFIGURATION)` if the file cannot be used.
    """
    claim = Claim(path, patience_s)
    try:
        try:
            is_ours = await in_daemon_thread(claim.take, "file-lock")
        except OSError as error:
            folder, reason = path.parent, error.strerror or error
            raise fail(FaultKind.CONFIGURATION, f"{folder}: {reason}") from error
        if not is_ours:
            raise fail(FaultKind.TIMED_OUT, "another process keeps the lock")
        yield claim
    finally:
        claim.give_up()
