"""Opens a private database: makes it, carries an older version on, renews a damaged one.

A new file is built beside the old one, whole and synced, and then takes its name: whenever this
is killed, the next start finds either the old state or the new one (F-D07, F-D16, F-D18).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from app.paths import private_folder
from app.private_database.database_file import (
    DamagedError,
    Identity,
    Names,
    NewerError,
    RefusedError,
    check_file,
    check_journal,
    identity,
    is_on_network,
    make_private,
    sync_folder,
)
from app.private_database.schema import PAGE_BYTES, Schema
from app.values import dataclass

BUSY_S = 5.0  # F-D19
_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_DAMAGE_AT_FIRST = _DAMAGE | {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_SCHEMA}
_CACHE_KIB = 64
_SWEPT_IN_MEMORY = 8 << 20  # bytes

# Copies what can still be read of the damaged file into the new one; returns how many rows. The
# connection is inside a transaction.
Salvage = Callable[[Path, sqlite3.Connection], int]


@dataclass(frozen=True, slots=True)
class Opened:
    """`set_aside` names the damaged file put aside on the way, `rows_saved` what it still gave."""

    connection: sqlite3.Connection
    identity: Identity
    set_aside: str = ""
    rows_saved: int = 0
    is_on_network: bool = False


def open_database(
    path: Path, schema: Schema, now: datetime, salvage: Salvage, *, is_damaged: bool = False
) -> Opened:
    """A connection that may write. Blocks; `now` names a damaged file that is set aside.

    `is_damaged`: a query found it so, whatever the check says.
    Raises `RefusedError`, `NewerError`, `sqlite3.Error`, `OSError` or `AppError` (the folder).
    """
    names = Names(path)
    private_folder(path.parent)
    check_journal(names.journal)
    set_aside, rows_saved = "", 0
    if identity(path) is None:
        _finish_or_begin(names, schema)
    try:
        if is_damaged:
            raise DamagedError
        connection, found = _open_checked(path, schema)
    except DamagedError:
        set_aside, rows_saved = _renew(names, schema, now, salvage)
        connection, found = _open_checked(path, schema)
    with _closed_on_error(connection):
        if identity(names.new) is not None:  # a renewal was killed before it was whole
            names.new.unlink()
        return Opened(connection, found, set_aside, rows_saved, is_on_network(path))


def open_to_read(path: Path, schema: Schema) -> sqlite3.Connection:
    """A connection for another process than the one that keeps the database; creates nothing.

    Raises `FileNotFoundError`, `RefusedError`, `NewerError`, `DamagedError`, `sqlite3.Error` or
    `OSError`. What a killed program left half-written is rolled back.
    """
    check_journal(Names(path).journal)
    connection, _ = _open_checked(path, schema, migrates=False)
    with _closed_on_error(connection):
        connection.execute("PRAGMA query_only=ON")
    return connection


def sweep(connection: sqlite3.Connection) -> None:
    """Write the file anew, so that nothing that was deleted is left in it; raises `sqlite3.Error`.

    `secure_delete` overwrites rows and free pages, but not the copies that stay in the unused
    part of a page when SQLite moves rows from page to page.
    """
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    if pages * PAGE_BYTES > _SWEPT_IN_MEMORY:
        connection.execute("PRAGMA temp_store=FILE")  # what stays goes through an unnamed file
    connection.execute("VACUUM")
    connection.execute("PRAGMA temp_store=MEMORY")


def damage_of(error: BaseException, *, opening: bool = False) -> bool:
    """Whether an error says that the file itself is damaged.

    While a file is being opened nothing but known statements runs, so that any error of
    SQLite's own understanding is the file's. Its messages may quote bytes that are no text.
    """
    if isinstance(error, UnicodeDecodeError):
        return True
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    return code in (_DAMAGE_AT_FIRST if opening else _DAMAGE)


# --- one file ------------------------------------------------------------------------------------


def _open_checked(
    path: Path, schema: Schema, *, migrates: bool = True
) -> tuple[sqlite3.Connection, Identity]:
    found = check_file(path, schema)
    try:
        connection = _connect(path)
        with _closed_on_error(connection):
            if identity(path) != found:
                raise OSError(f"{path.name} was replaced while it was opened")
            _check(connection)
            if migrates:
                _migrate(connection, schema, Names(path))
            _check_tables(connection, schema)
    except BaseException as error:
        if damage_of(error, opening=True):
            raise DamagedError(str(error)) from error
        raise
    return connection, found


def _connect(path: Path) -> sqlite3.Connection:
    """The settings that matter come before the first look at the file's own tables (T-49)."""
    connection = sqlite3.connect(
        f"{path.as_uri()}?mode=rw",
        timeout=BUSY_S,
        isolation_level=None,
        uri=True,
        cached_statements=24,
    )
    connection.text_factory = _text
    with _closed_on_error(connection):
        for setting in (
            "trusted_schema=OFF",
            "cell_size_check=ON",
            f"cache_size=-{_CACHE_KIB}",
            "mmap_size=0",
            "secure_delete=ON",
            "synchronous=FULL",
            "temp_store=MEMORY",  # a sort must leave nothing in another folder
        ):
            connection.execute(f"PRAGMA {setting}")
    return connection


