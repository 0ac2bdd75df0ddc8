"""Takes the rows that can still be read out of a damaged history file (F-D16).

Nothing in the file is believed: a row is taken only if all of it makes sense (T-49).
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from app.history.runs import window_number
from app.private_database.pages import Row, rows_of_page
from app.private_database.schema import PAGE_BYTES

_LARGEST_FILE = 1 << 30
_EARLIEST, _LATEST = 946_684_800, 4_102_444_800  # 2000 and 2100
_LARGEST = 10**9
_LARGEST_WINDOW = 2**31
_ACCOUNT = re.compile(r"[0-9a-f]{16}")
# Of two copies of a row the one with more readings is the newer one.
_ADD_RUN = (
    "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(window, seq) DO UPDATE SET "
    "last_at = excluded.last_at, readings = excluded.readings "
    "WHERE excluded.readings > runs.readings"
)
# The index tells a window without its title.
_ADD_WINDOW = (
    "INSERT INTO windows VALUES (?, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET title = excluded.title "
    "WHERE excluded.title > ''"
)
_NAME = re.compile(r".{1,120}/[0-9]{1,12}(#[0-9]{1,3})?")


def salvage(damaged: Path, connection: sqlite3.Connection) -> int:
    """Copy every sensible row of `damaged` into the new, empty file behind `connection`.

    Returns how many rows of readings were saved. The caller holds a transaction. Raises
    `OSError` if the damaged file cannot be read at all.
    """
    for row in _rows(damaged):
        if (run := _run(row)) is not None:
            connection.execute(_ADD_RUN, run)
        elif (window := _window(row)) is not None:
            connection.execute(_ADD_WINDOW, window)
        elif (change := _change(row)) is not None:
            connection.execute("INSERT OR IGNORE INTO changes VALUES (?, ?, ?, ?, ?)", change)
    count: int = connection.execute("SELECT count(*) FROM runs").fetchone()[0]
    return count


def _rows(damaged: Path) -> Iterator[Row]:
    with damaged.open("rb") as file:
        for number in range(_LARGEST_FILE // PAGE_BYTES):
            page = file.read(PAGE_BYTES)
            if not page:
                return
            yield from rows_of_page(page, is_first=number == 0)


def _run(row: Row) -> tuple[int, int, int, int, int, int, int | None, int] | None:
    """window, seq, first_at, last_at, readings, used, resets_at, skew"""
    match row:
        case (
            int(window),
            int(seq),
            int(first_at),
            int(last_at),
            int(readings),
            int(used),
            int() | None as resets_at,
            int(skew),
        ):
            is_sensible = (
                0 < window <= _LARGEST_WINDOW
                and 0 < seq <= _LARGEST
                and _EARLIEST <= first_at <= last_at <= _LATEST
                and 0 < readings <= _LARGEST
                and -_LARGEST <= used <= _LARGEST
                and (resets_at is None or _EARLIEST <= resets_at <= _LATEST)
                and -_LATEST <= skew <= _LATEST
            )
            values = (window, seq, first_at, last_at, readings, used, resets_at, skew)
            return values if is_sensible else None
        case _:
            return None


def _window(row: Row) -> tuple[int, str, str, str] | None:
    """id, account, name, title; from the table, or from its index, which has no title."""
    match row:
        # The first column of a table whose row id it is stands in the record as null.
        case (int(number), None, str(account), str(name), str(title)):
            pass
        case (str(account), str(name), int(number)):
            title = ""
        case _:
            return None
    is_sensible = (
        _ACCOUNT.fullmatch(account)
        and _NAME.fullmatch(name)
        and number == window_number(account, name)
        and title.isprintable()
    )
    return (number, account, name, title) if is_sensible else None


def _change(row: Row) -> tuple[int, str, int, str, str] | None:
    """seq, account, at, kind, value"""
    match row:
        case (int(seq), None, str(account), int(at), str(kind), str(value)):
            is_sensible = (
                0 < seq <= _LARGEST
                and _ACCOUNT.fullmatch(account)
                and _EARLIEST <= at <= _LATEST
                and kind.isprintable()
                and value.isprintable()
            )
            return (seq, account, at, kind, value) if is_sensible else None
        case _:
            return None
