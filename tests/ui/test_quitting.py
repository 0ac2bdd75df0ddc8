"""Quitting, and deleting everything: not unasked where something would be lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from gallery.states import NOT_SAVED, PANEL_STATES
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot
from support.window_desk import MakeDesk, press

from app.erasure.outcome import Erasure, Outcome
from app.instance.messages import Message, Verb
from app.state import AppState
from app.ui.erase_dialog import EraseDialog
from app.ui.leave_dialog import LeaveDialog
from app.ui.question_dialog import QuestionDialog
from app.ui.settings_dialog import SettingsDialog
from app.wording import erasure as erasure_words
from app.wording import labels

FRESH = PANEL_STATES["fresh"]


@pytest.mark.parametrize("front", [0, 1])
def test_quitting_asks_while_sign_ins_would_be_lost(
    make_desk: MakeDesk, qtbot: QtBot, front: int
) -> None:
    """F-T22: tokens that exist in this program only end with it, in front or not."""
    unsaved = replace(NOT_SAVED, unsaved=NOT_SAVED.unsaved[front:][:1])
    desk = make_desk(replace(FRESH, session=unsaved))
    desk.menu_entry(labels.quit_program()).trigger()
    question = desk.the(QuestionDialog)
    assert question.isVisible()
    assert ("· Team" if front else "· Plus") in question.text.text()
    assert "unlock it first" in question.text.text()
    assert isinstance(question, LeaveDialog)
    answers = [one.mapTo(question, QPoint()) for one in (question.unlock, question.no)]
    assert answers[0].x() < answers[1].x()
    assert answers[0].y() == answers[1].y()
    qtbot.mouseClick(question.unlock, Qt.MouseButton.LeftButton)
    assert desk.granted.take() == [("unlock",)]
    desk.menu_entry(labels.quit_program()).trigger()
    assert ("quit",) not in desk.granted.wishes
    qtbot.keyClick(question, Qt.Key.Key_Return)  # by habit: nothing is lost
    assert ("quit",) not in desk.granted.wishes
    desk.menu_entry(labels.quit_program()).trigger()
    qtbot.mouseClick(question.yes, Qt.MouseButton.LeftButton)
    assert ("quit",) in desk.granted.wishes


@pytest.mark.parametrize("changes", [{"is_demo": True, "session": NOT_SAVED}, {}])
def test_quitting_asks_nobody_who_loses_nothing(
    make_desk: MakeDesk, changes: dict[str, Any]
) -> None:
    desk = make_desk(replace(FRESH, **changes))
    desk.menu_entry(labels.quit_program()).trigger()
    assert ("quit",) in desk.granted.wishes


def test_while_everything_is_deleted_there_is_one_window(make_desk: MakeDesk) -> None:
    """T-43: nothing else is shown, whatever is wished, so nothing new is begun or kept."""
    desk = make_desk()
    desk.windows.show_settings()
    desk.windows.show_history()
    desk.windows.show_chat()
    press(desk.the(SettingsDialog), erasure_words.open_erasing())
    dialog = desk.the(EraseDialog)
    assert dialog.isVisible()
    dialog.yes.click()
    assert desk.granted.take()[-1] == ("erase_everything", False)
    desk.store.update(erasure=Erasure())
    assert desk.granted.take() == [("look at history", None)]  # it was hidden
    assert desk.opened() == set()
    assert dialog.isVisible()
    dialog.hide()
    for wish in (desk.tray.toggled, desk.tray.message_clicked):
        wish.emit(*([None] if wish is desk.tray.toggled else []))
    for label in ("Open", "Chat", "Settings"):
        dialog.hide()
        desk.menu_entry(label).trigger()
        assert desk.opened() == set()
        assert dialog.isVisible()
    dialog.hide()
    desk.windows.grant(Message(Verb.CHAT))
    assert desk.opened() == set()
    assert dialog.isVisible()
    dialog.hide()
    desk.store.update(erasure=Erasure(outcome=Outcome()))
    assert dialog.isVisible()
    assert desk.granted.take() == []
    dialog.yes.click()
    assert desk.granted.take() == [("quit",)]


def test_deleting_everything_is_not_quit_with_a_question(make_desk: MakeDesk) -> None:
    """F-T22: sign-ins that exist here only are to go."""
    desk = make_desk(AppState(session=NOT_SAVED, erasure=Erasure()))
    desk.windows.quit_asking()
    assert desk.granted.take() == [("quit",)]
    desk.windows.grant(Message(Verb.QUIT))
    assert desk.granted.take() == [("quit",)]
