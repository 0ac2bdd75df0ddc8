"""How much of the page is there, as a thin line below the address."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui import theme

_HEIGHT = 2


class ProgressLine(QWidget):
    """A hairline that fills up; nothing once all is there."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._percent = 0
        self.setFixedHeight(_HEIGHT)
        self.setAccessibleName(name)

    def show_percent(self, percent: int) -> None:
        """0 to 100; both ends show nothing."""
        if percent != self._percent:
            self._percent = percent
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = theme.current()
        painter = QPainter(self)
        painter.fillRect(0, _HEIGHT - 1, self.width(), 1, colours.colour("line"))
        if 0 < self._percent < 100:
            filled = round(self.width() * self._percent / 100)
            painter.fillRect(0, 0, filled, _HEIGHT, colours.colour("calm"))
        painter.end()
