"""The question before an account is signed out: whose it is, what happens, what stays."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.auth.accounts import KnownAccount
from app.ui import icons, theme
from app.ui.labels import TextLabel, plain, push_button
from app.wording import accounts as words
from app.wording import labels

WIDTH = 420


class RemoveDialog(QWidget):
    """Asks about one account at a time; `confirmed(key, forgets_history)` is the answer yes."""

    confirmed = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Dialog)
        self._key = ""
        self.setWindowIcon(icons.application_icon())
        self.setMinimumSize(QSize(WIDTH - 60, 0))
        self.title = TextLabel(pixels=theme.PERCENT_PX, weight=QFont.Weight.DemiBold, wrap=True)
        self.text = TextLabel(colour="secondary", wrap=True)
        self.history = QCheckBox()
        self.history.setFont(theme.text_font())
        self.keep = push_button("")
        self.remove = push_button("", primary=True)
        self.keep.clicked.connect(self.close)
        self.remove.clicked.connect(self._confirm)
        foot = QHBoxLayout()
        foot.setSpacing(theme.GAP)
        foot.addStretch(1)
        foot.addWidget(self.keep)
        foot.addWidget(self.remove)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(theme.PADDING, theme.PADDING, theme.PADDING, theme.PADDING)
        self._box.setSpacing(theme.GAP)
        for widget in (self.title, self.text, self.history):
            self._box.addWidget(widget)
        self._box.addStretch(1)
        self._box.addSpacing(theme.GAP)
        self._box.addLayout(foot)

    def ask(self, known: KnownAccount, *, others: int) -> None:
        """Ask about `known`; `others`: how many accounts are left without it."""
        self._key = known.key
        if known.is_borrowed:
            title, text = words.stop_borrowing_title(), words.stop_borrowing_text()
        else:
            title, text = words.remove_title(), words.remove_text(known.account, others)
        self.setWindowTitle(title)
        self.title.show_text(title)
        self.text.show_text(text)
        self.history.setText(plain(words.also_history()))
        self.history.setChecked(False)
        self.keep.setText(plain(labels.cancel()))
        answer = words.stop_borrowing() if known.is_borrowed else labels.sign_out()
        self.remove.setText(plain(answer))
        self.resize(WIDTH, self._box.totalHeightForWidth(WIDTH))
        self.keep.setFocus()

    def _confirm(self) -> None:
        self.close()
        self.confirmed.emit(self._key, self.history.isChecked())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if isinstance(focused := self.focusWidget(), QPushButton):
                focused.click()
        else:
            super().keyPressEvent(event)
