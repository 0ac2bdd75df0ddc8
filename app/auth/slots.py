"""How one text lies in a keyring: two slots, pieces that fit, a checksum, the head last. Pure.

Windows keeps at most 1,280 characters per entry, so a text is cut into pieces. A slot is a head
(`NAME/a0`) and its further pieces (`NAME/a1`, …); the head names generation, number of pieces
and SHA-256, carries the first piece and is written last, so that it is the slot's manifest. A
new text goes into the slot that does not hold the newest whole one. Whenever the writing ends,
one whole generation is left: the new one or the one before (F-T21).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import field
from typing import Protocol

from app.values import dataclass

SLOTS = ("a", "b")
PIECE_LIMIT = 1000  # characters per entry that every keyring takes
_HEAD = re.compile(r"tidegauge1 (\d{1,15}) (\d{1,4}) ([0-9a-f]{64}) ")


class DamagedError(Exception):
    """Entries exist, but neither slot is whole."""


class LostWriteError(Exception):
    """The keyring reported success and returns something else (F-T23)."""


class Entries(Protocol):
    """Named texts of a keyring. Calls block and raise whatever the keyring raises."""

    def get(self, name: str) -> str | None: ...

    def put(self, name: str, text: str) -> None: ...

    def drop(self, name: str) -> None:
        """Remove an entry; one that does not exist is no error."""


@dataclass(frozen=True, slots=True)
class _Slot:
    letter: str
    generation: int
    pieces: int
    text: str | None = field(repr=False)  # None: not whole


def read(entries: Entries, name: str) -> str | None:
    """The newest whole text stored as `name`; None if nothing is stored.

    Raises `DamagedError` if something is stored but nothing of it is whole.
    """
    found = _slots(entries, name)
    newest = _newest(found)
    if newest is not None:
        return newest.text
    if found:
        raise DamagedError(name)
    return None


def is_held(entries: Entries, name: str) -> bool:
    """Whether anything is stored as `name`, whole or not."""
    return any(entries.get(f"{name}/{letter}0") is not None for letter in SLOTS)


def write(entries: Entries, name: str, text: str, piece_limit: int = PIECE_LIMIT) -> None:
    """Store ASCII `text` as `name` and read it back. Raises `LostWriteError` if it is not there."""
    found = _slots(entries, name)
    newest = _newest(found)
    letter = SLOTS[1] if newest is not None and newest.letter == SLOTS[0] else SLOTS[0]
    generation = 1 + max((slot.generation for slot in found), default=0)
    pieces = list(_cut(generation, text, piece_limit))
    for number in (*range(1, len(pieces)), 0):  # no gaps, the head last
        entries.put(f"{name}/{letter}{number}", pieces[number])
    for number, piece in enumerate(pieces):
        if entries.get(f"{name}/{letter}{number}") != piece:
            raise LostWriteError(name)
    _drop_from(entries, name, letter, len(pieces))


def erase(entries: Entries, name: str) -> None:
    """Remove both slots, the older one first, so that an old text never becomes the newest."""
    found = sorted(_slots(entries, name), key=lambda slot: slot.generation)
    known = [slot.letter for slot in found]
    for letter in (*(letter for letter in SLOTS if letter not in known), *known):
        _drop_from(entries, name, letter, 0)


def _cut(generation: int, text: str, piece_limit: int) -> Iterator[str]:
    digest = hashlib.sha256(text.encode("ascii")).hexdigest()
    room = piece_limit - len(_head(generation, 9999, digest))
    rest = range(room, len(text), piece_limit)
    yield _head(generation, len(rest), digest) + text[:room]
    for start in rest:
        yield text[start : start + piece_limit]


def _head(generation: int, further: int, digest: str) -> str:
    return f"tidegauge1 {generation} {further} {digest} "


def _slots(entries: Entries, name: str) -> list[_Slot]:
    """Every slot that has anything stored as its head."""
    heads = ((letter, entries.get(f"{name}/{letter}0")) for letter in SLOTS)
    return [_slot(entries, name, letter, head) for letter, head in heads if head is not None]


def _slot(entries: Entries, name: str, letter: str, head: str) -> _Slot:
    match = _HEAD.match(head)
    if match is None:
        return _Slot(letter, 0, 0, None)
    generation, further = int(match[1]), int(match[2])
    text = head[match.end() :]
    for number in range(1, further + 1):
        piece = entries.get(f"{name}/{letter}{number}")
        if piece is None:
            return _Slot(letter, generation, further, None)
        text += piece
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return _Slot(letter, generation, further, text if digest == match[3] else None)


def _newest(slots: list[_Slot]) -> _Slot | None:
    whole = [slot for slot in slots if slot.text is not None]
    return max(whole, key=lambda slot: slot.generation, default=None)


def _drop_from(entries: Entries, name: str, letter: str, first: int) -> None:
    """Remove the pieces from `first` on, the last one first, so that no gap ever hides one."""
    end = max(first, 1)
    while entries.get(f"{name}/{letter}{end}") is not None:
        end += 1
    for number in reversed(range(first, end)):
        entries.drop(f"{name}/{letter}{number}")
