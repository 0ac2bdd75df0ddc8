"""The windows of one program, found as a person finds them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from support.noted_wishes import Granted

from app.state import AppState, Store
from app.ui.chat_window import ChatWindow
from app.ui.history_window import HistoryWindow
from app.ui.panel import Panel
from app.ui.remove_dialog import RemoveDialog
from app.ui.settings_dialog import SettingsDialog
from app.ui.sign_in_dialog import SignInDialog
from app.ui.theme import Theme
from app.ui.tray import Tray
from app.ui.windows import Windows

W = TypeVar("W", bound=QWidget)


class Desk:
    """A tray with all that it opens; what is wished there is noted in `granted`."""

    def __init__(self, tray: Tray, theme: Theme, state: AppState) -> None:
        self._others = QApplication.topLevelWidgets()  # of tests that went before
        self.tray = tray
        self.store = Store(state)
        self.granted = Granted()
        self.windows = Windows(tray, theme, self.store, self.granted, self.granted.quit)

    def all(self, kind: type[W]) -> list[W]:
        windows = (one for one in QApplication.topLevelWidgets() if one not in self._others)
        return [one for one in windows if isinstance(one, kind)]

    def the(self, kind: type[W]) -> W:
        (one,) = self.all(kind)
        return one

    def opened(self) -> set[str]:
        kinds = (Panel, ChatWindow, HistoryWindow, SettingsDialog, SignInDialog, RemoveDialog)
        return {type(one).__name__ for kind in kinds for one in self.all(kind) if one.isVisible()}

    def menu_entry(self, label: str) -> QAction:
        (entry,) = (one for one in self.tray.menu.actions() if one.text() == label)
        return entry


MakeDesk = Callable[..., Desk]


def texts(window: QWidget) -> list[str]:
    return [label.text() for label in window.findChildren(QLabel) if label.isVisible()]


def press(window: QWidget, label: str) -> None:
    (button,) = (one for one in window.findChildren(QPushButton) if one.text() == label)
    button.click()
