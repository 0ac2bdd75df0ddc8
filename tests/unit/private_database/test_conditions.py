from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

import pytest

from app.errors import FaultKind, fail
from app.private_database.conditions import condition_of
from app.private_database.database_file import NewerError, RefusedError
from app.private_database.status import Condition


def sqlite_error(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("x")
    error.sqlite_errorcode = code
    return error


def folder_error(cause: OSError | None) -> Exception:
    error = fail(FaultKind.CONFIGURATION, "the folder")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "condition"),
    [
        (NewerError(), Condition.NEWER),
        (RefusedError(), Condition.REFUSED),
        (folder_error(None), Condition.REFUSED),
        (folder_error(OSError(errno.EROFS, "x")), Condition.READ_ONLY),
        (OSError(errno.ENOSPC, "x"), Condition.FULL),
        (OSError(errno.EDQUOT, "x"), Condition.FULL),
        (OSError(errno.EACCES, "x"), Condition.READ_ONLY),
        (OSError(errno.EIO, "x"), Condition.FAILING),
        (sqlite_error(sqlite3.SQLITE_BUSY), Condition.LOCKED),
        (sqlite_error(sqlite3.SQLITE_BUSY_SNAPSHOT), Condition.LOCKED),
        (sqlite_error(sqlite3.SQLITE_FULL), Condition.FULL),
        (sqlite_error(sqlite3.SQLITE_READONLY_ROLLBACK), Condition.READ_ONLY),
        (sqlite_error(sqlite3.SQLITE_IOERR_FSYNC), Condition.FAILING),
        (sqlite3.ProgrammingError("x"), Condition.FAILING),
    ],
    ids=str,
)
def test_what_a_failure_means(error: Exception, condition: Condition, tmp_path: Path) -> None:
    """F-D08, F-D09, F-D17, F-D19, T-40"""
    assert condition_of(error, tmp_path) is condition


@pytest.mark.parametrize(
    ("disk", "condition"),
    [
        ({"f_flag": os.ST_RDONLY, "f_bavail": 9}, Condition.READ_ONLY),
        ({"f_flag": 0, "f_bavail": 0}, Condition.FULL),
        ({"f_flag": 0, "f_bavail": 9}, Condition.FAILING),
    ],
)
def test_where_sqlite_does_not_say_why_the_disk_is_asked(
    disk: dict[str, int], condition: Condition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Disk:
        f_flag = disk["f_flag"]
        f_bavail = disk["f_bavail"]

    monkeypatch.setattr(os, "statvfs", lambda _folder: Disk)

    assert condition_of(sqlite_error(sqlite3.SQLITE_CANTOPEN), tmp_path) is condition


def test_a_folder_that_is_gone_fails(tmp_path: Path) -> None:
    gone = tmp_path / "gone"

    assert condition_of(sqlite_error(sqlite3.SQLITE_CANTOPEN), gone) is Condition.FAILING
