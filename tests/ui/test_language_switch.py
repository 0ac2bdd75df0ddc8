"""The language changes while windows are open: nothing in them stays in the old one.

Each window that was switched is compared with one that was made in the new language, word by
word: what is painted, tooltips, and what screen readers say. Numbers do not count, for time goes
on meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from unittest.mock import Mock

import pytest
from gallery.chat_states import CHAT_STATES
from gallery.conversation_states import conversation_states
from gallery.dialog_states import sign_in_states
from gallery.help_states import COMPONENTS
from gallery.history_states import history_states
from gallery.states import NOT_SAVED, NOW, PANEL_STATES, ZONE
from gallery.windows import settle
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QSystemTrayIcon
from support.shown_words import shown_words

from app import catalogues
from app.chat.links import read_link
from app.erasure.outcome import Erasure, Leftover, Outcome, Part
from app.state import AppState, Store
from app.ui.chat_window import ChatWindow
from app.ui.conversation_page import ConversationPage
from app.ui.settings_dialog import SettingsDialog
from app.ui.theme import Theme
from app.ui.tray import Tray
from app.ui.windows import Windows

LANGUAGES = ("en", "zh_CN")


class Opened:
    """The windows of one program in one state, which change their language as the program does."""

    def __init__(self, look: Theme, state: AppState, language: str) -> None:
        self.is_closed = False
        self._others = QApplication.topLevelWidgets()
        self._look = look
        self.store = Store(self._speaking(state, language))
        self.store.subscribe(lambda now: now.settings, self._apply)
        self._apply(self.store.state)
        self.tray = Tray(look, clock=lambda: NOW, zone=ZONE, patience_ms=20)
        self.wishes = Mock()
        self.wishes.help.read_components = lambda then: then(COMPONENTS, "")
        self.windows = Windows(self.tray, look, self.store, self.wishes, Mock(), clock=lambda: NOW)

    def _speaking(self, state: AppState, language: str) -> AppState:
        return replace(state, settings=replace(state.settings, language=language))

    def _apply(self, state: AppState) -> None:
        catalogues.activate(state.settings.language, {}, [])
        self._look.follow(state.settings.colour_scheme)

    def speak(self, language: str) -> None:
        settings = replace(self.store.state.settings, language=language)
        self.store.update(settings=settings)

    def words(self) -> set[tuple[str, str]]:
        """All that can be read anywhere and where, once it does not change any more."""
        before, now = None, self._words()
        while now != before:
            settle()
            before, now = now, self._words()
        return now

    def _words(self) -> set[tuple[str, str]]:
        """Without digits and breaks of lines."""
        found = {("menu", action.text()) for action in self.tray.menu.actions()}
        for window in QApplication.topLevelWidgets():
            if window not in self._others and window.isVisible():
                name = type(window).__name__
                found |= {(f"{name}: {place}", text) for place, text in shown_words(window)}
        return {(place, re.sub(r"\d+", "0", text)) for place, text in found}

    def close(self) -> None:
        if self.is_closed:
            return
        self.is_closed = True
        self.windows.close()
        self.tray.stop()
        for window in QApplication.topLevelWidgets():
            if window not in self._others:
                window.hide()
                window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


Open = Callable[[AppState, str], Opened]


@pytest.fixture
def open_(look: Theme, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: False)
    made: list[Opened] = []

    def make(state: AppState, language: str) -> Opened:
        made.append(Opened(look, state, language))
        return made[-1]

    yield make
    for one in made:
        one.close()


def chat_window() -> ChatWindow:
    found = (one for one in QApplication.topLevelWidgets() if isinstance(one, ChatWindow))
    (window,) = (one for one in found if one.isVisible())
    return window


def panel(one: Opened) -> None:
    one.windows.show_panel_window()


def chat(one: Opened) -> None:
    one.windows.show_chat()


def conversations(one: Opened) -> None:
    chat(one)
    chat_window().pages.toggle_list()


def deleting(one: Opened) -> None:
    conversations(one)
    (page,) = chat_window().findChildren(ConversationPage)
    assert page.list is not None
    page.list.delete_all.click()


def models(one: Opened) -> None:
    chat(one)
    chat_window().show_models()


def link(one: Opened) -> None:
    chat(one)
    found = read_link("http://xn--pypal-4ve.example/login", "paypal.example")
    chat_window().transcript.link_activated.emit(found)


def history(one: Opened) -> None:
    one.windows.show_history()


def settings(one: Opened) -> None:
    one.windows.show_settings()


def sign_in(one: Opened) -> None:
    one.windows.show_sign_in()


def removing(one: Opened) -> None:
    one.windows.ask_to_remove()


def leaving(one: Opened) -> None:
    one.windows.quit_asking()


def erasing(one: Opened) -> None:
    settings(one)
    window = next(w for w in QApplication.topLevelWidgets() if isinstance(w, SettingsDialog))
    window.erasing_requested.emit()


def being_erased(one: Opened) -> None:
    erasing(one)
    one.store.update(erasure=Erasure())


def erased(one: Opened) -> None:
    erasing(one)
    one.store.update(
        erasure=Erasure(outcome=Outcome((Leftover(Part.KEYRING_LOCKED),), ("x.txt",), 1))
    )


def about(one: Opened) -> None:
    settings(one)
    window = next(w for w in QApplication.topLevelWidgets() if isinstance(w, SettingsDialog))
    window.about_requested.emit()


def diagnosis(one: Opened) -> None:
    settings(one)
    window = next(w for w in QApplication.topLevelWidgets() if isinstance(w, SettingsDialog))
    window.diagnosis_requested.emit()


FRESH = PANEL_STATES["fresh"]
TALKING = CHAT_STATES["chosen-model"]
CASES = {
    **{f"panel {name}": (panel, state) for name, state in PANEL_STATES.items()},
    **{f"chat {name}": (chat, state) for name, state in CHAT_STATES.items()},
    **{f"history {name}": (history, state) for name, state in history_states()},
    **{name: (conversations, state) for name, state in conversation_states().items()},
    **{
        name: (sign_in, AppState(session=session))
        for name, (session, _here) in sign_in_states(NOW).items()
    },
    "deleting": (deleting, conversation_states()["list"]),
    "models": (models, TALKING),
    "link": (link, TALKING),
    "settings": (settings, FRESH),
    "removing": (removing, FRESH),
    "leaving": (leaving, replace(FRESH, session=NOT_SAVED)),
    "erasing": (erasing, FRESH),
    "being-erased": (being_erased, FRESH),
    "erased": (erased, FRESH),
    "about": (about, FRESH),
    "diagnosis": (diagnosis, FRESH),
}


@pytest.mark.parametrize("before", LANGUAGES)
@pytest.mark.parametrize("name", list(CASES))
def test_nothing_stays_in_the_old_language(name: str, before: str, open_: Open) -> None:
    show, state = CASES[name]
    (after,) = set(LANGUAGES) - {before}
    first = open_(state, before)
    show(first)
    QApplication.processEvents()
    first.speak(after)
    switched = first.words()
    first.close()
    second = open_(state, after)
    show(second)
    fresh = second.words()
    assert not switched - fresh, f"{switched - fresh} instead of {fresh - switched}"
    assert not fresh - switched


def test_dialogs_for_files_and_menus_of_fields_follow(open_: Open) -> None:
    """They are Qt's own, which has more than one word for some buttons."""
    one = open_(TALKING, "en")
    chat(one)
    window = chat_window()
    window.choose_files()
    (dialog,) = window.findChildren(QFileDialog)
    menu = window.composer.field.createStandardContextMenu()
    before = [dialog.windowTitle(), *entries(menu)]
    one.speak("zh_CN")
    settle()
    chinese = window.composer.field.createStandardContextMenu()

    assert before[0] == "Attach text files or pictures"
    assert "Paste" in before
    assert dialog.windowTitle() == "添加文本文件或图片"
    assert dialog.labelText(QFileDialog.DialogLabel.Reject) == "取消"
    assert "粘贴" in entries(chinese)
    one.speak("en")
    settle()
    assert dialog.windowTitle() == before[0]
    assert dialog.labelText(QFileDialog.DialogLabel.Reject) == "Cancel"


def entries(menu: QMenu) -> list[str]:
    """The labels, without mnemonics and keys."""
    return [re.sub(r"\(&.\)|&|\t.*", "", action.text()) for action in menu.actions()]
