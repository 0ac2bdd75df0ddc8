"""A further limit as a thin bar with its name and its words.

A progress bar to a screen reader, so name, value and sentence can be read back.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QProgressBar, QSizePolicy, QWidget

from app.ui import theme
from app.ui.gauge_reading import BarReading
from app.ui.labels import TextLabel
from app.ui.level_colours import level_colour

_BAR_HEIGHT = 6


class Bar(QProgressBar):
    """A thin rounded bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(0, 100)
        self.setTextVisible(False)
        self.setFixedHeight(_BAR_HEIGHT)
        self._look: tuple[float | None, str] = (None, "calm")

    def show_reading(self, reading: BarReading) -> None:
        """Show `reading`; an equal look is not painted again."""
        self.setValue(round(reading.filled or 0))
        look = (reading.filled, "faint" if reading.is_dim else level_colour(reading.level))
        if look != self._look:
            self._look = look
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = theme.current()
        filled, token = self._look
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        whole, radius = QRectF(self.rect()), _BAR_HEIGHT / 2
        painter.setBrush(colours.colour("track"))
        painter.drawRoundedRect(whole, radius, radius)
        if filled:
            width = max(_BAR_HEIGHT, whole.width() * min(filled, 100.0) / 100)
            left = whole.right() - width if self.isRightToLeft() else whole.left()
            painter.setBrush(colours.colour(token))
            painter.drawRoundedRect(
                QRectF(left, whole.top(), width, whole.height()), radius, radius
            )
        painter.end()


class LimitBar(QWidget):
    """A further limit: name and reset in one line, or in two if they need it; the bar below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = TextLabel(weight=QFont.Weight.Medium, elide=True)
        self.text = TextLabel(colour="secondary", pixels=theme.CAPTION_PX, tabular=True)
        self.text.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.bar = Bar(self)
        self._is_stacked = False
        grid = self._grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.WIDE_GAP)
        grid.setVerticalSpacing(theme.UNIT)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self.name, 0, 0)
        grid.addWidget(self.text, 0, 1)
        grid.addWidget(self.bar, 2, 0, 1, 2)

    def show_reading(self, reading: BarReading) -> None:
        """Show `reading`; only what differs is touched."""
        self.name.show_text(reading.name)
        self.text.show_text(reading.text)
        self.bar.show_reading(reading)
        self.bar.setAccessibleName(reading.name)
        self.bar.setAccessibleDescription(reading.spoken)

    def stack(self, width: int) -> None:
        """Put the text below the name if both do not fit into `width` side by side."""
        wanted = self.name.sizeHint().width() + theme.WIDE_GAP + self.text.sizeHint().width()
        if (wanted > width) == self._is_stacked:
            return
        self._is_stacked = not self._is_stacked
        self._grid.removeWidget(self.text)
        if self._is_stacked:
            self._grid.addWidget(self.text, 1, 0, 1, 2, Qt.AlignmentFlag.AlignLeft)
        else:
            self._grid.addWidget(self.text, 0, 1)
