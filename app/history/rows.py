"""What is written to the history and read from it, as SQL on an open connection.

Only bound values, never text put together. Everything raises `sqlite3.Error`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.history.runs import Reading, Record, Run, following, window_number

if TYPE_CHECKING:
    import sqlite3

_LAST_RUN = (
    "SELECT seq, first_at, last_at, readings, used, resets_at, skew FROM runs "
    "WHERE window = ? ORDER BY seq DESC LIMIT 1"
)
_ADD_RUN = "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_PROLONG = "UPDATE runs SET last_at = ?, readings = ? WHERE window = ? AND seq = ?"
_LAST_CHANGE = "SELECT value FROM changes WHERE account = ? AND kind = ? ORDER BY seq DESC LIMIT 1"


def add(connection: sqlite3.Connection, record: Record) -> None:
    """Write what `record` adds, within the caller's transaction."""
    for reading in record.readings:
        _add_reading(connection, record.account, reading)
    for kind, value in record.facts:
        last = connection.execute(_LAST_CHANGE, (record.account, kind)).fetchone()
        if last != (value,):
            connection.execute(
                "INSERT INTO changes(account, at, kind, value) VALUES (?, ?, ?, ?)",
                (record.account, record.at, kind, value),
            )


def _add_reading(connection: sqlite3.Connection, account: str, reading: Reading) -> None:
    window = _number_of(connection, account, reading)
    last = _run(connection.execute(_LAST_RUN, (window,)).fetchone())
    run = following(last, reading)
    if run is None:
        return
    if last is not None and run.seq == last.seq:
        connection.execute(_PROLONG, (run.last_at, run.readings, window, run.seq))
    else:
        values = (run.seq, run.first_at, run.last_at, run.readings, run.used)
        connection.execute(_ADD_RUN, (window, *values, run.resets_at, run.skew))


def _number_of(connection: sqlite3.Connection, account: str, reading: Reading) -> int:
    key = (account, reading.window_id)
    found = connection.execute(
        "SELECT id, title FROM windows WHERE account = ? AND name = ?", key
    ).fetchone()
    if found is None:
        number = window_number(account, reading.window_id)
        while connection.execute("SELECT 1 FROM windows WHERE id = ?", (number,)).fetchone():
            number += 1
        connection.execute("INSERT INTO windows VALUES (?, ?, ?, ?)", (number, *key, reading.title))
        return number
    number, title = found
    if reading.title and title != reading.title:
        connection.execute("UPDATE windows SET title = ? WHERE id = ?", (reading.title, number))
    return int(number)


def _run(row: tuple[int, int, int, int, int, int | None, int] | None) -> Run | None:
    return None if row is None else Run(*row)


def forget_account(connection: sqlite3.Connection, account: str) -> None:
    """Delete everything of an account; `secure_delete` leaves zeros where it stood.

    Runs whose window has no name any more may be the account's, so they go as well.
    """
    connection.execute("DELETE FROM windows WHERE account = ?", (account,))
    connection.execute("DELETE FROM runs WHERE window NOT IN (SELECT id FROM windows)")
    connection.execute("DELETE FROM changes WHERE account = ?", (account,))


def forget_before(connection: sqlite3.Connection, moment: int) -> None:
    """Delete what ended before `moment`; the last value of each kind of change stays."""
    connection.execute("DELETE FROM runs WHERE last_at < ?", (moment,))
    connection.execute("DELETE FROM windows WHERE id NOT IN (SELECT window FROM runs)")
    connection.execute(
        "DELETE FROM changes WHERE at < ? AND seq NOT IN "
        "(SELECT max(seq) FROM changes GROUP BY account, kind)",
        (moment,),
    )


def all_runs(
    connection: sqlite3.Connection, account: str, window_id: str | None, since: int
) -> Iterator[tuple[str, str, Run]]:
    """(window id, its title, run) of every run that ended at `since` or later, window by window.

    `window_id` None: all windows of the account.
    """
    found = connection.execute(
        "SELECT name, title, seq, first_at, last_at, readings, used, resets_at, skew "
        "FROM windows JOIN runs ON runs.window = windows.id "
        "WHERE account = :account AND (:window IS NULL OR name = :window) AND last_at >= :since "
        "ORDER BY name, seq",
        {"account": account, "window": window_id, "since": since},
    )
    for name, title, *values in found:
        yield name, title, Run(*values)


def accounts(connection: sqlite3.Connection) -> list[str]:
    """The keys of all accounts that something is kept of, the one heard of last first."""
    found = connection.execute(
        "SELECT account, (SELECT max(at) FROM changes WHERE changes.account = windows.account), "
        "max((SELECT last_at FROM runs WHERE window = windows.id ORDER BY seq DESC LIMIT 1)) "
        "AS heard FROM windows GROUP BY account ORDER BY heard DESC"
    )
    return [str(row[0]) for row in found]
