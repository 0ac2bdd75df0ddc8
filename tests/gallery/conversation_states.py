"""The states of the list of conversations, in the chat window, that the gallery shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from gallery.states import HOSTILE_NAME, NOW, ZONE
from PySide6.QtWidgets import QWidget

from app.chat.conversation import Conversation
from app.conversations.view import ConversationList, Entry, Exporting
from app.private_database.status import Condition, DatabaseStatus
from app.state import AppState, SessionState, SessionStatus
from app.ui.chat_window import ChatWindow
from app.ui.conversation_page import ConversationPage

KEY = "a" * 16
_OPENINGS = (
    "How do I rename *.jpeg to *.jpg here without overwriting anything?",
    "怎样把当前文件夹里的 *.jpeg 全部改名为 *.jpg，而不覆盖已有的文件？",
    "Explain this traceback",
    HOSTILE_NAME,
    "What does `set -euo pipefail` do, and why would I want it in every script I write at work?",
    "Regex for ISO dates",
    "Why is my laptop warm",
    "A plan for the release",
)
_AGES_H = (0.2, 2, 16, 26, 60, 400, 5000, 9000)


def entries() -> tuple[Entry, ...]:
    """A few of all ages; the third has a title of its own."""
    return tuple(
        Entry(
            f"c{n}",
            "Crash in the parser" if n == 2 else "",
            opening,
            2 * n * n + 1,
            NOW - timedelta(hours=age),
        )
        for n, (opening, age) in enumerate(zip(_OPENINGS, _AGES_H, strict=True))
    )


def conversation_states() -> dict[str, AppState]:
    """What is shown, by name."""
    session = SessionState(SessionStatus.SIGNED_IN, account_key=KEY)
    shown = AppState(session=session, conversation=Conversation("c1"))
    whole = ConversationList(KEY, entries=entries(), is_loading=False)
    found = tuple(
        replace(entry, excerpt="…and --no-clobber keeps an existing file, whatever its name…")
        for entry in entries()[:2]
    )
    lists = {
        "list": whole,
        "list-looking": ConversationList(KEY),
        "list-empty": ConversationList(KEY, is_loading=False),
        "list-found": replace(whole, search="clobber", entries=found),
        "list-nothing-found": ConversationList(KEY, "clobber", is_loading=False),
        "list-off": replace(whole, status=DatabaseStatus(Condition.OFF)),
        "list-off-empty": ConversationList(
            KEY, is_loading=False, status=DatabaseStatus(Condition.OFF)
        ),
        "list-full-disk": replace(whole, status=DatabaseStatus(Condition.FULL)),
        "list-damaged": replace(
            whole,
            status=DatabaseStatus(
                Condition.KEEPING, "conversations.corrupt-20261122T124100Z", rows_saved=211
            ),
        ),
        "list-newer": ConversationList(
            KEY, is_loading=False, status=DatabaseStatus(Condition.NEWER)
        ),
        "list-exported": replace(
            whole, exporting=Exporting.DONE, exported_to="Crash in the parser.md"
        ),
        "list-not-exported": replace(
            whole, exporting=Exporting.FAILED, exported_to="Crash in the parser.md"
        ),
    }
    states = {name: replace(shown, conversations=listed) for name, listed in lists.items()}
    out = AppState(session=SessionState(SessionStatus.SIGNED_OUT))
    return states | {"list-signed-out": replace(out, conversations=ConversationList())}


def conversation_window(state: AppState) -> QWidget:
    """The chat window with the list in front."""
    chat, page = (
        ChatWindow(clock=lambda: NOW, zone=ZONE),
        ConversationPage(clock=lambda: NOW, zone=ZONE),
    )
    chat.mount_list(page)
    chat.render(state)
    chat.pages.toggle_list()
    chat.resize(400, 520)
    page.render(state)
    return chat
