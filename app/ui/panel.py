"""The small window: account, gauges, other limits, the last fault, and how old it all is.

It renders `panel_content(state, now)`. The countdowns tick once per second while the panel can
be seen, and never otherwise.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from app.clocks import wall
from app.local_zone import local_zone
from app.state import AppState
from app.ui import placement, theme
from app.ui.anchored_window import AnchoredWindow
from app.ui.motion import Motion
from app.ui.panel_content import Action, PanelContent, panel_content
from app.ui.panel_layout import PanelLayout
from app.ui.panel_numbers import PanelNumbers
from app.wording import labels

if TYPE_CHECKING:
    from app.ui.panel_banners import PanelBanners

_HIGHEST = 720  # from there on further limits scroll, however large the screen
_TICK_LATE_MS = 5  # the timer fires just after the second, never just before


class Panel(AnchoredWindow):
    """Signals are wishes of the user; the state comes back through `render`."""

    refresh_requested = Signal()
    chat_requested = Signal()
    settings_requested = Signal()
    sign_in_requested = Signal()
    cancel_sign_in_requested = Signal()
    copy_address_requested = Signal(str)
    unlock_requested = Signal()
    history_requested = Signal()
    shows_chosen = Signal(str)  # "used" or "remaining"
    warning_snoozed = Signal(str)  # the key of a banner
    warning_dismissed = Signal(str)
    banners_seen = Signal()
    watched = Signal(bool)  # it can be seen now, or no more

    def __init__(
        self,
        *,
        clock: Callable[[], datetime] = wall,
        zone: tzinfo | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._zone = zone or local_zone(os.environ)
        self._state = AppState()
        self._content: PanelContent | None = None
        self._asked = False
        self._was_polling = False
        self._tick = QTimer(self)
        self._tick.setSingleShot(True)
        self._tick.setTimerType(Qt.TimerType.PreciseTimer)
        self._tick.timeout.connect(self._on_tick)
        self.setObjectName("panel")
        self.setFixedWidth(theme.scaled(theme.PANEL_WIDTH))
        self._motion = Motion(self)
        self._has_painted = False
        self.parts = PanelLayout(
            self, self._on_action, self._connect_numbers, self._connect_banners
        )
        self._connect()

    @property
    def content(self) -> PanelContent | None:
        """What is shown right now."""
        return self._content

    @property
    def is_ticking(self) -> bool:
        """True while the countdowns move."""
        return self._tick.isActive()

    def render(self, state: AppState) -> None:  # type: ignore[override]
        """Show `state`; hidden, it is only remembered."""
        if self._was_polling and not state.poll.is_polling:
            self._asked = False
        self._was_polling = state.poll.is_polling
        self._state = state
        if self.isVisible():
            self._update()

    # --- content -------------------------------------------------------------------------------

    def _connect(self) -> None:
        parts = self.parts
        parts.header.swap.clicked.connect(self._swap)
        parts.header.refresh.clicked.connect(self._refresh)
        parts.header.settings.clicked.connect(self.settings_requested)
        parts.footer.history.clicked.connect(self.history_requested)
        parts.footer.chat.clicked.connect(self.chat_requested)

    def _connect_numbers(self, numbers: PanelNumbers) -> None:
        numbers.swapped.connect(self._swap)
        numbers.resized.connect(self._fit)

    def _connect_banners(self, banners: PanelBanners) -> None:
        banners.snoozed.connect(self.warning_snoozed)
        banners.dismissed.connect(self.warning_dismissed)

    def _on_action(self, action: str) -> None:
        match Action(action):
            case Action.SIGN_IN:
                self.sign_in_requested.emit()
            case Action.CANCEL_SIGN_IN:
                self.cancel_sign_in_requested.emit()
            case Action.COPY_ADDRESS:
                self.copy_address_requested.emit(self._state.session.sign_in_url)
            case Action.UNLOCK:
                self.unlock_requested.emit()
            case Action.REFRESH:
                self._refresh()
            case Action.SETTINGS:
                self.settings_requested.emit()
            case Action.NONE:
                pass

    def _swap(self) -> None:
        """What is used becomes what is left, and back."""
        is_used = self._state.settings.gauge_shows == "used"
        self.shows_chosen.emit("remaining" if is_used else "used")

    def _refresh(self) -> None:
        self._asked = True
        self.refresh_requested.emit()

    def prepare(self) -> None:
        """Fill in what is to be seen, before it is."""
        self._update()

    def _update(self) -> None:
        asked = self._asked and self._state.poll.is_polling
        content = panel_content(self._state, self._clock(), self._zone, is_refreshing=asked)
        if content == self._content:
            return
        self._content = content
        self.setWindowTitle(labels.panel_title())
        self.setAccessibleName(labels.panel_title())
        self.setAccessibleDescription(content.spoken)
        may_glide = content.has_motion and self._motion.is_welcome(self)
        if self.parts.show_content(content, may_glide=may_glide):
            self._fit()
        if content.banners and self.isVisible():
            self.banners_seen.emit()

    def _on_tick(self) -> None:
        self._update()
        self._wind()

    def _wind(self) -> None:
        """Let the next tick fall on the next full second."""
        left_ms = 1000 - self._clock().microsecond // 1000
        self._tick.start(left_ms + _TICK_LATE_MS)

    def _fit(self) -> None:
        """Take the height the content needs; further limits scroll when the screen ends."""
        room = min(_HIGHEST, self.screen_room.height() - 2 * placement.MARGIN)
        height = self.parts.fit(room)
        if height != self.height():
            self.setFixedHeight(height)
            if self.isVisible():
                self.place()

    def focus_start(self) -> None:
        """The keyboard starts at the one thing to do, if there is one, else at the top."""
        blank = self.parts.blank
        if blank is None or blank.isHidden() or not blank.focus_first():
            self.setFocus()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._has_painted:  # the first opening must not wait for it
            self._has_painted = True
            QTimer.singleShot(0, self._motion.start)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._update()
        self._wind()
        if self._content is not None and self._content.banners:
            self.banners_seen.emit()
        self.watched.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._tick.stop()
        self.watched.emit(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        elif event.matches(QKeySequence.StandardKey.Refresh) or _is_ctrl_r(event):
            if self.parts.header.refresh.isEnabled():
                self._refresh()
        else:
            super().keyPressEvent(event)


def _is_ctrl_r(event: QKeyEvent) -> bool:
    control = Qt.KeyboardModifier.ControlModifier
    return event.key() == Qt.Key.Key_R and event.modifiers() == control
