"""The sign-in window: the ways, each one's page, another account, and how it ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from gallery.dialog_states import sign_in_states
from gallery.states import NOW
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot
from support.still_clock import StillClock

from app.auth.tokens import Account
from app.auth.ways import SignInProgress, Stage, Way
from app.embedded_window import Obstacle
from app.errors import Fault, FaultKind
from app.state import AppState, SessionState, SessionStatus
from app.ui.qr_picture import QrPicture
from app.ui.sign_in_dialog import EVERYWHERE, SignInDialog
from app.wording import labels
from app.wording import sign_in as words
from app.wording.sign_in_window import obstacle as obstacle_words

ADDRESS = "https://auth.example/oauth/authorize?state=s"
PAGE = "https://auth.example/codex/device"
ANN = Account("acct-4711", "user-1", "ann@example.com", "plus")
BO = Account("acct-0815", "user-2", "bo@example.com", "business")
STATES = sign_in_states(NOW)


@pytest.fixture
def dialog(qtbot: QtBot, clock: StillClock) -> SignInDialog:
    made = SignInDialog(clock=clock, zone=UTC)
    qtbot.addWidget(made)
    made.render(AppState(session=SessionState(SessionStatus.SIGNED_OUT)))
    made.show()
    QApplication.processEvents()
    return made


def under_way(way: Way, stage: Stage = Stage.WAITING, **changes: object) -> AppState:
    progress = SignInProgress(way, stage, ends_at=NOW + timedelta(seconds=300))
    progress = replace(progress, **changes)  # type: ignore[arg-type]
    return AppState(session=SessionState(SessionStatus.SIGNING_IN, ANN, progress=progress))


def press(qtbot: QtBot, button: QPushButton) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


# --- choosing ------------------------------------------------------------------------------------


def test_the_usual_way_is_one_key_away(qtbot: QtBot, dialog: SignInDialog) -> None:
    assert dialog.choice.primary.text() == words.way_name(Way.BROWSER)
    with qtbot.waitSignal(dialog.way_requested) as caught:
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert caught.args == [Way.BROWSER]


@pytest.mark.parametrize("way", EVERYWHERE)
def test_every_way_has_a_button_and_one_sentence(
    qtbot: QtBot, dialog: SignInDialog, way: Way
) -> None:
    button = dialog.choice.ways[way]
    assert button.text() == words.way_name(way)
    assert button.accessibleDescription() == words.way_text(way)
    with qtbot.waitSignal(dialog.way_requested) as caught:
        press(qtbot, button)
    assert caught.args == [way]
    dialog.choice.primary.setFocus()
    button.setFocus()
    with qtbot.waitSignal(dialog.way_requested) as caught:
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert caught.args == [way]


@pytest.mark.parametrize(
    ("obstacle", "ways"),
    [
        (Obstacle.NONE, [Way.HERE, *EVERYWHERE]),
        (Obstacle.NOT_INSTALLED, list(EVERYWHERE)),
        (Obstacle.ROOT, [*EVERYWHERE, Way.HERE]),
        (Obstacle.NO_DISPLAY, [*EVERYWHERE, Way.HERE]),
    ],
)
def test_signing_in_here_comes_first_where_it_can(
    qtbot: QtBot, obstacle: Obstacle, ways: list[Way]
) -> None:
    """T-19: barred for root, with the reason."""
    made = SignInDialog(zone=UTC, obstacle=obstacle)
    qtbot.addWidget(made)
    assert list(made.choice.ways) == [*ways, Way.CODEX]
    primaries = [b for b in made.choice.ways.values() if b.property("kind") == "primary"]
    assert primaries == [made.choice.ways[ways[0]]]
    if Way.HERE in ways:
        here = made.choice.ways[Way.HERE]
        assert here.isEnabled() is (obstacle is Obstacle.NONE)
        assert here.accessibleDescription() == (
            obstacle_words(obstacle) or words.way_text(Way.HERE)
        )


# --- each way ------------------------------------------------------------------------------------


def test_while_the_browser_is_waited_for_its_address_can_be_copied(
    qtbot: QtBot, dialog: SignInDialog
) -> None:
    """F-L12"""
    dialog.render(under_way(Way.BROWSER, address=ADDRESS))
    QApplication.processEvents()
    page = dialog.browser
    assert dialog.current_page is page
    assert page.address.text() == ADDRESS
    with qtbot.waitSignal(dialog.copy_requested) as caught:
        press(qtbot, page.copy)
    assert caught.args == [ADDRESS]
    assert page.copy.text() == labels.copied()
    with qtbot.assertNotEmitted(dialog.cancel_requested):
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    with qtbot.waitSignal(dialog.cancel_requested):
        press(qtbot, page.cancel)


def test_a_code_is_shown_large_spelled_and_copied_as_a_secret(
    qtbot: QtBot, dialog: SignInDialog
) -> None:
    """T-42"""
    dialog.render(under_way(Way.DEVICE, Stage.STARTING, ends_at=None))
    assert dialog.waiting.title.text() == words.asking_for_code()
    dialog.render(under_way(Way.DEVICE, address=PAGE, user_code="AB-CD"))
    page = dialog.device
    assert dialog.current_page is page
    assert (page.code.text(), page.address.text(), page.picture.text) == ("AB-CD", PAGE, PAGE)
    assert page.code.accessibleName() == "Code: A B - C D"
    assert page.picture.accessibleName() == words.qr_name()
    with (
        qtbot.assertNotEmitted(dialog.copy_requested),
        qtbot.waitSignal(dialog.secret_copy_requested) as caught,
    ):
        press(qtbot, page.copy)
    assert caught.args == ["AB-CD"]


def test_an_address_is_brought_back(qtbot: QtBot, dialog: SignInDialog) -> None:
    """T-06: what is not the answer is told, and may be pasted again."""
    dialog.render(under_way(Way.PASTE, address=ADDRESS))
    QApplication.processEvents()
    page = dialog.paste
    assert dialog.current_page is page
    assert not page.go_on.isEnabled()
    with qtbot.assertNotEmitted(dialog.pasted):
        qtbot.keyClick(page.field, Qt.Key.Key_Return)
    page.field.setText("http://localhost:1455/auth/callback?code=x")
    with qtbot.waitSignal(dialog.pasted) as caught:
        qtbot.keyClick(page.field, Qt.Key.Key_Return)
    assert caught.args == [page.field.text()]
    assert page.hint.isHidden()
    dialog.render(under_way(Way.PASTE, address=ADDRESS, is_refused=True))
    assert page.hint.text() == words.not_that_address()
    assert page.field.text()
    with qtbot.waitSignal(dialog.pasted):
        press(qtbot, page.go_on)
    with qtbot.waitSignal(dialog.copy_requested):
        press(qtbot, page.copy)
    dialog.render(under_way(Way.PASTE, address=ADDRESS + "2"))
    assert page.field.text() == ""


@pytest.mark.parametrize(
    ("stage", "title"),
    [
        (Stage.STARTING, words.opening_window),
        (Stage.WAITING, words.window_opened),
        (Stage.CHECKING, labels.checking_sign_in),
    ],
)
def test_the_window_of_our_own_is_pointed_at(
    dialog: SignInDialog, stage: Stage, title: Callable[[], str]
) -> None:
    dialog.render(under_way(Way.HERE, stage))
    assert dialog.current_page is dialog.waiting
    assert dialog.waiting.title.text() == title()


def test_the_time_left_is_counted_while_somebody_looks(
    dialog: SignInDialog, clock: StillClock
) -> None:
    dialog.render(under_way(Way.BROWSER, address=ADDRESS))
    assert dialog._seconds.isActive()
    clock.now = NOW + timedelta(seconds=241)
    dialog._on_second()
    assert dialog.browser.left.text() == "59 s left"
    dialog.hide()
    dialog._on_second()
    assert not dialog._seconds.isActive()


def test_once_the_answer_came_nothing_is_counted(dialog: SignInDialog) -> None:
    dialog.render(under_way(Way.BROWSER, address=ADDRESS))
    dialog.render(under_way(Way.BROWSER, Stage.CHECKING, ends_at=None))
    assert dialog.waiting.title.text() == labels.checking_sign_in()
    assert dialog.waiting.left.text() == ""
    assert not dialog._seconds.isActive()


# --- another account -----------------------------------------------------------------------------


def test_another_account_is_shown_and_asked_for(qtbot: QtBot, dialog: SignInDialog) -> None:
    """T-16, F-L13: Enter by habit confirms nothing."""
    dialog.render(under_way(Way.BROWSER, Stage.CONFIRMING, account=BO, ends_at=None))
    QApplication.processEvents()
    page = dialog.account
    assert dialog.current_page is page
    shown = [value.whole_text for _name, value in page.rows]
    assert shown == ["bo@example.com", "Business", "…0815"]
    assert "ann@example.com" in page.text.text()
    with (
        qtbot.assertNotEmitted(dialog.account_confirmed),
        qtbot.waitSignal(dialog.cancel_requested),
    ):
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    with qtbot.waitSignal(dialog.account_confirmed):
        press(qtbot, page.use)
    with qtbot.waitSignal(dialog.another_account_requested):
        press(qtbot, page.another)


def test_the_first_account_is_shown_before_it_is_stored(qtbot: QtBot, dialog: SignInDialog) -> None:
    """F-L13: there is nothing to lose, so Enter goes on."""
    state = under_way(Way.BROWSER, Stage.CONFIRMING, account=BO, ends_at=None)
    dialog.render(replace(state, session=replace(state.session, account=None)))
    QApplication.processEvents()
    page = dialog.account
    assert dialog.current_page is page
    assert page.title.text() == words.first_account_title()
    assert next(value.whole_text for _name, value in page.rows) == "bo@example.com"
    with qtbot.waitSignal(dialog.account_confirmed):
        qtbot.keyClick(dialog, Qt.Key.Key_Return)


def test_an_account_that_is_known_is_said_to_be(dialog: SignInDialog) -> None:
    """F-L14"""
    shown = {"account": BO, "ends_at": None, "is_known": True}
    dialog.render(under_way(Way.BROWSER, Stage.CONFIRMING, **shown))
    assert dialog.account.title.text() == words.known_account_title()
    assert "renewed" in dialog.account.text.text()


def test_the_codex_clis_login_is_offered_where_there_is_one(
    qtbot: QtBot, dialog: SignInDialog
) -> None:
    """F-T27: with what it is good for; there is no page to sign in as somebody else."""
    row = dialog.choice.ways[Way.CODEX]
    assert row.isHidden()
    dialog.render(AppState(session=SessionState(SessionStatus.SIGNED_OUT, can_borrow=True)))
    assert not row.isHidden()
    with qtbot.waitSignal(dialog.way_requested) as caught:
        press(qtbot, row)
    assert caught.args == [Way.CODEX]
    dialog.render(under_way(Way.CODEX, Stage.CONFIRMING, account=BO, ends_at=None))
    assert dialog.account.title.text() == words.borrow_title()
    assert dialog.account.another.isHidden()
    borrowed = SessionState(SessionStatus.SIGNED_IN, BO, can_borrow=True, is_borrowed=True)
    dialog.show()
    dialog.render(AppState(session=borrowed))
    assert row.isHidden()


def test_a_sign_in_elsewhere_may_be_ended(qtbot: QtBot, dialog: SignInDialog) -> None:
    """F-L09: Enter by habit ends nothing."""
    dialog.render(under_way(Way.BROWSER, Stage.ELSEWHERE, ends_at=None))
    QApplication.processEvents()
    assert dialog.current_page is dialog.elsewhere
    with (
        qtbot.assertNotEmitted(dialog.replace_requested),
        qtbot.waitSignal(dialog.cancel_requested),
    ):
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    with qtbot.waitSignal(dialog.replace_requested):
        press(qtbot, dialog.elsewhere.end_other)


def test_beside_an_account_one_more_is_signed_in(dialog: SignInDialog) -> None:
    dialog.render(AppState(session=SessionState(SessionStatus.SIGNED_IN, ANN)))
    assert dialog.choice.title.text() == words.one_more_title()
    assert "ann@example.com · Plus · …4711" in dialog.choice.text.text()


def test_an_account_without_a_plan_shows_none(dialog: SignInDialog) -> None:
    nameless = Account("acct-0815")
    dialog.render(under_way(Way.BROWSER, Stage.CONFIRMING, account=nameless, ends_at=None))
    assert [value.isHidden() for _name, value in dialog.account.rows] == [False, True, False]


# --- how it ended --------------------------------------------------------------------------------


def test_a_failure_is_told_in_words_and_may_be_tried_again(
    qtbot: QtBot, dialog: SignInDialog
) -> None:
    dialog.render(under_way(Way.BROWSER, address=ADDRESS))
    fault = Fault(FaultKind.CALLBACK_PORTS_TAKEN)
    dialog.render(AppState(session=SessionState(SessionStatus.SIGNED_OUT, fault=fault)))
    QApplication.processEvents()
    assert dialog.isVisible()
    assert dialog.choice.title.text() != labels.sign_in_title()
    assert dialog.choice.text.text()
    with qtbot.waitSignal(dialog.way_requested):
        press(qtbot, dialog.choice.primary)


def test_success_takes_the_window_away(dialog: SignInDialog) -> None:
    dialog.render(under_way(Way.BROWSER, address=ADDRESS))
    signed_in = AppState(session=SessionState(SessionStatus.SIGNED_IN, ANN))
    dialog.render(signed_in)
    assert not dialog.isVisible()
    dialog.show()
    dialog.render(signed_in)
    assert dialog.isVisible()
    assert "ann@example.com" in dialog.choice.text.text()


def test_closing_the_window_gives_up(qtbot: QtBot, dialog: SignInDialog) -> None:
    """F-L02"""
    dialog.render(under_way(Way.DEVICE, address=PAGE, user_code="AB-CD"))
    with qtbot.waitSignal(dialog.cancel_requested):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_closing_it_while_nothing_waits_cancels_nothing(qtbot: QtBot, dialog: SignInDialog) -> None:
    qtbot.keyClick(dialog, Qt.Key.Key_A)
    with qtbot.assertNotEmitted(dialog.cancel_requested):
        dialog.close()


# --- every page ----------------------------------------------------------------------------------


@pytest.mark.parametrize("state", STATES)
def test_every_page_fits_has_one_primary_button_and_names_its_parts(
    dialog: SignInDialog, state: str
) -> None:
    dialog.render(AppState(session=STATES[state][0]))
    QApplication.processEvents()
    assert dialog.height() >= dialog._box.totalHeightForWidth(dialog.width())
    shown = [b for b in dialog.findChildren(QPushButton) if b.isVisible()]
    assert all(button.text() for button in shown)
    assert sum(button.property("kind") == "primary" for button in shown) <= 1
    assert all(f.accessibleName() for f in dialog.findChildren(QLineEdit) if f.isVisible())


def test_the_picture_is_dark_on_white_with_a_quiet_border(qtbot: QtBot) -> None:
    picture = QrPicture()
    qtbot.addWidget(picture)
    picture.resize(picture.sizeHint())
    blank = picture.grab().toImage()
    picture.show_text(PAGE)
    picture.show_text(PAGE)
    image = picture.grab().toImage()
    assert image != blank
    middle = image.height() // 2
    dark = [x for x in range(image.width()) if image.pixelColor(x, middle) == QColor("black")]
    assert dark
    assert min(dark) >= 4 * 4
    assert max(dark) < image.width() - 4 * 4
