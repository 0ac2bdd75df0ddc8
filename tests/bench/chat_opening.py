"""How long the chat takes from the wish to a painted window with the keyboard in its field.

`first_chat_ms`: the very first time, its imports and the style sheet included; `chat_ms`: the
median of later times, with a conversation of forty turns in it. Prints one JSON object.
"""

from __future__ import annotations

import json
import statistics
import time
from dataclasses import replace

from app.ui.qt_import import import_qt

import_qt()  # as the program does: it decides what every later import costs

from gallery.states import FRESH, signed_in
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QPlainTextEdit

import app.intents
import app.ui.windows
from app.chat.conversation import Conversation, Turn, TurnStatus
from app.chat.desk import Desk
from app.state import AppState
from app.ui.chat_pane import ChatPane
from app.ui.first_icon import TrayApplication
from app.ui.theme import Theme
from app.ui.tray import Tray

_ROUNDS = 15
_PATIENCE_S = 10.0
_BREATH_S = 0.3


class Wishes(QObject):
    """Grants nothing."""

    def __getattr__(self, name: str) -> object:
        return self if name in ("chat", "desk", "conversations", "crashes") else self._ignore

    def _ignore(self, *_arguments: object) -> None:
        """Nobody is there."""


def with_turns(count: int) -> AppState:
    """Somebody signed in, with a draft and a conversation."""
    turns = tuple(
        Turn(f"t{n}", f"Question {n}?", "An **answer** of one line.", status=TurnStatus.COMPLETED)
        for n in range(count)
    )
    state = replace(signed_in(FRESH), conversation=Conversation("c", turns))
    return replace(state, desk=Desk().put("a draft"))


def opened_ms(application: QApplication, pane: ChatPane, state: AppState) -> float:
    """From the wish to a field that has the keyboard, and has been painted with its cursor."""
    started = time.perf_counter()
    pane.show(lambda: state)
    while not isinstance(QApplication.focusWidget(), QPlainTextEdit):
        application.processEvents()
        assert time.perf_counter() - started < _PATIENCE_S, "the field never had the keyboard"
    application.processEvents()
    return (time.perf_counter() - started) * 1000


def _settle(application: QApplication) -> None:
    """Until the window manager has seen the window go: nobody opens it again in the same breath."""
    ends_at = time.perf_counter() + _BREATH_S
    while time.perf_counter() < ends_at:
        application.processEvents()
        time.sleep(0.005)


def main() -> None:
    application = TrayApplication(["bench"])
    theme = Theme(application, "light", dressed=False)
    Tray(theme)
    assert app.intents
    assert app.ui.windows  # tray, wishes and windows are there long before the chat is
    wishes = Wishes()
    pane = ChatPane(theme, wishes, show_settings=wishes._ignore, show_sign_in=wishes._ignore)  # type: ignore[arg-type]
    first = opened_ms(application, pane, with_turns(0))
    later = []
    for _ in range(_ROUNDS):
        for window in application.topLevelWidgets():
            window.hide()
        _settle(application)
        later.append(opened_ms(application, pane, with_turns(40)))
    print(json.dumps({"first_chat_ms": first, "chat_ms": statistics.median(later)}))


if __name__ == "__main__":
    main()
