"""How an answer ended that did not end well: what happened, what it means, what helps."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.labels import TextLabel, plain, push_button
from app.wording import labels
from app.wording.fault_words import FaultWords, try_again


class EndingNotice(QFrame):
    """In words, with "Try again" where that helps."""

    retry_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.title = TextLabel(pixels=theme.HEADING_PX, weight=QFont.Weight.DemiBold, wrap=True)
        self.meaning = TextLabel(colour="secondary", wrap=True)
        self.action = TextLabel(wrap=True)
        self.retry = push_button(labels.try_again())
        self.retry.clicked.connect(self.retry_requested)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 10, 12, 12)
        box.setSpacing(4)
        for label in (self.title, self.meaning, self.action):
            box.addWidget(label)
        box.addSpacing(4)
        box.addWidget(self.retry, 0, Qt.AlignmentFlag.AlignLeft)

    def show_words(self, fault: FaultWords, *, colour: str, with_retry: bool) -> None:
        """Show title, meaning and action; empty ones take no room.

        An action that says no more than the button below it is left to the button.
        """
        self.title.show_text(fault.title, colour)
        is_on_button = with_retry and fault.action == try_again()
        action = "" if is_on_button else fault.action
        for label, text in ((self.meaning, fault.meaning), (self.action, action)):
            label.show_text(text)
            label.setVisible(bool(text))
        self.retry.setText(plain(labels.try_again()))
        self.retry.setVisible(with_retry)
        self.show()
