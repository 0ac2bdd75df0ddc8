"""The ways to sign in, each a row; this window shows which one is on its way and how it ended.

Further ways (in a window of its own, on another device, by pasting the address) are further
rows of `_WAYS` and a page each.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QFont, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedLayout, QVBoxLayout, QWidget

from app.auth.sign_in import DEADLINE_S
from app.local_zone import local_zone
from app.state import AppState, SessionState, SessionStatus
from app.ui import icons, theme
from app.ui.labels import TextLabel, plain, push_button
from app.wording import chat as words
from app.wording import labels, limits
from app.wording.faults import describe


def _utc_now() -> datetime:
    return datetime.now(UTC)


class ChoicePage(QWidget):
    """What can be done: one row per way, the usual one first; above them, what went wrong."""

    browser_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.title = TextLabel(pixels=theme.PERCENT_PX, weight=QFont.Weight.DemiBold, wrap=True)
        self.text = TextLabel(colour="secondary", wrap=True)
        self.browser = push_button("", primary=True)
        self.browser.setDefault(True)
        self.browser_text = TextLabel(colour="faint", pixels=theme.CAPTION_PX, wrap=True)
        self.browser.clicked.connect(self.browser_requested)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.GAP)
        box.addWidget(self.title)
        box.addWidget(self.text)
        box.addStretch(1)
        for widget in (self.browser, self.browser_text):
            box.addWidget(widget)

    def show_words(self, title: str, text: str, *, is_fault: bool) -> None:
        """Show why one should sign in, or why it did not work."""
        self.title.show_text(title, "over" if is_fault else "ink")
        self.text.show_text(text)
        self.browser.setText(plain(labels.use_my_browser()))
        self.browser_text.show_text(labels.use_my_browser_text())


class WaitingPage(QWidget):
    """A browser sign-in is on its way: its address, to be copied, and the time left."""

    cancel_requested = Signal()
    copy_requested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.title = TextLabel(pixels=theme.PERCENT_PX, weight=QFont.Weight.DemiBold, wrap=True)
        self.text = TextLabel(colour="secondary", wrap=True)
        self.address = QLineEdit()
        self.address.setReadOnly(True)
        self.address.setFont(theme.text_font())
        self.copy = push_button("")
        self.copy.clicked.connect(lambda: self.copy_requested.emit(self.address.text()))
        self.left = TextLabel(colour="faint", pixels=theme.CAPTION_PX, tabular=True)
        self.cancel = push_button("")
        self.cancel.clicked.connect(self.cancel_requested)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(self.address, 1)
        row.addWidget(self.copy)
        foot = QHBoxLayout()
        foot.addWidget(self.left, 1)
        foot.addWidget(self.cancel)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.GAP)
        box.addWidget(self.title)
        box.addWidget(self.text)
        box.addLayout(row)
        box.addStretch(1)
        box.addLayout(foot)

    def show_address(self, address: str) -> None:
        """Show `address`; empty while there is none to wait for."""
        self.title.show_text(labels.waiting_for_browser() if address else labels.checking_sign_in())
        self.text.show_text(labels.browser_address_text() if address else "")
        self.address.setAccessibleName(labels.sign_in_address_name())
        if self.address.text() != address:
            self.address.setText(address)
            self.address.setCursorPosition(0)
        for widget in (self.address, self.copy, self.left):
            widget.setVisible(bool(address))
        self.copy.setText(plain(labels.copy()))
        self.cancel.setText(plain(labels.cancel()))


class SignInDialog(QWidget):
    """Signals are wishes of the user; the state comes back through `render`."""

    browser_requested = Signal()
    cancel_requested = Signal()
    copy_requested = Signal(str)

    def __init__(
        self,
        *,
        clock: Callable[[], datetime] = _utc_now,
        zone: tzinfo | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._zone = zone or local_zone(os.environ)
        self._state = AppState()
        self._waits_since: datetime | None = None
        self.setWindowIcon(icons.application_icon())
        self.setMinimumSize(QSize(400, 210))
        self.resize(QSize(420, 220))
        self.choice = ChoicePage()
        self.waiting = WaitingPage()
        self.choice.browser_requested.connect(self.browser_requested)
        self.waiting.cancel_requested.connect(self.cancel_requested)
        self.waiting.copy_requested.connect(self._copy)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 20, 20, 20)
        self._pages = QStackedLayout()
        box.addLayout(self._pages)
        self._pages.addWidget(self.choice)
        self._pages.addWidget(self.waiting)
        self._seconds = QTimer(self)
        self._seconds.setInterval(1_000)
        self._seconds.timeout.connect(self._on_second)
        self.render(self._state)

    def render(self, state: AppState) -> None:  # type: ignore[override]
        """Show where the sign-in stands; once signed in, the window goes."""
        before, self._state = self._state.session.status, state
        session = state.session
        self.setWindowTitle(labels.sign_in_title())
        self._note_waiting(session)
        if session.status is SessionStatus.SIGNING_IN:
            self.waiting.show_address(session.sign_in_url)
            self._show_time_left()
            self._pages.setCurrentWidget(self.waiting)
        else:
            self._show_choice(session)
            self._pages.setCurrentWidget(self.choice)
        if before is SessionStatus.SIGNING_IN and session.status is SessionStatus.SIGNED_IN:
            self.hide()
        self._run_clock()

    def _note_waiting(self, session: SessionState) -> None:
        waits = session.status is SessionStatus.SIGNING_IN and bool(session.sign_in_url)
        if not waits:
            self._waits_since = None
        elif self._waits_since is None:
            self._waits_since = self._clock()

    def _show_choice(self, session: SessionState) -> None:
        if session.fault is not None:
            told = describe(session.fault, self._clock(), self._zone, self._state.settings.clock)
            self.choice.show_words(told.title, told.explanation, is_fault=True)
        elif session.status is SessionStatus.SIGNED_IN and session.account is not None:
            name = limits.account_name(session.account)
            self.choice.show_words(labels.signed_in(), name, is_fault=False)
        else:
            self.choice.show_words(labels.sign_in_title(), labels.signed_out_text(), is_fault=False)

    def _show_time_left(self) -> None:
        if self._waits_since is not None:
            passed = self._clock() - self._waits_since
            self.waiting.left.show_text(words.time_left(timedelta(seconds=DEADLINE_S) - passed))

    def _on_second(self) -> None:
        self._show_time_left()
        self._run_clock()

    def _run_clock(self) -> None:
        if self._waits_since is not None and self.isVisible():
            if not self._seconds.isActive():
                self._seconds.start()
        else:
            self._seconds.stop()

    def _copy(self, address: str) -> None:
        self.copy_requested.emit(address)
        self.waiting.copy.setText(plain(labels.copied()))

    # --- events ------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_time_left()
        self._run_clock()
        if self._pages.currentWidget() is self.choice:
            self.choice.browser.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing the window is giving up what it waits for."""
        if self._state.session.status is SessionStatus.SIGNING_IN:
            self.cancel_requested.emit()
        super().closeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            button = self.choice.browser
            if self._pages.currentWidget() is self.choice and button.isEnabled():
                button.click()
        else:
            super().keyPressEvent(event)
