"""Opens the conversations' file; special about it is only how its rows are saved from damage."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path

from app.private_database.opening import Opened, open_database
from app.private_database.schema import Schema


def open_conversations(
    path: Path, schema: Schema, now: datetime, *, is_damaged: bool = False
) -> Opened:
    """A connection that may write; as `open_database`."""
    return open_database(path, schema, now, _saved, is_damaged=is_damaged)


def _saved(damaged: Path, connection: sqlite3.Connection) -> int:
    from app.conversations.salvage import salvage  # noqa: PLC0415 - rarely needed

    return salvage(damaged, connection)
