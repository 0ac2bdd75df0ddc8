"""The accounts in the tray icon's menu: who there is, who is in front, what can be done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from gallery.states import FRESH, signed_in
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu

from app.auth.accounts import KnownAccount, newly_known
from app.auth.tokens import Account
from app.errors import FaultKind
from app.state import AppState, SessionState, SessionStatus
from app.ui.theme import Theme
from app.ui.tray_menu import TrayMenu, menu_content
from app.wording import labels

ANN = newly_known(Account("acct-4711", "user-1", "ann@example.com", "plus"))
AT_WORK = newly_known(Account("acct-0815", "user-1", "ann@example.com", "plus"))
BO = newly_known(Account("acct-0816", "user-2", "bo_b@<i>.example", "pro"))
CODEX = KnownAccount("codex", BO.account, is_borrowed=True)


class Wished:
    """Notes what is chosen."""

    def __init__(self) -> None:
        self.wishes: list[tuple[str, ...]] = []
        self.widget = QMenu()
        self.menu = TrayMenu(
            self.widget,
            open_panel=lambda: self.note("open"),
            refresh=lambda: self.note("refresh"),
            chat=lambda: self.note("chat"),
            history=lambda: self.note("history"),
            settings=lambda: self.note("settings"),
            switch=lambda key: self.note("switch", key),
            sign_in=lambda: self.note("sign_in"),
            sign_out=lambda: self.note("sign_out"),
            quit_program=lambda: self.note("quit"),
        )

    def note(self, *wish: str) -> None:
        self.wishes.append(wish)

    def submenu(self) -> QMenu | None:
        found = [action for action in self.widget.actions() if action.menu() is not None]
        return found[0].menu() if found and found[0].isVisible() else None  # type: ignore[return-value]

    def entries(self) -> list[QAction]:
        menu = self.submenu()
        assert menu is not None
        return [action for action in menu.actions() if not action.isSeparator()]

    def texts(self) -> list[str]:
        return [action.text() for action in self.entries()]


@pytest.fixture
def wished(qapp: QApplication) -> Iterator[Wished]:
    made = Wished()
    yield made
    made.widget.deleteLater()


def state_with(*accounts: KnownAccount, front: KnownAccount | None) -> AppState:
    if front is None:
        session = SessionState(SessionStatus.SIGNED_OUT, accounts=accounts)
    else:
        session = SessionState(
            SessionStatus.SIGNED_IN,
            front.account,
            newly_known(front.account).key,
            accounts=accounts,
            is_borrowed=front.is_borrowed,
        )
    return replace(signed_in(FRESH), session=session)


def test_nobody_has_no_submenu(wished: Wished) -> None:
    wished.menu.render(AppState(session=SessionState(SessionStatus.SIGNED_OUT)))
    assert wished.submenu() is None


def test_one_account_can_be_joined_by_another(wished: Wished) -> None:
    wished.menu.render(state_with(ANN, front=ANN))
    assert wished.texts() == ["ann@example.com · Plus", "Add account…"]
    wished.entries()[-1].trigger()
    assert wished.wishes == [("sign_in",)]


def test_several_are_told_apart_and_the_one_in_front_is_marked(wished: Wished) -> None:
    """T-54: a name from outside is no markup and has no mnemonic."""
    wished.menu.render(state_with(ANN, AT_WORK, BO, CODEX, front=AT_WORK))
    assert wished.texts() == [
        "ann@example.com · Plus · …4711",
        "ann@example.com · Plus · …0815",
        "bo_b@<i>.example · Pro 20x",
        "bo_b@<i>.example · Codex CLI, read only",
        "Add account…",
        "Remove this account…",
    ]
    marked = [action.isChecked() for action in wished.entries() if action.isCheckable()]
    assert marked == [False, True, False, False]
    assert all(action.actionGroup() for action in wished.entries()[:4])


def test_the_mark_moves_with_the_state_and_not_with_the_click(wished: Wished) -> None:
    wished.menu.render(state_with(ANN, BO, front=ANN))
    wished.entries()[1].trigger()
    assert wished.wishes == [("switch", BO.key)]
    assert [action.isChecked() for action in wished.entries()[:2]] == [True, False]
    wished.menu.render(state_with(ANN, BO, front=BO))
    assert [action.isChecked() for action in wished.entries()[:2]] == [False, True]
    wished.entries()[-1].trigger()
    assert wished.wishes[1:] == [("sign_out",)]


def test_a_borrowed_login_is_marked_though_the_same_account_is_there_as_well(
    wished: Wished,
) -> None:
    """F-T27"""
    wished.menu.render(state_with(BO, CODEX, front=CODEX))
    assert [action.isChecked() for action in wished.entries()[:2]] == [False, True]
    wished.menu.render(state_with(BO, CODEX, front=BO))
    assert [action.isChecked() for action in wished.entries()[:2]] == [True, False]


def test_with_nobody_in_front_any_can_be_chosen(wished: Wished) -> None:
    wished.menu.render(state_with(ANN, BO, front=None))
    assert wished.texts()[-1] == "Add account…"
    assert not any(action.isChecked() for action in wished.entries())
    wished.menu.render(AppState(session=SessionState(SessionStatus.SIGNED_OUT)))
    assert wished.submenu() is None


def test_who_is_here_for_this_run_only_is_marked(wished: Wished) -> None:
    """F-T22: in front or not."""
    state = state_with(ANN, BO, front=ANN)
    unsaved = ((BO.key, FaultKind.KEYRING_LOCKED),)
    wished.menu.render(replace(state, session=replace(state.session, unsaved=unsaved)))
    assert wished.texts()[:2] == [
        "ann@example.com · Plus",
        "bo_b@<i>.example · Pro 20x · this run only",
    ]


def test_what_is_left_of_a_removed_account_is_no_account(wished: Wished) -> None:
    """T-43: it cannot be chosen, only removed once more."""
    wished.menu.render(AppState(session=SessionState(SessionStatus.SIGNED_OUT, unremoved=(ANN,))))
    entry, *_ = wished.entries()
    assert entry.text() == "Remove what is left of ann@example.com · Plus"
    assert not entry.isCheckable()
    entry.trigger()
    assert wished.wishes == [("switch", ANN.key)]


def test_an_equal_menu_is_not_sent_again(wished: Wished) -> None:
    state = state_with(ANN, BO, front=ANN)
    wished.menu.render(state)
    before = wished.entries()
    wished.menu.render(replace(state, poll=replace(state.poll, is_polling=True)))
    other = replace(state, settings=replace(state.settings, gauge_shows="remaining"))
    wished.menu.render(other)
    assert menu_content(other) != menu_content(state)
    assert wished.entries() == before


def test_signing_out_is_offered_as_something_that_asks(wished: Wished) -> None:
    wished.menu.render(state_with(ANN, front=ANN))
    assert labels.sign_out_asking() in [action.text() for action in wished.widget.actions()]


@pytest.mark.parametrize("front", [ANN, BO])
def test_a_dot_stands_before_the_account_in_front(
    wished: Wished, look: Theme, front: KnownAccount
) -> None:
    """As in the list of models; where the program draws the menu itself."""
    wished.menu.render(state_with(ANN, BO, front=front))
    menu = wished.submenu()
    assert menu is not None
    picture = menu.grab().toImage()
    calm = look.colours.colour("calm")
    dotted = []
    for entry in wished.entries():
        place = menu.actionGeometry(entry)
        before = range(place.left(), place.left() + 32)
        if any(picture.pixelColor(x, place.center().y()) == calm for x in before):
            dotted.append(entry.text())
    assert dotted == [entry.text() for entry in wished.entries() if entry.isChecked()]
    assert len(dotted) == 1
