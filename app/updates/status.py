"""What is shown of updates. Pure."""

from __future__ import annotations

from datetime import datetime

from app.values import dataclass


@dataclass(frozen=True, slots=True)
class Updates:
    """`newer`: the version that can be had, "" if this one is the newest known. `has_failed`: the
    last request brought nothing. `asked_at` None: never asked so far."""

    newer: str = ""
    asked_at: datetime | None = None
    has_failed: bool = False
    has_address: bool = True  # False: this build names none, so nobody is asked
