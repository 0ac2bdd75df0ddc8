"""The tables of the conversations' file, and its version. Pure.

`conversations` has what a list shows, so that a thousand of them are read in one go: `opening`
is the first line of the first question, `messages` counts questions and answers. Times are UTC
seconds since 1970. A turn's `details` are JSON (`turn_rows`); what a file holds that went with a
question is text or bytes.
"""

from __future__ import annotations

from app.private_database.schema import Schema

APPLICATION_ID = 0x5449_4443  # "TIDC"


def _number(name: str) -> str:
    return f"{name} INTEGER NOT NULL CHECK(typeof({name}) = 'integer')"


def _text(name: str) -> str:
    return f"{name} TEXT NOT NULL CHECK(typeof({name}) = 'text')"


CONVERSATIONS = (
    f"CREATE TABLE conversations(id INTEGER PRIMARY KEY, {_text('account')}, {_text('name')}, "
    f"{_text('title')}, {_text('opening')}, {_number('messages')}, {_number('changed_at')}, "
    "UNIQUE(account, name))"
)
TURNS = (
    f"CREATE TABLE turns(id INTEGER PRIMARY KEY, {_number('conversation')}, {_number('place')}, "
    f"{_text('name')}, {_text('question')}, {_text('answer')}, {_text('reasoning')}, "
    f"{_text('details')}, UNIQUE(conversation, place))"
)
ATTACHMENTS = (
    f"CREATE TABLE attachments(id INTEGER PRIMARY KEY, {_number('turn')}, {_number('place')}, "
    f"{_text('name')}, {_text('media_type')}, "
    "content NOT NULL CHECK(typeof(content) IN ('text', 'blob')), UNIQUE(turn, place))"
)

SCHEMA = Schema(APPLICATION_ID, 1, (CONVERSATIONS, TURNS, ATTACHMENTS))
