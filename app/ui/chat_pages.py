"""What fills the chat window's middle: a word of welcome, the transcript, or the conversations."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.labels import TextLabel
from app.ui.transcript import Transcript
from app.wording import labels


class ChatPages(QStackedWidget):
    """One of three; the list of conversations is mounted by whoever has one."""

    list_shown = Signal(bool)  # it came to the front, or went

    def __init__(self, transcript: Transcript, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._transcript = transcript
        self._is_empty = True
        self._list: QWidget | None = None
        self._empty = self._make_empty_page()
        self.addWidget(self._empty)
        self.addWidget(transcript)

    def _make_empty_page(self) -> QWidget:
        page = QWidget()
        self._title = TextLabel(
            colour="secondary", pixels=theme.PERCENT_PX, weight=QFont.Weight.DemiBold, wrap=True
        )
        self._text = TextLabel(colour="faint", wrap=True)
        box = QVBoxLayout(page)
        box.setContentsMargins(32, 32, 32, 32)
        box.setSpacing(theme.GAP)
        box.addStretch(1)
        for label in (self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            box.addWidget(label)
        box.addStretch(1)
        return page

    @property
    def shows_list(self) -> bool:
        """Whether the conversations are in front."""
        return self._list is not None and self.currentWidget() is self._list

    def mount_list(self, conversations: QWidget) -> None:
        """Have this list of conversations."""
        self._list = conversations
        self.addWidget(conversations)

    def show_conversation(self, *, is_empty: bool) -> None:
        """The transcript, or a welcome; the list stays in front until it is left."""
        self._is_empty = is_empty
        self._title.show_text(labels.chat_empty_title())
        self._text.show_text(labels.chat_empty_text())
        if not self.shows_list:
            self._show_front()

    def toggle_list(self) -> None:
        """Bring the conversations to the front, or take them away."""
        if self.shows_list:
            self.leave_list()
        elif self._list is not None:
            self.setCurrentWidget(self._list)
            self.list_shown.emit(True)
            self._list.setFocus()

    def leave_list(self) -> None:
        """Back to the conversation."""
        if self.shows_list:
            self._show_front()
            self.list_shown.emit(False)

    def _show_front(self) -> None:
        self.setCurrentWidget(self._empty if self._is_empty else self._transcript)
