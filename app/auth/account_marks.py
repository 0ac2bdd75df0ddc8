"""What the processes of one user tell each other about the accounts, and tell the next start.

Which one is in front, whether the Codex CLI's login is among them, and which are to be removed.
Kept in a private file of its own: only keys, which tell nobody who it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from app.auth.accounts import CODEX_KEY
from app.auth.daemon_thread import in_daemon_thread
from app.auth.grace import finish_within_grace
from app.auth.private_names import PrivateNames

T = TypeVar("T")

_YES = "yes"


class AccountMarks:
    """The marks of one service's accounts, in the file at `path`.

    `chosen` is which account stands there in front, as far as this process knows.
    """

    def __init__(self, path: Path, service: str) -> None:
        self._names = PrivateNames(path)
        self._service = service
        self._borrowing = f"{service}/borrows"
        self._leaving = f"{service}/leaving/"
        self.chosen = ""
        self._alone = asyncio.Lock()  # whoever reads sees no choice that is being replaced

    async def front(self) -> str:
        """The key of the account in front; "" if nobody is known to be."""
        return await self._work(lambda: self._names.get(self._service))

    async def is_front_changed(self) -> bool:
        """Whether another process has put another account in front since."""
        chosen = self.chosen
        return await self.front() != chosen and self.chosen == chosen

    async def choose(self, key: str) -> None:
        """Put this account in front; "" for none.

        If it cannot be written, what stands there is no other process's choice either.
        """
        self.chosen = key
        self.chosen = await self._write(lambda: self._choose(key))

    async def borrows(self) -> bool:
        """Whether the person wants the Codex CLI's login among the accounts."""
        return bool(await self._work(lambda: self._names.get(self._borrowing)))

    async def stop_borrowing(self) -> None:
        """The Codex CLI's login is no account of ours any more."""
        await self._write(lambda: self._names.put(self._borrowing, ""))

    async def leaving(self) -> frozenset[str]:
        """The keys of the accounts that are to be removed, and of which entries may be left."""
        return frozenset(await self._work(lambda: self._names.below(self._leaving)))

    async def note_leaving(self, key: str) -> None:
        """The account is to be removed: it comes back no more, whatever happens (T-43)."""
        await self._write(lambda: self._names.put(self._leaving + key, _YES))

    async def note_settled(self, key: str) -> None:
        """Nothing is left to be removed, or the account was signed in anew."""
        await self._write(lambda: self._names.put(self._leaving + key, ""))

    def _choose(self, key: str) -> str:
        if key == CODEX_KEY:
            self._names.put(self._borrowing, _YES)
        self._names.put(self._service, key)
        return self._names.get(self._service)

    async def _work(self, work: Callable[[], T]) -> T:
        async with self._alone:
            return await in_daemon_thread(work, "account-marks")

    async def _write(self, work: Callable[[], T]) -> T:
        """A cancelled caller waits for the file: nothing is written behind the next mark."""
        async with self._alone:
            return await finish_within_grace(in_daemon_thread(work, "account-marks"))
