"""What the marks of a chart mean: one small sample and its word for each."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui import theme
from app.ui.chart_painting import Look
from app.ui.labels import TextLabel

_SAMPLE = QSize(20, 12)
_TRIANGLE = 8  # pixels wide, so that all words stand as far from their mark


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
        self.setFixedSize(QSize(_TRIANGLE, _SAMPLE.height()) if mark is Mark.RESET else _SAMPLE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        look = Look(theme.current())
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
            painter.drawPolygon(QPolygonF([QPointF(0, 3), QPointF(8, 3), QPointF(4, 9)]))
        else:
            token = "track" if look.strong else "faint"
            painter.setBrush(QBrush(look.colours.colour(token), Qt.BrushStyle.BDiagPattern))
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
    """Shows the entries it is given, in a row; an entry is made when it is first needed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: dict[Mark, tuple[QWidget, TextLabel]] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.WIDE_GAP)
        row.addStretch(1)
        self._row = row

    def show_entries(self, entries: Mapping[Mark, str]) -> None:
        """The word of each mark; equal ones touch nothing."""
        for mark, word in entries.items():
            if mark not in self._entries:
                self._add(mark)
            self._entries[mark][1].show_text(word)
        for mark, (holder, _label) in self._entries.items():
            holder.setVisible(mark in entries)

    def _add(self, mark: Mark) -> None:
        holder = QWidget(self)
        pair = QHBoxLayout(holder)
        pair.setContentsMargins(0, 0, 0, 0)
        pair.setSpacing(theme.UNIT)
        label = TextLabel(colour="secondary", pixels=theme.CAPTION_PX)
        pair.addWidget(_Sample(mark))
        pair.addWidget(label)
        self._entries[mark] = (holder, label)
        place = sum(list(Mark).index(one) < list(Mark).index(mark) for one in self._entries)
        self._row.insertWidget(place, holder)
