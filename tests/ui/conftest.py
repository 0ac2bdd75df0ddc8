"""What holds for tests of widgets: the platform "offscreen" says what it cannot do."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QClipboard, QGuiApplication

_NOISE = (
    "^This plugin does not support",
    "No such signal QPlatformNativeInterface::systemTrayWindowChanged",
)


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
