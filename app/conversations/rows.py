"""Reads and writes the conversations' tables; the caller holds the transaction.

Everything raises `sqlite3.Error`. Values are always bound, never part of a statement (T-49).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from app.chat.attachments import Attachment
from app.chat.conversation import Conversation, Turn
from app.conversations.search import excerpt_of, is_in, needle_of
from app.conversations.turn_rows import (
    attachment_of,
    messages_of,
    opening_of,
    storable,
    texts_of,
    turn_of,
)
from app.conversations.view import Entry

_EARLIEST, _LATEST = 946_684_800, 4_102_444_800  # 2000 and 2100: outside of them is no date
_ENTRIES = (
    "SELECT id, name, title, opening, messages, changed_at FROM conversations "
    "WHERE account = ? ORDER BY changed_at DESC, id DESC"
)
_PUT = (
    "INSERT INTO conversations(account, name, title, opening, messages, changed_at) "
    "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT(account, name) DO UPDATE SET "
    "opening = excluded.opening, messages = excluded.messages, changed_at = excluded.changed_at"
)
_PUT_TURN = (
    "INSERT INTO turns(conversation, place, name, question, answer, reasoning, details) "
    "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT(conversation, place) DO UPDATE SET "
    "name = excluded.name, question = excluded.question, answer = excluded.answer, "
    "reasoning = excluded.reasoning, details = excluded.details"
)
_OLDER = "changed_at BETWEEN ? AND ?"
_TURN_IDS = "(SELECT id FROM turns WHERE conversation = ? AND place >= ?)"


def put(
    connection: sqlite3.Connection,
    account: str,
    conversation: Conversation,
    at: int,
    stored: Sequence[Turn] = (),
) -> None:
    """Write a conversation. `stored` are its turns as this program last wrote or read them.

    A title once given stays; `rename` gives another.
    """
    told = (storable(opening_of(conversation)), messages_of(conversation), at)
    name = conversation.conversation_id
    connection.execute(_PUT, (account, name, storable(conversation.title), *told))
    number = _number(connection, account, name)
    turns = conversation.turns
    if _count(connection, number) != len(stored):  # somebody else changed the file
        stored = ()
    same = next(
        (n for n, (a, b) in enumerate(zip(turns, stored, strict=False)) if a is not b and a != b),
        min(len(turns), len(stored)),
    )
    goes_on = (
        same < len(turns) and same < len(stored) and turns[same].turn_id == stored[same].turn_id
    )
    keeps_files = goes_on and turns[same].attachments == stored[same].attachments
    _drop_turns(connection, number, same + 1 if keeps_files else same)
    for place in range(same, len(turns)):
        turn = turns[place]
        connection.execute(_PUT_TURN, (number, place, *texts_of(turn)))
        if turn.attachments and not (place == same and keeps_files):
            _put_attachments(connection, number, place, turn.attachments)


def rename(connection: sqlite3.Connection, account: str, name: str, title: str) -> None:
    connection.execute(
        "UPDATE conversations SET title = ? WHERE account = ? AND name = ?",
        (storable(title), account, name),
    )


def entries(connection: sqlite3.Connection, account: str, search: str = "") -> tuple[Entry, ...]:
    """The conversations of an account, newest first: all, or those that `search` is found in."""
    needle = needle_of(search)
    found = []
    for number, name, title, opening, messages, changed_at in connection.execute(
        _ENTRIES, (account,)
    ).fetchall():
        excerpt: str | None = ""
        if needle and not is_in(title or opening, needle):
            excerpt = _excerpt(connection, number, needle)
        if excerpt is not None:
            moment = datetime.fromtimestamp(min(max(changed_at, _EARLIEST), _LATEST), UTC)
            found.append(Entry(name, title, opening, messages, moment, excerpt))
    return tuple(found)


def load(connection: sqlite3.Connection, account: str, name: str) -> Conversation | None:
    """A conversation as it was left; None if it is not on file."""
    found = connection.execute(
        "SELECT id, title FROM conversations WHERE account = ? AND name = ?", (account, name)
    ).fetchone()
    if found is None:
        return None
    number, title = found
    files = _attachments(connection, number)
    rows = connection.execute(
        "SELECT id, name, question, answer, reasoning, details FROM turns "
        "WHERE conversation = ? ORDER BY place",
        (number,),
    )
    turns = tuple(turn_of(texts, files.get(turn, ())) for turn, *texts in rows)
    return Conversation(name, turns, title=title)


def is_there(connection: sqlite3.Connection, account: str, name: str) -> bool:
    found = connection.execute(
        "SELECT 1 FROM conversations WHERE account = ? AND name = ?", (account, name)
    )
    return found.fetchone() is not None


def newest(connection: sqlite3.Connection, account: str) -> Conversation | None:
    """The conversation that was changed last; None if there is none."""
    found = connection.execute(
        "SELECT name FROM conversations WHERE account = ? "
        "ORDER BY changed_at DESC, id DESC LIMIT 1",
        (account,),
    ).fetchone()
    return None if found is None else load(connection, account, found[0])


def delete(connection: sqlite3.Connection, account: str, name: str) -> None:
    _delete(connection, "account = ? AND name = ?", (account, name))


def forget_account(connection: sqlite3.Connection, account: str) -> None:
    _delete(connection, "account = ?", (account,))


def has_older(connection: sqlite3.Connection, moment: int) -> bool:
    """Whether a conversation was not touched since `moment`.

    A date before 2000 is a clock that was wrong, not an old conversation.
    """
    found = connection.execute(f"SELECT 1 FROM conversations WHERE {_OLDER}", _older(moment))  # noqa: S608
    return found.fetchone() is not None


def delete_before(connection: sqlite3.Connection, moment: int) -> None:
    _delete(connection, _OLDER, _older(moment))


def accounts(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Whose conversations are on file; whoever talked last first."""
    found = connection.execute(
        "SELECT account FROM conversations GROUP BY account ORDER BY max(changed_at) DESC, account"
    )
    return tuple(account for (account,) in found)


