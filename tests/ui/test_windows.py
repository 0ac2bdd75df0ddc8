"""All windows of the program: made when they are wanted, told the state, their wishes granted."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import Mock

import pytest
from gallery.chat_states import sign_in_states
from gallery.history_states import history_states
from gallery.states import CHAT_STATES, NOT_SAVED, NOW, PANEL_STATES, ZONE
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QSystemTrayIcon, QWidget
from pytestqt.qtbot import QtBot

from app import catalogues
from app.alerts.banners import Banner
from app.auth.ways import Way
from app.chat.desk import Place
from app.chat.links import read_link
from app.erasure.outcome import Erasure, Outcome
from app.history.view import HistoryWish
from app.instance.messages import Message, Verb
from app.state import AppState, SessionState, SessionStatus, Store
from app.ui.chat_window import ChatWindow
from app.ui.conversation_page import ConversationPage
from app.ui.erase_dialog import EraseDialog
from app.ui.history_window import HistoryWindow
from app.ui.leave_dialog import LeaveDialog
from app.ui.link_dialog import LinkDialog
from app.ui.panel import Panel
from app.ui.question_dialog import QuestionDialog
from app.ui.remove_dialog import RemoveDialog
from app.ui.setting_fields import ChoiceField, NumberField
from app.ui.settings_dialog import SettingsDialog
from app.ui.sign_in_dialog import SignInDialog
from app.ui.theme import Theme
from app.ui.tray import Tray
from app.ui.turn_view import TurnView
from app.ui.windows import Windows
from app.wording import erasure as erasure_words
from app.wording import labels

ROOT = Path(__file__).parents[2]
SIGNED_OUT = AppState(session=SessionState(SessionStatus.SIGNED_OUT))
W = TypeVar("W", bound=QWidget)


class KeptDesk:
    """Notes what the chat's window keeps; `wishes` holds all but where it stands."""

    def __init__(self) -> None:
        self.drafts: list[str] = []
        self.places: dict[str, Place] = {}
        self.wishes: list[tuple[object, ...]] = []

    def note_draft(self, text: str) -> None:
        self.drafts.append(text)

    def note_place(self, screens: str, place: Place) -> None:
        self.places[screens] = place

    def edit(self, turn_id: str) -> None:
        self.wishes.append(("edit", turn_id))

    def leave_editing(self) -> None:
        self.wishes.append(("leave_editing",))

    def attach_files(self, paths: list[str]) -> None:
        self.wishes.append(("attach_files", paths))

    def attach_content(self, name: str, content: bytes) -> None:
        self.wishes.append(("attach_content", name, content))

    def detach(self, number: int) -> None:
        self.wishes.append(("detach", number))

    def hide_refusals(self) -> None:
        self.wishes.append(("hide_refusals",))

    def look_at_models(self) -> None:
        self.wishes.append(("look_at_models",))

    def write_now(self) -> None:
        self.wishes.append(("write_now",))


class KeptConversations:
    """Notes what is wished of the conversations."""

    def __init__(self) -> None:
        self.wishes: list[tuple[object, ...]] = []

    def resume(self) -> None:
        self.wishes.append(("resume",))

    def show_list(self, search: str | None) -> None:
        self.wishes.append(("show_list", search))

    def open(self, conversation_id: str) -> None:
        self.wishes.append(("open", conversation_id))

    def rename(self, conversation_id: str, title: str) -> None:
        self.wishes.append(("rename", conversation_id, title))

    def delete(self, conversation_id: str) -> None:
        self.wishes.append(("delete", conversation_id))

    def delete_all(self) -> None:
        self.wishes.append(("delete_all",))

    def export(self, conversation_id: str, form: str, path: str) -> None:
        self.wishes.append(("export", conversation_id, form, path))


