"""All windows of the program: made when they are wanted, told the state, given up."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from gallery.chat_states import CHAT_STATES
from gallery.history_states import history_states
from gallery.states import PANEL_STATES
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from support.window_desk import Desk, MakeDesk, texts

from app import catalogues
from app.state import AppState, SessionState, SessionStatus
from app.ui import theme
from app.ui.chat_window import ChatWindow
from app.ui.history_window import HistoryWindow
from app.ui.panel import Panel
from app.ui.setting_fields import NumberField
from app.ui.settings_dialog import SettingsDialog
from app.ui.sign_in_dialog import SignInDialog
from app.ui.theme import Theme
from app.ui.tray import Tray
from app.ui.turn_view import TurnView
from app.wording import labels

ROOT = Path(__file__).parents[2]
SIGNED_OUT = AppState(session=SessionState(SessionStatus.SIGNED_OUT))


def test_no_window_is_made_or_imported_before_it_is_opened() -> None:
    script = """
import sys
from unittest.mock import Mock
from PySide6.QtWidgets import QApplication
from app.state import Store
from app.ui.theme import Theme
from app.ui.tray import Tray
from app.ui.turn_view import TurnView
from app.ui.windows import Windows
LAZY = ("panel", "chat_window", "settings_dialog", "sign_in_dialog", "transcript")
def imported():
    print([name for name in LAZY if f"app.ui.{name}" in sys.modules])
application = QApplication([])
theme = Theme(application, "light")
wishes = Mock()
windows = Windows(Tray(theme), theme, Store(), wishes, application.quit)
imported()
windows.show_settings()
imported()
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["[]", "['settings_dialog']"]


def test_each_window_is_made_once_and_brought_up_again(desk: Desk) -> None:
    assert desk.opened() == set()
    for show, kind in (
        (desk.windows.show_panel_window, Panel),
        (desk.windows.show_chat, ChatWindow),
        (desk.windows.show_settings, SettingsDialog),
        (desk.windows.show_sign_in, SignInDialog),
    ):
        show()
        desk.the(kind).hide()
        show()
        assert desk.the(kind).isVisible()
    assert desk.opened() == {"Panel", "ChatWindow", "SettingsDialog", "SignInDialog"}


@pytest.mark.parametrize(
    ("state", "label", "opened", "wished"),
    [
        ("fresh", labels.open_panel, {"Panel"}, []),
        ("fresh", labels.chat, {"ChatWindow"}, []),
        ("fresh", labels.settings, {"SettingsDialog"}, []),
        ("signed-out", labels.sign_in, {"SignInDialog"}, []),
        ("fresh", labels.refresh_now, set(), [("refresh_now",)]),
        ("keyring-locked", labels.unlock_keyring, set(), [("unlock",)]),
        ("fresh", labels.sign_out_asking, {"RemoveDialog"}, []),
        ("fresh", labels.quit_program, set(), [("quit",)]),
    ],
)
def test_every_entry_of_the_menu_does_its_part(
    make_desk: MakeDesk,
    state: str,
    label: Callable[[], str],
    opened: set[str],
    wished: list[tuple[object, ...]],
) -> None:
    desk = make_desk(PANEL_STATES[state])
    desk.menu_entry(label()).trigger()
    assert desk.opened() == opened
    assert desk.granted.take() == wished


def test_a_click_on_the_icon_shows_the_panel_and_the_next_one_hides_it(desk: Desk) -> None:
    desk.tray.toggled.emit(QPoint(700, 790))
    assert desk.the(Panel).isVisible()
    assert desk.the(Panel).is_anchored
    desk.tray.toggled.emit(QPoint(700, 790))
    assert not desk.the(Panel).isVisible()


def test_the_hint_goes_once_the_panel_was_closed_three_times(desk: Desk) -> None:
    desk.store.update(shows_hints=True)
    told = []
    for _look in range(4):
        desk.windows.toggle_panel(None)
        desk.windows.toggle_panel(None)
        told.append(desk.granted.take())
    assert told == [[], [], [("change_setting", "hints", False)], []]


def test_whoever_looks_is_told_to_the_polling(desk: Desk) -> None:
    desk.windows.toggle_panel(None)
    desk.windows.show_chat()
    assert desk.granted.wishes == [("note_activity",)] * 2
    desk.windows.toggle_panel(None)
    assert desk.granted.watching == [True, False]


# --- closing them -------------------------------------------------------------------------------


def test_closed_settings_give_their_memory_back_and_open_anew(desk: Desk) -> None:
    desk.windows.show_settings()
    first = desk.the(SettingsDialog)
    line = first.rows["chat_model"].field
    line.setFocus()
    QTest.keyClicks(line, "gpt-x")
    first.close()
    assert ("change_setting", "chat_model", "gpt-x") in desk.granted.take()  # nothing typed is lost
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert desk.all(SettingsDialog) == []
    desk.store.update(settings=replace(desk.store.state.settings, clock="24h"))
    desk.windows.show_settings()
    assert desk.the(SettingsDialog).isVisible()


