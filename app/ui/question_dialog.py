"""One plain question with two answers; the careful one has the focus."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.ui import icons, theme
from app.ui.labels import TextLabel, plain, push_button
from app.wording import labels

WIDTH = 420


class QuestionDialog(QWidget):
    """`agreed` is the answer yes; closing, Escape and "Cancel" are no."""

    agreed = Signal()

    def __init__(self, *more: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Dialog)
        self.setWindowIcon(icons.application_icon())
        self._question: Callable[[], tuple[str, str, str]] | None = None
        self.title = TextLabel(pixels=theme.PERCENT_PX, weight=QFont.Weight.DemiBold, wrap=True)
        self.text = TextLabel(colour="secondary", wrap=True)
        self.no = push_button("")
        self.yes = push_button("", primary=True)
        self.no.clicked.connect(self._refuse)
        self.yes.clicked.connect(self._agree)
        foot = QHBoxLayout()
        foot.setSpacing(theme.GAP)
        for button in more:
            if isinstance(button, QPushButton):  # one answer more
                foot.addWidget(button)
        foot.addStretch(1)
        foot.addWidget(self.no)
        foot.addWidget(self.yes)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(theme.PADDING, theme.PADDING, theme.PADDING, theme.PADDING)
        self._box.setSpacing(theme.GAP)
        for widget in (self.title, self.text, *more):
            if not isinstance(widget, QPushButton):
                self._box.addWidget(widget)
        self._box.addStretch(1)
        self._box.addSpacing(theme.GAP)
        self._box.addLayout(foot)

    def ask_in(self, question: Callable[[], tuple[str, str, str]]) -> None:
        """Put the question that `question` gives as title, text and the answer yes."""
        self._question = question
        self.say()

    def say(self) -> None:
        """Put the question in the language in force."""
        if self._question is not None:
            self.put(*self._question())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.say()

    def put(self, title: str, text: str, yes: str) -> None:
        """Show this question, in the language in force."""
        self.setWindowTitle(title)
        self.title.show_text(title)
        self.text.show_text(text)
        self.no.setText(plain(labels.cancel()))
        self.yes.setText(plain(yes))
        width = max(theme.scaled(WIDTH), self._box.minimumSize().width())
        self.resize(width, self._box.totalHeightForWidth(width))
        self.no.setFocus()

    def _refuse(self) -> None:
        self.close()

    def _agree(self) -> None:
        self.close()
        self.agreed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if isinstance(focused := self.focusWidget(), QPushButton):
                focused.click()
        else:
            super().keyPressEvent(event)
