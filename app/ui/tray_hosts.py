"""Whether there is a place for the icon: hosts that come late, go, come back, or never come.

An icon made before a StatusNotifier host exists is lost for good, so one has to be there first;
then Qt itself follows restarts of the host (F-D01, F-D02). Where the bus tells of hosts, nothing
wakes up while all is well; of others somebody has to ask now and then.
"""

from __future__ import annotations

import sys
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QSystemTrayIcon

_FIRST_LOOKS = 60  # one per second, then rarely: the bus tells about hosts that come later
_OFTEN_MS = 1000
_RARELY_MS = 30_000
_SETTLES_MS = 500  # a panel claims the watcher's name before it can take an icon
_GONE_MS = 10_000  # a panel that restarts is back by then
_WATCHER = "org.kde.StatusNotifierWatcher"


class TrayHosts(QObject):
    """`patience_ms`: how long after `start` it is said that there is none."""

    came = Signal()  # there is one, for the first time or again
    missing = Signal()  # there has been none for a while
    changed_protocol = Signal()  # a StatusNotifier host came, and the icon speaks to another kind

    def __init__(self, parent: QObject, patience_ms: int, gone_ms: int = _GONE_MS) -> None:
        super().__init__(parent)
        self.speaks_dbus = False
        self.is_missing = False  # and it was said
        self._is_locked = False
        self._patience_ms = patience_ms
        self._looks = 0
        self._looking = QTimer(self)
        self._looking.timeout.connect(self._look)
        self._waiting = QTimer(self, singleShot=True, interval=gone_ms)
        self._waiting.timeout.connect(self._tell_if_missing)
        self._bus_watch: Any = None

    @property
    def is_there(self) -> bool:
        return QSystemTrayIcon.isSystemTrayAvailable()

    @property
    def is_looking(self) -> bool:
        """True while a timer looks for a host."""
        return self._looking.isActive()

    def start(self) -> None:
        self._look()
        if not self.is_there:
            self._looking.start(_OFTEN_MS)
            QTimer.singleShot(self._patience_ms, self._tell_if_missing)
        QTimer.singleShot(0, self._watch_bus)

    def stop(self) -> None:
        self._looking.stop()
        self._waiting.stop()

    def check(self, *, at_once: bool = False) -> None:
        """Is it still there? Said if not, after a while, or `at_once` as somebody waits for it."""
        if self.is_missing or self.is_there:
            return
        if at_once:
            self._tell_if_missing()
        else:
            self._wait()

    def _wait(self) -> None:
        if not (self.is_missing or self.is_looking or self._waiting.isActive()):
            self._waiting.start()

    def note_locked(self, is_locked: bool) -> None:
        """While the screen is locked nobody looks, and some desktops take their tray away."""
        self._is_locked = is_locked
        if not is_locked:
            self.check()

    def _look(self) -> None:
        if self.is_there:
            self._looking.stop()
            self.is_missing = False
            self.came.emit()
            return
        self._looks += 1
        if self._looks == _FIRST_LOOKS:
            self._looking.setInterval(_RARELY_MS)

    def _tell_if_missing(self) -> None:
        if self.is_there or self.is_missing or self._is_locked:
            return
        self.is_missing = True
        if not self.is_looking:
            self._looking.start(_RARELY_MS)
        self.missing.emit()

    # --- the bus -------------------------------------------------------------------------------

    def _watch_bus(self) -> None:
        if not sys.platform.startswith("linux"):
            return
        from PySide6.QtDBus import QDBusConnection, QDBusServiceWatcher  # noqa: PLC0415 - slow

        bus = QDBusConnection.sessionBus()
        if not bus.isConnected():
            return
        self.speaks_dbus = bool(bus.interface().isServiceRegistered(_WATCHER).value())
        self._bus_watch = QDBusServiceWatcher(_WATCHER, bus)
        self._bus_watch.serviceRegistered.connect(self._on_registered)
        self._bus_watch.serviceUnregistered.connect(self._on_unregistered)

    def _on_registered(self, _name: str) -> None:
        QTimer.singleShot(_SETTLES_MS, self._on_settled)

    def _on_unregistered(self, _name: str) -> None:
        # A panel's other kind of tray may go a moment later: is it there, is asked after a while.
        self._wait()

    def _on_settled(self) -> None:
        if not self.is_there:
            return
        if not self.speaks_dbus:
            self.speaks_dbus = True
            self.changed_protocol.emit()
        if self.is_looking:
            self._look()
