"""Takes the conversations that can still be read out of a damaged file (F-D16, F-C30).

Nothing in the file is believed: a row is taken only if all of it makes sense (T-49).
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from app.private_database.pages import Row, rows_of_page
from app.private_database.schema import PAGE_BYTES

_Conversation = tuple[int, str, str, str, str, int, int]
_LARGEST_FILE = 4 << 30
_LARGEST = 2**53
_MOST_TURNS = 10**6
_EARLIEST, _LATEST = 0, 4_102_444_800  # 1970, as a clock may stand, and 2100
_ACCOUNT = re.compile(r"[0-9a-f]{16}")
_NAME = re.compile(r"[ -~]{1,100}")
_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]{1,40}/[a-z0-9.+-]{1,60}")
# A damaged number gives one conversation twice: the one that has the turns comes first.
_ADD_CONVERSATION = "INSERT OR IGNORE INTO conversations VALUES (?, ?, ?, ?, ?, ?, ?)"
_LOST = "conversation NOT IN (SELECT id FROM conversations)"


def salvage(damaged: Path, connection: sqlite3.Connection) -> int:
    """Copy every sensible row of `damaged` into the new, empty file behind `connection`.

    Returns how many turns were saved. The caller holds a transaction. Raises `OSError` if the
    damaged file cannot be read at all.
    """
    conversations: list[_Conversation] = []
    for row in _rows(damaged):
        if (conversation := _conversation(row)) is not None:
            conversations.append(conversation)
        elif (turn := _turn(row)) is not None:
            connection.execute("INSERT OR IGNORE INTO turns VALUES (?, ?, ?, ?, ?, ?, ?, ?)", turn)
        elif (file := _attachment(row)) is not None:
            connection.execute("INSERT OR IGNORE INTO attachments VALUES (?, ?, ?, ?, ?, ?)", file)
    _add(conversations, connection)
    # Of whom they were nobody can say any more.
    connection.execute(f"DELETE FROM turns WHERE {_LOST}")  # noqa: S608 - a constant
    connection.execute("DELETE FROM attachments WHERE turn NOT IN (SELECT id FROM turns)")
    _tell_of_nameless(connection)
    count: int = connection.execute("SELECT count(*) FROM turns").fetchone()[0]
    return count


def _add(found: list[_Conversation], connection: sqlite3.Connection) -> None:
    """Each once. The index tells one without what a list shows of it: the table goes first."""
    turns = dict(
        connection.execute("SELECT conversation, count(*) FROM turns GROUP BY conversation")
    )
    found.sort(key=lambda one: (turns.get(one[0], 0), one[5]), reverse=True)
    connection.executemany(_ADD_CONVERSATION, found)


def _tell_of_nameless(connection: sqlite3.Connection) -> None:
    """Conversations of which only the index was left get back what their turns say."""
    connection.execute("DELETE FROM conversations WHERE id NOT IN (SELECT conversation FROM turns)")
    connection.execute(
        "UPDATE conversations SET "
        "messages = (SELECT count(*) + sum(answer <> '') FROM turns "
        "WHERE conversation = conversations.id), "
        "opening = (SELECT substr(question, 1, 100) FROM turns "
        "WHERE conversation = conversations.id ORDER BY place LIMIT 1) WHERE messages = 0"
    )


def _rows(damaged: Path) -> Iterator[Row]:
    with damaged.open("rb") as file:
        for number in range(_LARGEST_FILE // PAGE_BYTES):
            page = _page(file, number + 1)
            if not page:
                return
            yield from rows_of_page(
                page, is_first=number == 0, overflow=lambda wanted: _page(file, wanted)
            )


def _page(file: BinaryIO, number: int) -> bytes:
    """The page of this number, from 1; empty if there is none."""
    if number < 1:
        return b""
    file.seek((number - 1) * PAGE_BYTES)
    return file.read(PAGE_BYTES)


def _conversation(row: Row) -> _Conversation | None:
    """id, account, name, title, opening, messages, changed_at; from the table or its index."""
    match row:
        # The first column of a table whose row id it is stands in the record as null.
        case (
            int(number),
            None,
            str(account),
            str(name),
            str(title),
            str(opening),
            int(messages),
            int(changed_at),
        ):
            pass
        case (str(account), str(name), int(number)):
            title, opening, messages, changed_at = "", "", 0, 0
        case _:
            return None
    is_sensible = (
        0 < number <= _LARGEST
        and _ACCOUNT.fullmatch(account)
        and _NAME.fullmatch(name)
        and 0 <= messages <= 2 * _MOST_TURNS
        and _EARLIEST <= changed_at <= _LATEST
    )
    values = (number, account, name, title, opening, messages, changed_at)
    return values if is_sensible else None


def _turn(row: Row) -> tuple[int, int, int, str, str, str, str, str] | None:
    """id, conversation, place, name, question, answer, reasoning, details"""
    match row:
        case (
            int(number),
            None,
            int(conversation),
            int(place),
            str(name),
            str(question),
            str(answer),
            str(reasoning),
            str(details),
        ):
            is_sensible = (
                0 < number <= _LARGEST
                and 0 < conversation <= _LARGEST
                and 0 <= place <= _MOST_TURNS
                and _NAME.fullmatch(name)
            )
            values = (number, conversation, place, name, question, answer, reasoning, details)
            return values if is_sensible else None
        case _:
            return None


def _attachment(row: Row) -> tuple[int, int, int, str, str, str | bytes] | None:
    """id, turn, place, name, media_type, content"""
    match row:
        case (
            int(number),
            None,
            int(turn),
            int(place),
            str(name),
            str(media_type),
            str() | bytes() as content,
        ):
            is_sensible = (
                0 < number <= _LARGEST
                and 0 < turn <= _LARGEST
                and 0 <= place <= 1000
                and _MEDIA_TYPE.fullmatch(media_type)
            )
            return (number, turn, place, name, media_type, content) if is_sensible else None
        case _:
            return None
