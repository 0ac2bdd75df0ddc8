"""What holds for tests of widgets: the platform "offscreen" says what it cannot do."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from gettext import NullTranslations
from pathlib import Path

import pytest
from gallery.states import NOW, PANEL_STATES, ZONE
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtWidgets import QApplication, QSystemTrayIcon
from pytestqt.qtbot import QtBot
from support.patient_bot import PatientBot
from support.still_clock import StillClock
from support.style_sheets import NO_SHEET
from support.system_services import private_bus
from support.window_desk import Desk, MakeDesk

from app.state import AppState
from app.ui import STYLED
from app.ui.theme import SCALE, Theme
from app.ui.tray import Tray
from app.wording import language

_NOISE = (
    "^This plugin does not support",
    "No such signal QPlatformNativeInterface::systemTrayWindowChanged",
)


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    """The style from the start, as the program has it: set later, living widgets lose theirs."""
    return ["tidegauge", "-style", "fusion"]


@pytest.fixture(autouse=True)
def _gone_widgets_are_gone(qapp: QApplication) -> Iterator[None]:
    """A style sheet put on must not meet widgets of an earlier test that only wait to go, and no
    other thread may take them apart (see `GuiGarbage`). Never without any sheet: the style
    below it would be taken from under living widgets."""
    qapp.setProperty(STYLED, True)
    if not qapp.styleSheet():
        qapp.setStyleSheet(NO_SHEET)
    themes = set(qapp.findChildren(Theme))
    gc.disable()
    yield
    for theme in set(qapp.findChildren(Theme)) - themes:
        theme.deleteLater()  # with the words it gave to Qt
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect(0)  # nothing was collected meanwhile: that is all there is of this test
    gc.enable()


@pytest.fixture(autouse=True)
def _english(qapp: QApplication) -> Iterator[None]:
    """Every test begins in English, whatever it speaks later."""
    language.use(NullTranslations(), "en")
    yield
    language.use(NullTranslations(), "en")
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """pytest-qt's own would give up after five seconds."""
    return PatientBot(request)


@pytest.fixture
def clock() -> StillClock:
    """The moment of the gallery's states."""
    return StillClock(NOW)


@pytest.fixture
def look(qapp: QApplication) -> Iterator[Theme]:
    """The program's light colours, for this test alone."""
    sheet, palette, font = qapp.styleSheet(), qapp.palette(), qapp.font()
    theme = Theme(qapp, "light")
    yield theme
    theme.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)
    qapp.setFont(font)
    qapp.setProperty(SCALE, None)


@pytest.fixture
def tray(look: Theme, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tray]:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: False)
    tray = Tray(look, clock=lambda: NOW, zone=ZONE, patience_ms=20)
    yield tray
    tray.stop()


@pytest.fixture
def make_desk(look: Theme, tray: Tray) -> Iterator[MakeDesk]:
    """The windows of a program in some state."""
    made: list[Desk] = []

    def make(state: AppState = PANEL_STATES["fresh"]) -> Desk:
        made.append(Desk(tray, look, state))
        return made[-1]

    yield make
    for desk in made:
        desk.windows.close()


@pytest.fixture
def desk(make_desk: MakeDesk) -> Desk:
    return make_desk()


@pytest.fixture
def bus(short_folder: Path) -> Iterator[str]:
    """The address of a message bus of this test's own."""
    with private_bus(short_folder) as address:
        yield address


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore(*_NOISE, extend=True))


def pytest_sessionfinish() -> None:
    """Empty the clipboard: "offscreen" keeps it until after the interpreter is gone, and a
    `QMimeData` made in Python cannot be destroyed then."""
    application = QGuiApplication.instance()
    if isinstance(application, QGuiApplication):
        for mode in (QClipboard.Mode.Clipboard, QClipboard.Mode.Selection):
            application.clipboard().clear(mode)
