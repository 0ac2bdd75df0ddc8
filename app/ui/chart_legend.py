"""What the marks of a chart mean: one small sample and its word for each."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui import theme
from app.ui.chart_painting import Look, wants_high_contrast
from app.ui.labels import TextLabel

_SAMPLE = QSize(20, 12)


class Mark(Enum):
    """What stands in a chart."""

    USE = auto()
    EVEN = auto()
    RESET = auto()
    GAP = auto()
    PAST = auto()
    PROJECTION = auto()
    RUNS_OUT = auto()


class _Sample(QWidget):
    """One mark as it is in the chart."""

    def __init__(self, mark: Mark, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mark = mark
        self.setFixedSize(_SAMPLE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        look = Look(theme.current(), wants_high_contrast())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._mark in (Mark.RESET, Mark.GAP):
            self._paint_area(painter, look)
        else:
            painter.setPen(_pen(self._mark, look))
            middle = _SAMPLE.height() / 2
            painter.drawLine(QLineF(0, middle, _SAMPLE.width(), middle))
        painter.end()

    def _paint_area(self, painter: QPainter, look: Look) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        if self._mark is Mark.RESET:
            painter.setBrush(look.colours.colour("secondary"))
            painter.drawPolygon(QPolygonF([QPointF(6, 3), QPointF(14, 3), QPointF(10, 9)]))
        else:
            painter.setBrush(QBrush(look.colours.colour("faint"), Qt.BrushStyle.BDiagPattern))
            painter.drawRect(QRectF(0, 0, _SAMPLE.width(), _SAMPLE.height()))


def _pen(mark: Mark, look: Look) -> QPen:
    """What a line of this kind is drawn with."""
    match mark:
        case Mark.EVEN:
            return look.even
        case Mark.PAST:
            return look.past
        case Mark.PROJECTION | Mark.RUNS_OUT:
            return look.projection(runs_out=mark is Mark.RUNS_OUT)
        case _:
            return look.pen("calm", 2.0)


class Legend(QWidget):
    """Shows the entries it is given, in a row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[tuple[Mark, str], ...] = ()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.UNIT)
        self._row.addStretch(1)

    def show_entries(self, entries: Sequence[tuple[Mark, str]]) -> None:
        """(mark, its word) each; equal ones touch nothing."""
        if tuple(entries) == self._shown:
            return
        self._shown = tuple(entries)
        while self._row.count() > 1:
            item = self._row.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for place, (mark, word) in enumerate(entries):
            label = TextLabel(word, colour="secondary", pixels=theme.CAPTION_PX)
            label.setContentsMargins(0, 0, theme.WIDE_GAP, 0)
            self._row.insertWidget(2 * place, _Sample(mark))
            self._row.insertWidget(2 * place + 1, label)
