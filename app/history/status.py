"""How the history fares, for whoever shows it. Pure."""

from __future__ import annotations

from app.private_database.status import DatabaseStatus
from app.values import dataclass


@dataclass(frozen=True, slots=True)
class HistoryStatus(DatabaseStatus):
    """`rows_waiting` readings are in memory only."""

    rows_waiting: int = 0
