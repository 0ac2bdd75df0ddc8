"""Reads the rows of a damaged SQLite file straight from its pages, without SQLite. Pure.

Every page that is whole gives its rows, whatever happened to the others: neither the header nor
the tree above the pages is needed. The file format is public
(https://www.sqlite.org/fileformat2.html, §1.6 and §2). Rows of this program are short, so none
continues on an overflow page, and deleted rows leave zeros (`secure_delete`).
"""

from __future__ import annotations

from collections.abc import Iterator

Value = int | str | None
Row = tuple[Value, ...]

_INTERIOR_INDEX, _LEAF_INDEX, _LEAF_TABLE = 2, 10, 13
_FILE_HEADER_BYTES = 100
_LONGEST_RECORD = 1000
_INTEGER_BYTES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}


def rows_of_page(page: bytes, *, is_first: bool = False) -> Iterator[Row]:
    """The rows on one page. Those of a table with a row id begin with it.

    Yields whatever looks like a row of integers, texts and nulls; nothing for other pages.
    """
    start = _FILE_HEADER_BYTES if is_first else 0
    kind = page[start] if len(page) > start + 12 else 0
    if kind not in (_INTERIOR_INDEX, _LEAF_INDEX, _LEAF_TABLE):
        return
    pointers = start + (12 if kind == _INTERIOR_INDEX else 8)
    count = int.from_bytes(page[start + 3 : start + 5])
    for place in range(pointers, min(pointers + 2 * count, len(page) - 1), 2):
        offset = int.from_bytes(page[place : place + 2])
        row = _cell(page, offset, kind)
        if row is not None:
            yield row


def _cell(page: bytes, offset: int, kind: int) -> Row | None:
    try:
        if kind == _INTERIOR_INDEX:
            offset += 4  # the page below
        length, offset = _varint(page, offset)
        if kind == _LEAF_TABLE:
            row_id, offset = _varint(page, offset)
            record = _record(page, offset, length)
            return None if record is None else (row_id, *record)
        return _record(page, offset, length)
    except (IndexError, UnicodeDecodeError):
        return None


def _record(page: bytes, offset: int, length: int) -> Row | None:
    end = offset + length
    if length > _LONGEST_RECORD or end > len(page):
        return None
    header_length, place = _varint(page, offset)
    body = offset + header_length
    values: list[Value] = []
    while place < min(offset + header_length, end):
        kind, place = _varint(page, place)
        size = _size(kind)
        if size is None or body + size > end:
            return None
        values.append(_value(kind, page[body : body + size]))
        body += size
    return tuple(values) if body == end else None


def _size(kind: int) -> int | None:
    """Bytes of a value of this serial type; None for a type no row of ours has."""
    if kind in (0, 8, 9):
        return 0
    if kind >= 13 and kind % 2:
        return (kind - 13) // 2
    return _INTEGER_BYTES.get(kind)


def _value(kind: int, content: bytes) -> Value:
    if kind == 0:
        return None
    if kind in (8, 9):
        return kind - 8
    if kind >= 13:
        return content.decode()
    return int.from_bytes(content, signed=True)


def _varint(page: bytes, offset: int) -> tuple[int, int]:
    """(value, offset behind it); raises `IndexError` at the end of the page."""
    value = 0
    for place in range(offset, offset + 8):
        byte = page[place]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, place + 1
    return value << 8 | page[offset + 8], offset + 9
