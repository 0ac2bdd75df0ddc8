"""Whether the system welcomes motion.

Qt 6.11 tells of contrast only, so on Linux the desktop portal is asked: the common key
`reduced-motion`, and those of GNOME and KDE that older portals pass on. Elsewhere the style of
the platform knows how long animations last.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtDBus import QDBusConnection

    from app.desktop.bus_watch import BusObject

_IS_LINUX = sys.platform.startswith("linux")
_PORTAL = "org.freedesktop.portal.Desktop"
_PATH = "/org/freedesktop/portal/desktop"
_INTERFACE = "org.freedesktop.portal.Settings"
_KEYS = (
    ("org.freedesktop.appearance", "reduced-motion"),  # 1: reduced
    ("org.gnome.desktop.interface", "enable-animations"),
    ("org.kde.kdeglobals.KDE", "AnimationDurationFactor"),  # 0: none
)


class Motion(QObject):
    """Follows the wish of the system from `start()` on; until it is known, motion is welcome."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._refused: set[str] = set()
        self._portal: BusObject | None = None

    def start(self, session: QDBusConnection | None = None) -> None:
        """Ask the portal, if there is one, without waiting for it. None: the session's bus."""
        if self._portal is not None or not _IS_LINUX:
            return
        from PySide6.QtDBus import QDBusConnection  # noqa: PLC0415 - nothing the start needs

        from app.desktop.bus_watch import BusObject  # noqa: PLC0415

        bus = session or QDBusConnection.sessionBus()
        if not bus.isConnected():
            return
        self._portal = BusObject(bus, _PORTAL, _PATH, _INTERFACE, on_there=self._read)
        self._portal.on_signal("SettingChanged", self._on_changed)
        self._portal.start()

    def is_welcome(self, widget: QWidget) -> bool:
        """False if the system asks for none."""
        if self._refused:
            return False
        if _IS_LINUX:
            return True
        from PySide6.QtWidgets import QStyle  # noqa: PLC0415 - its names take 7 ms to make

        hint = QStyle.StyleHint.SH_Widget_Animation_Duration
        return widget.style().styleHint(hint, None, widget) > 0

    def _read(self) -> None:
        for namespace, key in _KEYS:
            if self._portal is not None:
                self._portal.ask("Read", partial(self._note, key), namespace, key)

    def _on_changed(self, arguments: Sequence[object]) -> None:
        namespace, key, value = arguments
        if (namespace, key) in _KEYS:
            self._note(str(key), value)

    def _note(self, key: str, value: object) -> None:
        value = _unwrapped(value)
        if key == "reduced-motion":
            is_refused = value == 1
        elif key == "enable-animations":
            is_refused = value is False
        else:
            is_refused = _is_zero(value)
        (self._refused.add if is_refused else self._refused.discard)(key)


def _unwrapped(value: object) -> object:
    """The portal wraps its answers in one variant more than its signals."""
    from PySide6.QtDBus import QDBusVariant  # noqa: PLC0415

    while isinstance(value, QDBusVariant):
        value = value.variant()
    return value


def _is_zero(value: object) -> bool:
    """KDE passes a number on as text."""
    try:
        return float(str(value)) == 0
    except ValueError:
        return False
