"""Pages are made by SQLite itself, then damaged."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from random import Random

import pytest

from app.history.schema import RUNS, WINDOWS
from app.private_database.pages import rows_of_page
from app.private_database.schema import PAGE_BYTES


def pages_of(path: Path) -> list[bytes]:
    content = path.read_bytes()
    return [content[at : at + PAGE_BYTES] for at in range(0, len(content), PAGE_BYTES)]


@pytest.fixture
def pages(tmp_path: Path) -> list[bytes]:
    """A few thousand rows, so that the tree has pages above its leaves."""
    path = tmp_path / "some.db"
    connection = sqlite3.connect(path)
    connection.execute(WINDOWS)
    connection.execute(RUNS)
    connection.execute("INSERT INTO windows VALUES (1, 'abc', 'codex/1', 'Größe')")
    rows = [(1, n, 10**9 + n, 2**40 + n, n % 3, -n, None, 2**20) for n in range(1, 3000)]
    connection.executemany("INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    connection.commit()
    connection.close()
    return pages_of(path)


def test_every_row_is_found_on_some_page(pages: list[bytes]) -> None:
    rows = [row for n, page in enumerate(pages) for row in rows_of_page(page, is_first=n == 0)]

    assert (1, None, "abc", "codex/1", "Größe") in rows  # the table
    assert ("abc", "codex/1", 1) in rows  # its index
    runs = sorted(row for row in rows if len(row) == 8)
    assert runs == [(1, n, 10**9 + n, 2**40 + n, n % 3, -n, None, 2**20) for n in range(1, 3000)]


@pytest.mark.parametrize("page", [b"", b"\x0d", bytes(PAGE_BYTES), b"x" * PAGE_BYTES])
def test_other_pages_have_no_rows(page: bytes) -> None:
    assert list(rows_of_page(page)) == []


def cell(record: bytes, *, length: int | None = None) -> bytes:
    """A leaf of an index with one cell."""
    size = len(record) if length is None else length
    content = bytes([size]) + record
    at = PAGE_BYTES - len(content)
    head = b"\x0a\0\0\0\x01\0\0\0" + at.to_bytes(2)
    return head.ljust(at, b"\0") + content


@pytest.mark.parametrize(
    ("page", "rows"),
    [
        (cell(b"\x03\x01\x09\x07"), [(7, 1)]),
        (cell(b"\x02\x01\x07\x07"), []),
        (cell(b"\x02\x01\x07", length=100), []),
        (cell(b"\x02\x06\x07"), []),
        (cell(b"\x02\x07" + bytes(8)), []),
        (cell(b"\x02\x0f\xff"), []),
        (cell(b"\xff" * 9), []),
    ],
    ids=[
        "a row",
        "longer than it says",
        "beyond the page",
        "shorter than it says",
        "a fraction",
        "no UTF-8",
        "a length without an end",
    ],
)
def test_a_damaged_cell_is_left_out(page: bytes, rows: list[tuple[int, ...]]) -> None:
    assert list(rows_of_page(page)) == rows


def test_a_record_longer_than_any_of_ours_is_left_out() -> None:
    at = PAGE_BYTES - 2100
    page = (b"\x0a\0\0\0\x01\0\0\0" + at.to_bytes(2)).ljust(at, b"\0")
    page += b"\x90\x00" + b"x" * 2098  # the length is a number of two bytes

    assert list(rows_of_page(page)) == []


def well_formed(row: tuple[object, ...]) -> bool:
    return all(value is None or type(value) in (int, str, bytes) for value in row)


def test_noise_gives_rows_or_none() -> None:
    """Figure 26: no crash, whatever stands on a page; what looks like a row is one of values."""
    chance = Random(26)
    found = [
        row
        for kind in [2, 10, 13] * 100
        for row in rows_of_page(bytes([kind]) + chance.randbytes(PAGE_BYTES - 1))
    ]

    assert found  # else this says nothing
    assert all(map(well_formed, found))


def test_noise_in_some_cells_costs_no_other(pages: list[bytes]) -> None:
    """Figure 26: every row outside of the damage comes back, as it was."""
    page = max(pages[1:], key=lambda one: len(list(rows_of_page(one))))
    count = int.from_bytes(page[3:5])
    starts = [int.from_bytes(page[at : at + 2]) for at in range(8, 8 + 2 * count, 2)]
    whole = dict(zip(starts, rows_of_page(page), strict=True))
    ends = dict(zip(sorted(starts), [*sorted(starts)[1:], PAGE_BYTES], strict=True))
    chance = Random(26)

    for _ in range(300):
        first = chance.randrange(min(starts), PAGE_BYTES)
        last = min(PAGE_BYTES, first + chance.randrange(1, 600))
        damaged = page[:first] + chance.randbytes(last - first) + page[last:]
        spared = [row for at, row in whole.items() if ends[at] <= first or at >= last]
        found = list(rows_of_page(damaged))
        assert set(spared) <= set(found)
        assert all(map(well_formed, found))


# --- rows that continue on other pages -----------------------------------------------------------

MIXED = "CREATE TABLE mixed(id INTEGER PRIMARY KEY, text TEXT, bytes BLOB, UNIQUE(text))"


@pytest.fixture
def long_rows(tmp_path: Path) -> tuple[list[bytes], list[tuple[int, str, bytes]]]:
    """Pages of rows of every length around the places where SQLite begins another page."""
    path = tmp_path / "long.db"
    lengths = [0, 1, 480, 488, 489, 490, 4050, 4060, 4061, 4062, 8150, 8151, 8152, 50_000]
    rows = [(n, f"{n:04}" + "ü" * (length // 2), bytes(length)) for n, length in enumerate(lengths)]
    connection = sqlite3.connect(path)
    connection.execute(MIXED)
    connection.executemany("INSERT INTO mixed VALUES (?, ?, ?)", rows)
    connection.commit()
    connection.close()
    return pages_of(path), rows


def found_on(pages: list[bytes]) -> set[tuple[object, ...]]:
    def page(number: int) -> bytes:
        return pages[number - 1] if 0 < number <= len(pages) else b""

    return {
        row
        for n, one in enumerate(pages)
        for row in rows_of_page(one, is_first=n == 0, overflow=page)
    }


def test_long_rows_are_followed_over_their_pages(
    long_rows: tuple[list[bytes], list[tuple[int, str, bytes]]],
) -> None:
    pages, rows = long_rows
    found = found_on(pages)

    assert {(n, None, text, content) for n, text, content in rows} <= found  # the table
    assert {(text, n) for n, text, _ in rows if n > 1} <= found  # its index


def test_a_long_row_whose_rest_is_gone_is_left_out(
    long_rows: tuple[list[bytes], list[tuple[int, str, bytes]]],
) -> None:
    pages, rows = long_rows
    found = found_on(pages[:-3])

    assert 0 < len([row for row in found if len(row) == 4]) < len(rows)


@pytest.mark.parametrize("kind", [2, 10, 13])
def test_noise_with_overflow_pages_gives_rows_or_none_either(kind: int) -> None:
    chance = Random(kind)
    pages = [bytes([kind]) + chance.randbytes(PAGE_BYTES - 1) for _ in range(60)]

    assert all(map(well_formed, found_on(pages)))
