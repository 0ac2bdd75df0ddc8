"""The program's only user of the `keyring` library: a short-lived child process.

It reads one JSON request per line from stdin and answers each with one line on stdout; it ends
with its stdin. Only the keyrings of the operating system are allowed (T-30, T-31): the backend
is named here, `keyring.get_keyring()` with its environment and configuration file is never
asked. Without `unlock` nothing is done that could raise a prompt (F-T17).
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from contextlib import closing
from typing import Any, BinaryIO, Protocol

from app.auth import slots

SERVICE = "Tidegauge"
_WINDOWS_LIMIT = slots.PIECE_LIMIT
_OTHER_LIMIT = 60_000  # one entry: one D-Bus round trip between two generations


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


def main() -> None:
    """Serve the parent's requests until it closes stdin."""
    _forbid_core_dumps()
    open_entries = _prepare()
    serve(sys.stdin.buffer, sys.stdout.buffer, open_entries)
    sys.stdout.flush()
    os._exit(0)  # nothing is left to do, and interpreter teardown costs 20 ms


OpenEntries = Callable[[bool, bool], slots.Entries | None]


def serve(requests: BinaryIO, replies: BinaryIO, open_entries: OpenEntries) -> None:
    """Answer each request line of `requests` with one line on `replies`."""
    for line in requests:
        reply = answer(json.loads(line), open_entries)
        replies.write(json.dumps(reply).encode("ascii") + b"\n")
        replies.flush()


def answer(request: dict[str, Any], open_entries: OpenEntries) -> dict[str, Any]:
    """`{"text": …}` for a request that was done, else `{"refusal": state, "detail": …}`.

    Requests: `{"do": "read" | "write" | "erase", "name", "unlock", "text"}`.
    """
    name, is_write = str(request["name"]), request["do"] == "write"
    try:
        entries = open_entries(bool(request.get("unlock")), is_write)
        if entries is None:
            return {"text": None}
        if is_write:
            limit = _WINDOWS_LIMIT if sys.platform == "win32" else _OTHER_LIMIT
            slots.write(entries, name, str(request["text"]), limit)
        elif request["do"] == "erase":
            slots.erase(entries, name)
        else:
            return {"text": slots.read(entries, name)}
    except UnusableError as refusal:
        return {"refusal": refusal.state, "detail": refusal.detail}
    except slots.DamagedError:
        return {"refusal": "damaged", "detail": ""}
    except slots.LostWriteError:
        return {"refusal": "failed", "detail": "the keyring did not keep what was written"}
    except Exception as error:  # noqa: BLE001 - backends raise their platforms' own exceptions
        state = "locked" if type(error).__name__ == "KeyringLocked" else "failed"
        return {"refusal": state, "detail": type(error).__name__}
    return {"text": None}


def _prepare() -> OpenEntries:
    """Do the imports of the platform's backend now, before the first request arrives."""
    try:
        return _platform_entries()
    except ImportError as error:
        missing = UnusableError("missing", f"no module {error.name}")

    def refuse(_unlock: bool, _create: bool) -> slots.Entries | None:
        raise missing

    return refuse


def _platform_entries() -> OpenEntries:
    if sys.platform == "win32":
        from keyring.backends.Windows import WinVaultKeyring  # noqa: PLC0415

        return lambda _unlock, _create: KeyringEntries(WinVaultKeyring())
    if sys.platform == "darwin":
        from keyring.backends.macOS import Keyring as Keychain  # noqa: PLC0415

        return lambda _unlock, _create: KeyringEntries(Keychain())
    return _secret_service()


def _secret_service() -> OpenEntries:
    import secretstorage  # noqa: PLC0415
    from keyring.backends import SecretService, kwallet  # noqa: PLC0415
    from secretstorage.exceptions import (  # noqa: PLC0415
        ItemNotFoundException,
        SecretServiceNotAvailableException,
    )

    def open_entries(unlock: bool, create: bool) -> slots.Entries | None:
        """None where nothing can be stored: no collection yet, and nothing is to be written."""
        try:
            with closing(secretstorage.dbus_init()) as bus:
                if not secretstorage.check_service_availability(bus):
                    return _kwallet(kwallet.DBusKeyring)
                collection = secretstorage.get_collection_by_alias(bus, "default")
                is_locked = collection.is_locked()
        except (SecretServiceNotAvailableException, OSError):
            raise UnusableError("missing", "no Secret Service on the session bus") from None
        except ItemNotFoundException:
            if not create:
                return None
            is_locked = True  # creating the first collection asks for a password
        if is_locked and not unlock:
            raise UnusableError("locked")
        backend: Backend = SecretService.Keyring()  # type: ignore[no-untyped-call]
        return KeyringEntries(backend)

    return open_entries


def _kwallet(backend: type[Any]) -> slots.Entries:
    """Plasma without its Secret Service interface; needs dbus-python."""
    try:
        is_there = backend.priority > 0
    except (RuntimeError, ImportError):
        is_there = False
    if not is_there:
        raise UnusableError("missing", "no Secret Service and no KWallet")
    return KeyringEntries(backend())


def _forbid_core_dumps() -> None:
    if sys.platform != "win32":
        import resource  # noqa: PLC0415

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