@contextmanager
def _closed_on_error(connection: sqlite3.Connection) -> Iterator[None]:
    """Nobody else knows the connection yet: what goes wrong here must not leave it open."""
    try:
        yield
    except BaseException:
        connection.close()
        raise


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def _check(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode=TRUNCATE")
    (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if verdict != "ok":
        raise DamagedError(verdict)
    # Rolled back just now, a file that was only begun is empty again.
    if connection.execute("PRAGMA user_version").fetchone() == (0,):
        raise DamagedError("no version")


def _check_tables(connection: sqlite3.Connection, schema: Schema) -> None:
    """The file has our tables and nothing else: no view, no trigger, no other text (T-49)."""
    found = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    if sorted(text for (text,) in found) != sorted(schema.tables):
        raise DamagedError("other tables than ours")


# --- from version to version ---------------------------------------------------------------------


def _migrate(connection: sqlite3.Connection, schema: Schema, names: Names) -> None:
    """Each step is one transaction with its version; a copy is made before the first (F-D18)."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version < schema.version:
        backup = names.backup(version)
        make_private(backup)
        connection.execute("VACUUM INTO ?", (str(backup),))
    for step in range(version, schema.version):
        connection.execute("BEGIN IMMEDIATE")
        for statement in (*schema.steps[step], f"PRAGMA user_version={step + 1}"):
            connection.execute(statement)
        connection.execute("COMMIT")


# --- new files -----------------------------------------------------------------------------------


def _finish_or_begin(names: Names, schema: Schema) -> None:
    """There is no file. Perhaps a renewed one only lacks its name; else begin an empty one."""
    try:
        check_journal(names.new.with_name(f"{names.new.name}-journal"))
        connection, _ = _open_checked(names.new, schema)
        connection.close()
    except (OSError, DamagedError, NewerError, RefusedError):
        _build(names, schema)
    os.replace(names.new, names.path)
    sync_folder(names.path.parent)


def _renew(names: Names, schema: Schema, now: datetime, salvage: Salvage) -> tuple[str, int]:
    """Put the damaged file aside and what can be read of it into a new one (F-D16).

    Returns the name it has now, and the number of rows saved. The journal goes first: beside a
    new file it would be taken for that file's.
    """
    rows_saved = _build(names, schema, salvage)
    aside = _unused(names.path.with_name(f"{names.path.stem}.corrupt-{now:%Y%m%dT%H%M%SZ}"))
    if names.journal.exists():
        os.replace(names.journal, f"{aside}-journal")
    os.replace(names.path, aside)
    os.replace(names.new, names.path)
    sync_folder(names.path.parent)
    return aside.name, rows_saved


def _build(names: Names, schema: Schema, salvage: Salvage | None = None) -> int:
    """A whole new file, with what `salvage` takes from the damaged one; returns how many rows."""
    journal = names.new.with_name(f"{names.new.name}-journal")
    journal.unlink(missing_ok=True)
    make_private(names.new)
    with closing(_connect(names.new)) as connection:
        connection.execute(f"PRAGMA page_size={PAGE_BYTES}")
        connection.execute("PRAGMA journal_mode=TRUNCATE")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(f"PRAGMA application_id={schema.application_id}")
        connection.execute(f"PRAGMA user_version={schema.version}")
        for table in schema.tables:
            connection.execute(table)
        rows_saved = salvage(names.path, connection) if salvage is not None else 0
        connection.execute("COMMIT")
    journal.unlink(missing_ok=True)
    return rows_saved


def _unused(path: Path) -> Path:
    """`path`, or with a number behind it if that name is taken already."""
    candidate, number = path, 1
    while identity(candidate) is not None:
        number += 1
        candidate = path.with_name(f"{path.name}-{number}")
    return candidate
