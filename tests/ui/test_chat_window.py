"""The chat window through `render` and its signals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from gallery.chat_states import QUESTION
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from support.chat_windows import NOW, chat_windows, signed_in, turn, usage

from app import catalogues
from app.chat.conversation import Conversation, Turn, TurnStatus
from app.chat.events import TokenUsage
from app.chat.links import read_link
from app.errors import Fault, FaultKind
from app.state import AppState, SessionState, SessionStatus
from app.ui import theme
from app.ui.chat_window import ChatWindow
from app.ui.colours import DARK, LIGHT
from app.ui.link_dialog import LinkDialog
from app.wording import labels


@pytest.fixture
def window(qtbot: QtBot) -> ChatWindow:
    made = ChatWindow(clock=lambda: NOW, zone=UTC)
    qtbot.addWidget(made)
    made.render(signed_in(NOW))
    made.show()
    return made


def state(*turns: Turn, **changes: object) -> AppState:
    made = replace(signed_in(NOW), conversation=Conversation("c", turns))
    return replace(made, **changes)  # type: ignore[arg-type]


def signed_out() -> AppState:
    return AppState(session=SessionState(SessionStatus.SIGNED_OUT))


# --- asking -------------------------------------------------------------------------------------


def test_enter_sends_and_clears_the_field(qtbot: QtBot, window: ChatWindow) -> None:
    field = window.composer.field
    qtbot.keyClicks(field, "  What is this?  ")
    with qtbot.waitSignal(window.message_submitted) as caught:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert caught.args == ["What is this?"]
    assert field.toPlainText() == ""


def test_shift_and_enter_starts_a_line(qtbot: QtBot, window: ChatWindow) -> None:
    field = window.composer.field
    one = field.height()
    with qtbot.assertNotEmitted(window.message_submitted):
        for _ in range(3):
            qtbot.keyClicks(field, "a")
            qtbot.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert field.toPlainText() == "a\na\na\n"
    assert field.height() > one


def test_the_field_grows_to_six_lines_and_no_further(window: ChatWindow) -> None:
    field = window.composer.field
    field.setPlainText("\n".join("123456"))
    six = field.height()
    field.setPlainText("\n" * 60)
    assert field.height() == six
    field.clear()
    assert field.height() < six / 4


def test_an_empty_question_is_not_sent(qtbot: QtBot, window: ChatWindow) -> None:
    assert not window.composer.button.isEnabled()
    with qtbot.assertNotEmitted(window.message_submitted):
        qtbot.keyClicks(window.composer.field, "  ")
        qtbot.keyClick(window.composer.field, Qt.Key.Key_Return)


def test_the_enter_that_ends_a_composition_sends_nothing(qtbot: QtBot, window: ChatWindow) -> None:
    field = window.composer.field
    field.setPlainText("text")
    QApplication.sendEvent(field, QInputMethodEvent("ni", []))
    with qtbot.assertNotEmitted(window.message_submitted):
        qtbot.keyClick(field, Qt.Key.Key_Return)
    committed = QInputMethodEvent("", [])
    committed.setCommitString("你")
    QApplication.sendEvent(field, committed)
    with qtbot.waitSignal(window.message_submitted):
        qtbot.keyClick(field, Qt.Key.Key_Return)


def test_from_rich_text_only_the_plain_text_is_taken(window: ChatWindow) -> None:
    field = window.composer.field
    rich = QMimeData()
    rich.setHtml("<b>bold</b><img src='file:///etc/hostname'>")
    rich.setText("plain")
    field.insertFromMimeData(rich)
    assert field.toPlainText() == "plain"


def test_while_an_answer_comes_the_button_stops_it_and_the_draft_stays(
    qtbot: QtBot, window: ChatWindow
) -> None:
    """F-C28: a second question waits."""
    window.render(state(turn(NOW)))
    window.composer.field.setPlainText("next")
    with qtbot.assertNotEmitted(window.message_submitted):
        qtbot.keyClick(window.composer.field, Qt.Key.Key_Return)
    assert window.composer.field.toPlainText() == "next"
    assert window.composer.button.accessibleName() == labels.stop()
    with qtbot.waitSignal(window.stop_requested):
        qtbot.mouseClick(window.composer.button, Qt.MouseButton.LeftButton)
    window.render(state(turn(NOW, status=TurnStatus.STOPPED)))
    with qtbot.waitSignal(window.message_submitted):
        qtbot.mouseClick(window.composer.button, Qt.MouseButton.LeftButton)


# --- signed out ---------------------------------------------------------------------------------


def test_signed_out_one_sentence_and_one_button(qtbot: QtBot, window: ChatWindow) -> None:
    window.composer.field.setPlainText("draft")
    window.render(signed_out())
    assert window.foot.gate_text.text() == labels.chat_signed_out()
    assert not window.composer.field.isEnabled()
    assert window.composer.field.toPlainText() == "draft"
    with qtbot.waitSignal(window.sign_in_requested):
        qtbot.mouseClick(window.foot.gate_button, Qt.MouseButton.LeftButton)
    window.render(state())
    assert window.foot.gate.isHidden()
    assert window.composer.field.isEnabled()
    with qtbot.waitSignal(window.message_submitted) as caught:
        window.composer.submit()
    assert caught.args == ["draft"]


def test_opened_before_anybody_is_signed_in_the_field_gets_the_keyboard_later(
    window: ChatWindow,
) -> None:
    window.render(AppState())
    window.foot.focus_start()
    window.render(state())
    assert window.focusWidget() is window.composer.field


def test_without_a_draft_the_field_makes_room_for_the_sentence(window: ChatWindow) -> None:
    window.render(signed_out())
    assert window.composer.isHidden()
    window.render(state())
    assert not window.composer.isHidden()


def test_a_locked_keyring_is_unlocked_not_signed_in_again(qtbot: QtBot, window: ChatWindow) -> None:
    window.render(AppState(session=SessionState(SessionStatus.KEYRING_LOCKED)))
    with (
        qtbot.waitSignal(window.unlock_requested),
        qtbot.assertNotEmitted(window.sign_in_requested),
    ):
        qtbot.mouseClick(window.foot.gate_button, Qt.MouseButton.LeftButton)


def test_while_the_session_is_looked_for_there_is_nothing_to_press(window: ChatWindow) -> None:
    window.render(AppState())
    assert window.foot.gate_text.text()
    assert window.foot.gate_button.isHidden()


# --- around the transcript ----------------------------------------------------------------------


def test_an_empty_chat_says_so_quietly(window: ChatWindow) -> None:
    assert window.heading.title.text() == labels.chat_title()
    assert not window.heading.new_chat.isEnabled()
    assert window.transcript.isHidden()


def test_a_conversation_takes_its_place(qtbot: QtBot, window: ChatWindow) -> None:
    used = TokenUsage(312, 256, 96, 0)
    window.render(state(turn(NOW, "**Hi**", status=TurnStatus.COMPLETED, usage=used)))
    (view,) = window.transcript.views
    qtbot.waitUntil(lambda: view.answer.toPlainText() == "Hi")
    assert window.heading.title.whole_text == QUESTION[:59] + "…"
    assert window.foot.cost.whole_text == "312 in (256 cached) · 96 out"
    assert window.foot.limit.text() == "5-hour 78 %"
    with qtbot.waitSignal(window.new_chat_requested):
        qtbot.mouseClick(window.heading.new_chat, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(window.settings_requested):
        qtbot.mouseClick(window.heading.settings, Qt.MouseButton.LeftButton)


def test_what_the_button_says_is_not_said_above_it_as_well(window: ChatWindow) -> None:
    """While there is no button, or the action says more, it is said in words."""
    failed = turn(NOW, "half", status=TurnStatus.FAILED)
    lost = replace(failed, fault=Fault(FaultKind.ANSWER_ENDED_EARLY))
    busy = replace(failed, turn_id="t2", fault=Fault(FaultKind.OVERLOADED, status=503))
    window.render(state(lost))
    (view,) = window.transcript.views
    assert not view.notice.retry.isHidden()
    assert view.notice.action.isHidden()
    assert view.notice.action.whole_text == ""
    window.render(state(lost, busy))
    earlier, last = window.transcript.views
    assert earlier.notice.retry.isHidden()
    assert earlier.notice.action.whole_text == "Try again."
    assert not last.notice.retry.isHidden()
    assert last.notice.action.whole_text


def test_a_question_that_failed_can_be_asked_again(qtbot: QtBot, window: ChatWindow) -> None:
    """F-C03, F-C27: the message is not lost."""
    fault = Fault(FaultKind.LIMIT_REACHED, resets_at=NOW + timedelta(minutes=30))
    window.render(state(turn(NOW, status=TurnStatus.FAILED, fault=fault), usage=usage(NOW, 100.0)))
    (view,) = window.transcript.views
    assert view.bubble.toPlainText() == QUESTION
    assert "14:11" in view.notice.action.text() + view.notice.meaning.text()
    assert window.foot.gauge is not None
    assert window.foot.gauge.text.text().startswith("limit reached")
    assert window.foot.gauge.bar.value() == 100
    QApplication.processEvents()
    with qtbot.waitSignal(window.retry_requested):
        qtbot.mouseClick(view.notice.retry, Qt.MouseButton.LeftButton)


def test_a_delta_touches_nothing_but_the_answer(window: ChatWindow) -> None:
    """F-C06: what stands around is compared, not written."""
    window.render(state(turn(NOW, "a", status=TurnStatus.STREAMING)))
    shown: list[object] = []
    window._show = lambda *content: shown.append(content)  # type: ignore[method-assign]
    for n in range(50):
        window.render(state(turn(NOW, "a" * n, status=TurnStatus.STREAMING)))
    assert shown == []


def test_escape_hides_the_window_and_keeps_everything(qtbot: QtBot, window: ChatWindow) -> None:
    """F-C02's kin: hidden without losing the stream"""
    qtbot.keyClicks(window.composer.field, "draft")
    qtbot.keyClick(window.composer.field, Qt.Key.Key_Escape)
    assert window.isHidden()
    window.render(state(turn(NOW, "text", status=TurnStatus.STREAMING)))
    window.show()
    assert window.composer.field.toPlainText() == "draft"
    qtbot.waitUntil(lambda: window.transcript.views[0].answer.toPlainText() == "text")
    qtbot.keyClick(window, Qt.Key.Key_Tab)
    assert window.isVisible()


