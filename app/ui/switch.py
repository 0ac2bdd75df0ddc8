"""An on-off switch: its knob's side tells the state as well as its colour."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QWidget

from app.ui import theme

_SIZE = QSize(40, 26)
_WIDTH, _HEIGHT = 34.0, 18.0
_GAP = 3.0  # between knob and edge


class Switch(QCheckBox):
    """A check box in everything but its looks."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(_SIZE)

    def hitButton(self, position: QPoint) -> bool:
        return self.rect().contains(position)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours, is_on = theme.current(), self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(0, 0, _WIDTH, _HEIGHT)
        track.moveCenter(QRectF(self.rect()).center())
        edge = colours.colour("ink" if self.hasFocus() else "calm" if is_on else "faint")
        painter.setPen(QPen(edge, 2.0 if self.hasFocus() else 1.2))
        painter.setBrush(colours.colour("calm" if is_on else "card"))
        painter.drawRoundedRect(track, _HEIGHT / 2, _HEIGHT / 2)
        knob = QRectF(0, 0, _HEIGHT - 2 * _GAP, _HEIGHT - 2 * _GAP)
        knob.moveTop(track.top() + _GAP)
        if is_on != self.isRightToLeft():
            knob.moveRight(track.right() - _GAP)
        else:
            knob.moveLeft(track.left() + _GAP)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.colour("on_accent" if is_on else "secondary"))
        painter.drawEllipse(knob)
        painter.end()