class Granted:
    """Notes every wish."""

    def __init__(self) -> None:
        self.wishes: list[tuple[object, ...]] = []
        self.watching: list[bool] = []
        self.kept = KeptDesk()
        self.conversations = KeptConversations()
        self.crashes: Any = Mock()  # tested with the windows that wish it
        self.help: Any = Mock()

    def unlock(self) -> None:
        self.wishes.append(("unlock",))

    def sign_in(self, way: Way) -> None:
        self.wishes.append(("sign_in", way))

    def cancel_sign_in(self) -> None:
        self.wishes.append(("cancel_sign_in",))

    def paste_address(self, text: str) -> None:
        self.wishes.append(("paste_address", text))

    def confirm_account(self) -> None:
        self.wishes.append(("confirm_account",))

    def use_another_account(self) -> None:
        self.wishes.append(("use_another_account",))

    def replace_other_sign_in(self) -> None:
        self.wishes.append(("replace_other_sign_in",))

    def look_for_codex_login(self) -> None:
        pass

    def switch_account(self, key: str) -> None:
        self.wishes.append(("switch_account", key))

    def remove_account(self, key: str, *, forgets_history: bool) -> None:
        self.wishes.append(("remove_account", key, forgets_history))

    def refresh_now(self) -> None:
        self.wishes.append(("refresh_now",))

    def note_activity(self) -> None:
        self.wishes.append(("note_activity",))

    def note_watching(self, is_watched: bool) -> None:
        self.watching.append(is_watched)

    def send_question(self, question: str) -> None:
        self.wishes.append(("ask", question))

    def continue_answer(self) -> None:
        self.wishes.append(("continue_answer",))

    @property
    def chat(self) -> Granted:
        return self

    @property
    def desk(self) -> KeptDesk:
        return self.kept

    def ask_again(self) -> None:
        self.wishes.append(("ask_again",))

    def stop(self) -> None:
        self.wishes.append(("stop",))

    def new_chat(self) -> None:
        self.wishes.append(("new_chat",))

    def look_at_history(self, wish: HistoryWish | None) -> None:
        self.wishes.append(("look_at_history", wish))

    def snooze_warning(self, key: str) -> None:
        self.wishes.append(("snooze_warning", key))

    def dismiss_warning(self, key: str) -> None:
        self.wishes.append(("dismiss_warning", key))

    def note_banners_seen(self) -> None:
        self.wishes.append(("note_banners_seen",))

    def send_test_warning(self) -> None:
        self.wishes.append(("send_test_warning",))

    def look_at_autostart(self) -> None:
        """Each time the settings window comes to the front."""

    def look_at_updates(self) -> None:
        """As often."""

    def switch_autostart(self, on: bool) -> None:
        self.wishes.append(("switch_autostart", on))

    def erase_everything(self, *, keeps_settings: bool) -> None:
        self.wishes.append(("erase_everything", keeps_settings))

    def save_history(self, path: str, form: str) -> None:
        self.wishes.append(("save_history", path, form))

    def open_link(self, address: str) -> None:
        self.wishes.append(("open_link", address))

    def change_setting(self, key: str, value: object) -> None:
        self.wishes.append(("change_setting", key, value))

    def quit(self) -> None:
        self.wishes.append(("quit",))

    def take(self) -> list[tuple[object, ...]]:
        """What was wished since the last time, looking at windows apart."""
        taken, self.wishes = self.wishes, []
        return [wish for wish in taken if wish != ("note_activity",)]


class Desk:
    """The windows of one program, found as a person finds them."""

    def __init__(self, tray: Tray, theme: Theme, state: AppState) -> None:
        self._others = QApplication.topLevelWidgets()  # of tests that went before
        self.tray = tray
        self.store = Store(state)
        self.granted = Granted()
        self.windows = Windows(tray, theme, self.store, self.granted, self.granted.quit)

    def all(self, kind: type[W]) -> list[W]:
        windows = (one for one in QApplication.topLevelWidgets() if one not in self._others)
        return [one for one in windows if isinstance(one, kind)]

    def the(self, kind: type[W]) -> W:
        (one,) = self.all(kind)
        return one

    def opened(self) -> set[str]:
        kinds = (Panel, ChatWindow, HistoryWindow, SettingsDialog, SignInDialog, RemoveDialog)
        return {type(one).__name__ for kind in kinds for one in self.all(kind) if one.isVisible()}

    def menu_entry(self, label: str) -> QAction:
        (entry,) = (one for one in self.tray.menu.actions() if one.text() == label)
        return entry


