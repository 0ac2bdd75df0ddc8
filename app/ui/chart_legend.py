"""What the marks of a chart mean: one small sample and its word for each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui import theme
from app.ui.chart_painting import Look, past_colour
from app.ui.labels import TextLabel

USE, EVEN, RESET, GAP, PAST, PROJECTION, RUNS_OUT = range(7)
_SAMPLE = QSize(20, 12)


class _Sample(QWidget):
    """One mark as it is in the chart."""

    def __init__(self, kind: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = kind
        self.setFixedSize(_SAMPLE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        look = Look(theme.current())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QLineF(0, _SAMPLE.height() / 2, _SAMPLE.width(), _SAMPLE.height() / 2)
        match self._kind:
            case 0:
                painter.setPen(look.pen("calm", 2.0))
            case 1:
                painter.setPen(look.pen("secondary", 1.0, Qt.PenStyle.DashLine))
            case 4:
                painter.setPen(past_colour(look.colours))
            case 5 | 6:
                token = "calm" if self._kind == PROJECTION else "over"
                painter.setPen(look.pen(token, 1.5, Qt.PenStyle.DotLine))
            case _:
                self._paint_area(painter, look)
                middle = QLineF()
        if not middle.isNull():
            painter.drawLine(middle)
        painter.end()

    def _paint_area(self, painter: QPainter, look: Look) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        if self._kind == RESET:
            painter.setBrush(look.colours.colour("secondary"))
            painter.drawPolygon(QPolygonF([QPointF(6, 3), QPointF(14, 3), QPointF(10, 9)]))
        else:
            painter.setBrush(QBrush(look.colours.colour("faint"), Qt.BrushStyle.BDiagPattern))
            painter.drawRect(QRectF(0, 0, _SAMPLE.width(), _SAMPLE.height()))


class Legend(QWidget):
    """Shows the entries it is given, in a row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[tuple[int, str], ...] = ()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.UNIT)
        self._row.addStretch(1)

    def show_entries(self, entries: Sequence[tuple[int, str]]) -> None:
        """(kind of mark, its word) each; equal ones touch nothing."""
        if tuple(entries) == self._shown:
            return
        self._shown = tuple(entries)
        while self._row.count() > 1:
            item = self._row.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for place, (kind, word) in enumerate(entries):
            label = TextLabel(word, colour="secondary", pixels=theme.CAPTION_PX)
            label.setContentsMargins(0, 0, theme.WIDE_GAP, 0)
            self._row.insertWidget(2 * place, _Sample(kind))
            self._row.insertWidget(2 * place + 1, label)
