from __future__ import annotations

import sqlite3

from app.conversations.schema import SCHEMA
from app.history.schema import SCHEMA as HISTORY


def test_sqlite_keeps_the_statements_as_they_are_written() -> None:
    """The check of a file's tables compares texts (T-49)."""
    connection = sqlite3.connect(":memory:")
    for table in SCHEMA.tables:
        connection.execute(table)
    kept = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    connection.close()

    assert tuple(text for (text,) in kept) == SCHEMA.tables


def test_no_other_file_of_ours_has_its_mark() -> None:
    assert SCHEMA.application_id != HISTORY.application_id
