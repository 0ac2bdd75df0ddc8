"""Deleting everything, in one window: the question, the wait, and what has become of it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QWidget

from app.erasure.outcome import Erasure
from app.state import SessionState
from app.ui.labels import plain
from app.ui.question_dialog import QuestionDialog
from app.ui.tick_box import TickBox
from app.wording import erasure as words
from app.wording import labels


class EraseDialog(QuestionDialog):
    """`confirmed(keeps_settings)` is the answer yes, and once more "Try again"."""

    confirmed = Signal(bool)
    quit_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self.keep = TickBox()
        super().__init__(self.keep, parent=parent)
        self._erasure: Erasure | None = None
        self._session = SessionState()

    def ask(self, session: SessionState) -> None:
        """Say what goes. Before it is begun, only."""
        self._erasure = None
        self._session = session
        self.keep.setChecked(False)
        self.say()

    def say(self) -> None:
        self.keep.setText(plain(words.keep_settings()))
        if self._erasure is not None:
            self._say_how_it_goes(self._erasure)
            return
        self._arrange(asks=True, answers=True)
        accounts = self._session.accounts
        self.put(words.title(), words.question_text(accounts, is_window=True), words.agree())

    def show_erasure(self, erasure: Erasure) -> None:
        """How it goes, and what has become of it."""
        if erasure == self._erasure:
            return
        self._erasure = erasure
        self.say()

    def _say_how_it_goes(self, erasure: Erasure) -> None:
        outcome = erasure.outcome
        self._arrange(asks=False, answers=outcome is not None)
        if outcome is None:
            self.put(words.working_title(), words.working_text(), words.agree())
            return
        text = words.outcome_text(outcome, keeps_settings=erasure.keeps_settings)
        yes = labels.quit_program() if outcome.is_whole else words.try_again()
        self.put(words.outcome_title(outcome), text, yes)
        self.no.setText(plain(labels.quit_program()))
        self.no.setHidden(outcome.is_whole)
        (self.yes if outcome.is_whole else self.no).setFocus()

    def _arrange(self, *, asks: bool, answers: bool) -> None:
        self.keep.setVisible(asks)
        self.no.setVisible(answers)
        self.yes.setVisible(answers)

    @property
    def _is_done(self) -> bool:
        outcome = self._erasure.outcome if self._erasure is not None else None
        return outcome is not None and outcome.is_whole

    def _agree(self) -> None:
        if self._is_done:
            self.close()
        elif self._erasure is not None:
            self.confirmed.emit(self._erasure.keeps_settings)
        else:
            self.confirmed.emit(self.keep.isChecked())

    def _refuse(self) -> None:
        """Before it was begun it is left alone; after a failure the program can be quit."""
        if self._erasure is None:
            self.close()
        else:
            self.quit_requested.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Once everything is deleted, the program has nothing left to do."""
        super().closeEvent(event)
        if self._is_done:
            self.quit_requested.emit()
