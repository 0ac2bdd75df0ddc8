"""The program's only user of the `keyring` library: a short-lived child process.

It reads one JSON request per line from stdin and answers each with one line on stdout; it ends
with its stdin. Only the keyrings of the operating system are allowed (T-30, T-31): the backend
is named here, `keyring.get_keyring()` with its environment and configuration file is never
asked. Without `unlock` nothing is done that could raise a prompt (F-T17).
"""

from __future__ import annotations

import json
import os
import select
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from app.auth import slots

SERVICE = "Tidegauge"
_WINDOWS_LIMIT = slots.PIECE_LIMIT
_OTHER_LIMIT = 60_000  # one entry: one D-Bus round trip between two generations
_NOT_REACHED = "InitError"  # the library's word for a Secret Service that answers with an error
_LOCKED = ("KeyringLocked", "LockedException")  # the library's words, and those of its own one
_PAUSES_S = (0.2, 0.6)
_LOOK_EVERY_S = 1.0  # an unlock elsewhere is noticed within two seconds (F-T17)


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


def main() -> None:
    """Serve the parent's requests until it closes stdin."""
    _forbid_core_dumps()
    open_entries = _prepare()
    serve(sys.stdin.buffer, sys.stdout.buffer, open_entries)
    sys.stdout.flush()
    os._exit(0)  # nothing is left to do, and interpreter teardown costs 20 ms


@dataclass(frozen=True, slots=True)
class Opened:
    """A keyring that can be used. `entries` is None where nothing is stored yet."""

    keyring: str  # which one answers, so that another one is noticed (F-T19)
    entries: Entries | None
    close: Callable[[], None] = lambda: None  # once the request is answered


OpenEntries = Callable[[bool, bool], Opened]  # unlock, create


def serve(requests: BinaryIO, replies: BinaryIO, open_entries: OpenEntries) -> None:
    """Answer each request line of `requests` with one line on `replies`."""
    for line in requests:
        reply = answer(json.loads(line), open_entries)
        replies.write(json.dumps(reply).encode("ascii") + b"\n")
        replies.flush()


def answer(
    request: dict[str, Any],
    open_entries: OpenEntries,
    wait: Callable[[], bool] | None = None,
) -> dict[str, Any]:
    """`{"text", "keyring"}` for a request that was done, else `{"refusal", "detail"}`.

    Requests: `{"do": "read" | "write" | "erase", "name", "unlock", "text"}`;
    `{"do": "look", "names"}`, answered by `{"held"}`, those names that hold anything;
    `{"do": "clear", "names"}`, which removes those and all of ours that the keyring tells of; and
    `{"do": "wait"}`, which is answered once the keyring is no longer locked.

    A service that is not reached for a moment, as a busy or restarting one, is asked again; not
    where a person may have been asked and has said no (F-T18, F-T19).
    """
    for pause_s in () if request.get("unlock") else _PAUSES_S:
        reply = _answer_once(request, open_entries, wait)
        if reply.get("detail") != _NOT_REACHED:
            return reply
        time.sleep(pause_s)
    return _answer_once(request, open_entries, wait)


def _answer_once(
    request: dict[str, Any], open_entries: OpenEntries, wait: Callable[[], bool] | None
) -> dict[str, Any]:
    try:
        if request["do"] == "wait":
            found = _unlocked(open_entries, wait or _wait_for_parent)
            return {"text": None, "keyring": found.keyring if found else ""}
        opened = open_entries(bool(request.get("unlock")), request["do"] == "write")
        with ExitStack() as end:
            end.callback(opened.close)
            if request["do"] == "look":
                return {"held": _held(request, opened.entries), "keyring": opened.keyring}
            return {"text": _done(request, opened.entries), "keyring": opened.keyring}
    except UnusableError as refusal:
        return {"refusal": refusal.state, "detail": refusal.detail}
    except slots.DamagedError:
        return {"refusal": "damaged", "detail": ""}
    except slots.LostWriteError:
        return {"refusal": "failed", "detail": "the keyring did not keep what was written"}
    except Exception as error:  # noqa: BLE001 - backends raise their platforms' own exceptions
        state = "locked" if type(error).__name__ in _LOCKED else "failed"
        return {"refusal": state, "detail": type(error).__name__}


def _done(request: dict[str, Any], entries: Entries | None) -> str | None:
    """What a read finds; None for the rest."""
    name = str(request["name"])
    if entries is None:
        return None
    if request["do"] == "write":
        limit = _WINDOWS_LIMIT if sys.platform == "win32" else _OTHER_LIMIT
        slots.write(entries, name, str(request["text"]), limit)
    elif request["do"] == "erase":
        slots.erase(entries, name)
    elif request["do"] == "clear":
        for one in request["names"]:
            slots.erase(entries, str(one))
        entries.drop_all()
    else:
        return slots.read(entries, name)
    return None


def _held(request: dict[str, Any], entries: slots.Entries | None) -> list[str]:
    names = [str(name) for name in request["names"]]
    return [name for name in names if entries is not None and slots.is_held(entries, name)]


def _unlocked(open_entries: OpenEntries, wait: Callable[[], bool]) -> Opened | None:
    """Look again and again, without a prompt; None if the parent wants no more of it."""
    while True:
        try:
            return open_entries(False, False)
        except UnusableError as refusal:
            if refusal.state != "locked":
                raise
        if not wait():
            return None


def _wait_for_parent() -> bool:
    """Pause; false if the parent closed stdin, or is gone."""
    readable, _, _ = select.select([sys.stdin], [], [], _LOOK_EVERY_S)
    return not readable


def _prepare() -> OpenEntries:
    """Do the imports of the platform's backend now, before the first request arrives."""
    try:
        return _platform_entries()
    except ImportError as error:
        missing = UnusableError("missing", f"no module {error.name}")

    def refuse(_unlock: bool, _create: bool) -> Opened:
        raise missing

    return refuse


def _platform_entries() -> OpenEntries:
    if sys.platform == "win32":
        from keyring.backends.Windows import WinVaultKeyring  # noqa: PLC0415

        return lambda _unlock, _create: Opened("Windows", KeyringEntries(WinVaultKeyring()))
    if sys.platform == "darwin":
        from keyring.backends.macOS import Keyring as Keychain  # noqa: PLC0415

        return lambda _unlock, _create: Opened("macOS", KeyringEntries(Keychain()))
    return _secret_service()


def _secret_service() -> OpenEntries:
    import secretstorage  # noqa: PLC0415
    from secretstorage.exceptions import (  # noqa: PLC0415
        ItemNotFoundException,
        SecretServiceNotAvailableException,
    )
    from secretstorage.util import open_session  # noqa: PLC0415

    def open_entries(unlock: bool, create: bool) -> Opened:
        """Without entries where no collection exists yet and nothing is to be written."""
        name = ""
        with ExitStack() as end:
            try:
                bus = secretstorage.dbus_init()
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


def _forbid_core_dumps() -> None:
    if sys.platform != "win32":
        import resource  # noqa: PLC0415

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
