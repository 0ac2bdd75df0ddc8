"""The question before an account is signed out: whose it is, what happens, what stays."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.auth.accounts import KnownAccount
from app.ui.labels import plain
from app.ui.question_dialog import QuestionDialog
from app.ui.tick_box import TickBox
from app.wording import accounts as words
from app.wording import labels


class RemoveDialog(QuestionDialog):
    """Asks about one account at a time; `confirmed(key, forgets_history)` is the answer yes."""

    confirmed = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        self.history = TickBox()
        super().__init__(self.history, parent=parent)
        self._key = ""
        self.agreed.connect(lambda: self.confirmed.emit(self._key, self.history.isChecked()))

    def ask(self, known: KnownAccount, *, others: int) -> None:
        """Ask about `known`; `others`: how many accounts are left without it."""
        self._key = known.key
        self.history.setText(plain(words.also_history()))
        self.history.setChecked(False)
        if known.is_borrowed:
            title, text = words.stop_borrowing_title(), words.stop_borrowing_text()
            answer = words.stop_borrowing()
        else:
            title, text = words.remove_title(), words.remove_text(known.account, others)
            answer = labels.sign_out()
        self.put(title, text, answer)
