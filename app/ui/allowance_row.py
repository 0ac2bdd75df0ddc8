"""One row below the bars: a name, its value, and what explains it."""

from __future__ import annotations

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from app.ui import theme
from app.ui.labels import TextLabel, tooltip
from app.ui.panel_rows import Row


class AllowanceRow(QWidget):
    """The detail stands below in small type; without one the row has a single line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = TextLabel(weight=QFont.Weight.Medium, elide=True)
        self.value = TextLabel(tabular=True)
        self.value.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.detail = TextLabel(colour="secondary", pixels=theme.CAPTION_PX, tabular=True)
        self.detail.setWordWrap(True)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.WIDE_GAP)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self.name, 0, 0)
        grid.addWidget(self.value, 0, 1)
        grid.addWidget(self.detail, 1, 0, 1, 2)

    def show_row(self, row: Row) -> None:
        """Show `row`; only what differs is touched."""
        self.name.show_text(row.name)
        self.value.show_text(row.value)
        self.detail.show_text(row.detail)
        self.detail.setHidden(not row.detail)
        self.setToolTip(tooltip(row.more))
        self.setAccessibleName(row.name)
        self.setAccessibleDescription(row.spoken)
