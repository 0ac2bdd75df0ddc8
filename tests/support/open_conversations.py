"""Conversations on a real file, and some to put into it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.chat.attachments import Attachment
from app.chat.conversation import Conversation, Turn, TurnStatus
from app.chat.events import TokenUsage
from app.conversations.schema import SCHEMA
from app.conversations.store import ConversationStore
from app.private_database.schema import Schema
from app.private_database.status import DatabaseStatus

ACCOUNT = "a" * 16
OTHER = "f" * 16
START = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)

TEXT_FILE = Attachment("notes.txt", "text/plain", text="first line\nsecond line")
PICTURE = Attachment("dot.png", "image/png", data=b"\x89PNG\r\n\x1a\n" + bytes(range(256)))


class OpenConversations(ConversationStore):
    """Has every status it was in; its clock goes on by a minute with each look."""

    def __init__(self, path: Path, *, schema: Schema = SCHEMA) -> None:
        self.time = START
        super().__init__(path, now=self._later, schema=schema)
        self.seen: list[DatabaseStatus] = []
        self.on_status = self.seen.append

    async def settled(self) -> DatabaseStatus:
        """The status once everything saved so far was dealt with."""
        await self._thread.answer(lambda _keeper: None)
        await asyncio.sleep(0)
        return self.status

    async def names(self, search: str = "", account: str = ACCOUNT) -> list[str]:
        return [entry.conversation_id for entry in await self.entries(account, search)]

    def _later(self) -> datetime:
        self.time += timedelta(minutes=1)
        return self.time


@asynccontextmanager
async def open_conversations(
    path: Path, *, schema: Schema = SCHEMA
) -> AsyncIterator[OpenConversations]:
    store = OpenConversations(path, schema=schema)
    try:
        yield store
        if store._thread.is_running:
            await store.settled()  # on a loaded machine it may take longer than an end may
    finally:
        await store.close()


def turn(number: int, question: str = "Why?", answer: str = "Because.") -> Turn:
    """A turn that went well."""
    asked_at = START + timedelta(minutes=number)
    return Turn(
        f"turn-{number}",
        question,
        answer,
        f"thought of {number}",
        status=TurnStatus.COMPLETED,
        asked_at=asked_at,
        first_text_at=asked_at + timedelta(seconds=2),
        model="gpt-5",
        usage=TokenUsage(100 + number, 10, 20, 5),
    )


def conversation(name: str, *turns: Turn, title: str = "") -> Conversation:
    """A conversation of one turn, if no others are given."""
    return Conversation(name, turns or (turn(0),), title=title)