def _older(moment: int) -> tuple[int, int]:
    return _EARLIEST, moment - 1


def _delete(connection: sqlite3.Connection, which: str, values: tuple[object, ...]) -> None:
    numbers = connection.execute(
        f"SELECT id FROM conversations WHERE {which}",  # noqa: S608 - one of three constants
        values,
    ).fetchall()
    for (number,) in numbers:
        _drop_turns(connection, number, 0)
        connection.execute("DELETE FROM conversations WHERE id = ?", (number,))


def _drop_turns(connection: sqlite3.Connection, conversation: int, place: int) -> None:
    """Those from `place` on."""
    part = (conversation, place)
    connection.execute(f"DELETE FROM attachments WHERE turn IN {_TURN_IDS}", part)  # noqa: S608
    connection.execute("DELETE FROM turns WHERE conversation = ? AND place >= ?", part)


def _put_attachments(
    connection: sqlite3.Connection, conversation: int, place: int, files: Sequence[Attachment]
) -> None:
    (turn,) = connection.execute(
        "SELECT id FROM turns WHERE conversation = ? AND place = ?", (conversation, place)
    ).fetchone()
    connection.executemany(
        "INSERT INTO attachments(turn, place, name, media_type, content) VALUES (?, ?, ?, ?, ?)",
        (
            (turn, n, storable(one.name), one.media_type, _content(one))
            for n, one in enumerate(files)
        ),
    )


def _content(file: Attachment) -> str | bytes:
    return storable(file.text or "") if file.data is None else file.data


def _attachments(
    connection: sqlite3.Connection, conversation: int
) -> dict[int, tuple[Attachment, ...]]:
    found: dict[int, tuple[Attachment, ...]] = {}
    for turn, *file in connection.execute(
        "SELECT turn, attachments.name, media_type, content FROM attachments JOIN turns "
        "ON turns.id = turn WHERE conversation = ? ORDER BY turn, attachments.place",
        (conversation,),
    ):
        found[turn] = (*found.get(turn, ()), attachment_of(*file))
    return found


def _excerpt(connection: sqlite3.Connection, conversation: int, needle: str) -> str | None:
    """Around the first place in question or answer; None if it is nowhere."""
    for text in _texts(connection, conversation):
        if (excerpt := excerpt_of(text, needle)) is not None:
            return excerpt
    return None


def _texts(connection: sqlite3.Connection, conversation: int) -> Iterator[str]:
    for row in connection.execute(
        "SELECT question, answer FROM turns WHERE conversation = ? ORDER BY place", (conversation,)
    ):
        yield from row


def _count(connection: sqlite3.Connection, conversation: int) -> int:
    found = connection.execute(
        "SELECT count(*) FROM turns WHERE conversation = ?", (conversation,)
    ).fetchone()
    return int(found[0])


def _number(connection: sqlite3.Connection, account: str, name: str) -> int:
    found = connection.execute(
        "SELECT id FROM conversations WHERE account = ? AND name = ?", (account, name)
    ).fetchone()
    return int(found[0])
