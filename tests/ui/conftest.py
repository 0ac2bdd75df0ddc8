"""What holds for tests of widgets: the platform "offscreen" says what it cannot do."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QClipboard, QGuiApplication

from app.ui.first_icon import STYLED

_NOISE = (
    "^This plugin does not support",
    "No such signal QPlatformNativeInterface::systemTrayWindowChanged",
)


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    """The style from the start, as the program has it: set later, living widgets lose theirs."""
    return ["tidegauge", "-style", "fusion"]


@pytest.fixture(autouse=True)
def _gone_widgets_are_gone() -> None:
    """A style sheet put on must not meet widgets of an earlier test that only wait to go."""
    application = QCoreApplication.instance()
    if application is not None:
        application.setProperty(STYLED, True)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


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
