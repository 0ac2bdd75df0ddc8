"""Single fields of a JSON object, read tolerantly: a value, or None and a note. Pure.

Nothing here raises: what cannot be read is written down by path, so that one broken field
never costs its neighbours (F-U03) and the reply counts as partial.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from app.replies import sanitise

_NUMERAL = re.compile(r"\s*-?\d{1,25}(?:\.\d{1,25})?\s*")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_SECOND = 253_402_300_799  # 9999-12-31T23:59:59Z
_MILLISECONDS_FROM = 10**11  # as seconds this would be the year 5138
_NOTES_LIMIT = 50


@dataclass(slots=True)
class Notes:
    """Paths of fields that were there but could not be read."""

    paths: dict[str, None]

    def add(self, path: str) -> None:
        if len(self.paths) < _NOTES_LIMIT:
            self.paths[path] = None


@dataclass(slots=True)
class Block:
    """One JSON object of the reply, where it stood, and the notes it shares with the others."""

    values: Mapping[str, Any]
    path: str
    notes: Notes

    def note(self, key: str) -> None:
        """Write down that `key` cannot be used."""
        self.notes.add(self._below(key))

    def block(self, key: str) -> Block | None:
        """The object under `key`; None if absent or null."""
        value = self.values.get(key)
        if isinstance(value, dict):
            return Block(value, self._below(key), self.notes)
        self._note_unless_null(key, value)
        return None

    def rows(self, key: str, limit: int) -> list[Block]:
        """The objects of the list under `key`, at most `limit`; what is none is left out."""
        value = self.values.get(key)
        if not isinstance(value, list):
            self._note_unless_null(key, value)
            return []
        if len(value) > limit:
            self.note(key)
        rows = []
        for number, row in enumerate(value[:limit]):
            if isinstance(row, dict):
                rows.append(Block(row, self._below(f"{key}[{number}]"), self.notes))
            else:
                self.note(f"{key}[{number}]")
        return rows

    def text(self, key: str, limit: int) -> str:
        """A short line free of control and bidi characters; a number as its digits (F-U13)."""
        value = self.values.get(key)
        if isinstance(value, str):
            return sanitise(value, limit)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return sanitise(str(value), limit)
        self._note_unless_null(key, value)
        return ""

    def flag(self, key: str) -> bool | None:
        """A JSON boolean; anything else is not known."""
        value = self.values.get(key)
        if isinstance(value, bool):
            return value
        self._note_unless_null(key, value)
        return None

    def decimal(self, key: str) -> Decimal | None:
        """A number, or a string that holds one; the empty string says nothing."""
        value = self.values.get(key)
        number = _decimal(value)
        if number is None and value != "":
            self._note_unless_null(key, value)
        return number

    def number(self, key: str, low: float, high: float) -> float | None:
        """A number or numeric string within the bounds (F-U04…F-U07)."""
        value = self.decimal(key)
        if value is None:
            return None
        if not low <= value <= high:
            self.note(key)
            return None
        return float(value)

    def whole(self, key: str, low: int, high: int) -> int | None:
        """Like `number`, rounded to the nearest whole."""
        value = self.number(key, low, high)
        return None if value is None else round(value)

    def span(self, key: str) -> tuple[int, int] | None:
        """`[min, max]`, or one number for both; in order, not negative."""
        value = self.values.get(key)
        ends = [_decimal(end) for end in value] if isinstance(value, list) else [_decimal(value)]
        known = sorted(end for end in ends if end is not None and 0 <= end <= 10**12)
        if len(known) != len(ends) or len(known) not in (1, 2):
            self._note_unless_null(key, value)
            return None
        return int(known[0]), int(known[-1])

    def moment(self, key: str) -> datetime | None:
        """Epoch seconds, epoch milliseconds or ISO 8601 as aware UTC (F-U09)."""
        value = self.values.get(key)
        seconds = _decimal(value)
        if seconds is None and isinstance(value, str):
            found = _iso_moment(value)
            if found is not None:
                return found
        if seconds is not None and seconds >= _MILLISECONDS_FROM:
            seconds /= 1000
        if seconds is None or not 0 < seconds <= _LAST_SECOND:
            self._note_unless_null(key, value)
            return None
        return _EPOCH + timedelta(seconds=float(seconds))

    def _below(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def _note_unless_null(self, key: str, value: object) -> None:
        if value is not None:
            self.note(key)


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, bool) or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, int | float):
        return Decimal(value) if isinstance(value, int) else Decimal(str(value))
    if isinstance(value, str) and _NUMERAL.fullmatch(value):
        return Decimal(value.strip())
    return None


def _iso_moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
