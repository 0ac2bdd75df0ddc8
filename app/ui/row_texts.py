"""What a row of the settings window is called, and below it, smaller, what is said of it."""

from __future__ import annotations

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QVBoxLayout

from app.ui import theme
from app.ui.labels import TextLabel

ROW_MARGINS = (0, 6, 0, 6)


class RowTexts(QVBoxLayout):
    """The texts of one row, above each other; a row may add more."""

    def __init__(self) -> None:
        super().__init__()
        self.name = TextLabel(weight=QFont.Weight.Medium, wrap=True)
        self.description = TextLabel(colour="faint", pixels=theme.CAPTION_PX, wrap=True)
        self.setSpacing(1)
        self.addWidget(self.name)
        self.addWidget(self.description)
