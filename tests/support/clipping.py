"""What of a window's words cannot be read because it has too little room."""

from __future__ import annotations

import re
from collections.abc import Iterator
from gettext import NullTranslations

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QLabel,
    QToolButton,
    QWidget,
)

from app.ui.labels import TextLabel

_PLACEHOLDER = re.compile(r"(\{\w*\})")


def lengthened(message: str) -> str:
    """Every word gets 40 % longer, as German ones are; placeholders stay."""
    parts = _PLACEHOLDER.split(message)
    return "".join(
        part if part.startswith("{") else re.sub(r"[^\W\d_]{2,}", _longer, part) for part in parts
    )


def _longer(found: re.Match[str]) -> str:
    word = found.group()
    extra = max(1, round(0.4 * len(word)))
    return word + "en" * (extra // 2) + "s" * (extra % 2)


class Longer(NullTranslations):
    """A language of which every sentence is longer than in English."""

    def gettext(self, message: str) -> str:
        return lengthened(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return lengthened(msgid1 if n == 1 else msgid2)

    def pgettext(self, _context: str, message: str) -> str:
        return lengthened(message)

    def npgettext(self, _context: str, msgid1: str, msgid2: str, n: int) -> str:
        return lengthened(msgid1 if n == 1 else msgid2)


def clipped(window: QWidget) -> Iterator[str]:
    """Each label and button that is cut, or lies beyond what holds it."""
    for label in window.findChildren(QLabel):
        if label.isVisible() and label.text() and label.window() is window:
            yield from _faults_of_label(label)
    for button in window.findChildren(QAbstractButton):
        if button.isVisible() and button.window() is window and _has_words(button):
            if button.width() < button.minimumSizeHint().width():
                yield f"{button.text()!r} is cut"
            if button.height() < button.fontMetrics().height():
                yield f"{button.text()!r} is too low"
            yield from _faults_of_place(button, button.text())


def _has_words(button: QAbstractButton) -> bool:
    return bool(button.text()) and not isinstance(button, QToolButton)


def _faults_of_label(label: QLabel) -> Iterator[str]:
    metrics, text = label.fontMetrics(), label.text()
    if label.wordWrap():
        if any(metrics.horizontalAdvance(word) > label.width() for word in _words(text)):
            yield f"a word of {text!r} is cut"
        if label.height() < label.heightForWidth(label.width()):
            yield f"{text!r} lacks a line"
    else:
        if label.width() < metrics.horizontalAdvance(text) - 1:
            yield f"{text!r} is cut"
        if label.height() < metrics.ascent() + metrics.descent() - 1:
            yield f"{text!r} is too low"
    yield from _faults_of_place(label, text)
    if isinstance(label, TextLabel) and not label.elides and label.whole_text != text:
        yield f"{text!r} is not all of it"


def _words(text: str) -> list[str]:
    """What is not broken in the middle: Chinese is, nearly everywhere."""
    return [word for word in text.split() if word.isascii()]


def _faults_of_place(widget: QWidget, text: str) -> Iterator[str]:
    holder = widget.parentWidget()
    while holder is not None:
        if isinstance(holder.parentWidget(), QAbstractScrollArea):
            sides = QRect(0, -100_000, holder.width(), 200_000)  # it scrolls up and down
            if not sides.contains(_within(widget, holder)):
                yield f"{text!r} reaches beyond what scrolls"
            return
        if not holder.rect().contains(_within(widget, holder)):
            yield f"{text!r} lies beyond its {type(holder).__name__}"
            return
        holder = holder.parentWidget() if not holder.isWindow() else None


def _within(widget: QWidget, holder: QWidget) -> QRect:
    return QRect(widget.mapTo(holder, QPoint(0, 0)), widget.size())
