"""A few choices side by side of which one holds: one stop of the Tab key, arrow keys inside."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from app.ui import theme
from app.ui.labels import plain, push_button


class Segments(QWidget):
    """`chosen` carries the value somebody chose, never one set by `show_value`."""

    chosen = Signal(str)

    def __init__(self, values: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.UNIT)
        for value in values:
            button = push_button("", parent=self)
            button.setProperty("kind", "segment")
            button.setCheckable(True)
            self._group.addButton(button)
            self.buttons[value] = button
            box.addWidget(button)
        self.show_value(values[0])
        self._group.buttonToggled.connect(self._on_toggled)

    @property
    def value(self) -> str:
        """The one that holds."""
        return next(value for value, button in self.buttons.items() if button.isChecked())

    def show_value(self, value: str) -> None:
        """Make `value` the one that holds."""
        blocker = QSignalBlocker(self._group)
        self.buttons[value].setChecked(True)
        blocker.unblock()
        self._keep_one_stop()

    def name(self, what: str, words: Sequence[tuple[str, str]]) -> None:
        """Say what is chosen, and each choice in short and in full for screen readers."""
        self.setAccessibleName(what)
        for button, (short, full) in zip(self.buttons.values(), words, strict=True):
            button.setText(plain(short))
            button.setAccessibleName(full)
            button.setAccessibleDescription(what)

    def _on_toggled(self, button: QPushButton, is_checked: bool) -> None:
        if is_checked:
            self._keep_one_stop()
            self.chosen.emit(next(v for v, one in self.buttons.items() if one is button))

    def _keep_one_stop(self) -> None:
        """Qt does so only once one of them has had the keyboard."""
        for button in self.buttons.values():
            stops = Qt.FocusPolicy.StrongFocus if button.isChecked() else Qt.FocusPolicy.ClickFocus
            button.setFocusPolicy(stops)
