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
        self._known: KnownAccount | None = None
        self._others = 0
        self.agreed.connect(self._confirm)

    def ask(self, known: KnownAccount, *, others: int) -> None:
        """Ask about `known`; `others`: how many accounts are left without it."""
        self._known, self._others = known, others
        self.history.setChecked(False)
        self.say()

    def say(self) -> None:
        known, others = self._known, self._others
        if known is None:
            return
        self.history.setText(plain(words.also_history()))
        if known.is_borrowed:
            title, text = words.stop_borrowing_title(), words.stop_borrowing_text()
            answer = words.stop_borrowing()
        else:
            title, text = words.remove_title(), words.remove_text(known.account, others)
            answer = labels.sign_out()
        self.put(title, text, answer)

    def _confirm(self) -> None:
        if self._known is not None:
            self.confirmed.emit(self._known.key, self.history.isChecked())
