"""Fields with arrows: one choice out of a list, a number counted up and down.

Their frame stands in the style sheet; the arrows are drawn here, because a style sheet knows
arrows as files of one colour only.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSpinBox, QStyledItemDelegate, QWidget

from app.ui import theme

ARROWS_WIDTH = 20  # pixels, at the right end; of the style sheet too
_HALF_WIDTH, _HALF_HEIGHT = 3.5, 1.75
_APART = 3.5  # of the two arrows of a number, from the middle
_MARGIN = 9  # left of a number, which begins where other fields' text does


class ChoiceBox(QComboBox):
    """A list that opens; the wheel scrolls the window it is in, never the choice."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setItemDelegate(QStyledItemDelegate(self))  # its own knows nothing of style sheets

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        _draw_arrow(self, 0.0, points_up=False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class NumberBox(QSpinBox):
    """A whole number; typed digits count once they are complete, and the wheel never does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.lineEdit().setTextMargins(_MARGIN, 0, 0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        _draw_arrow(self, -_APART, points_up=True)
        _draw_arrow(self, _APART, points_up=False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


def _draw_arrow(field: QWidget, below: float, *, points_up: bool) -> None:
    """An arrow in the end part of `field`, so much below its middle."""
    colour = theme.current().colour("secondary" if field.isEnabled() else "faint")
    x = ARROWS_WIDTH / 2 + 1 if field.isRightToLeft() else field.width() - ARROWS_WIDTH / 2 - 1
    middle = QPointF(x, field.height() / 2 + below)
    rise = -_HALF_HEIGHT if points_up else _HALF_HEIGHT
    pen = QPen(colour, 1.5)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter = QPainter(field)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    painter.drawPolyline(
        [
            middle + QPointF(-_HALF_WIDTH, -rise),
            middle + QPointF(0, rise),
            middle + QPointF(_HALF_WIDTH, -rise),
        ]
    )
    painter.end()
