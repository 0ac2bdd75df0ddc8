"""A text to read, select and copy, but not to edit; for long and technical ones."""

from __future__ import annotations

from PySide6.QtGui import QFontDatabase, QTextOption
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.ui import theme


class ReadingText(QPlainTextEdit):
    """Plain text only. Tab leaves it; `is_code`: letters of one width."""

    def __init__(self, *, is_code: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("reading")
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        if is_code:
            font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
            font.setPixelSize(theme.scaled(theme.CAPTION_PX))
            self.setFont(font)
        else:
            self.setFont(theme.text_font(theme.CAPTION_PX))

    def show_text(self, text: str) -> None:
        """Show `text` from its beginning; an unchanged one stays where it was scrolled to."""
        if text != self.toPlainText():
            self.setPlainText(text)