@pytest.fixture
def tray(look: Theme, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tray]:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: False)
    tray = Tray(look, clock=lambda: NOW, zone=ZONE, patience_ms=20)
    yield tray
    tray.stop()


@pytest.fixture
def make_desk(look: Theme, tray: Tray) -> Iterator[Callable[..., Desk]]:
    made: list[Desk] = []

    def make(state: AppState = PANEL_STATES["fresh"]) -> Desk:
        made.append(Desk(tray, look, state))
        return made[-1]

    yield make
    for desk in made:
        desk.windows.close()


FRESH = PANEL_STATES["fresh"]
MakeDesk = Callable[..., Desk]


@pytest.fixture
def desk(make_desk: MakeDesk) -> Desk:
    return make_desk()


def texts(window: QWidget) -> list[str]:
    return [label.text() for label in window.findChildren(QLabel) if label.isVisible()]


def press(window: QWidget, label: str) -> None:
    (button,) = (one for one in window.findChildren(QPushButton) if one.text() == label)
    button.click()


# --- which there are ----------------------------------------------------------------------------


def test_no_window_is_made_or_imported_before_it_is_opened() -> None:
    script = """
import sys
from types import SimpleNamespace
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
names = "change_setting send_test_warning switch_account switch_autostart"
names += " look_at_autostart look_at_updates"
wishes = SimpleNamespace(**dict.fromkeys(names.split(), lambda *_: None))
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


# --- wishes -------------------------------------------------------------------------------------


def test_the_panels_buttons(desk: Desk) -> None:
    desk.windows.show_panel_window()
    panel = desk.the(Panel)
    panel.parts.header.refresh.click()
    panel.parts.footer.chat.click()
    panel.parts.header.settings.click()
    assert desk.granted.take() == [("refresh_now",)]
    assert desk.opened() == {"Panel", "ChatWindow", "SettingsDialog"}


def test_used_and_left_change_places_for_good(desk: Desk) -> None:
    """The toggle of the panel is the setting: it is wished, and shown once it is granted."""
    desk.windows.show_panel_window()
    panel = desk.the(Panel)
    panel.parts.header.swap.click()
    assert desk.granted.take() == [("change_setting", "gauge_shows", "remaining")]
    settings = replace(desk.store.state.settings, gauge_shows="remaining")
    desk.store.update(settings=settings)
    panel.parts.header.swap.click()
    assert desk.granted.take() == [("change_setting", "gauge_shows", "used")]


def test_the_panels_buttons_without_numbers(make_desk: MakeDesk) -> None:
    desk = make_desk(PANEL_STATES["signed-out"])
    desk.windows.show_panel_window()
    panel = desk.the(Panel)
    press(panel, labels.sign_in())
    assert desk.opened() == {"Panel", "SignInDialog"}
    desk.store.update(session=PANEL_STATES["signing-in"].session)
    press(panel, labels.copy_address())
    assert QGuiApplication.clipboard().text() == desk.store.state.session.sign_in_url
    press(panel, labels.cancel())
    desk.store.update(session=PANEL_STATES["keyring-locked"].session)
    press(panel, labels.unlock_keyring())
    assert desk.granted.take() == [("cancel_sign_in",), ("unlock",)]
    QGuiApplication.clipboard().clear()


def test_the_chats_wishes(make_desk: MakeDesk, qtbot: QtBot) -> None:
    desk = make_desk(replace(PANEL_STATES["fresh"]))
    desk.windows.show_chat()
    chat = desk.the(ChatWindow)
    qtbot.keyClicks(chat.composer.field, "Why?")
    qtbot.keyClick(chat.composer.field, Qt.Key.Key_Return)
    desk.store.update(conversation=CHAT_STATES["streaming"].conversation)
    chat.composer.button.click()
    chat.heading.new_chat.click()
    chat.transcript.retry_requested.emit()
    chat.heading.settings.click()
    assert desk.granted.take() == [("ask", "Why?"), ("stop",), ("new_chat",), ("ask_again",)]
    assert desk.opened() == {"ChatWindow", "SettingsDialog"}


def test_earlier_conversations_are_asked_for_while_they_are_looked_at(
    make_desk: MakeDesk,
) -> None:
    desk = make_desk(replace(PANEL_STATES["fresh"]))
    kept = desk.granted.conversations
    assert kept.wishes == []
    desk.windows.show_chat()
    chat = desk.the(ChatWindow)
    assert kept.wishes == [("resume",)]
    chat.heading.list.click()
    page = chat.findChildren(ConversationPage)[0]
    page.renamed.emit("c1", "T")
    page.deleted.emit("c2")
    page.exported.emit("c1", "json", "path")
    page.all_deleted.emit()
    page.opened.emit("c3")
    assert not chat.pages.shows_list
    assert kept.wishes[1:] == [
        ("show_list", ""),
        ("rename", "c1", "T"),
        ("delete", "c2"),
        ("export", "c1", "json", "path"),
        ("delete_all",),
        ("open", "c3"),
        ("show_list", None),
    ]


def test_a_link_of_an_answer_is_opened_once_it_is_confirmed(desk: Desk) -> None:
    desk.windows.show_chat()
    chat = desk.the(ChatWindow)
    link = read_link("https://one.invalid/page")
    assert link is not None
    chat.transcript.link_activated.emit(link)
    assert desk.granted.take() == []
    (dialog,) = chat.findChildren(LinkDialog)
    dialog.confirmed.emit(link.address)
    assert desk.granted.take() == [("open_link", "https://one.invalid/page")]


def test_the_chat_says_what_keeps_it_shut_and_helps(make_desk: MakeDesk) -> None:
    desk = make_desk(PANEL_STATES["keyring-locked"])
    desk.windows.show_chat()
    desk.the(ChatWindow).foot.gate_button.click()
    assert desk.granted.take() == [("unlock",)]
    desk.store.update(session=SIGNED_OUT.session)
    desk.the(ChatWindow).foot.gate_button.click()
    assert desk.opened() == {"ChatWindow", "SignInDialog"}


def test_the_sign_in_dialogs_wishes(make_desk: MakeDesk) -> None:
    desk = make_desk(SIGNED_OUT)
    desk.windows.show_sign_in()
    dialog = desk.the(SignInDialog)
    dialog.choice.ways[Way.BROWSER].click()
    desk.store.update(session=PANEL_STATES["signing-in"].session)
    dialog.browser.copy.click()
    assert QGuiApplication.clipboard().text() == desk.store.state.session.sign_in_url
    dialog.browser.cancel.click()
    assert desk.granted.take() == [("sign_in", Way.BROWSER), ("cancel_sign_in",)]
    states = sign_in_states(NOW)
    desk.store.update(session=states["sign-in-code"][0])
    dialog.device.copy.click()
    assert QGuiApplication.clipboard().text() == dialog.device.code.whole_text
    desk.store.update(session=states["sign-in-paste"][0])
    dialog.paste.field.setText("http://localhost:1455/x")
    dialog.paste.go_on.click()
    desk.store.update(session=states["sign-in-account"][0])
    dialog.account.use.click()
    dialog.account.another.click()
    assert desk.granted.take() == [
        ("paste_address", "http://localhost:1455/x"),
        ("confirm_account",),
        ("use_another_account",),
    ]
    QGuiApplication.clipboard().clear()


def test_a_changed_setting_is_a_wish(desk: Desk) -> None:
    desk.windows.show_settings()
    field = desk.the(SettingsDialog).rows["clock"].field
    assert isinstance(field, ChoiceField)
    field.activated.emit(field.findData("24h"))
    assert desk.granted.take() == [("change_setting", "clock", "24h")]


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
    assert desk.granted.take() == [("look_at_history", None)]  # it was hidden
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


def test_what_can_be_done_about_warnings(make_desk: MakeDesk) -> None:
    """F-D03: a banner counts as seen with the panel; the balloon opens it."""
    banner = Banner("week", "Weekly limit: 90 % used", "Resets Tue 16:00.", can_snooze=True)
    desk = make_desk(replace(PANEL_STATES["fresh"], banners=(banner,)))
    desk.tray.message_clicked.emit()
    assert desk.opened() == {"Panel"}
    banners = desk.the(Panel).parts.banners
    assert banners is not None
    (card,) = banners.cards
    card.snooze.click()
    card.dismiss.click()
    desk.windows.show_settings()
    desk.the(SettingsDialog).test_button.click()
    wishes = desk.granted.take()
    assert wishes[0] == ("note_banners_seen",)
    assert [wish for wish in wishes if wish[0] != "note_banners_seen"] == [
        ("snooze_warning", "week"),
        ("dismiss_warning", "week"),
        ("send_test_warning",),
    ]


def test_without_an_icon_there_is_no_balloon(desk: Desk) -> None:
    assert not desk.tray.show_message("Weekly limit: 90 % used", "")


# --- the state ----------------------------------------------------------------------------------


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


# --- without a tray -----------------------------------------------------------------------------


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


# --- history ------------------------------------------------------------------------------------


def test_the_history_opens_from_menu_and_panel(make_desk: MakeDesk) -> None:
    desk = make_desk(dict(history_states())["week"])
    desk.menu_entry("History").trigger()
    assert "HistoryWindow" in desk.opened()
    history = desk.the(HistoryWindow)
    assert ("look_at_history", HistoryWish()) in desk.granted.take()
    desk.windows.show_panel_window()
    press(desk.the(Panel), "History")
    assert desk.the(HistoryWindow) is history


def test_a_closed_history_is_given_up_and_opens_anew(make_desk: MakeDesk) -> None:
    desk = make_desk(dict(history_states())["week"])
    desk.windows.show_history()
    first = desk.the(HistoryWindow)
    desk.granted.take()
    first.close()
    assert desk.granted.take() == [("look_at_history", None)]
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert desk.all(HistoryWindow) == []
    desk.windows.show_history()
    assert desk.the(HistoryWindow) is not first


def test_the_history_leads_to_settings_sign_in_and_a_file(make_desk: MakeDesk) -> None:
    states = dict(history_states())
    desk = make_desk(states["off"])
    desk.windows.show_history()
    history = desk.the(HistoryWindow)
    press(history, "Settings")
    assert "SettingsDialog" in desk.opened()
    history.save_requested.emit("/somewhere/history.csv", "csv")
    assert ("save_history", "/somewhere/history.csv", "csv") in desk.granted.take()
    desk.store.update(session=states["signed-out"].session)
    press(history, "Sign in")
    assert "SignInDialog" in desk.opened()


# --- quitting ------------------------------------------------------------------------------------


@pytest.mark.parametrize("front", [0, 1])
def test_quitting_asks_while_sign_ins_would_be_lost(
    make_desk: Callable[..., Desk], qtbot: QtBot, front: int
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
    make_desk: Callable[..., Desk], changes: dict[str, Any]
) -> None:
    desk = make_desk(replace(FRESH, **changes))
    desk.menu_entry(labels.quit_program()).trigger()
    assert ("quit",) in desk.granted.wishes
