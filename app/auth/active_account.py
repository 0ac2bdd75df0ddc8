"""Which account was in front last, for the next start and for the other processes.

Kept in a private file of its own: only the key, which tells nobody who it is.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from app.auth.accounts import CODEX_KEY
from app.auth.daemon_thread import in_daemon_thread
from app.auth.grace import finish_within_grace
from app.auth.private_names import PrivateNames

_BORROWS = "borrows"
_THREAD = "active-account"


class ActiveAccount:
    """The choice made for one service, in the file at `path`.

    `chosen` is what stands there as far as this process knows.
    """

    def __init__(self, path: Path, service: str) -> None:
        self._names = PrivateNames(path)
        self._service = service
        self.chosen = ""
        self._alone = asyncio.Lock()  # whoever reads sees no choice that is being replaced

    async def read(self) -> str:
        """The key of the account in front; "" if nobody is known to be."""
        async with self._alone:
            return await in_daemon_thread(lambda: self._names.get(self._service), _THREAD)

    async def choose(self, key: str) -> None:
        """Put this account in front; "" for none.

        A cancelled caller waits for the file: nothing is written behind the next choice. If it
        cannot be written, what stands there is no other process's choice either.
        """
        self.chosen = key
        async with self._alone:
            work = in_daemon_thread(lambda: self._choose(key), _THREAD)
            self.chosen = await finish_within_grace(work)

    async def borrows(self) -> bool:
        """Whether the person wants the Codex CLI's login among the accounts."""
        name = self._borrowing()
        return bool(await in_daemon_thread(lambda: self._names.get(name), _THREAD))

    async def stop_borrowing(self) -> None:
        """The Codex CLI's login is no account of ours any more."""
        name = self._borrowing()
        async with self._alone:
            await in_daemon_thread(lambda: self._names.put(name, ""), _THREAD)

    def _choose(self, key: str) -> str:
        if key == CODEX_KEY:
            self._names.put(self._borrowing(), "yes")
        self._names.put(self._service, key)
        return self._names.get(self._service)

    def _borrowing(self) -> str:
        return f"{self._service}/{_BORROWS}"
