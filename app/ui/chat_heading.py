"""The chat window's heading: title, model, and the buttons that concern the whole window."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.ui import theme
from app.ui.labels import ICON_ROOM, IconButton, TextLabel, explain, plain, push_button
from app.wording import composing as words
from app.wording import labels

_HEIGHT = 50
_MODEL_WIDTH = 170


class ChatHeading(QWidget):
    """Everything it does is a signal; what it shows is told to it."""

    list_requested = Signal()
    new_chat_requested = Signal()
    pin_requested = Signal(bool)
    settings_requested = Signal()
    model_requested = Signal()

    def __init__(self, *, can_pin: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = TextLabel(pixels=theme.HEADING_PX, weight=QFont.Weight.DemiBold, elide=True)
        self.model: QPushButton = push_button("")
        self.model.setProperty("kind", "badge")
        self.model.setMaximumWidth(_MODEL_WIDTH)
        self.model.clicked.connect(self.model_requested)
        self.list = IconButton("list", words.show_conversations())
        self.list.setCheckable(True)
        self.list.clicked.connect(self.list_requested)
        self.list.hide()  # until there is one
        self.new_chat = IconButton("plus", labels.new_chat())
        self.new_chat.clicked.connect(self.new_chat_requested)
        self.pin = IconButton("pin", words.keep_on_top())
        self.pin.setCheckable(True)
        self.pin.clicked.connect(self.pin_requested)
        self.pin.setVisible(can_pin)
        self.settings = IconButton("settings", labels.settings_tooltip())
        self.settings.clicked.connect(self.settings_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.PADDING, 0, theme.PADDING, 0)
        row.setSpacing(theme.UNIT)
        row.addWidget(self.title, 1)
        row.addWidget(self.model)
        row.addSpacing(theme.UNIT)
        for button in (self.list, self.new_chat, self.pin, self.settings):
            row.addWidget(button)
        row.addSpacing(-ICON_ROOM)
        row.addStrut(_HEIGHT)

    def show_model(self, text: str) -> None:
        """The model and the effort in force, as far as they fit."""
        room = _MODEL_WIDTH - 24
        shown = self.model.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
        self.model.setText(plain(shown))
        self.model.setAccessibleName(text)
        explain(self.model, words.choose_model() if shown == text else text)

    def restyle(self) -> None:
        """The language changed."""
        self.list.rename(words.show_conversations())
        self.new_chat.rename(labels.new_chat())
        self.pin.rename(words.keep_on_top())
        self.settings.rename(labels.settings_tooltip())