def test_the_keyboard_reaches_every_button(qtbot: QtBot, window: ChatWindow) -> None:
    window.render(state(turn(NOW, "```\nx\n```", status=TurnStatus.COMPLETED)))
    qtbot.waitUntil(lambda: not window.transcript.views[0].answer.has_work)
    reached = set()
    window.composer.field.setFocus()
    for _ in range(20):
        focus = QApplication.focusWidget()
        if focus is None:
            break
        reached.add(focus.accessibleName())
        window.focusNextChild()
    assert {labels.new_chat(), labels.message_name(), labels.copy_answer()} <= reached
    assert {labels.settings_tooltip(), labels.copy_code()} <= reached


def test_every_control_has_a_name(qtbot: QtBot) -> None:
    for name, shown in chat_windows(NOW).items():
        qtbot.addWidget(shown)
        shown.show()
        for widget in shown.findChildren(QWidget):
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible():
                text = getattr(widget, "text", lambda: "")()
                named = widget.accessibleName() or text or widget.focusProxy()
                assert named or widget.objectName().startswith("qt_"), (name, widget)


def test_the_language_can_change_while_the_window_is_open(window: ChatWindow) -> None:
    window.render(state(turn(NOW, "text", status=TurnStatus.STOPPED)))
    catalogues.activate("zh_CN", {}, [])
    window.render(state(turn(NOW, "text", status=TurnStatus.STOPPED)))
    assert window.composer.hint.text() == labels.enter_sends()
    assert window.heading.new_chat.accessibleName() == labels.new_chat() != "New chat"
    assert window.transcript.views[0].remark.whole_text == labels.stopped() != "Stopped"


