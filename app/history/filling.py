"""Writes many records into a history at once, before anybody else has it open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from app.history import rows
from app.history.opening import open_history
from app.history.runs import Record
from app.history.schema import SCHEMA


def fill(path: Path, records: Iterable[Record], now: datetime) -> None:
    """All `records`, oldest first, or none of them. Blocks; raises as `open_history`."""
    connection = open_history(path, SCHEMA, now).connection
    try:
        connection.execute("BEGIN IMMEDIATE")
        for record in records:
            rows.add(connection, record)
        connection.execute("COMMIT")
    finally:
        connection.close()
