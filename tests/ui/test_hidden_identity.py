"""T-41: with "hide who is signed in" on, no window, tooltip, menu or warning tells whose it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC
from gettext import NullTranslations
from unittest.mock import MagicMock

import pytest
from gallery.history_states import history_states
from gallery.states import NOW, WARNING, ZONE
from PySide6.QtGui import QAccessible, QAccessibleInterface, QAction
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from app import catalogues
from app.alerts.alert import Alert, AlertKind
from app.auth.accounts import KnownAccount
from app.auth.tokens import Account
from app.auth.ways import SignInProgress, Stage, Way
from app.chat.conversation import Conversation, Turn, TurnStatus
from app.errors import Fault, FaultKind
from app.intents.shown_warnings import banner_of, notification_of
from app.settings import Settings
from app.state import AppState, PollState, SessionState, SessionStatus, Store
from app.ui.sign_in_dialog import SignInDialog
from app.ui.theme import Theme
from app.ui.tray import Tray
from app.ui.windows import Windows
from app.wording import language

# Each is in some word that only an identity could bring along.
SENTINELS = ("sentinel", "zq9x", "wv7k")
ANN = Account("acc-sentinel-zq9x", "user-sentinel", "ann.sentinel@sentinel.example", "sentinelplan")
BO = replace(ANN, account_id="acc-sentinel-wv7k", email="bo.sentinel@sentinel.example")
KNOWN = (KnownAccount("a" * 16, ANN), KnownAccount("b" * 16, BO))
FAULT = Fault(
    FaultKind.FORBIDDEN,
    "refused for ann.sentinel@sentinel.example",
    "Dear Ann Sentinel, your sentinelplan has ended.",
    plan="sentinelplan",
)
SESSION = SessionState(
    SessionStatus.SIGNED_IN,
    ANN,
    "a" * 16,
    accounts=KNOWN,
    can_borrow=True,
    unsaved=(("a" * 16, FaultKind.KEYRING_FAILED),),
    unremoved=(KnownAccount("c" * 16, replace(ANN, email="cy.sentinel@sentinel.example")),),
)
CONFIRMING = replace(
    SESSION,
    status=SessionStatus.SIGNING_IN,
    progress=SignInProgress(Way.BROWSER, Stage.CONFIRMING, account=BO),
)
HIDING, TELLING = Settings(hide_identity=True), Settings()


def state_of(settings: Settings, session: SessionState = SESSION) -> AppState:
    history = dict(history_states())["day"].history_view
    assert history is not None
    turn = Turn("1", "Why?", status=TurnStatus.FAILED, fault=FAULT)
    state = AppState(
        session=session,
        usage=replace(
            WARNING, plan=ANN.plan, email=ANN.email, account_id=ANN.account_id, user_id=ANN.user_id
        ),
        poll=PollState(fault=FAULT),
        conversation=Conversation("c", (turn,)),
        settings=settings,
        history_view=replace(history, account_key="a" * 16),
        is_demo=False,
    )
    alert = Alert(AlertKind.EXHAUSTED, "a" * 16, "codex/18000")
    return replace(state, banners=(banner_of((alert,), state, NOW, UTC),))


@pytest.fixture(params=["en", "zh_CN"])
def _spoken(request: pytest.FixtureRequest) -> Iterator[None]:
    catalogues.activate(request.param, {})
    yield
    language.use(NullTranslations(), "en")


@pytest.fixture
def tray(look: Theme, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tray]:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: True)
    tray = Tray(look, clock=lambda: NOW, zone=ZONE)
    tray.start()
    yield tray
    tray.stop()


class Everything:
    """Every window there is, opened; and all that can be read off them."""

    def __init__(self, tray: Tray, theme: Theme, state: AppState) -> None:
        self._others = QApplication.topLevelWidgets()
        self._tray = tray
        self.store = Store(state)
        self.windows = Windows(tray, theme, self.store, MagicMock(), lambda: None)
        self.windows.show_panel_window()
        self.windows.show_chat()
        self.windows.show_history()
        self.windows.show_settings()
        self.windows.show_sign_in()
        self.windows.ask_to_remove()
        self.windows.quit_asking()

    def words(self) -> str:
        QApplication.processEvents()
        icon = self._tray._icon
        assert icon is not None
        told = [icon.toolTip(), *(action.text() for action in _actions(self._tray.menu))]
        for window in (w for w in QApplication.topLevelWidgets() if w.isVisible()):
            if window in self._others:
                continue
            for widget in (window, *window.findChildren(QWidget)):
                told += _words_of(widget)
        return "\n".join(told).casefold()


def _actions(menu: QWidget) -> Iterator[QAction]:
    yield from menu.actions()
    for below in menu.findChildren(QWidget):
        yield from below.actions()


def _words_of(widget: QWidget) -> Iterator[str]:
    """All texts of one widget, seen or heard."""
    for name in (
        *("windowTitle", "toolTip", "statusTip", "whatsThis", "accessibleName"),
        *("accessibleDescription", "text", "toPlainText", "placeholderText", "title"),
    ):
        read = getattr(widget, name, None)
        if callable(read):
            yield str(read())
    spoken: QAccessibleInterface | None = QAccessible.queryAccessibleInterface(widget)
    if spoken is not None:
        for kind in (QAccessible.Text.Name, QAccessible.Text.Description, QAccessible.Text.Value):
            yield spoken.text(kind)


def hits(words: str) -> list[str]:
    return [line for line in words.splitlines() if any(word in line for word in SENTINELS)]


@pytest.fixture
def opened(look: Theme, tray: Tray) -> Iterator[Callable[[AppState], Everything]]:
    made: list[Everything] = []

    def make(state: AppState) -> Everything:
        made.append(Everything(tray, look, state))
        return made[-1]

    yield make
    for one in made:
        one.windows.close()


OpenAll = Callable[[AppState], Everything]


@pytest.mark.usefixtures("_spoken")
def test_no_surface_tells_whose_it_is(opened: OpenAll) -> None:
    """Every window, tooltip, menu, title and spoken name, in both languages."""
    everything = opened(state_of(HIDING))

    assert hits(everything.words()) == []
    assert language.tr("Account {n}").format(n=2).casefold() in everything.words()


def test_the_same_surfaces_tell_it_otherwise(opened: OpenAll) -> None:
    """The test above looks where names are."""
    told = hits(opened(state_of(TELLING)).words())

    for word in ("ann.sentinel@", "bo.sentinel@", "sentinelplan", "zq9x", "dear ann sentinel"):
        assert any(word in line for line in told), word


def test_the_switch_takes_effect_at_once_both_ways(opened: OpenAll) -> None:
    everything = opened(state_of(TELLING))

    everything.store.update(settings=HIDING, banners=state_of(HIDING).banners)
    assert hits(everything.words()) == []
    everything.store.update(settings=TELLING)
    assert hits(everything.words())


@pytest.mark.parametrize("status", [SessionStatus.EXPIRED, SessionStatus.SIGNED_OUT])
def test_nor_when_nobody_is_signed_in_any_more(opened: OpenAll, status: SessionStatus) -> None:
    session = replace(SESSION, status=status, fault=FAULT)

    assert hits(opened(state_of(HIDING, session)).words()) == []


def test_who_signs_in_is_told_to_whoever_asks(opened: OpenAll) -> None:
    """T-16 needs an answer to "is it you?"; the answer is one click away."""
    everything = opened(state_of(HIDING, CONFIRMING))
    (dialog,) = (w for w in QApplication.topLevelWidgets() if isinstance(w, SignInDialog))
    page = dialog.account

    assert hits(everything.words()) == []
    page.reveal.click()
    assert any("bo.sentinel@" in line for line in hits(everything.words()))
    assert not any("ann.sentinel@" in line for line in hits(everything.words()))
    assert page.reveal.isHidden()
    everything.store.update(session=SESSION)
    everything.store.update(session=CONFIRMING)
    assert not page.reveal.isHidden()


@pytest.mark.usefixtures("_spoken")
@pytest.mark.parametrize(("settings", "is_told"), [(HIDING, False), (TELLING, True)])
def test_warnings_tell_whose_they_are_only_if_they_may(settings: Settings, is_told: bool) -> None:
    state = state_of(settings)
    alert = Alert(AlertKind.EXHAUSTED, "a" * 16, "codex/18000")
    notification = notification_of((alert,), state, NOW, UTC)
    (banner,) = state.banners

    for words in (notification.title + notification.body, banner.title + banner.text):
        assert bool(hits(words.casefold())) is is_told
