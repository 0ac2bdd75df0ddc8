"""What is wished in each window reaches who grants it, and the windows it leads to."""

from __future__ import annotations

from dataclasses import replace

from gallery.chat_states import CHAT_STATES
from gallery.dialog_states import sign_in_states
from gallery.history_states import history_states
from gallery.states import NOW, PANEL_STATES
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot
from support.window_desk import Desk, MakeDesk, press

from app.alerts.banners import Banner
from app.auth.ways import Way
from app.chat.links import read_link
from app.history.view import HistoryWish
from app.state import AppState, SessionState, SessionStatus
from app.ui.chat_window import ChatWindow
from app.ui.conversation_page import ConversationPage
from app.ui.history_window import HistoryWindow
from app.ui.link_dialog import LinkDialog
from app.ui.panel import Panel
from app.ui.setting_fields import ChoiceField
from app.ui.settings_dialog import SettingsDialog
from app.ui.sign_in_dialog import SignInDialog
from app.wording import labels

SIGNED_OUT = AppState(session=SessionState(SessionStatus.SIGNED_OUT))


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
    assert wishes[0] == ("note banners seen",)
    assert [wish for wish in wishes if wish[0] != "note banners seen"] == [
        ("snooze warning", "week"),
        ("dismiss warning", "week"),
        ("send test warning",),
    ]


def test_without_an_icon_there_is_no_balloon(desk: Desk) -> None:
    assert not desk.tray.show_message("Weekly limit: 90 % used", "")


def test_the_history_opens_from_menu_and_panel(make_desk: MakeDesk) -> None:
    desk = make_desk(dict(history_states())["week"])
    desk.menu_entry("History").trigger()
    assert "HistoryWindow" in desk.opened()
    history = desk.the(HistoryWindow)
    assert ("look at history", HistoryWish()) in desk.granted.take()
    desk.windows.show_panel_window()
    press(desk.the(Panel), "History")
    assert desk.the(HistoryWindow) is history


def test_the_history_leads_to_settings_sign_in_and_a_file(make_desk: MakeDesk) -> None:
    states = dict(history_states())
    desk = make_desk(states["off"])
    desk.windows.show_history()
    history = desk.the(HistoryWindow)
    press(history, "Settings")
    assert "SettingsDialog" in desk.opened()
    history.save_requested.emit("/somewhere/history.csv", "csv")
    assert ("save history", "/somewhere/history.csv", "csv") in desk.granted.take()
    desk.store.update(session=states["signed-out"].session)
    press(history, "Sign in")
    assert "SignInDialog" in desk.opened()
