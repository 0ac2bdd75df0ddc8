"""The keyrings of the operating system, and which of them this one has.

Only those are allowed (T-30, T-31): the backend is named here, `keyring.get_keyring()` with its
environment and configuration file is never asked. Without `unlock` nothing is done that could
raise a prompt (F-T17). Calls block: it is for `keyring_child` alone.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from app.auth import slots

SERVICE = "Tidegauge"
_GREETING_S = 60.0  # a busy machine's bus may need seconds; who asks has a limit of its own


class UnusableError(Exception):
    """The keyring cannot be used. `state`: "missing", "locked", "failed" or "damaged"."""

    def __init__(self, state: str, detail: str = "") -> None:
        super().__init__(state, detail)
        self.state = state
        self.detail = detail


class Backend(Protocol):
    """The part of keyring's backends that is used."""

    def get_password(self, service: str, username: str) -> str | None: ...

    def set_password(self, service: str, username: str, password: str) -> None: ...

    def delete_password(self, service: str, username: str) -> None: ...


class Entries(slots.Entries, Protocol):
    """What a keyring holds of ours."""

    def drop_all(self) -> None:
        """Remove every entry of ours, where the keyring tells which there are."""


class KeyringEntries:
    """`slots.Entries` on a keyring backend, all under the service name `SERVICE`."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def get(self, name: str) -> str | None:
        return self._backend.get_password(SERVICE, name)

    def put(self, name: str, text: str) -> None:
        self._backend.set_password(SERVICE, name, text)

    def drop(self, name: str) -> None:
        if self.get(name) is not None:
            self._backend.delete_password(SERVICE, name)

    def drop_all(self) -> None:
        """These keyrings do not tell which entries there are: only named ones can go."""


class SecretServiceEntries:
    """`slots.Entries` in a collection, over the one connection and encrypted session it has.

    The library would open both anew with each call, which takes longer than the call (figure 8).
    Attributes and label are the library's, which reads and writes the same entries. Without
    `unlock` an item that is locked by itself is an error, not a prompt.
    """

    def __init__(self, collection: Any, *, unlock: bool) -> None:
        self._collection = collection
        self._unlock = unlock

    def get(self, name: str) -> str | None:
        item = self._item(name)
        return None if item is None else str(item.get_secret(), "utf-8")

    def put(self, name: str, text: str) -> None:
        label = f"Password for '{name}' on '{SERVICE}'"
        attributes = {**_attributes(name), "application": "Python keyring library"}
        self._collection.create_item(label, attributes, text.encode(), replace=True)

    def drop(self, name: str) -> None:
        item = self._item(name)
        if item is not None:
            item.delete()

    def drop_all(self) -> None:
        """In every collection: the default one may have been another once."""
        import secretstorage  # noqa: PLC0415 - not on every system

        for item in secretstorage.search_items(self._collection.connection, {"service": SERVICE}):
            item.delete()

    def _item(self, name: str) -> Any:
        for item in self._collection.search_items(_attributes(name)):
            if self._unlock and item.is_locked():
                item.unlock()
            return item
        return None


def _attributes(name: str) -> dict[str, str]:
    return {"username": name, "service": SERVICE}


@dataclass(frozen=True, slots=True)
class Opened:
    """A keyring that can be used. `entries` is None where nothing is stored yet."""

    keyring: str  # which one answers, so that another one is noticed (F-T19)
    entries: Entries | None
    close: Callable[[], None] = lambda: None  # once the request is answered


class OpenEntries(Protocol):
    """Opens the keyring. `unlock`: the system may ask for its password. `create`: something is
    about to be written, so there has to be a place for it. Raises `UnusableError`."""

    def __call__(self, *, unlock: bool, create: bool) -> Opened: ...


def system_keyring() -> OpenEntries:
    """What opens this system's keyring; its imports are done now, before the first request."""
    try:
        return _platform_entries()
    except ImportError as error:
        missing = UnusableError("missing", f"no module {error.name}")

    def refuse(**_wishes: bool) -> Opened:
        raise missing

    return refuse


