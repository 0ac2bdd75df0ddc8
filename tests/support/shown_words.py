"""Every word a window shows or says: what is painted, and what tooltips and screen readers tell."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QTextEdit,
    QWidget,
)
from support.painted_text import runs_of


def shown_words(window: QWidget) -> set[tuple[str, str]]:
    """Each text of `window`, which is shown, and the kind of place it stands in."""
    return {
        (f"{type(widget).__name__} {kind}", " ".join(text.split()))
        for widget in (window, *window.findChildren(QWidget))
        if widget.window() is window and widget.isVisible()
        for kind, text in _told(widget)
        if text.strip()
    }


def _told(widget: QWidget) -> Iterator[tuple[str, str]]:
    if widget.isWindow():
        yield "title", widget.windowTitle()
    yield "tooltip", widget.toolTip()
    yield "name", widget.accessibleName()
    yield "description", widget.accessibleDescription()
    yield "painted", "".join("".join(run.text for run in runs_of(widget)).split())
    for action in widget.actions():
        yield "entry", _entry(action)
    match widget:
        case QLabel() | QAbstractButton():
            yield "text", widget.text()
        case QComboBox():
            yield "choices", " | ".join(widget.itemText(n) for n in range(widget.count()))
        case QSpinBox():
            yield "unit", widget.prefix() + widget.suffix() + widget.specialValueText()
        case QLineEdit():
            yield "placeholder", widget.placeholderText()
        case QPlainTextEdit() | QTextEdit():
            yield "placeholder", widget.placeholderText()
            yield "text", widget.toPlainText()
        case _:
            pass


def _entry(action: QAction) -> str:
    return " | ".join(text for text in (action.text(), action.toolTip()) if text)
