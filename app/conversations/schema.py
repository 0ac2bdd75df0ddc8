"""The tables of the conversations' file, and its version. Pure.

`conversations` has what a list shows, so that a thousand of them are read in one go: `opening`
is the first line of the first question, `messages` counts questions and answers. Times are UTC
seconds since 1970. A turn's `details` are JSON (`turn_rows`); what a file holds that went with a
question is text or bytes.
"""

from __future__ import annotations

from app.private_database.schema import Schema

APPLICATION_ID = 0x5449_4443  # "TIDC"

CONVERSATIONS = (
    "CREATE TABLE conversations(id INTEGER PRIMARY KEY, account TEXT NOT NULL, "
    "name TEXT NOT NULL, title TEXT NOT NULL, opening TEXT NOT NULL, "
    "messages INTEGER NOT NULL CHECK(typeof(messages) = 'integer'), "
    "changed_at INTEGER NOT NULL CHECK(typeof(changed_at) = 'integer'), UNIQUE(account, name))"
)
TURNS = (
    "CREATE TABLE turns(id INTEGER PRIMARY KEY, "
    "conversation INTEGER NOT NULL CHECK(typeof(conversation) = 'integer'), "
    "place INTEGER NOT NULL CHECK(typeof(place) = 'integer'), name TEXT NOT NULL, "
    "question TEXT NOT NULL, answer TEXT NOT NULL, reasoning TEXT NOT NULL, "
    "details TEXT NOT NULL, UNIQUE(conversation, place))"
)
ATTACHMENTS = (
    "CREATE TABLE attachments(id INTEGER PRIMARY KEY, "
    "turn INTEGER NOT NULL CHECK(typeof(turn) = 'integer'), "
    "place INTEGER NOT NULL CHECK(typeof(place) = 'integer'), name TEXT NOT NULL, "
    "media_type TEXT NOT NULL, content NOT NULL CHECK(typeof(content) IN ('text', 'blob')), "
    "UNIQUE(turn, place))"
)

SCHEMA = Schema(APPLICATION_ID, 1, (CONVERSATIONS, TURNS, ATTACHMENTS))