def test_the_theme_can_change_while_the_window_is_open(
    qtbot: QtBot, window: ChatWindow, qapp: QApplication
) -> None:
    look = theme.Theme(qapp, "light")
    window.render(state(turn(NOW, "text", status=TurnStatus.COMPLETED)))

    def ground() -> QColor:
        return window.grab().toImage().pixelColor(QPoint(6, 300))

    assert ground() == QColor(LIGHT.background)
    look.follow("dark")
    QApplication.processEvents()
    assert ground() == QColor(DARK.background)
    look.follow("light")


# --- links --------------------------------------------------------------------------------------


@pytest.fixture
def ask(qtbot: QtBot, window: ChatWindow) -> Callable[..., LinkDialog]:
    def ask(address: str, shown: str = "") -> LinkDialog:
        link = read_link(address, shown)
        assert link is not None
        window.transcript.link_activated.emit(link)
        dialog = window.findChildren(LinkDialog)[-1]
        assert not dialog.isHidden()
        return dialog

    return ask


def test_a_link_opens_only_when_confirmed(
    qtbot: QtBot, window: ChatWindow, ask: Callable[..., LinkDialog]
) -> None:
    """T-53"""
    dialog = ask("https://docs.example/a?b=c")
    with qtbot.waitSignal(window.link_open_requested) as caught:
        qtbot.mouseClick(dialog.open_button, Qt.MouseButton.LeftButton)
    assert caught.args == ["https://docs.example/a?b=c"]
    assert dialog.isHidden()


def test_a_link_refused_opens_nothing(
    qtbot: QtBot, window: ChatWindow, ask: Callable[..., LinkDialog]
) -> None:
    """T-53: Enter by habit refuses."""
    dialog = ask("https://docs.example/")
    with qtbot.assertNotEmitted(window.link_open_requested):
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.isHidden()


def test_an_address_can_be_copied_instead(
    qtbot: QtBot, window: ChatWindow, ask: Callable[..., LinkDialog]
) -> None:
    dialog = ask("https://docs.example/")
    with qtbot.assertNotEmitted(window.link_open_requested):
        qtbot.mouseClick(dialog.copy_button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "https://docs.example/"


@pytest.mark.parametrize(
    ("address", "shown", "told"),
    [
        ("https://docs.example/", "", ["docs.example"]),
        ("https://xn--pypal-4ve.example/", "", ["pаypal.example", "xn--pypal-4ve.example"]),
        ("http://docs.example/", "", ["not encrypted"]),
        ("https://evil.example/", "bank.example/x", ["another place"]),
        ("mailto:ann@b.example", "", ["ann@b.example"]),
    ],
)
def test_the_question_says_where_the_link_leads(
    ask: Callable[..., LinkDialog], address: str, shown: str, told: list[str]
) -> None:
    """T-53"""
    dialog = ask(address, shown)
    text = " ".join(label.text() for label in dialog.findChildren(type(dialog.heading)))
    assert all(one in text for one in told)
    assert dialog.address.toPlainText() == address
    assert QUrl(address).isValid()
