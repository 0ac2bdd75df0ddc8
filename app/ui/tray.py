"""The tray icon's life: made when a host is there (`tray_hosts`), shown as the state says, wishes
as signals."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import datetime, tzinfo

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from app.clocks import wall
from app.local_zone import local_zone
from app.state import AppState
from app.ui import tray_icon
from app.ui.first_icon import FirstIcon
from app.ui.icon_state import IconState, icon_state
from app.ui.markup import unmarked
from app.ui.theme import Theme
from app.ui.tray_hosts import TrayHosts
from app.ui.tray_menu import TrayMenu
from app.wording import tray as words

PATIENCE_MS = 3000
SESSION_PATIENCE_MS = 30_000  # a session that begins starts its panel when it comes to it


class Tray(QObject):
    """One per program; `start()` once, `render()` on every change of the state.

    `first` is the icon that stands already, to be taken over.
    """

    open_requested = Signal()
    refresh_requested = Signal()
    chat_requested = Signal()
    history_requested = Signal()
    settings_requested = Signal()
    sign_in_requested = Signal()
    sign_out_requested = Signal()
    account_chosen = Signal(str)
    quit_requested = Signal()
    toggled = Signal(object)  # QPoint near the icon, or None if it is not known
    host_missing = Signal()  # no tray a few seconds after the start, or for some while
    host_found = Signal()  # the icon is shown
    message_clicked = Signal()  # the balloon

    def __init__(
        self,
        theme: Theme,
        first: FirstIcon | None = None,
        *,
        clock: Callable[[], datetime] = wall,
        zone: tzinfo | None = None,
        patience_ms: int = PATIENCE_MS,
    ) -> None:
        super().__init__(theme)
        self._theme = theme
        self._clock = clock
        self._zone = zone or local_zone(os.environ)
        self._state = AppState()
        self._first = first or FirstIcon(QMenu())
        self._icon: QSystemTrayIcon | None = None
        self._shown: IconState | None = None
        self._is_rendered = False
        self._menu = TrayMenu(
            self._first.menu,
            open_panel=self.open_requested.emit,
            refresh=self.refresh_requested.emit,
            chat=self.chat_requested.emit,
            history=self.history_requested.emit,
            settings=self.settings_requested.emit,
            switch=self.account_chosen.emit,
            sign_in=self.sign_in_requested.emit,
            sign_out=self.sign_out_requested.emit,
            quit_program=self.quit_requested.emit,
        )
        self._hosts = TrayHosts(self, patience_ms)
        self._hosts.came.connect(self._on_host)
        self._hosts.missing.connect(self.host_missing)
        self._hosts.changed_protocol.connect(self._recreate)
        theme.system_changed.connect(self._redraw)
        theme.changed.connect(self._redraw)
        self._menu.widget.aboutToShow.connect(self._on_menu)

    @property
    def has_host(self) -> bool:
        """True if there is an icon in some tray."""
        return self._icon is not None and self._hosts.is_there

    @property
    def kind(self) -> str:
        """How the icon is shown, for a diagnosis."""
        if not self.has_host:
            return "no host"
        return "status notifier" if self._hosts.speaks_dbus else "tray of the system"

    @property
    def is_looking(self) -> bool:
        """True while a timer looks for a host; once an icon stands, nothing wakes up for it."""
        return self._hosts.is_looking

    @property
    def menu(self) -> QMenu:
        """The menu of the icon."""
        return self._menu.widget

    @property
    def is_host_missing(self) -> bool:
        """True once `host_missing` was emitted and no host came since."""
        return self._hosts.is_missing

    def start(self) -> None:
        """Show the icon now, or as soon as a host appears."""
        self._hosts.start()

    def stop(self) -> None:
        """Take the icon away."""
        self._hosts.stop()
        self._remove_icon()

    def render(self, state: AppState) -> None:
        """Show `state`; what looks the same is not sent again.

        An answer that grows changes the state thirty times a second, and nothing that is told
        here: then nothing is even worked out.
        """
        before, self._state = self._state, state
        if self._is_rendered and _told(before) == _told(state):
            return
        self._is_rendered = True
        if self._icon is not None and before.poll != state.poll:
            self._hosts.check()  # with each poll: Qt asks over a connection made for it
        self._redraw()

    def show_message(self, title: str, text: str) -> bool:
        """The tray's own balloon, where nothing better can be had; whether it can be seen.

        Over StatusNotifier Qt hands it to the very notification service that failed before.
        """
        if self._icon is None or self._hosts.speaks_dbus or not self._icon.supportsMessages():
            return False
        self._icon.showMessage(title, text)
        return True

    # --- the host ------------------------------------------------------------------------------

    def check_host(self) -> None:
        """Somebody comes to a window: if the icon's place has gone, that is to be said there."""
        self._hosts.check(at_once=True)

    def note_locked(self, is_locked: bool) -> None:
        """The screen is locked, or no more."""
        self._hosts.note_locked(is_locked)

    def _on_host(self) -> None:
        if self._icon is None:
            self._create()
        self.host_found.emit()

    def _create(self) -> None:
        icon, self._first.icon = self._first.icon or QSystemTrayIcon(), None
        icon.setParent(self)
        icon.setContextMenu(self._menu.widget)
        icon.activated.connect(self._on_activated)
        icon.messageClicked.connect(self.message_clicked)
        self._icon, self._shown = icon, None
        self._redraw()
        icon.show()

    def _recreate(self) -> None:
        """The icon sits in, or fell out of, a host of another kind."""
        self._remove_icon()
        self._create()

    def _remove_icon(self) -> None:
        if self._icon is not None:
            self._icon.hide()
            self._icon.deleteLater()
            self._icon = None

    # --- what it shows -------------------------------------------------------------------------

    def _redraw(self) -> None:
        now = self._clock()
        self._menu.render(self._state)
        if self._icon is None:
            return
        high = self._theme.colours.is_high
        state = icon_state(self._state, now, on_dark=self._is_on_dark(), is_high=high)
        if state != self._shown:
            self._shown = state
            self._icon.setIcon(tray_icon.tray_icon(state))
        text = self._tooltip(now)
        if text != self._icon.toolTip():
            self._icon.setToolTip(text)

    def _is_on_dark(self) -> bool:
        # GNOME's bar is dark under both schemes.
        desktop = os.environ.get("XDG_CURRENT_DESKTOP", "")
        return self._theme.is_system_dark or "GNOME" in desktop.split(":")

    def _tooltip(self, now: datetime) -> str:
        to_words = words.tray_tooltip_short if sys.platform == "win32" else words.tray_tooltip
        return unmarked(to_words(self._state, now, self._zone))

    def _on_menu(self) -> None:
        if not self._hosts.speaks_dbus:  # else the panel draws the menu
            self._theme.dress()

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        # On macOS a click opens the menu as well, so it must not do a second thing.
        if reason is QSystemTrayIcon.ActivationReason.Trigger and sys.platform != "darwin":
            self.toggled.emit(self._place())

    def _place(self) -> QPoint | None:
        # A StatusNotifier host tells no geometry: then the pointer is on the icon.
        geometry = self._icon.geometry() if self._icon is not None else None
        if geometry is not None and not geometry.isEmpty():
            return geometry.center()
        return QCursor.pos()


def _told(state: AppState) -> tuple[object, ...]:
    """What icon, tooltip and menu are made of."""
    return state.session, state.usage, state.poll, state.settings, state.zone, state.has_tray
