"""Every window of the gallery in every state, in the language and the colours in force."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gallery.chat_states import CHAT_STATES, MODEL_STATES
from gallery.render import LEFTWARDS, appearance
from gallery.states import ALERTS, NOW, PANEL_STATES, ZONE
from PySide6.QtCore import QDeadlineTimer, QPoint
from PySide6.QtWidgets import QApplication, QWidget

from app.intents.shown_warnings import banner_of
from app.state import AppState
from app.ui.panel import Panel

# What is laid out in a way of its own: enough to see that all of it mirrors.
_MIRRORED = {
    "panel": {"fresh", "banners", "workspace", "many", "signing-in", "error-no-data", "hint"},
    "history": {"week", "cycle", "empty"},
    "chat": {
        *("empty", "fresh", "right-to-left", "editing", "files-refused", "files-sent", "cost"),
        *("exhausted", "everything", "models"),
    },
    "conversations": {"list", "list-found", "list-damaged"},
    "settings": {"whole", "start-other"},
    "dialogs": {
        *("sign-in", "sign-in-code", "sign-in-account"),
        *("sign-in-paste-refused", "remove"),
        *("link", "quit-unsaved", "diagnosis", "about"),
    },
    "menus": {"tray-fresh", "tray-accounts"},
}
_SETTLE_MS = 80  # an answer is drawn at most thirty times per second


def show(widget: QWidget) -> None:
    """Put it on the screen as the program would."""
    if isinstance(widget, Panel):
        widget.show_near(QPoint(700, 590))
    else:
        widget.show()


def settle() -> None:
    """Until what is drawn in steps stands."""
    settled = QDeadlineTimer(_SETTLE_MS)
    while not settled.hasExpired():
        QApplication.processEvents()


def _in(state: AppState, language: str, scheme: str) -> AppState:
    colour_scheme, contrast = appearance(scheme)
    settings = replace(
        state.settings, language=language, colour_scheme=colour_scheme, contrast=contrast
    )
    return replace(state, settings=settings)


def _warned(state: AppState) -> AppState:
    """Its warnings in the words of the language in force."""
    banners = [(one.key, banner_of((ALERTS[one.key],), state, NOW, ZONE)) for one in state.banners]
    return replace(state, banners=tuple(replace(shown, key=key) for key, shown in banners))


def _mirrored(scheme: str) -> Iterator[tuple[str, QWidget]]:
    for part, names in _MIRRORED.items():
        for name, window in windows(part, "en", scheme):
            if name in names:
                yield f"{part}-{name}", window
            else:
                window.deleteLater()


def _chats(language: str, scheme: str) -> Iterator[tuple[str, QWidget]]:
    from app.ui.chat_window import ChatWindow
    from app.ui.code_lexers import code_lexers

    assert all(code_lexers()[one] for one in ("sh", "python"))  # colours at once
    for name, state in CHAT_STATES.items():
        chat = ChatWindow(clock=lambda: NOW, zone=ZONE)
        chat.mount_list(QWidget())  # its button stands in the heading
        chat.render(_in(state, language, scheme))
        chat.resize(400, 520)
        yield name, chat
    from app.ui.model_picker import ModelPicker

    for name, (models, settings) in MODEL_STATES.items():
        picker = ModelPicker()
        picker.render(models, settings)
        yield name, picker


def windows(part: str, language: str, scheme: str) -> Iterator[tuple[str, QWidget]]:
    """The windows of one part by the name of their state, not yet shown."""
    if part == LEFTWARDS:
        yield from _mirrored(scheme)
    elif part == "dialogs":
        from gallery.dialog_states import dialog_windows
        from gallery.help_states import help_windows

        yield from dialog_windows(NOW)
        yield from help_windows(NOW)
    elif part == "settings":
        from gallery.help_states import settings_windows

        yield from settings_windows()
    elif part == "history":
        from gallery.history_states import history_states

        from app.ui.history_window import HistoryWindow

        for name, state in history_states():
            window = HistoryWindow(clock=lambda: NOW, zone=ZONE)
            window.render(_in(state, language, scheme))
            yield name, window
    elif part == "conversations":
        from gallery.conversation_states import conversation_states, conversation_window

        for name, state in conversation_states().items():
            yield name, conversation_window(_in(state, language, scheme))
    elif part == "panel":
        for name, state in PANEL_STATES.items():
            panel = Panel(clock=lambda: NOW, zone=ZONE)
            panel.render(_warned(_in(state, language, scheme)))
            yield name, panel
    elif part == "menus":
        from gallery.menu_states import menus

        yield from menus()
    else:
        yield from _chats(language, scheme)
