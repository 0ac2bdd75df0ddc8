"""The sign-in window: the ways to choose from, how far the chosen one has come, how it ended."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, tzinfo

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.auth.ways import SignInProgress, Stage, Way
from app.clocks import wall
from app.embedded_window import Obstacle
from app.local_zone import local_zone
from app.state import AppState, SessionState, SessionStatus
from app.ui import icons, theme
from app.ui.account_page import AccountPage, ElsewherePage
from app.ui.labels import plain
from app.ui.sign_in_pages import (
    BrowserPage,
    ChoicePage,
    DevicePage,
    Page,
    PastePage,
    ProgressPage,
)
from app.wording import chat as words
from app.wording import labels
from app.wording import sign_in as sign_in_words
from app.wording.accounts import full_name
from app.wording.faults import describe

WIDTH = 460
_LOWEST = 152
EVERYWHERE = (Way.BROWSER, Way.DEVICE, Way.PASTE)


def ways_of(obstacle: Obstacle) -> tuple[Way, ...]:
    """The rows in their order: "here" first if it works, last if it is barred, else not at all."""
    match obstacle:
        case Obstacle.NONE:
            return (Way.HERE, *EVERYWHERE)
        case Obstacle.NOT_INSTALLED:
            return EVERYWHERE
        case _:
            return (*EVERYWHERE, Way.HERE)


class SignInDialog(QWidget):
    """Signals are wishes of the user; the state comes back through `render`.

    `obstacle`: why one cannot sign in here, in a window of our own.
    """

    way_requested = Signal(object)
    cancel_requested = Signal()
    copy_requested = Signal(str)
    secret_copy_requested = Signal(str)
    pasted = Signal(str)
    account_confirmed = Signal()
    another_account_requested = Signal()
    replace_requested = Signal()

    def __init__(
        self,
        *,
        clock: Callable[[], datetime] = wall,
        zone: tzinfo | None = None,
        obstacle: Obstacle = Obstacle.NOT_INSTALLED,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._zone = zone or local_zone(os.environ)
        self._state = AppState()
        self.setWindowIcon(icons.application_icon())
        self.choice = ChoicePage(ways_of(obstacle), obstacle)
        self.browser = BrowserPage()
        self.device = DevicePage()
        self.paste = PastePage()
        self.waiting = ProgressPage()
        self.account = AccountPage()
        self.elsewhere = ElsewherePage()
        self._pages: tuple[Page, ...] = (
            self.choice,
            self.browser,
            self.device,
            self.paste,
            self.waiting,
            self.account,
            self.elsewhere,
        )
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(theme.PADDING, theme.PADDING, theme.PADDING, theme.PADDING)
        for page in self._pages:
            page.hide()
            self._box.addWidget(page)
        self._current: Page = self.choice
        self._seconds = QTimer(self)
        self._seconds.setInterval(1_000)
        self._seconds.timeout.connect(self._on_second)
        self._connect_pages()
        self.render(self._state)
        self._turn_to(self.choice)

    @property
    def current_page(self) -> Page:
        """The page in front."""
        return self._current

    def render(self, state: AppState) -> None:  # type: ignore[override]
        """Show where the sign-in stands; once signed in, the window goes."""
        before, self._state = self._state.session.status, state
        session = state.session
        self.setWindowTitle(labels.sign_in_title())
        page = self._page_of(session)
        if page is not self._current:
            self._turn_to(page)
        else:
            self._grow()
        self._show_time_left()
        if before is SessionStatus.SIGNING_IN and session.status is SessionStatus.SIGNED_IN:
            self.hide()
        self._run_clock()

    # --- which page, and what it shows ---------------------------------------------------------

    def _page_of(self, session: SessionState) -> Page:
        """The page for `session`, filled in."""
        progress = session.progress
        if session.status is not SessionStatus.SIGNING_IN or progress is None:
            self._show_choice(session)
            return self.choice
        if progress.stage is Stage.CONFIRMING and progress.account:
            is_hidden = self._state.settings.hide_identity
            self.account.show_account(
                progress, progress.account, session.account, is_hidden=is_hidden
            )
            return self.account
        page = self._progress_page(progress)
        page.show_progress(progress)
        return page

    def _progress_page(self, progress: SignInProgress) -> ProgressPage:
        if progress.stage is Stage.ELSEWHERE:
            return self.elsewhere
        if progress.stage is not Stage.WAITING:
            return self.waiting
        match progress.way:
            case Way.BROWSER:
                return self.browser
            case Way.DEVICE:
                return self.device
            case Way.PASTE:
                return self.paste
            case _:
                return self.waiting

    def _show_choice(self, session: SessionState) -> None:
        self.choice.offer_codex_login(session.can_borrow and not session.is_borrowed)
        if session.fault is not None:
            told = describe(session.fault, self._clock(), self._zone, self._state.settings.clock)
            self.choice.show_words(told.title, told.explanation, is_fault=True)
        elif session.status is SessionStatus.SIGNED_IN and session.account is not None:
            name = full_name(session.account)
            self.choice.show_words(
                sign_in_words.one_more_title(), sign_in_words.stays(name), is_fault=False
            )
        else:
            self.choice.show_words(labels.sign_in_title(), labels.signed_out_text(), is_fault=False)

    def _turn_to(self, page: Page) -> None:
        if self._current is self.account:
            self.account.forget()
        self._current.hide()
        self._current = page
        page.show()
        self._fit()
        self._focus()

    def _fit(self) -> None:
        """As high as the page needs to be."""
        self.resize(self._usual_width, max(_LOWEST, self._wanted_height()))

    def _grow(self) -> None:
        """The page says more than before: the window makes room, and takes none away."""
        self.resize(self.width(), max(self.height(), self._wanted_height()))

    def _wanted_height(self) -> int:
        for box in (self._current.box, self._box):  # what changed tells them only later
            box.invalidate()
            box.activate()
        width = self.width() if self.isVisible() else self._usual_width
        return self._box.totalHeightForWidth(max(width, self._box.minimumSize().width()))

    @property
    def _usual_width(self) -> int:
        """More where the words of its buttons are longer."""
        return max(theme.scaled(WIDTH), self._box.minimumSize().width())

    def _focus(self) -> None:
        """To what the person does next. Enter by habit cancels no sign-in and confirms nothing."""
        page = self._current
        if page is self.choice:
            self.choice.primary.setFocus()
        elif page is self.paste:
            self.paste.field.setFocus()
        elif page is self.account:
            (self.account.use if self.account.is_first else self.account.keep).setFocus()
        elif page is self.elsewhere:
            self.elsewhere.cancel.setFocus()
        elif isinstance(page, BrowserPage | DevicePage):
            page.copy.setFocus()
        else:
            self.setFocus()

    def _connect_pages(self) -> None:
        self.choice.way_requested.connect(self.way_requested)
        progress = (self.browser, self.device, self.paste, self.waiting, self.elsewhere)
        for page in (*progress, self.account):
            page.cancel_requested.connect(self.cancel_requested)
        for page in (self.browser, self.paste):
            page.copy_requested.connect(self.copy_requested)
            page.copy.clicked.connect(lambda _checked, p=page: p.copy.setText(_copied()))
        self.device.secret_copy_requested.connect(self.secret_copy_requested)
        self.device.copy.clicked.connect(lambda: self.device.copy.setText(_copied()))
        self.paste.pasted.connect(self.pasted)
        self.account.confirmed.connect(self.account_confirmed)
        self.account.reveal.clicked.connect(self._grow)
        self.account.another_requested.connect(self.another_account_requested)
        self.elsewhere.replace_requested.connect(self.replace_requested)

    # --- time left -----------------------------------------------------------------------------

    def _show_time_left(self) -> None:
        progress, page = self._state.session.progress, self._current
        if isinstance(page, ProgressPage):
            ends_at = progress.ends_at if progress else None
            shown = words.time_left(ends_at - self._clock()) if ends_at else ""
            page.left.show_text(shown)

    def _on_second(self) -> None:
        self._show_time_left()
        self._run_clock()

    def _run_clock(self) -> None:
        progress = self._state.session.progress
        if progress is not None and progress.ends_at is not None and self.isVisible():
            if not self._seconds.isActive():
                self._seconds.start()
        else:
            self._seconds.stop()

    # --- events ------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()
        self._show_time_left()
        self._run_clock()
        self._focus()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing the window is giving up what it waits for."""
        if self._state.session.status is SessionStatus.SIGNING_IN:
            self.cancel_requested.emit()
        super().closeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = self.focusWidget()
            if isinstance(focused, QPushButton):
                focused.click()
        else:
            super().keyPressEvent(event)


def _copied() -> str:
    return plain(labels.copied())
