"""A check box with words beside it: its edge, its tick and its focus in the colours in force.

Fusion draws the edge from the window's colour, too dark to be seen on a dark one.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QStyle, QStyleOptionButton, QWidget

from app.ui import theme

_RADIUS = 2.5
_LEAST_WIDTH = 120
_WRAPS = int(Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextShowMnemonic)
_TICK = ((0.22, 0.52), (0.43, 0.73), (0.79, 0.29))  # corners, as shares of the box


class TickBox(QCheckBox):
    """A check box in everything but its looks."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(theme.text_font())
        policy = self.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def minimumSizeHint(self) -> QSize:
        """Words wrap."""
        return QSize(_LEAST_WIDTH, super().minimumSizeHint().height())

    def heightForWidth(self, width: int) -> int:
        room = QRect(0, 0, width - self._words_from(), 0)
        wrapped = self.fontMetrics().boundingRect(room, _WRAPS, self.text())
        return max(super().sizeHint().height(), wrapped.height() + 2)

    def _words_from(self) -> int:
        """How far from its edge the words begin."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        return round(
            self.width() - self._place(QStyle.SubElement.SE_CheckBoxContents, option).width()
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours, is_on, has_focus = theme.current(), self.isChecked(), self.hasFocus()
        option = QStyleOptionButton()
        self.initStyleOption(option)
        box = self._place(QStyle.SubElement.SE_CheckBoxIndicator, option).adjusted(1, 1, -1, -1)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = "ink" if has_focus else "calm" if is_on else "faint"
        painter.setPen(QPen(colours.colour(edge), 2.0 if has_focus else 1.2))
        painter.setBrush(colours.colour("calm" if is_on else "card"))
        painter.drawRoundedRect(box, _RADIUS, _RADIUS)
        if is_on:
            pen = QPen(colours.colour("on_accent"), 1.8)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawPolyline([box.topLeft() + _within(box, *corner) for corner in _TICK])
        painter.setPen(colours.colour("ink" if self.isEnabled() else "faint"))
        words = self._place(QStyle.SubElement.SE_CheckBoxContents, option)
        side = Qt.AlignmentFlag.AlignRight if self.isRightToLeft() else Qt.AlignmentFlag.AlignLeft
        painter.drawText(words, _WRAPS | int(side | Qt.AlignmentFlag.AlignVCenter), self.text())
        painter.end()

    def _place(self, part: QStyle.SubElement, option: QStyleOptionButton) -> QRectF:
        return QRectF(self.style().subElementRect(part, option, self))


def _within(box: QRectF, x: float, y: float) -> QPointF:
    return QPointF(x * box.width(), y * box.height())
