"""The tables of the history file, its version, and the steps from one version to the next. Pure.

`windows` names what is measured; its ids follow from account and name (`runs.window_number`), so
that runs outlive the damage of their window's row. `runs` holds readings:
equal ones in a row are one run. `seq` tells the order of a window's runs, because clocks jump
(F-M04). `used` is in basis points, times are UTC by the service's clock, `skew` is the service's
clock minus ours (F-U26). `changes` holds what else an account is told about.
"""

from __future__ import annotations

from app.private_database.schema import Schema

APPLICATION_ID = 0x5449_4445  # "TIDE"

WINDOWS = (
    "CREATE TABLE windows(id INTEGER PRIMARY KEY, account TEXT NOT NULL, name TEXT NOT NULL, "
    "title TEXT NOT NULL, UNIQUE(account, name))"
)
RUNS = (
    "CREATE TABLE runs(window INTEGER NOT NULL, seq INTEGER NOT NULL, "
    "first_at INTEGER NOT NULL CHECK(typeof(first_at) = 'integer'), "
    "last_at INTEGER NOT NULL CHECK(typeof(last_at) = 'integer'), "
    "readings INTEGER NOT NULL CHECK(typeof(readings) = 'integer'), "
    "used INTEGER NOT NULL CHECK(typeof(used) = 'integer'), "
    "resets_at INTEGER CHECK(typeof(resets_at) IN ('integer', 'null')), "
    "skew INTEGER NOT NULL CHECK(typeof(skew) = 'integer'), "
    "PRIMARY KEY(window, seq)) WITHOUT ROWID"
)
CHANGES = (
    "CREATE TABLE changes(seq INTEGER PRIMARY KEY, account TEXT NOT NULL, "
    "at INTEGER NOT NULL CHECK(typeof(at) = 'integer'), kind TEXT NOT NULL, value TEXT NOT NULL)"
)

SCHEMA = Schema(APPLICATION_ID, 1, (WINDOWS, RUNS, CHANGES))
