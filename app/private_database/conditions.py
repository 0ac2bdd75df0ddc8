"""What a failure means: from an exception to how a private database fares."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

from app.errors import AppError
from app.private_database.database_file import NewerError, RefusedError
from app.private_database.status import Condition

FAULTS = (sqlite3.Error, OSError, AppError, NewerError, RefusedError)


def condition_of(error: BaseException, folder: Path) -> Condition:
    """Of one of `FAULTS`; `folder` is the database's."""
    if isinstance(error, NewerError):
        return Condition.NEWER
    if isinstance(error, RefusedError):
        return Condition.REFUSED
    if isinstance(error, AppError):
        cause = error.__cause__
        return condition_of(cause, folder) if isinstance(cause, OSError) else Condition.REFUSED
    if isinstance(error, OSError):
        return _condition_of_number(error.errno)
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Condition.LOCKED
    if code == sqlite3.SQLITE_FULL:
        return Condition.FULL
    if code == sqlite3.SQLITE_READONLY:
        return Condition.READ_ONLY
    return _condition_of_folder(folder)


def _condition_of_number(number: int | None) -> Condition:
    if number in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return Condition.FULL
    if number in (errno.EROFS, errno.EACCES, errno.EPERM):
        return Condition.READ_ONLY
    return Condition.FAILING


def _condition_of_folder(folder: Path) -> Condition:
    """SQLite tells that a file could not be opened or written, but not why."""
    if not hasattr(os, "statvfs"):
        return Condition.FAILING
    try:
        disk = os.statvfs(folder)
    except OSError as error:
        return _condition_of_number(error.errno)
    if disk.f_flag & os.ST_RDONLY or not os.access(folder, os.W_OK):
        return Condition.READ_ONLY
    return Condition.FAILING if disk.f_bavail else Condition.FULL
