"""The layout in the keyring: every cut, every damage and every crash leaves one whole text."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.auth.slots import (
    PIECE_LIMIT,
    DamagedError,
    LostWriteError,
    erase,
    is_held,
    read,
    write,
)

NAME = "auth.openai.com/default"
ascii_text = st.text(st.characters(codec="ascii"), max_size=7000)


class CrashError(Exception):
    """The process ended here."""


class MemoryEntries:
    """A keyring in a dict; `changes_left` counts down to a crash."""

    def __init__(self, changes_left: int = -1) -> None:
        self.kept: dict[str, str] = {}
        self.changes_left = changes_left
        self.on_put: Callable[[str], str | None] = lambda text: text

    def get(self, name: str) -> str | None:
        return self.kept.get(name)

    def put(self, name: str, text: str) -> None:
        self._spend()
        kept = self.on_put(text)
        if kept is not None:
            self.kept[name] = kept

    def drop(self, name: str) -> None:
        self._spend()
        self.kept.pop(name, None)

    def _spend(self) -> None:
        if self.changes_left == 0:
            raise CrashError
        self.changes_left -= 1


@given(ascii_text, ascii_text)
def test_what_is_written_is_read(first: str, second: str) -> None:
    entries = MemoryEntries()
    assert read(entries, NAME) is None
    for text in (first, second, first):
        write(entries, NAME, text)
        assert read(entries, NAME) == text


@given(ascii_text)
def test_every_entry_fits_into_windows(text: str) -> None:
    """F-T21: 1,280 characters per entry"""
    entries = MemoryEntries()
    for _ in range(3):
        write(entries, NAME, text)
    assert all(len(kept) <= PIECE_LIMIT for kept in entries.kept.values())


def test_a_text_that_fits_is_one_entry_per_generation() -> None:
    entries = MemoryEntries()
    write(entries, NAME, "x" * 5000, 60_000)
    assert sorted(entries.kept) == [f"{NAME}/a0"]
    write(entries, NAME, "y" * 5000, 60_000)
    assert sorted(entries.kept) == [f"{NAME}/a0", f"{NAME}/b0"]


def test_what_is_held_may_be_damaged() -> None:
    entries = MemoryEntries()
    assert not is_held(entries, NAME)
    entries.kept[f"{NAME}/b0"] = "garbage"
    assert is_held(entries, NAME)


def test_a_shorter_text_leaves_no_pieces_of_the_longer_one() -> None:
    entries = MemoryEntries()
    for text in ("x" * 5000, "y" * 5000, "short", "short"):
        write(entries, NAME, text)
    assert sorted(entries.kept) == [f"{NAME}/a0", f"{NAME}/b0"]
    assert read(entries, NAME) == "short"


OLD, NEW = "old" * 900, "new" * 1200


@pytest.mark.parametrize("changes", range(12))
@pytest.mark.parametrize("before", [(), (OLD,), ("older", OLD), ("z" * 6000, OLD)])
def test_a_crash_while_writing_leaves_the_old_or_the_new_text(
    before: tuple[str, ...], changes: int
) -> None:
    """F-T06, F-T21"""
    entries = MemoryEntries()
    for text in before:
        write(entries, NAME, text)
    entries.changes_left = changes
    try:
        write(entries, NAME, NEW)
        is_done = True
    except CrashError:
        is_done = False
    entries.changes_left = -1
    expected = {NEW} if is_done else {NEW, OLD if before else None}
    assert read(entries, NAME) in expected
    write(entries, NAME, "after")
    assert read(entries, NAME) == "after"
    erase(entries, NAME)
    assert entries.kept == {}  # T-43: no piece is left behind by any history


@pytest.mark.parametrize("changes", range(12))
def test_a_crash_while_erasing_never_brings_an_old_text_back(changes: int) -> None:
    """T-43"""
    entries = MemoryEntries()
    for text in (OLD, NEW):
        write(entries, NAME, text)
    entries.changes_left = changes
    with suppress(CrashError):
        erase(entries, NAME)
    entries.changes_left = -1
    with suppress(DamagedError):
        assert read(entries, NAME) in (None, NEW)
    erase(entries, NAME)
    assert entries.kept == {}


def written(*texts: str) -> MemoryEntries:
    entries = MemoryEntries()
    for text in texts:
        write(entries, NAME, text)
    return entries


@pytest.mark.parametrize("damage", ["", "garbage", "tidegauge2 1 0 x ", "\ud800", "x" * 3000])
def test_a_damaged_newest_slot_falls_back_to_the_one_before(damage: str) -> None:
    """F-T21"""
    for number in range(4):
        entries = written(OLD, NEW)
        entries.kept[f"{NAME}/b{number}"] = damage
        assert read(entries, NAME) == OLD
        write(entries, NAME, "after")
        assert read(entries, NAME) == "after"


def test_a_missing_piece_falls_back_to_the_one_before() -> None:
    """F-T21"""
    entries = written(OLD, NEW)
    del entries.kept[f"{NAME}/b2"]
    assert read(entries, NAME) == OLD


def test_two_damaged_slots_are_said_to_be_damaged() -> None:
    """F-T21"""
    entries = written(OLD, NEW)
    entries.kept[f"{NAME}/a0"] = "x"
    entries.kept[f"{NAME}/b1"] = "x"
    with pytest.raises(DamagedError):
        read(entries, NAME)
    write(entries, NAME, "after")
    assert read(entries, NAME) == "after"


@pytest.mark.parametrize("on_put", [lambda _t: None, lambda t: t[:-1], lambda t: t + " "])
def test_a_write_that_did_not_happen_is_noticed(on_put: Callable[[str], str | None]) -> None:
    """F-T23"""
    entries = written(OLD)
    entries.on_put = on_put
    with pytest.raises(LostWriteError):
        write(entries, NAME, NEW)
    assert read(entries, NAME) == OLD


def test_names_do_not_touch_each_other() -> None:
    entries = written(OLD)
    write(entries, "127.0.0.1:8080/default", NEW)
    erase(entries, "127.0.0.1:8080/default")
    assert read(entries, NAME) == OLD


def test_erasing_nothing_is_fine() -> None:
    entries = MemoryEntries()
    erase(entries, NAME)
    assert entries.kept == {}
