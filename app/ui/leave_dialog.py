"""The question before sign-ins are lost with the program; a locked keyring can be unlocked here."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.errors import FaultKind
from app.state import SessionState
from app.ui.labels import plain, push_button
from app.ui.question_dialog import QuestionDialog
from app.wording import keyring_backlog as words
from app.wording import labels


class LeaveDialog(QuestionDialog):
    """`agreed`: quit all the same (F-T22)."""

    unlock_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self.unlock = push_button("")
        super().__init__(self.unlock, parent=parent)
        self._session = SessionState()
        self.unlock.clicked.connect(self._unlock)

    def ask(self, session: SessionState) -> None:
        """Ask about the sign-ins of `session` that nothing but this program keeps."""
        self._session = session
        self.say()

    def say(self) -> None:
        session = self._session
        self.unlock.setText(plain(labels.unlock_keyring()))
        self.unlock.setVisible(FaultKind.KEYRING_LOCKED in dict(session.unsaved).values())
        self.put(
            words.quit_title(session.unsaved),
            words.quit_text(session.unsaved, session.accounts),
            words.quit_anyway(),
        )

    def _unlock(self) -> None:
        self.close()
        self.unlock_requested.emit()
