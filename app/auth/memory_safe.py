"""Sign-ins that are kept as long as the process lives: the demo, tests."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext

from app.auth.accounts import KnownAccount, with_account, without_account
from app.auth.safe import NOBODY, ListedVault, Stock, front_of
from app.auth.vault import MemoryVault, Vault


class MemorySafe:
    """A `Safe` whose vaults are made by `make_vault`."""

    def __init__(self, make_vault: Callable[[], Vault] = MemoryVault) -> None:
        self._make_vault = make_vault
        self._accounts: tuple[KnownAccount, ...] = ()
        self._vaults: dict[str, Vault] = {}

    async def take_stock(
        self, wanted: str, *, leaving: frozenset[str] = NOBODY, unlock: bool = False
    ) -> Stock:
        accounts = self._accounts
        front = front_of(accounts, wanted, leaving)
        if front is None:
            return Stock(accounts)
        return Stock(accounts, front, await self._vault_of(front).load(unlock=unlock))

    def vault(self, known: KnownAccount) -> Vault:
        return ListedVault(self._vault_of(known), known, self)

    async def unlocked(self) -> None:
        return

    async def clear(self) -> None:
        self._accounts = ()
        self._vaults.clear()

    async def add(self, known: KnownAccount, *, unlock: bool) -> None:
        self._accounts = with_account(self._accounts, known)

    async def drop(self, key: str, *, unlock: bool) -> None:
        self._accounts = without_account(self._accounts, key)

    def changing(self) -> AbstractAsyncContextManager[object]:
        return nullcontext()

    def _vault_of(self, known: KnownAccount) -> Vault:
        return self._vaults.setdefault(known.entry, self._make_vault())
