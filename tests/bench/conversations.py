"""Times of kept conversations on a real display, printed as one JSON object.

`opened_ms`: a chat of 10,000 messages, from the file that was not open yet to its first paint in
the chat window; `read_ms` is the file's part, in its own thread. `listed_ms`, `searched_ms`: the
list of 1,000 other chats, and a text that stands in none of them. `saved_ms`: one more turn of
the large chat. `deleted_ms`: one chat, until no byte of it is left.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import Awaitable
from dataclasses import replace
from pathlib import Path

from app.ui.qt_import import import_qt

import_qt()  # as the program does: it decides what every later import costs

from gallery.chat_states import CHAT_STATES
from gallery.conversation_states import KEY
from gallery.states import NOW, ZONE
from PySide6.QtWidgets import QApplication
from support.open_conversations import conversation, open_conversations, turn

from app.chat.conversation import Conversation
from app.ui.chat_window import ChatWindow
from app.ui.theme import Theme

_MESSAGES = 10_000
_CHATS = 1_000
_PROSE = "The quick brown fox `jumps` over the lazy dog. 怎样把当前文件夹里的文件改名？ "


def large() -> Conversation:
    """Questions of a line and answers of a paragraph."""
    turns = (turn(n, f"Question {n}", _PROSE * 8) for n in range(_MESSAGES // 2))
    return conversation("large", *turns)


async def fill(path: Path) -> None:
    async with open_conversations(path) as store:
        store.save(KEY, large())
        for number in range(_CHATS):
            store.save(KEY, conversation(f"chat-{number}", turn(0, f"About {number}", _PROSE * 8)))
        await store.settled()


async def timed(work: Awaitable[object]) -> float:
    started = time.perf_counter()
    await work
    return (time.perf_counter() - started) * 1000


async def file_figures(path: Path) -> dict[str, float]:
    async with open_conversations(path) as store:
        figures = {"listed_ms": await timed(store.entries(KEY))}
        figures["searched_ms"] = await timed(store.entries(KEY, "nowhere to be found"))
        found = await store.load(KEY, "large")
        assert found is not None
        longer = replace(found, turns=(*found.turns, turn(_MESSAGES)))
        started = time.perf_counter()
        store.save(KEY, longer)
        await store.settled()
        figures["saved_ms"] = (time.perf_counter() - started) * 1000
        figures["deleted_ms"] = await timed(store.delete(KEY, "chat-7"))
    return figures


async def read(path: Path) -> tuple[Conversation, float]:
    async with open_conversations(path) as store:
        started = time.perf_counter()
        found = await store.load(KEY, "large")
        assert found is not None
        return found, (time.perf_counter() - started) * 1000


def shown_ms(app: QApplication, window: ChatWindow, found: Conversation) -> float:
    """Until the last turns have been painted."""
    started = time.perf_counter()
    window.render(replace(CHAT_STATES["empty"], conversation=found))
    app.processEvents()
    window.repaint()
    return (time.perf_counter() - started) * 1000


def main() -> None:
    app = QApplication([])
    Theme(app, "light")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "state" / "conversations.db"
        asyncio.run(fill(path))
        window = ChatWindow(clock=lambda: NOW, zone=ZONE)
        window.show()
        app.processEvents()
        found, read_ms = asyncio.run(read(path))
        opened_ms = read_ms + shown_ms(app, window, found)
        window.close()
        figures = asyncio.run(file_figures(path))
    print(json.dumps({"opened_ms": opened_ms, "read_ms": read_ms, **figures}))


if __name__ == "__main__":
    main()
