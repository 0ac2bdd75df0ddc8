"""A program that shows the windows of the gallery one by one, for tests that look from outside.

    python gallery_program.py PART [LANGUAGE [SCHEME]]

For each window it prints one line of JSON: its name and the controls somebody could use in it,
where they are on the screen. It goes on to the next one when it gets a line, and ends after the
last.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

_TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(_TESTS), str(_TESTS.parent)]

from gallery.render import appearance  # noqa: E402
from gallery.windows import show, windows  # noqa: E402
from PySide6.QtCore import QEvent, QPoint, QSocketNotifier, Qt, QTimer  # noqa: E402
from PySide6.QtWidgets import (  # noqa: E402
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QTextEdit,
    QWidget,
)

from app import catalogues  # noqa: E402
from app.ui.first_icon import TrayApplication  # noqa: E402
from app.ui.theme import Theme  # noqa: E402

_KINDS: tuple[tuple[str, type[QWidget]], ...] = (
    ("button", QAbstractButton),
    ("choice", QComboBox),
    ("number", QAbstractSpinBox),
    ("line", QLineEdit),
    ("text", QPlainTextEdit),
    ("text", QTextEdit),
    ("list", QAbstractItemView),
    ("value", QProgressBar),
)
_SETTLES_MS = 150


class _Show:
    def __init__(self, part: str, language: str, scheme: str) -> None:
        self._windows = windows(part, language, scheme)
        self._shown: QWidget | None = None
        self._name = ""

    def next(self) -> None:
        """The one before is gone first: nothing of it may be found."""
        if self._shown is not None:
            self._shown.hide()
            self._shown.deleteLater()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        self._name, self._shown = next(self._windows, ("", None))
        if self._shown is None:
            QApplication.exit(0)
            return
        show(self._shown)
        self._shown.activateWindow()
        QTimer.singleShot(_SETTLES_MS, self._tell)

    def _tell(self) -> None:
        assert self._shown is not None
        told = {"name": self._name, "controls": list(_controls(self._shown))}
        print(json.dumps(told), flush=True)


def _controls(window: QWidget) -> Iterator[dict[str, object]]:
    for widget in window.findChildren(QWidget):
        if widget.window() is not window or not widget.isVisible():
            continue
        owner = widget.parentWidget()
        if isinstance(owner, QAbstractSpinBox | QComboBox):
            continue  # its inner parts
        kind = next((kind for kind, type_ in _KINDS if isinstance(widget, type_)), "")
        if kind:
            yield _told(widget, kind)
        elif widget.focusPolicy() & Qt.FocusPolicy.TabFocus.value:
            yield _told(widget, "other")


def _told(widget: QWidget, kind: str) -> dict[str, object]:
    corner = widget.mapToGlobal(QPoint(0, 0))
    place = [corner.x(), corner.y(), widget.width(), widget.height()]
    told: dict[str, object] = {"kind": kind, "what": type(widget).__name__, "at": place}
    if isinstance(widget, QAbstractItemView):
        told["rows"] = widget.model().rowCount() if widget.model() is not None else 0
    if isinstance(widget, QAbstractButton):
        told["checked"] = widget.isChecked()
    return told


def main() -> int:
    part, language, scheme = (*sys.argv[1:], "en", "light")[:3]
    application = TrayApplication(["gallery"])
    theme = Theme(application, *appearance(scheme))
    catalogues.activate(language, {}, [])
    shown = _Show(part, language, scheme)
    lines = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    lines.activated.connect(
        lambda *_: shown.next() if sys.stdin.readline() else application.exit(1)
    )
    shown.next()
    assert theme is not None
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
