"""The sections of the settings window, beside the form: a click or an arrow key leads there."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QWidget

from app.ui import theme
from app.ui.viewports import clear_viewport

_ROW_HEIGHT = 28


class SectionList(QListWidget):
    """`wanted` carries the section that somebody chose."""

    wanted = Signal(str)

    def __init__(self, sections: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sections")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setFont(theme.text_font())
        self._viewport = clear_viewport(self)
        for section in sections:
            item = QListWidgetItem()
            item.setData(Qt.ItemDataRole.UserRole, section)
            item.setSizeHint(QSize(0, _ROW_HEIGHT))
            self.addItem(item)
        self._follows = False
        self.currentItemChanged.connect(self._tell)
        self.itemClicked.connect(self._tell)

    def show_labels(self, labels: dict[str, str]) -> None:
        """The sections' names in the language in force; as wide as the longest of them."""
        for item in self._items():
            item.setText(labels[item.data(Qt.ItemDataRole.UserRole)])
        longest = max(self.fontMetrics().horizontalAdvance(text) for text in labels.values())
        self.setFixedWidth(longest + 3 * theme.PADDING)

    def show_only(self, sections: set[str]) -> None:
        """These have something to show; without any, there is nowhere to go."""
        self.setEnabled(bool(sections))
        for item in self._items():
            is_over = item.data(Qt.ItemDataRole.UserRole) not in sections
            if is_over != item.isHidden():
                item.setHidden(is_over)

    def mark(self, section: str) -> None:
        """The form has come to this one by itself."""
        self._follows = True
        for item in self._items():
            if item.data(Qt.ItemDataRole.UserRole) == section:
                self.setCurrentItem(item)
        self._follows = False

    def _items(self) -> list[QListWidgetItem]:
        return [self.item(number) for number in range(self.count())]

    def _tell(self, item: QListWidgetItem | None) -> None:
        if item is not None and not self._follows:
            self.wanted.emit(item.data(Qt.ItemDataRole.UserRole))
