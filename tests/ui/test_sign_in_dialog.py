"""The sign-in window: one way in, waiting with the address at hand, and how it ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from gettext import NullTranslations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.auth.sign_in import DEADLINE_S
from app.auth.tokens import Account
from app.errors import Fault, FaultKind
from app.state import AppState, SessionState, SessionStatus
from app.ui.sign_in_dialog import SignInDialog
from app.wording import labels, language

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ADDRESS = "https://auth.example/oauth/authorize?state=s"


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    language.use(NullTranslations(), "en")
    yield
    language.use(NullTranslations(), "en")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def dialog(qtbot: QtBot, clock: Clock) -> SignInDialog:
    made = SignInDialog(clock=clock, zone=UTC)
    qtbot.addWidget(made)
    made.render(AppState(session=SessionState(SessionStatus.SIGNED_OUT)))
    made.show()
    QApplication.processEvents()
    return made


def waiting(address: str = ADDRESS) -> AppState:
    return AppState(session=SessionState(SessionStatus.SIGNING_IN, sign_in_url=address))


def test_the_browser_is_one_key_away(qtbot: QtBot, dialog: SignInDialog) -> None:
    assert dialog.choice.browser.text() == labels.use_my_browser()
    with qtbot.waitSignal(dialog.browser_requested):
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    with qtbot.waitSignal(dialog.browser_requested):
        qtbot.mouseClick(dialog.choice.browser, Qt.MouseButton.LeftButton)


def test_while_it_waits_the_address_can_be_copied(qtbot: QtBot, dialog: SignInDialog) -> None:
    dialog.render(waiting())
    QApplication.processEvents()
    assert dialog.waiting.address.text() == ADDRESS
    with qtbot.waitSignal(dialog.copy_requested) as caught:
        qtbot.mouseClick(dialog.waiting.copy, Qt.MouseButton.LeftButton)
    assert caught.args == [ADDRESS]
    assert dialog.waiting.copy.text() == labels.copied()
    with qtbot.waitSignal(dialog.cancel_requested):
        qtbot.mouseClick(dialog.waiting.cancel, Qt.MouseButton.LeftButton)
    with qtbot.assertNotEmitted(dialog.browser_requested):
        qtbot.keyClick(dialog, Qt.Key.Key_Return)


def test_the_time_left_is_counted_while_somebody_looks(dialog: SignInDialog, clock: Clock) -> None:
    dialog.render(waiting())
    assert dialog._seconds.isActive()
    clock.now = NOW + timedelta(seconds=DEADLINE_S - 59)
    dialog._on_second()
    assert dialog.waiting.left.text() == "59 s left"
    dialog.render(waiting())
    assert dialog.waiting.left.text() == "59 s left"
    dialog.hide()
    dialog._on_second()
    assert not dialog._seconds.isActive()


def test_once_the_browser_came_back_the_address_goes(dialog: SignInDialog) -> None:
    dialog.render(waiting())
    dialog.render(waiting(""))
    assert dialog.waiting.title.text() == labels.checking_sign_in()
    assert dialog.waiting.address.isHidden()
    assert dialog.waiting.left.isHidden()


def test_a_failure_is_told_in_words_and_may_be_tried_again(
    qtbot: QtBot, dialog: SignInDialog
) -> None:
    dialog.render(waiting())
    fault = Fault(FaultKind.CALLBACK_PORTS_TAKEN)
    dialog.render(AppState(session=SessionState(SessionStatus.SIGNED_OUT, fault=fault)))
    QApplication.processEvents()
    assert dialog.isVisible()
    assert dialog.choice.title.text() != labels.sign_in_title()
    assert dialog.choice.text.text()
    with qtbot.waitSignal(dialog.browser_requested):
        qtbot.mouseClick(dialog.choice.browser, Qt.MouseButton.LeftButton)


def test_success_takes_the_window_away(dialog: SignInDialog) -> None:
    dialog.render(waiting())
    signed_in = AppState(
        session=SessionState(SessionStatus.SIGNED_IN, Account("a", email="ann@example.com"))
    )
    dialog.render(signed_in)
    assert not dialog.isVisible()
    dialog.show()
    dialog.render(signed_in)
    assert dialog.isVisible()
    assert "ann@example.com" in dialog.choice.text.text()


def test_closing_the_window_gives_up(qtbot: QtBot, dialog: SignInDialog) -> None:
    dialog.render(waiting())
    with qtbot.waitSignal(dialog.cancel_requested):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_closing_it_while_nothing_waits_cancels_nothing(qtbot: QtBot, dialog: SignInDialog) -> None:
    qtbot.keyClick(dialog, Qt.Key.Key_A)
    with qtbot.assertNotEmitted(dialog.cancel_requested):
        dialog.close()
