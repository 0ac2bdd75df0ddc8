"""Reads the rows of a damaged SQLite file straight from its pages, without SQLite. Pure.

Every page that is whole gives its rows, whatever happened to the others: neither the header nor
the tree above the pages is needed. The file format is public
(https://www.sqlite.org/fileformat2.html, §1.6 and §2). Deleted rows leave zeros
(`secure_delete`). A long row continues on overflow pages, which are read if `overflow` is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

Value = int | str | bytes | None
Row = tuple[Value, ...]
Overflow = Callable[[int], bytes]  # number of a page, from 1 -> the page; empty beyond the file

_INTERIOR_INDEX, _LEAF_INDEX, _LEAF_TABLE = 2, 10, 13
_FILE_HEADER_BYTES = 100
_SHORT_RECORD = 1000  # without overflow pages no row of ours is longer
_LONGEST_RECORD = 64 << 20
_INTEGER_BYTES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}


def rows_of_page(
    page: bytes, *, is_first: bool = False, overflow: Overflow | None = None
) -> Iterator[Row]:
    """The rows on one page. Those of a table with a row id begin with it.

    Yields whatever looks like a row of integers, texts, bytes and nulls; nothing for other pages.
    """
    start = _FILE_HEADER_BYTES if is_first else 0
    kind = page[start] if len(page) > start + 12 else 0
    if kind not in (_INTERIOR_INDEX, _LEAF_INDEX, _LEAF_TABLE):
        return
    pointers = start + (12 if kind == _INTERIOR_INDEX else 8)
    count = int.from_bytes(page[start + 3 : start + 5])
    for place in range(pointers, min(pointers + 2 * count, len(page) - 1), 2):
        offset = int.from_bytes(page[place : place + 2])
        row = _cell(page, offset, kind, overflow)
        if row is not None:
            yield row


def _cell(page: bytes, offset: int, kind: int, overflow: Overflow | None) -> Row | None:
    try:
        if kind == _INTERIOR_INDEX:
            offset += 4  # the page below
        length, offset = _varint(page, offset)
        row_id = None
        if kind == _LEAF_TABLE:
            row_id, offset = _varint(page, offset)
        content = _content(page, offset, length, kind, overflow)
        record = None if content is None else _record(content)
    except (IndexError, UnicodeDecodeError):
        return None
    if record is None or row_id is None:
        return record
    return (row_id, *record)


def _content(
    page: bytes, offset: int, length: int, kind: int, overflow: Overflow | None
) -> bytes | None:
    """The `length` bytes of a record that begins at `offset`, None if they are not all there."""
    local = length if overflow is None else _local(len(page), length, kind)
    longest = _SHORT_RECORD if overflow is None else _LONGEST_RECORD
    if length > longest or offset + local > len(page):
        return None
    parts = [page[offset : offset + local]]
    missing = length - local
    following = page[offset + local : offset + local + 4]
    while missing > 0:
        assert overflow is not None  # noqa: S101 - without it everything is local
        content = overflow(int.from_bytes(following))
        part = content[4 : 4 + missing]
        if not part:
            return None
        parts.append(part)
        missing -= len(part)
        following = content[:4]
    return b"".join(parts)


def _local(page_bytes: int, length: int, kind: int) -> int:
    """How many bytes of a record stand on its own page (§1.6, "payload overflow")."""
    most = page_bytes - 35 if kind == _LEAF_TABLE else (page_bytes - 12) * 64 // 255 - 23
    if length <= most:
        return length
    least = (page_bytes - 12) * 32 // 255 - 23
    local = least + (length - least) % (page_bytes - 4)
    return local if local <= most else least


def _record(content: bytes) -> Row | None:
    body, place = _varint(content, 0)
    header = body
    values: list[Value] = []
    while place < min(header, len(content)):
        kind, place = _varint(content, place)
        size = _size(kind)
        if size is None or body + size > len(content):
            return None
        values.append(_value(kind, content[body : body + size]))
        body += size
    return tuple(values) if body == len(content) else None


def _size(kind: int) -> int | None:
    """Bytes of a value of this serial type; None for a type no row of ours has."""
    if kind in (0, 8, 9):
        return 0
    if kind >= 12:
        return (kind - 12) // 2
    return _INTEGER_BYTES.get(kind)


def _value(kind: int, content: bytes) -> Value:
    if kind == 0:
        return None
    if kind in (8, 9):
        return kind - 8
    if kind >= 12:
        return content.decode() if kind % 2 else content
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
