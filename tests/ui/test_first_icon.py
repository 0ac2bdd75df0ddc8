"""The icon that stands before the program is imported."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon

from app.assets import resource
from app.state import AppState
from app.ui import first_icon, tray_icon
from app.ui.first_icon import FirstIcon
from app.ui.icon_state import icon_state
from app.ui.theme import Theme
from app.ui.tray import Tray


def test_it_knows_the_sizes_of_the_drawn_icon() -> None:
    assert first_icon.SIZES == tray_icon.SIZES


@pytest.mark.parametrize("size", first_icon.SIZES)
def test_its_picture_is_what_would_be_drawn(size: int, qapp: QApplication) -> None:
    drawn = tray_icon.render(icon_state(AppState(), datetime.now(UTC)), size)
    kept = QImage(str(resource("icons", "starting", f"{size}.png")))
    assert kept.convertToFormat(QImage.Format.Format_ARGB32) == drawn.convertToFormat(
        QImage.Format.Format_ARGB32
    )


def test_the_tray_takes_it_over_with_its_menu(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: True)
    first = FirstIcon(QMenu(), QSystemTrayIcon())
    icon = first.icon
    tray = Tray(Theme(qapp, "light"), first)
    tray.render(AppState())
    tray.start()
    assert icon is not None
    assert icon.parent() is tray
    assert icon.contextMenu() is first.menu
    assert [action.text() for action in first.menu.actions() if action.text()]
    tray.stop()


def test_it_imports_nothing_of_the_program_but_what_it_shows() -> None:
    code = (
        "import sys, app.ui.first_icon;"
        "print(sorted(m for m in sys.modules if m.startswith('app')), 'asyncio' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (
        done.stdout.strip()
        == "['app', 'app.assets', 'app.ui', 'app.ui.first_icon', 'app.ui.qt_messages'] False"
    )


def test_being_told_to_quit_is_a_wish() -> None:
    """F-D06: a session manager asks for what is to be saved first, then tells to quit."""
    code = (
        "from PySide6.QtCore import QCoreApplication, QEvent, QTimer\n"
        "from app.ui.first_icon import TrayApplication\n"
        "application, wishes = TrayApplication(['x']), []\n"
        "application.on_quit = lambda: wishes.append(1)\n"
        "quit = lambda: QCoreApplication.sendEvent(application, QEvent(QEvent.Type.Quit))\n"
        "QTimer.singleShot(0, lambda: application._on_session_end(None))\n"
        "QTimer.singleShot(0, quit)\n"
        "QTimer.singleShot(50, lambda: application.exit(len(wishes)))\n"
        "raise SystemExit(application.exec())\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 2
