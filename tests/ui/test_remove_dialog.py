"""The question before an account is signed out."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.auth.accounts import KnownAccount, newly_known
from app.auth.tokens import Account
from app.ui.remove_dialog import RemoveDialog
from app.wording import accounts as words
from app.wording import labels

ANN = newly_known(Account("acct-4711", "user-1", "ann@example.com", "plus"))
CODEX = KnownAccount("codex", ANN.account, is_borrowed=True)


@pytest.fixture
def dialog(qtbot: QtBot) -> RemoveDialog:
    made = RemoveDialog()
    qtbot.addWidget(made)
    made.ask(ANN, others=0)
    made.show()
    QApplication.processEvents()
    return made


def test_it_says_whose_sign_in_goes_and_enter_by_habit_keeps_it(
    qtbot: QtBot, dialog: RemoveDialog
) -> None:
    """T-43"""
    assert "ann@example.com · Plus · …4711" in dialog.text.text()
    assert dialog.title.text() == dialog.windowTitle() == words.remove_title()
    with qtbot.assertNotEmitted(dialog.confirmed):
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible()


@pytest.mark.parametrize("forgets", [False, True])
def test_the_history_is_asked_for_separately(
    qtbot: QtBot, dialog: RemoveDialog, forgets: bool
) -> None:
    """T-43"""
    assert not dialog.history.isChecked()
    dialog.history.setChecked(forgets)
    with qtbot.waitSignal(dialog.confirmed) as caught:
        qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    assert caught.args == [ANN.key, forgets]
    assert not dialog.isVisible()
    dialog.ask(ANN, others=1)
    assert not dialog.history.isChecked()
    assert words.remove_text(ANN.account, 1) == dialog.text.whole_text


def test_a_borrowed_login_is_not_signed_out(dialog: RemoveDialog) -> None:
    """F-T27"""
    dialog.ask(CODEX, others=1)
    assert dialog.title.text() == words.stop_borrowing_title()
    assert dialog.yes.text() == words.stop_borrowing()
    dialog.ask(ANN, others=1)
    assert dialog.yes.text() == labels.sign_out()


def test_it_is_used_by_keyboard(qtbot: QtBot, dialog: RemoveDialog) -> None:
    dialog.yes.setFocus()
    with qtbot.waitSignal(dialog.confirmed):
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    dialog.show()
    with qtbot.assertNotEmitted(dialog.confirmed):
        qtbot.keyClick(dialog, Qt.Key.Key_A)
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
