"""The question before an account is signed out: whose it is, what happens, what stays."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QCheckBox, QWidget

from app.auth.accounts import KnownAccount
from app.ui import theme
from app.ui.labels import plain
from app.ui.question_dialog import QuestionDialog
from app.wording import accounts as words
from app.wording import labels


class RemoveDialog(QuestionDialog):
    """Asks about one account at a time; `confirmed(key, forgets_history)` is the answer yes."""

    confirmed = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        self.history = QCheckBox()
        super().__init__(self.history, parent=parent)
        self._key = ""
        self.history.setFont(theme.text_font())
        self.agreed.connect(lambda: self.confirmed.emit(self._key, self.history.isChecked()))

    def ask(self, known: KnownAccount, *, others: int) -> None:
        """Ask about `known`; `others`: how many accounts are left without it."""
        self._key = known.key
        self.history.setText(plain(words.also_history()))
        self.history.setChecked(False)
        # Fusion draws the box's edge from the window's colour, too dark to be seen on a dark one.
        palette = self.history.palette()
        palette.setColor(QPalette.ColorRole.Window, theme.current().colour("faint"))
        self.history.setPalette(palette)
        if known.is_borrowed:
            title, text = words.stop_borrowing_title(), words.stop_borrowing_text()
            answer = words.stop_borrowing()
        else:
            title, text = words.remove_title(), words.remove_text(known.account, others)
            answer = labels.sign_out()
        self.put(title, text, answer)
