"""The questions before something that cannot be undone: signing out, deleting everything, quitting
with sign-ins that exist in this program only. Each is made when it is first asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.auth.accounts import KnownAccount
from app.state import AppState
from app.ui.bringing_up import bring_up
from app.ui.theme import Theme

if TYPE_CHECKING:  # imported with the first question
    from app.ui.erase_dialog import EraseDialog
    from app.ui.leave_dialog import LeaveDialog
    from app.ui.remove_dialog import RemoveDialog
    from app.ui.wishes import Wishes


class QuestionWindows:
    """`shown` gives the state as windows may show it, `quit_` ends the program."""

    def __init__(
        self,
        theme: Theme,
        wishes: Wishes,
        shown: Callable[[], AppState],
        quit_: Callable[[], None],
    ) -> None:
        self._theme = theme
        self._wishes = wishes
        self._shown = shown
        self._quit = self._agreed = quit_
        self._remove: RemoveDialog | None = None
        self._leave: LeaveDialog | None = None
        self._erase: EraseDialog | None = None

    def ask_to_remove(self) -> None:
        """Signing out cannot be undone: say whose sign-in it is, and what happens."""
        session = self._shown().session
        if session.account is None:
            return
        known = session.front or KnownAccount(session.account_key, session.account)
        if self._remove is None:
            self._remove = self._new_remove_dialog()
        self._remove.ask(known, others=len(session.accounts) - 1)
        bring_up(self._remove)

    def ask_to_erase(self) -> None:
        """Nothing of it can be brought back: say what goes and what stays."""
        if self._erase is None:
            self._erase = self._new_erase_dialog()
        if self._shown().erasure is None:
            self._erase.ask(self._shown().session)
        bring_up(self._erase)

    def render(self, state: AppState) -> None:
        """Deleting goes on, or has come to its end, which the person is to see."""
        if self._erase is not None and state.erasure is not None:
            self._erase.show_erasure(state.erasure)
            if state.erasure.outcome is not None and not self._erase.isVisible():
                bring_up(self._erase)

    def quit_asking(self, quit_: Callable[[], None] | None = None) -> None:
        """Quit, in this way; but not unasked while sign-ins exist in this program only (F-T22)."""
        self._agreed = quit_ or self._quit
        if not self.asks_before_quitting():
            self._agreed()
            return
        if self._leave is None:
            self._leave = self._new_leave_dialog()
        self._leave.ask(self._shown().session)
        bring_up(self._leave)

    def asks_before_quitting(self) -> bool:
        """Whether sign-ins would be lost that could be kept."""
        state = self._shown()
        return bool(state.session.unsaved) and not state.is_demo and state.erasure is None

    def take_back(self) -> None:
        """They name accounts, or do not; whoever still wants one asks anew."""
        for question in self._open():
            if question is not self._erase or self._shown().erasure is None:
                question.hide()

    def close(self) -> None:
        for question in self._open():
            question.hide()
            question.deleteLater()

    def drop(self) -> None:
        """Those that are asked anew each time; not the one that tells of a deletion."""
        for question in (self._remove, self._leave):
            if question is not None:
                question.hide()
                question.deleteLater()
        self._remove = self._leave = None

    def _open(self) -> list[QWidget]:
        questions = (self._remove, self._leave, self._erase)
        return [question for question in questions if question is not None]

    def _new_erase_dialog(self) -> EraseDialog:
        from app.ui.erase_dialog import EraseDialog  # noqa: PLC0415

        self._theme.dress()
        dialog = EraseDialog()
        dialog.confirmed.connect(
            lambda keeps_settings: self._wishes.erase_everything(keeps_settings=keeps_settings)
        )
        dialog.quit_requested.connect(self._quit)
        return dialog

    def _new_leave_dialog(self) -> LeaveDialog:
        from app.ui.leave_dialog import LeaveDialog  # noqa: PLC0415

        self._theme.dress()
        dialog = LeaveDialog()
        dialog.agreed.connect(self._leave_as_agreed)
        dialog.unlock_requested.connect(self._wishes.unlock)
        return dialog

    def _leave_as_agreed(self) -> None:
        self._agreed()

    def _new_remove_dialog(self) -> RemoveDialog:
        from app.ui.remove_dialog import RemoveDialog  # noqa: PLC0415

        self._theme.dress()
        dialog = RemoveDialog()
        dialog.confirmed.connect(
            lambda key, forgets: self._wishes.remove_account(key, forgets_history=forgets)
        )
        return dialog