def _platform_entries() -> OpenEntries:
    if sys.platform == "win32":
        from keyring.backends.Windows import WinVaultKeyring  # noqa: PLC0415

        return lambda **_wishes: Opened("Windows", KeyringEntries(WinVaultKeyring()))
    if sys.platform == "darwin":
        from keyring.backends.macOS import Keyring as Keychain  # noqa: PLC0415

        return lambda **_wishes: Opened("macOS", KeyringEntries(Keychain()))
    return _secret_service()


def _secret_service() -> OpenEntries:
    import secretstorage  # noqa: PLC0415
    from secretstorage.exceptions import (  # noqa: PLC0415
        ItemNotFoundException,
        SecretServiceNotAvailableException,
    )
    from secretstorage.util import open_session  # noqa: PLC0415

    bus_of_session = _greeting_patiently()

    def open_entries(*, unlock: bool, create: bool) -> Opened:
        """Without entries where no collection exists yet and nothing is to be written."""
        name = ""
        with ExitStack() as end:
            try:
                bus = bus_of_session()
                end.callback(bus.close)
                if not secretstorage.check_service_availability(bus):
                    return _kwallet()
                name = _provider(bus)
                collection = secretstorage.get_collection_by_alias(bus, "default")
                if not collection.is_locked():
                    collection.session = open_session(bus)
                    entries = SecretServiceEntries(collection, unlock=unlock)
                    return Opened(name, entries, end.pop_all().close)
            except (SecretServiceNotAvailableException, OSError):
                raise UnusableError("missing", "no Secret Service on the session bus") from None
            except ItemNotFoundException:
                if not create:
                    return Opened(name, None)
                # creating the first collection asks for a password
        if not unlock:
            raise UnusableError("locked")
        from keyring.backends import SecretService  # noqa: PLC0415 - it knows how to ask

        backend: Backend = SecretService.Keyring()  # type: ignore[no-untyped-call]
        return Opened(name, KeyringEntries(backend))

    return open_entries


def _greeting_patiently() -> Callable[[], Any]:
    """As the library's own `dbus_init`, which takes a bus that is slow to greet for none."""
    from jeepney.io.blocking import open_dbus_connection  # noqa: PLC0415
    from secretstorage.util import add_match_rules  # noqa: PLC0415

    def connect() -> Any:
        try:
            bus = open_dbus_connection(auth_timeout=_GREETING_S)
        except TimeoutError:
            raise UnusableError("failed", "the session bus did not answer in time") from None
        except (KeyError, ValueError) as error:  # no address of a bus, or none that is understood
            raise OSError(str(error)) from error
        add_match_rules(bus)
        return bus

    return connect


def _provider(bus: Any) -> str:
    """The program behind the Secret Service, such as `gnome-keyring-d` or `keepassxc`."""
    from jeepney import DBusAddress, new_method_call  # noqa: PLC0415

    broker = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
    call = new_method_call(broker, "GetConnectionUnixProcessID", "s", ("org.freedesktop.secrets",))
    (pid,) = bus.send_and_get_reply(call).body
    try:
        return Path(f"/proc/{int(pid)}/comm").read_text().strip()
    except (OSError, ValueError):  # an error's words, or a process that cannot be seen
        return "Secret Service"


def _kwallet() -> Opened:
    """Plasma without its Secret Service interface; needs dbus-python."""
    from keyring.backends import kwallet  # noqa: PLC0415

    backend: type[Any] = kwallet.DBusKeyring
    try:
        is_there = backend.priority > 0
    except (RuntimeError, ImportError):
        is_there = False
    if not is_there:
        raise UnusableError("missing", "no Secret Service and no KWallet")
    return Opened("KWallet", KeyringEntries(backend()))
