"""A private message bus and stand-ins for the services of a Linux system on it.

    with private_bus(folder) as address, FakeService(address, NETWORK) as network:
        network.tell("State", 20)

Each stand-in has the names, paths, types and signals of the real service, as far as the program
uses them (logind, NetworkManager, UPower, power-profiles-daemon, a screen locker).
"""

from __future__ import annotations

import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    message_bus,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.io.blocking import DBusConnection
from support.bus_configuration import bus_configuration
from support.bus_connection import bus_connection
from support.desktop_session import bus_answers, end, has_owner, wait_until

_PROPERTIES = "org.freedesktop.DBus.Properties"
SESSION_PATH = "/org/freedesktop/login1/session/_33"


@dataclass(frozen=True)
class Kind:
    """What a service is: its name, its main object, its properties as (type, first value)."""

    name: str
    path: str
    interface: str
    properties: Mapping[str, tuple[str, Any]] = field(default_factory=dict)
    methods: Mapping[str, tuple[str, tuple[Any, ...]]] = field(default_factory=dict)


NETWORK = Kind(
    "org.freedesktop.NetworkManager",
    "/org/freedesktop/NetworkManager",
    "org.freedesktop.NetworkManager",
    {"State": ("u", 70)},
)
BATTERY = Kind(
    "org.freedesktop.UPower",
    "/org/freedesktop/UPower",
    "org.freedesktop.UPower",
    {"OnBattery": ("b", False)},
)
PROFILES = Kind(
    "net.hadess.PowerProfiles",
    "/net/hadess/PowerProfiles",
    "net.hadess.PowerProfiles",
    {"ActiveProfile": ("s", "balanced")},
)
NEW_PROFILES = Kind(
    "org.freedesktop.UPower.PowerProfiles",
    "/org/freedesktop/UPower/PowerProfiles",
    "org.freedesktop.UPower.PowerProfiles",
    {"ActiveProfile": ("s", "balanced")},
)
LOGIN = Kind(
    "org.freedesktop.login1",
    "/org/freedesktop/login1",
    "org.freedesktop.login1.Manager",
    {"LockedHint": ("b", False)},  # of the one session
    {"GetSession": ("o", (SESSION_PATH,))},
)
LOCKER = Kind(
    "org.freedesktop.ScreenSaver",
    "/org/freedesktop/ScreenSaver",
    "org.freedesktop.ScreenSaver",
)
LOGIN_SESSION = "org.freedesktop.login1.Session"


def settings_portal(signature: str, value: object) -> Kind:
    """The desktop's portal for settings: each has one value, in a variant too many as the real."""
    answer = ("v", (("v", (signature, value)),))
    name, interface = "org.freedesktop.portal.Desktop", "org.freedesktop.portal.Settings"
    return Kind(name, "/org/freedesktop/portal/desktop", interface, methods={"Read": answer})


class FakeService:
    """A service that is on the bus within the `with` block; it can be started once more."""

    def __init__(self, bus_address: str, kind: Kind) -> None:
        self.kind = kind
        self.values = {name: value for name, (_type, value) in kind.properties.items()}
        self.reads = 0
        self.is_hung = False  # gets calls and never answers
        self._address = bus_address
        self._connection: DBusConnection | None = None
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> FakeService:
        self._connection = bus_connection(self._address)
        self._connection.send_and_get_reply(message_bus.RequestName(self.kind.name))
        self._thread = threading.Thread(target=self._serve, args=(self._connection,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        connection, thread = self._connection, self._thread
        assert connection is not None
        assert thread is not None
        connection.sock.shutdown(2)  # wakes the thread, tells the bus
        thread.join(5)
        connection.close()
        wait_until(lambda: not has_owner(self._address, self.kind.name), 20, "name given up")

    def tell(self, name: str, value: object) -> None:
        """Change a property and say so, as its service does."""
        self.values[name] = value
        path, interface = self._place_of(name)
        changed = {name: (self.kind.properties[name][0], value)}
        self._send(
            new_signal(
                DBusAddress(path, interface=_PROPERTIES),
                "PropertiesChanged",
                "sa{sv}as",
                (interface, changed, []),
            )
        )

    def emit(
        self, member: str, signature: str = "", *body: object, interface: str = "", path: str = ""
    ) -> None:
        """Send a signal; by default from the main object."""
        place = DBusAddress(path or self.kind.path, interface=interface or self.kind.interface)
        self._send(new_signal(place, member, signature or None, body))

    def _place_of(self, name: str) -> tuple[str, str]:
        if name == "LockedHint":
            return SESSION_PATH, LOGIN_SESSION
        return self.kind.path, self.kind.interface

    def _send(self, message: Message) -> None:
        assert self._connection is not None
        with self._lock:
            self._connection.send(message)

    def _serve(self, connection: DBusConnection) -> None:
        while True:
            try:
                message = connection.receive()
                if message.header.message_type is MessageType.method_call and not self.is_hung:
                    self._send(self._answer(message))
            except (OSError, EOFError):  # it leaves the bus, be it in the middle of an answer
                return

    def _answer(self, message: Message) -> Message:
        fields = message.header.fields
        member = fields[HeaderFields.member]
        if fields.get(HeaderFields.interface) == _PROPERTIES and member == "Get":
            interface, name = message.body
            if name in self.values and interface == self._place_of(name)[1]:
                self.reads += 1
                kind = self.kind.properties[name][0]
                return new_method_return(message, "v", ((kind, self.values[name]),))
        elif member in self.kind.methods:
            return new_method_return(message, *self.kind.methods[member])
        return new_error(message, "org.freedesktop.DBus.Error.UnknownMethod")


@contextmanager
def private_bus(folder: Path, *, is_hung: bool = False) -> Iterator[str]:
    """The address of a bus of its own, as long as the block lasts.

    One that `is_hung` takes connections and then says nothing.
    """
    socket, configuration = folder / "system-bus", folder / "system-bus.conf"
    configuration.write_text(bus_configuration(socket, kind="system"))
    with (folder / "system-bus.log").open("ab") as log:
        process = subprocess.Popen(
            ["dbus-daemon", f"--config-file={configuration}", "--nofork"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        wait_until(lambda: bus_answers(f"unix:path={socket}"), 10, "the private bus")
        if is_hung:
            process.send_signal(signal.SIGSTOP)
        yield f"unix:path={socket}"
    finally:
        process.send_signal(signal.SIGCONT)
        end(process)
        socket.unlink(missing_ok=True)
