"""The ring around what shows no sign that it has the keyboard: texts to read, what scrolls."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QTextEdit, QWidget

from app.ui import theme

_AROUND = 4  # pixels between a text and its ring
_RADIUS = 6.0


class FocusRing(QWidget):
    """Lies around `target` until that loses the keyboard."""

    def __init__(self, target: QWidget) -> None:
        ground = target
        if isinstance(target, QTextEdit):  # around it, as far as something that scrolls lets it
            ground = next((one for one in _owners(target) if _is_seen_through(one)), target)
        super().__init__(ground)
        self._target, self._ground = target, ground
        self._watched = [target, *(one for one in _owners(target) if ground.isAncestorOf(one))]
        for one in self._watched:
            one.installEventFilter(self)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._follow()
        self.raise_()
        self.show()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize):
            self._follow()
        elif event.type() in (QEvent.Type.FocusOut, QEvent.Type.Hide):
            for one in self._watched:
                one.removeEventFilter(self)
            self.hide()
            self.deleteLater()
        return False

    def _follow(self) -> None:
        if self._ground is self._target:
            self.setGeometry(self._target.rect())
            return
        corner = self._target.mapTo(self._ground, self._target.rect().topLeft())
        place = self._target.rect().translated(corner)
        self.setGeometry(place.adjusted(-_AROUND, -_AROUND, _AROUND, _AROUND))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.current().colour("calm"), 2.0))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), _RADIUS, _RADIUS)
        painter.end()


def _owners(widget: QWidget) -> Iterator[QWidget]:
    while (owner := widget.parentWidget()) is not None:
        yield owner
        widget = owner


def _is_seen_through(widget: QWidget) -> bool:
    """Whether it is what a scrolled content moves under."""
    return isinstance(widget.parentWidget(), QAbstractScrollArea)
