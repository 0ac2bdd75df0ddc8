"""What the program puts on the clipboard; secrets do not stay there (T-42)."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QTimer
from PySide6.QtGui import QGuiApplication

HIDING_TYPE = "x-kde-passwordManagerHint"  # clipboard histories leave it out
SECRET_STAYS_MS = 60_000


def copy(text: str) -> None:
    """Put `text` on the clipboard."""
    QGuiApplication.clipboard().setText(text)


def copy_secret(text: str) -> None:
    """Put `text` there, marked as a secret; a minute later it is gone, if nobody replaced it."""
    content = QMimeData()
    content.setText(text)
    content.setData(HIDING_TYPE, b"secret")
    QGuiApplication.clipboard().setMimeData(content)
    QTimer.singleShot(SECRET_STAYS_MS, lambda: _forget(text))


def _forget(text: str) -> None:
    clipboard = QGuiApplication.clipboard()
    if clipboard.text() == text:
        clipboard.clear()