def test_a_closed_history_is_given_up_and_opens_anew(make_desk: MakeDesk) -> None:
    desk = make_desk(dict(history_states())["week"])
    desk.windows.show_history()
    first = desk.the(HistoryWindow)
    desk.granted.take()
    first.close()
    assert desk.granted.take() == [("look at history", None)]
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert desk.all(HistoryWindow) == []
    desk.windows.show_history()
    assert desk.the(HistoryWindow) is not first


# --- the state --------------------------------------------------------------------------------


def test_every_open_window_shows_each_new_state(make_desk: MakeDesk) -> None:
    desk = make_desk(SIGNED_OUT)
    desk.windows.show_panel_window()
    desk.windows.show_chat()
    desk.windows.show_settings()
    desk.windows.show_sign_in()
    fresh = PANEL_STATES["fresh"]
    settings = replace(fresh.settings, close_percent=61)
    desk.store.update(session=PANEL_STATES["signing-in"].session)
    assert desk.the(SignInDialog).browser.address.text()
    desk.store.update(session=fresh.session, usage=fresh.usage, settings=settings)
    assert "ann@example.com" in texts(desk.the(Panel))
    assert not desk.the(ChatWindow).foot.gate.isVisible()
    field = desk.the(SettingsDialog).rows["close_percent"].field
    assert isinstance(field, NumberField)
    assert field.value() == 61
    assert not desk.the(SignInDialog).isVisible()
    assert desk.menu_entry(labels.sign_out_asking()).isVisible()


def test_a_window_opened_later_shows_the_newest_state(desk: Desk) -> None:
    conversation = CHAT_STATES["streaming"].conversation
    desk.store.update(conversation=conversation)
    desk.windows.show_chat()
    assert len(desk.the(ChatWindow).transcript.findChildren(TurnView)) == len(conversation.turns)


def test_another_language_is_spoken_by_all_windows_at_once(make_desk: MakeDesk) -> None:
    desk = make_desk(SIGNED_OUT)
    desk.windows.show_panel_window()
    desk.windows.show_chat()
    desk.windows.show_settings()
    desk.windows.show_sign_in()
    shown = (Panel, ChatWindow, SettingsDialog, SignInDialog)
    english = [set(texts(desk.the(kind))) for kind in shown]
    catalogues.activate("zh_CN", {})
    desk.store.update(settings=replace(desk.store.state.settings, language="zh_CN"))
    product = {"", labels.product(), "English", "Codex CLI"}
    for kind, before in zip(shown, english, strict=True):
        now = set(texts(desk.the(kind)))
        assert now - product
        assert not (now & before) - product
    assert desk.the(SettingsDialog).windowTitle() == "设置"
    assert desk.menu_entry("退出")


def test_nothing_is_shown_once_the_windows_are_closed(desk: Desk) -> None:
    desk.windows.show_panel_window()
    desk.windows.show_chat()
    panel = desk.the(Panel)
    desk.windows.close()
    assert desk.opened() == set()
    before = panel.content
    desk.store.update(session=SIGNED_OUT.session)
    desk.tray.host_missing.emit()  # as it goes
    assert desk.opened() == set()
    panel.show()
    assert panel.content == before


# --- without a tray ---------------------------------------------------------------------------


def test_without_a_tray_the_panel_comes_as_a_window_that_is_the_program(
    desk: Desk, qtbot: QtBot
) -> None:
    """F-D01"""
    desk.tray.start()
    qtbot.waitUntil(lambda: desk.opened() == {"Panel"})
    assert not desk.store.state.has_tray
    assert labels.no_tray_text() in "\n".join(texts(desk.the(Panel)))
    desk.the(Panel).close()
    assert desk.granted.take() == [("quit",)]


def test_a_tray_that_is_found_missing_before_the_windows_are_there(
    tray: Tray, make_desk: MakeDesk, qtbot: QtBot
) -> None:
    """F-D01: nobody listened when it was told."""
    tray.start()
    qtbot.waitUntil(lambda: tray.is_host_missing)
    desk = make_desk()
    assert not desk.store.state.has_tray
    assert desk.opened() == {"Panel"}


def test_once_a_tray_comes_the_panel_is_a_window_like_others(desk: Desk) -> None:
    """F-D01: no restart."""
    desk.tray.host_missing.emit()
    desk.tray.host_found.emit()
    assert desk.store.state.has_tray
    assert labels.no_tray_text() not in "\n".join(texts(desk.the(Panel)))
    desk.the(Panel).close()
    assert desk.granted.take() == []


def test_windows_are_made_anew_for_letters_of_another_size(desk: Desk, look: Theme) -> None:
    """What is open stays as it is; what is opened next has them, without a new start."""
    desk.windows.show_panel_window()
    desk.windows.show_chat()
    panel, chat = desk.the(Panel), desk.the(ChatWindow)
    usual = panel.width()
    look.note_letters(theme.USUAL_POINTS, 1.5)
    desk.windows.show_panel_window()
    assert desk.the(Panel) is panel
    assert panel.width() == usual

    panel.hide()
    chat.hide()
    desk.windows.show_panel_window()
    desk.windows.show_chat()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert desk.the(Panel).width() == round(usual * 1.5)
    assert desk.the(ChatWindow).minimumWidth() == round(theme.CHAT_MIN_WIDTH * 1.5)
