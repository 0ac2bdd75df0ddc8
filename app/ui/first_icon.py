"""The application and its icon, as early as can be: nothing else of the program is imported yet.

The icon is a ready picture of the starting state; `ui.tray` takes it over and draws the rest.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QIcon, QSessionManager
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon

from app import APP_ID, NAME, VERSION
from app.assets import resource
from app.ui import STYLED
from app.ui.qt_messages import QtMessages

_IS_LINUX = sys.platform.startswith("linux")

SIZES = (16, 22, 24, 32, 44, 48, 64)


class TrayApplication(QApplication):
    """A QApplication whose end is asked for, not done: the loop closes first (F-D06).

    To hand an event to Python, PySide makes a type of every kind of event there is: 0.6 MB. On
    Linux nobody but the session manager tells an application to quit, so it is listened to
    from the end of the session on; elsewhere a menu or a dock may say so at any time.
    """

    def __init__(self, arguments: list[str]) -> None:
        messages = QtMessages()
        messages.begin()
        # One look everywhere on Linux; named now, no other style is made and thrown away.
        super().__init__([*arguments, "-style", "fusion"] if _IS_LINUX else arguments)
        self.messages = messages
        self.setProperty(STYLED, True)
        self.on_quit: Callable[[], None] = lambda: None
        self.setApplicationName(NAME)
        self.setApplicationVersion(VERSION)
        self.setDesktopFileName(APP_ID)
        _name_to_windows()
        self.setQuitOnLastWindowClosed(False)
        self.commitDataRequest.connect(self._on_session_end)

    if not _IS_LINUX:

        def event(self, event: QEvent) -> bool:
            return self._is_quit(event) or super().event(event)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        return self._is_quit(event)

    def _is_quit(self, event: QEvent) -> bool:
        if event.type() != QEvent.Type.Quit:
            return False
        self.on_quit()
        return True

    def _on_session_end(self, _session: QSessionManager | None) -> None:
        self.installEventFilter(self)
        self.on_quit()


@dataclass(slots=True)
class FirstIcon:
    """What is on screen before the program is there; `icon` is None without a tray host.

    The menu is set before the icon is shown: hosts ask for it at once, and some only once.
    """

    menu: QMenu
    icon: QSystemTrayIcon | None = None


def _name_to_windows() -> None:
    """Windows sorts taskbar and notifications by this; the Start menu's shortcut has the same."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - there only

        ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID(APP_ID)


def show_first_icon() -> tuple[TrayApplication, FirstIcon]:
    """Make the application and, if there is a tray, show the icon of a program that starts."""
    application = TrayApplication(sys.argv[:1])
    first = FirstIcon(QMenu())
    if QSystemTrayIcon.isSystemTrayAvailable():  # an icon made earlier is lost for good (F-D01)
        first.icon = QSystemTrayIcon(starting_picture())
        first.icon.setContextMenu(first.menu)
        first.icon.show()
        application.processEvents()
    return application, first


def starting_picture() -> QIcon:
    """The picture `ui.tray_icon` draws for the starting state, from `resources/icons/starting`."""
    icon = QIcon()
    for size in SIZES:
        icon.addFile(str(resource("icons", "starting", f"{size}.png")))
    return icon
