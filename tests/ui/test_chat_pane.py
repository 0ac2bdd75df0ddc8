"""Where the chat window opens, that it can be pinned, and that its place is remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from support.chat_windows import NOW, signed_in

from app.chat.desk import Desk, Place
from app.settings import Settings
from app.state import AppState
from app.ui import placement
from app.ui.chat_pane import ChatPane
from app.ui.chat_window import ChatWindow
from app.ui.theme import Theme

Show = Callable[..., ChatWindow]


class Wishes:
    """Grants nothing and notes all, the desk's wishes among them."""

    def __init__(self) -> None:
        self.noted: list[tuple[str, tuple[Any, ...]]] = []

    @property
    def chat(self) -> Wishes:
        return self

    @property
    def crashes(self) -> Wishes:
        return self

    @property
    def desk(self) -> Wishes:
        return self

    @property
    def conversations(self) -> Wishes:
        return self

    def dismiss(self) -> None:
        self.noted.append(("dismiss", ()))

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *arguments: self.noted.append((name, arguments))

    def named(self, name: str) -> list[tuple[Any, ...]]:
        return [arguments for one, arguments in self.noted if one == name]


@pytest.fixture
def wishes() -> Wishes:
    return Wishes()


@pytest.fixture
def pane(qtbot: QtBot, qapp: QApplication, wishes: Wishes) -> Iterator[ChatPane]:
    made = ChatPane(
        Theme(qapp, "light"), wishes, show_settings=lambda: None, show_sign_in=lambda: None
    )
    yield made
    made.close()


@pytest.fixture
def show(pane: ChatPane) -> Show:
    def show(state: AppState) -> ChatWindow:
        pane.show(lambda: state)
        (window,) = (
            one
            for one in QApplication.topLevelWidgets()
            if isinstance(one, ChatWindow) and one.isVisible()
        )
        return window

    return show


def screens() -> str:
    return placement.screens_key([s.geometry() for s in QGuiApplication.screens()])


def stood_at(place: Place) -> AppState:
    return replace(signed_in(NOW), desk=replace(Desk(), places={screens(): place}))


def test_it_opens_with_the_keyboard_in_its_field(show: Show) -> None:
    window = show(signed_in(NOW))
    assert window.focusWidget() is window.composer.field


def test_it_opens_where_it_stood(show: Show) -> None:
    window = show(stood_at(Place(120, 60, 420, 500)))
    assert (window.pos(), window.width(), window.height()) == (QPoint(120, 60), 420, 500)


@pytest.mark.parametrize("place", [Place(-900, -900, 420, 500), Place(9000, 9000, 9000, 9000)])
def test_it_never_opens_off_the_screen(show: Show, place: Place) -> None:
    window = show(stood_at(place))
    room = QGuiApplication.primaryScreen().availableGeometry()
    assert room.contains(QRect(window.pos(), window.size()))


def test_a_place_on_other_screens_does_not_count(show: Show) -> None:
    elsewhere = replace(Desk(), places={"5120x1440+0+0": Place(4000, 900, 444, 555)})
    window = show(replace(signed_in(NOW), desk=elsewhere))
    assert window.width() != 444


def test_where_it_stands_is_noted_once_it_stands_still(
    qtbot: QtBot, show: Show, wishes: Wishes
) -> None:
    window = show(signed_in(NOW))
    window.move(50, 40)
    window.resize(430, 520)
    qtbot.waitUntil(lambda: bool(wishes.named("note_place")))
    assert wishes.named("note_place") == [(screens(), Place(50, 40, 430, 520))]


def test_hidden_right_after_a_move_it_is_noted_too(show: Show, wishes: Wishes) -> None:
    window = show(signed_in(NOW))
    window.move(70, 30)
    window.close()
    assert wishes.named("note_place")[-1][1].left == 70
    assert wishes.noted[-1][0] == "write_now"


def test_a_maximised_window_keeps_the_place_it_had(
    qtbot: QtBot, show: Show, wishes: Wishes
) -> None:
    window = show(signed_in(NOW))
    window.move(50, 40)
    qtbot.waitUntil(lambda: bool(wishes.named("note_place")))
    wishes.noted.clear()
    window.showMaximized()
    window.hide()
    assert wishes.named("note_place") == []


def test_it_is_pinned_without_being_hidden_for_a_moment(show: Show, pane: ChatPane) -> None:
    window = show(signed_in(NOW))
    shown: list[bool] = []
    window.hidden.connect(lambda: shown.append(False))
    pane.render(replace(signed_in(NOW), settings=Settings(chat_on_top=True)))
    on_top = Qt.WindowType.WindowStaysOnTopHint
    assert window.windowFlags() & on_top
    assert window.windowHandle().flags() & on_top
    assert window.heading.pin.isChecked()
    pane.render(signed_in(NOW))
    assert not window.windowFlags() & on_top
    assert not window.windowHandle().flags() & on_top
    assert shown == []


def test_the_pin_is_a_setting(show: Show, wishes: Wishes) -> None:
    show(signed_in(NOW)).heading.pin.click()
    assert wishes.named("change_setting") == [("chat_on_top", True)]


def test_the_conversations_are_behind_a_button_and_a_key(qtbot: QtBot, show: Show) -> None:
    window = show(signed_in(NOW))
    conversations = QLineEdit()
    window.mount_list(conversations)
    with qtbot.waitSignal(window.list_shown) as caught:
        window.heading.list.click()
    assert caught.args == [True]
    assert conversations.isVisible()
    assert window.focusWidget() is conversations
    with qtbot.waitSignal(window.list_shown) as caught:
        qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert caught.args == [False]
    assert window.isVisible()
    assert window.focusWidget() is window.composer.field


def test_nothing_is_rendered_before_it_was_opened_or_after_it_was_closed(
    pane: ChatPane, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered: list[AppState] = []
    monkeypatch.setattr(ChatWindow, "render", lambda _self, state: rendered.append(state))
    pane.render(signed_in(NOW))
    assert rendered == []
    show(signed_in(NOW))
    assert rendered[-1] == signed_in(NOW)
    count = len(rendered)
    pane.close()
    pane.render(signed_in(NOW))
    assert len(rendered) == count
