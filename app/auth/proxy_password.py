"""The password of the proxy in the settings: in the keyring, and never in a file.

The settings keep the proxy's address with the user's name at most. There is one entry, and it
names the address it was typed for, so that a password never goes to another proxy.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

from app.auth.keyring_text import KeyringText
from app.auth.private_names import PrivateNames
from app.errors import AppError, FaultKind, fail
from app.logs import remember_secret
from app.proxies import read_proxy, with_password
from app.values import dataclass

_PLACE = "tidegauge://network"  # beside the services' names: no host is called so
_ENTRY = "proxy"


def keyring_entry(memory: PrivateNames | None = None) -> KeyringText:
    """Where it is kept; `memory` as in `KeyringText`."""
    return KeyringText(_PLACE, _ENTRY, memory=memory)


@dataclass(frozen=True, slots=True)
class _Known:
    proxy: str  # its address without the password
    password: str
    is_stored: bool

    def __repr__(self) -> str:
        return "…"


class ProxyPassword:
    """Implements `http_client.ProxyPasswords`. Without an `entry` it is kept in memory only."""

    def __init__(self, entry: KeyringText | None = None) -> None:
        self._entry = entry
        self._known: _Known | None = None
        self._turn = asyncio.Lock()
        self.trouble: FaultKind | None = None  # why the keyring would not do what it should
        self.is_from_file = False  # somebody wrote it into the settings file
        self.on_settled: Callable[[], None] = lambda: None  # or tried in vain

    @property
    def is_held(self) -> bool:
        """Whether there is one."""
        return self._known is not None and bool(self._known.password)

    @property
    def is_settled(self) -> bool:
        """Whether the keyring has nothing to do for it."""
        return self.trouble is None and (self._known is None or self._known.is_stored)

    @property
    def is_kept(self) -> bool:
        """Whether there is one, and the keyring holds it."""
        known = self._known
        return self._entry is not None and self.is_held and known is not None and known.is_stored

    def hold(self, proxy: str, password: str, *, is_from_file: bool = False) -> None:
        """It was typed with this address; it holds from now on, `settle` stores it."""
        remember_secret(password)
        self._known = _Known(proxy, password, is_stored=False)
        self.is_from_file = is_from_file

    async def complete(self, proxy: str) -> str:
        """See `http_client.ProxyPasswords`; where none is kept, the password is empty."""
        if "@" not in proxy or not read_proxy(proxy).lacks_password:
            return proxy
        async with self._turn:
            known = self._known
            if known is None or known.proxy != proxy:
                stored = await self._stored()
                password = stored.password if stored and stored.proxy == proxy else ""
                known = _Known(proxy, password, is_stored=True)
                if self._known is None or self._known.is_stored:
                    self._known = known
        return with_password(proxy, known.password)

    def note_refused(self) -> None:
        """Another process may have stored another one since."""
        if self._known is not None and self._known.is_stored:
            self._known = None

    async def settle(self, proxy: str, *, unlock: bool = False) -> None:
        """Store what was typed for `proxy`; remove what was stored for any other.

        Raises `AppError` with a KEYRING_… kind; what was typed then holds as long as the process.
        """
        async with self._turn:
            self.trouble = None
            try:
                await self._settle(proxy, unlock=unlock)
            except AppError as error:
                self.trouble = error.fault.kind
                raise
            finally:
                self.on_settled()

    async def forget(self, *, unlock: bool = False) -> None:
        """Remove it, from memory as well. Raises as `settle` does."""
        self._known = None
        await self.settle("", unlock=unlock)

    async def _settle(self, proxy: str, *, unlock: bool) -> None:
        known = self._known
        if known is not None and known.proxy != proxy:
            known = self._known = None
        if self._entry is None:
            pass
        elif known is not None and known.password:
            if not known.is_stored:
                told = {"proxy": known.proxy, "password": known.password}
                await self._entry.write(json.dumps(told), unlock=unlock)
                await self._entry.write(json.dumps(told))  # over the generation before, too
        else:
            stored = await self._read(unlock=unlock)
            if stored is not None and (known is not None or stored.proxy != proxy):
                await self._entry.erase(unlock=unlock)
        if known is not None and self._known is known:
            self._known = _Known(known.proxy, known.password, is_stored=True)

    async def _stored(self) -> _Known | None:
        try:
            return await self._read()
        except AppError as error:
            raise fail(FaultKind.PROXY_PASSWORD, str(error.fault.kind)) from None

    async def _read(self, *, unlock: bool = False) -> _Known | None:
        """What the keyring holds; damaged it belongs to no proxy."""
        try:
            text = await self._entry.read(unlock=unlock) if self._entry else None
            told = json.loads(text) if text is not None else None
        except AppError as error:
            if error.fault.kind is not FaultKind.SESSION_EXPIRED:
                raise
            told = {}
        except ValueError:
            told = {}
        match told:
            case None:
                return None
            case {"proxy": str(proxy), "password": str(password)}:
                remember_secret(password)
                return _Known(proxy, password, is_stored=True)
            case _:
                return _Known("", "", is_stored=True)
