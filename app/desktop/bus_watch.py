"""Objects on a message bus, watched without ever waiting for them (QtDBus).

A bus, a service or an object that is not there tells nothing; one that comes later, or comes
back, is noticed by the owner of its name. Nothing is started for the asking, and no timer runs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import SLOT, QObject, Slot
from PySide6.QtDBus import (
    QDBusConnection,
    QDBusMessage,
    QDBusPendingCall,
    QDBusPendingCallWatcher,
    QDBusServiceWatcher,
    QDBusVariant,
)

_PROPERTIES = "org.freedesktop.DBus.Properties"
_PATIENCE_MS = 10_000


class BusObject(QObject):
    """One interface of one object, as long as its service has an owner.

    `on_there` is called once the service is there and each time it comes back, `on_gone` when it
    has left.
    """

    def __init__(
        self,
        bus: QDBusConnection,
        service: str,
        path: str,
        interface: str,
        *,
        on_there: Callable[[], None] = lambda: None,
        on_gone: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__()
        self._bus = bus
        self._service, self._path, self._interface = service, path, interface
        self._on_there = on_there
        self._on_gone = on_gone
        self._signals: dict[str, tuple[str, Callable[[Sequence[object]], None]]] = {}
        self._properties: dict[str, Callable[[object], None]] = {}
        self._pending: set[QDBusPendingCallWatcher] = set()
        self._watcher = QDBusServiceWatcher(service, bus)
        self._watcher.serviceOwnerChanged.connect(self._on_owner)

    def start(self) -> None:
        """Read what is there now, if anything is."""
        for name in self._properties:
            self.read(name)
        self._on_there()

    def on_signal(
        self, member: str, signature: str, told: Callable[[Sequence[object]], None]
    ) -> None:
        """`told(arguments)` at each signal `member`; one of other types than these is not ours."""
        self._signals[member] = (signature, told)
        self._hear(self._interface, member)

    def on_property(self, name: str, told: Callable[[object], None]) -> None:
        """`told(value)` when the service is there, and at each change."""
        if not self._properties:
            self._hear(_PROPERTIES, "PropertiesChanged")
        self._properties[name] = told

    def read(self, name: str) -> None:
        """Ask for a property; whoever follows it is told."""
        self._ask(_PROPERTIES, "Get", [self._interface, name], self._properties[name])

    def ask(self, member: str, told: Callable[[object], None], *arguments: str) -> None:
        """Call a method that takes strings; `told(first value)` unless it fails."""
        self._ask(self._interface, member, list(arguments), told)

    def _ask(
        self, interface: str, member: str, arguments: list[str], told: Callable[[object], None]
    ) -> None:
        call = QDBusMessage.createMethodCall(self._service, self._path, interface, member)
        call.setArguments(arguments)
        call.setAutoStartService(False)
        pending = QDBusPendingCallWatcher(self._bus.asyncCall(call, _PATIENCE_MS))
        self._pending.add(pending)

        def finished(call: QDBusPendingCall) -> None:
            self._pending.discard(pending)
            values = [] if call.isError() else call.reply().arguments()
            for value in values[:1]:  # a service that answers with nothing has told nothing
                told(value.variant() if isinstance(value, QDBusVariant) else value)

        pending.finished.connect(finished)

    def _hear(self, interface: str, member: str) -> None:
        slot: Any = SLOT("_heard(QDBusMessage)")  # declared as bytes, which it refuses
        self._bus.connect(self._service, self._path, interface, member, self, slot)

    @Slot("QDBusMessage")
    def _heard(self, message: QDBusMessage) -> None:
        arguments = message.arguments()
        if message.interface() != _PROPERTIES:
            signature, told = self._signals[message.member()]
            if message.signature() == signature:
                told(arguments)
        elif arguments[:1] == [self._interface]:  # what changed may be told by name only: read it
            for name in self._properties:
                self.read(name)

    def _on_owner(self, _name: str, before: str, after: str) -> None:
        if before:
            self._on_gone()
        if after:
            self.start()
