"""Deleting everything, as the window asks, waits and tells."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.auth.accounts import newly_known
from app.auth.tokens import Account
from app.erasure.outcome import Erasure, Leftover, Outcome, Part
from app.state import SessionState
from app.ui.erase_dialog import EraseDialog
from app.wording import erasure as words
from app.wording import labels

ANN = newly_known(Account("acct-4711", "user-1", "ann@example.com", "plus"))
LOCKED = Outcome((Leftover(Part.KEYRING_LOCKED),))


@pytest.fixture
def dialog(qtbot: QtBot) -> EraseDialog:
    made = EraseDialog()
    qtbot.addWidget(made)
    made.ask(SessionState(accounts=(ANN,)))
    made.show()
    QApplication.processEvents()
    return made


def test_it_says_what_goes_and_enter_by_habit_deletes_nothing(
    qtbot: QtBot, dialog: EraseDialog
) -> None:
    """T-43"""
    assert dialog.title.text() == dialog.windowTitle() == words.title()
    assert "ann@example.com" in dialog.text.text()
    with qtbot.assertNotEmitted(dialog.confirmed), qtbot.assertNotEmitted(dialog.quit_requested):
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible()


@pytest.mark.parametrize("keeps", [False, True])
def test_whether_settings_stay_is_asked(qtbot: QtBot, dialog: EraseDialog, keeps: bool) -> None:
    assert not dialog.keep.isChecked()
    dialog.keep.setChecked(keeps)
    with qtbot.waitSignal(dialog.confirmed) as caught:
        dialog.yes.click()
    assert caught.args == [keeps]


def test_while_it_is_done_nothing_can_be_pressed(dialog: EraseDialog) -> None:
    dialog.show_erasure(Erasure())
    assert dialog.title.text() == words.working_title()
    assert not any(one.isVisible() for one in (dialog.yes, dialog.no, dialog.keep))


@pytest.mark.parametrize("by_button", [False, True])
def test_done_the_program_ends_with_the_window(
    qtbot: QtBot, dialog: EraseDialog, by_button: bool
) -> None:
    dialog.show_erasure(Erasure())
    dialog.show_erasure(Erasure(outcome=Outcome(untold=1)))
    assert dialog.title.text() == words.done_title()
    assert "1 sign-in" in dialog.text.text()
    assert not dialog.no.isVisible()
    with qtbot.waitSignal(dialog.quit_requested):
        if by_button:
            assert dialog.yes.text() == labels.quit_program()
            dialog.yes.click()
        else:
            dialog.close()


def test_unfinished_it_can_be_tried_again_or_left(qtbot: QtBot, dialog: EraseDialog) -> None:
    dialog.show_erasure(Erasure(keeps_settings=True, outcome=LOCKED))
    assert dialog.title.text() == words.unfinished_title()
    assert dialog.text.text() == words.outcome_text(LOCKED)
    assert dialog.yes.text() == words.try_again()
    with qtbot.waitSignal(dialog.confirmed) as caught:
        dialog.yes.click()
    assert caught.args == [True]
    assert dialog.isVisible()
    with qtbot.waitSignal(dialog.quit_requested):
        dialog.no.click()


def test_closed_unfinished_it_leaves_the_program_alone(qtbot: QtBot, dialog: EraseDialog) -> None:
    """Whatever is wished next brings it back."""
    dialog.show_erasure(Erasure(outcome=LOCKED))
    with qtbot.assertNotEmitted(dialog.quit_requested):
        dialog.close()
    assert not dialog.isVisible()
