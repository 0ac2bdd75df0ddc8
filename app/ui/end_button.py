"""The button above the end of a list that is scrolled up: back to where new text appears."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPushButton, QWidget

from app.ui import icons, theme
from app.ui.labels import explain
from app.wording import chat as words

_SIZE = QSize(44, 30)
_ABOVE_END = 10


class EndButton(QPushButton):
    """Floats over its parent, at the bottom in the middle."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(_SIZE)
        self.setAutoDefault(False)
        self.restyle()
        self.hide()

    def restyle(self) -> None:
        """Take over the theme and the language now in force."""
        self.setIcon(icons.icon("down", theme.current().colour("ink")))
        self.setAccessibleName(words.go_to_end())
        explain(self, words.go_to_end())

    def show_if(self, is_away: bool) -> None:
        """Be there while the end is out of sight."""
        room = self.parentWidget()
        if is_away and room is not None:
            x = (room.width() - self.width()) // 2
            self.move(x, room.height() - self.height() - _ABOVE_END)
            self.raise_()
        if is_away == self.isHidden():
            self.setVisible(is_away)
