"""A real gnome-keyring on a session bus of its own, for tests of the keyring vault.

Nothing on the bus can be activated but what `activate` names, so "no keyring" is a real state.
The daemon is ended by its process id.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from jeepney import DBusAddress, HeaderFields, Message, message_bus, new_method_call
from jeepney.io.blocking import DBusConnection
from support.bus_configuration import bus_configuration
from support.bus_connection import bus_connection
from support.desktop_session import wait_until

PASSWORD = b"pw"
_SECRETS = "org.freedesktop.secrets"
_SERVICE_INTERFACE = "org.freedesktop.Secret.Service"
_LOGIN = "/org/freedesktop/secrets/collection/login"


@dataclass
class SecretService:
    """The running pair of bus and keyring daemon. `keyring` is None while there is none."""

    folder: Path
    address: str
    bus: subprocess.Popen[bytes]
    keyring: subprocess.Popen[bytes] | None = None

    def start_keyring(self, password: bytes | None = PASSWORD) -> None:
        """Start the daemon; a password unlocks (and creates) the login collection."""
        unlock = [] if password is None else ["--unlock"]
        self.keyring = subprocess.Popen(
            ["gnome-keyring-daemon", "--foreground", "--components=secrets", *unlock],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={
                **os.environ,
                "DBUS_SESSION_BUS_ADDRESS": self.address,
                "XDG_DATA_HOME": str(self.folder / "data"),
                "XDG_RUNTIME_DIR": str(self.folder),
            },
        )
        assert self.keyring.stdin is not None
        self.keyring.stdin.write(password or b"")
        self.keyring.stdin.close()
        wait_until(self._is_served, 10, "Secret Service")
        if password is not None:
            wait_until(self._has_login_collection, 10, "login collection")

    def lock(self) -> None:
        """Lock the login collection, as a screen locker or a person would."""
        service = DBusAddress("/org/freedesktop/secrets", _SECRETS, _SERVICE_INTERFACE)
        with self._bus() as bus:
            bus.send_and_get_reply(new_method_call(service, "Lock", "ao", ([_LOGIN],)))

    def unlock(self) -> None:
        """Unlock it without a prompt, as a login manager does."""
        service = DBusAddress("/org/freedesktop/secrets", _SECRETS, _SERVICE_INTERFACE)
        interface = "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface"
        internal = DBusAddress("/org/freedesktop/secrets", _SECRETS, interface)
        with self._bus() as bus:
            opening = new_method_call(service, "OpenSession", "sv", ("plain", ("s", "")))
            channel = bus.send_and_get_reply(opening).body[1]
            secret = (channel, b"", PASSWORD, "text/plain")
            call = new_method_call(
                internal, "UnlockWithMasterPassword", "o(oayays)", (_LOGIN, secret)
            )
            bus.send_and_get_reply(call)

    def make_default_without_password(self) -> None:
        """A new default collection with a blank password, as a login without password makes it."""
        path = "/org/freedesktop/secrets"
        service = DBusAddress(path, _SECRETS, _SERVICE_INTERFACE)
        interface = "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface"
        internal = DBusAddress(path, _SECRETS, interface)
        with self._bus() as bus:
            opening = new_method_call(service, "OpenSession", "sv", ("plain", ("s", "")))
            channel = bus.send_and_get_reply(opening).body[1]
            label = {"org.freedesktop.Secret.Collection.Label": ("s", "open")}
            master = (channel, b"", b"", "text/plain")
            creating = new_method_call(
                internal, "CreateWithMasterPassword", "a{sv}(oayays)", (label, master)
            )
            (made,) = bus.send_and_get_reply(creating).body
            choosing = new_method_call(service, "SetAlias", "so", ("default", made))
            bus.send_and_get_reply(choosing)

    def activate(self, program: str) -> None:
        """The bus starts `program` when somebody asks for the Secret Service."""
        services = self.folder / "services"
        services.mkdir(exist_ok=True)
        entry = f"[D-BUS Service]\nName={_SECRETS}\nExec={program}\n"
        (services / "secrets.service").write_text(entry)
        self.bus.send_signal(signal.SIGHUP)  # read the configuration anew

    def put(self, label: str, text: str, attributes: Mapping[str, str]) -> None:
        """Another item in the login collection, whatever is there already."""
        collection = DBusAddress(_LOGIN, _SECRETS, "org.freedesktop.Secret.Collection")
        service = DBusAddress("/org/freedesktop/secrets", _SECRETS, _SERVICE_INTERFACE)
        item = "org.freedesktop.Secret.Item"
        with self._bus() as bus:
            opening = new_method_call(service, "OpenSession", "sv", ("plain", ("s", "")))
            channel = bus.send_and_get_reply(opening).body[1]
            properties = {
                f"{item}.Label": ("s", label),
                f"{item}.Attributes": ("a{ss}", dict(attributes)),
            }
            secret = (channel, b"", text.encode(), "text/plain")
            call = new_method_call(
                collection, "CreateItem", "a{sv}(oayays)b", (properties, secret, False)
            )
            bus.send_and_get_reply(call)

    @contextmanager
    def prompter(self) -> Iterator[Callable[[], int]]:
        """A desktop whose person never looks: prompts appear and stay; returns their number."""
        name = "org.gnome.keyring.SystemPrompter"
        with self._bus() as bus:
            bus.send_and_get_reply(message_bus.RequestName(name))
            prompts: list[Message] = []

            def count() -> int:
                with suppress(TimeoutError):
                    while True:
                        message = bus.receive(timeout=0.2)
                        if message.header.fields.get(HeaderFields.member) == "BeginPrompting":
                            prompts.append(message)
                return len(prompts)

            yield count

    def freeze(self) -> None:
        """From now on the daemon answers nothing at all."""
        assert self.keyring is not None
        self.keyring.send_signal(signal.SIGSTOP)

    def stop_keyring(self) -> None:
        """Kill the daemon; nothing starts it again."""
        if self.keyring is not None:
            self.end_keyring()
            wait_until(lambda: not self._is_served(), 10, "end of the Secret Service")

    def end_keyring(self) -> None:
        """Kill the daemon, whether the bus knows of it yet or not."""
        if self.keyring is not None:
            self.keyring.kill()
            self.keyring.wait()
            self.keyring = None

    def pids(self) -> set[int]:
        """The processes of the pair."""
        return {self.bus.pid, *([self.keyring.pid] if self.keyring else [])}

    def stored_bytes(self) -> bytes:
        """Everything the daemon has written to its folder."""
        return b"".join(p.read_bytes() for p in self.folder.rglob("*") if p.is_file())

    def accepts(self) -> bool:
        """Whether the bus takes connections; its socket is there a moment earlier."""
        try:
            with self._bus():
                return True
        except OSError:
            return False

    def _is_served(self) -> bool:
        bus_object = DBusAddress(
            "/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus"
        )
        with self._bus() as bus:
            call = new_method_call(bus_object, "NameHasOwner", "s", (_SECRETS,))
            return bool(bus.send_and_get_reply(call).body[0])

    def _has_login_collection(self) -> bool:
        service = DBusAddress("/org/freedesktop/secrets", _SECRETS, _SERVICE_INTERFACE)
        with self._bus() as bus:
            call = new_method_call(service, "ReadAlias", "s", ("default",))
            return bool(bus.send_and_get_reply(call).body[0] == _LOGIN)

    @contextmanager
    def _bus(self) -> Iterator[DBusConnection]:
        connection = bus_connection(self.address)
        try:
            yield connection
        finally:
            connection.close()


@contextmanager
def secret_service(folder: Path) -> Iterator[SecretService]:
    """A bus in `folder` (short path, mode 0700), without keyring until `start_keyring`."""
    configuration = folder / "bus.conf"
    content = bus_configuration(folder / "bus", services=folder / "services")
    configuration.write_text(content)
    bus = subprocess.Popen(
        ["dbus-daemon", f"--config-file={configuration}", "--nofork"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    session = SecretService(folder, f"unix:path={folder}/bus", bus)
    try:
        wait_until(session.accepts, 10, "session bus")
        yield session
    finally:
        session.end_keyring()
        bus.kill()
        bus.wait()
