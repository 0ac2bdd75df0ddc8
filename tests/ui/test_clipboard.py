"""Secrets on the clipboard (T-42)."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.ui import clipboard


@pytest.fixture(autouse=True)
def short_stay(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    monkeypatch.setattr(clipboard, "SECRET_STAYS_MS", 20)


def shown() -> str:
    return QGuiApplication.clipboard().text()


def test_a_secret_is_marked_and_goes_by_itself(qtbot: QtBot) -> None:
    clipboard.copy_secret("AB-CD")
    content = QGuiApplication.clipboard().mimeData()
    assert shown() == "AB-CD"
    assert bytes(content.data(clipboard.HIDING_TYPE).data()) == b"secret"
    qtbot.waitUntil(lambda: shown() == "")


def test_what_the_person_copied_since_stays(qtbot: QtBot) -> None:
    clipboard.copy_secret("AB-CD")
    clipboard.copy("a sentence")
    done: list[bool] = []
    QTimer.singleShot(60, lambda: done.append(True))
    qtbot.waitUntil(lambda: bool(done))
    assert shown() == "a sentence"
    clipboard.copy("")
