"""The copy button of one code card."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import QToolButton, QWidget

from app.chat.shown_text import has_hidden, without_hidden
from app.ui import theme as tokens
from app.ui.answer_writer import Card
from app.ui.labels import explain
from app.wording import chat
from app.wording import labels as words

_COPIED_SHOWN_MS = 1_500


class CardButton(QToolButton):
    """Copies the code as shown: no line end after it, hidden characters left out (T-58)."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._card: Card | None = None
        self.setText(words.copy_code())
        self.setAccessibleName(words.copy_code())
        self.setProperty("kind", "icon")
        self.setFont(tokens.text_font(tokens.CAPTION_PX, QFont.Weight.Medium))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._back = QTimer(self)
        self._back.setSingleShot(True)
        self._back.setInterval(_COPIED_SHOWN_MS)
        self._back.timeout.connect(lambda: self.setText(words.copy_code()))
        self.clicked.connect(self.copy)

    def show_card(self, card: Card) -> None:
        """Copy `card` from now on."""
        self._card = card

    def copy(self) -> None:
        """Put the code on the clipboard and say so."""
        if self._card is None:
            return
        code = self._card.code
        QGuiApplication.clipboard().setText(without_hidden(code))
        if has_hidden(code):
            explain(self, chat.copied_without_hidden())
        self.setText(words.copied())
        self.adjustSize()
        self._back.start()
