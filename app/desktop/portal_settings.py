"""What the desktop's portal says of the user's wishes: colours, contrast, motion (Linux).

A portal that is missing says nothing; one that comes later is asked then, and each change is
told. `org.freedesktop.portal.Settings`, in the documentation of xdg-desktop-portal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtDBus import QDBusConnection, QDBusVariant

from app.desktop.bus_watch import BusObject

_PORTAL = "org.freedesktop.portal.Desktop"
_PATH = "/org/freedesktop/portal/desktop"
_INTERFACE = "org.freedesktop.portal.Settings"

Key = tuple[str, str]  # namespace and name
Told = Callable[[object], None]


class PortalSettings:
    """Tells the value of each of `keys` once it is known, and whenever it changes.

    Nothing waits for the portal, and nothing is started for the asking.
    """

    def __init__(self, keys: Mapping[Key, Told], session: QDBusConnection | None = None) -> None:
        self._keys = keys
        self._portal: BusObject | None = None
        bus = session or QDBusConnection.sessionBus()
        if not bus.isConnected():
            return
        self._portal = BusObject(bus, _PORTAL, _PATH, _INTERFACE, on_there=self._read)
        self._portal.on_signal("SettingChanged", "ssv", self._on_changed)
        self._portal.start()

    def _read(self) -> None:
        for key in self._keys:
            if self._portal is not None:
                self._portal.ask("Read", partial(self._tell, key), *key)

    def _on_changed(self, arguments: Sequence[object]) -> None:
        namespace, name, value = arguments
        self._tell((str(namespace), str(name)), value)

    def _tell(self, key: Key, value: object) -> None:
        told = self._keys.get(key)
        if told is not None:
            told(_unwrapped(value))


def _unwrapped(value: object) -> object:
    """The portal wraps its answers in one variant more than its signals."""
    while isinstance(value, QDBusVariant):
        value = value.variant()
    return value
