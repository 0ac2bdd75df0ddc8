"""Which accounts can be chosen: what the safe holds, and whom only this process knows of."""

from __future__ import annotations

from contextlib import suppress

from app.account_clients import ClientSource
from app.auth.account_marks import AccountMarks
from app.auth.accounts import KnownAccount, listed_as, with_account, without_account
from app.auth.safe import Safe, Stock
from app.errors import AppError
from app.keyring_backlog import KeyringBacklog


class AccountList:
    """The accounts in the order in which they were added; a borrowed login is one of them."""

    def __init__(
        self, safe: Safe, marks: AccountMarks, backlog: KeyringBacklog, clients: ClientSource
    ) -> None:
        self._safe = safe
        self._marks = marks
        self._backlog = backlog
        self._clients = clients
        self.accounts: tuple[KnownAccount, ...] = ()

    def put(self, known: KnownAccount) -> None:
        """Add it, or tell of it newly in its old place."""
        self.accounts = with_account(self.accounts, known)

    def drop(self, key: str) -> None:
        """Take the account of that key out."""
        self.accounts = without_account(self.accounts, key)

    def of(self, key: str) -> KnownAccount:
        """The account of that key. Raises NOT_SIGNED_IN if there is none."""
        return listed_as(self.accounts, key)

    async def take_stock(self, wanted: str, front: str, *, unlock: bool = False) -> Stock:
        """What the safe holds, see `Safe.take_stock`. Listed is from now on what stays of it.

        So does what is not there, or not yet: `front`, which is the key of whoever is in front,
        sign-ins that no keyring took, a borrowed login, and who signed in meanwhile.
        """
        before = {known.key for known in self.accounts}
        leaving = await self._backlog.leaving()
        stock = await self._safe.take_stock(wanted, leaving=leaving, unlock=unlock)
        await self._backlog.look(stock.accounts, leaving)
        gone = before - {known.key for known in self.accounts}  # removed meanwhile
        accounts = tuple(one for one in stock.accounts if one.key not in leaving | gone)
        held, only_here = {one.key for one in accounts}, {front, *self._backlog.aside}
        for known in self.accounts:
            is_new = known.key not in before
            if known.key not in held and (is_new or known.is_borrowed or known.key in only_here):
                accounts = with_account(accounts, known)
        self.accounts = accounts
        return stock

    async def look_for_borrowed(self) -> None:
        """The Codex CLI's login among them, if the person once wanted it and it is there."""
        if await self._marks.borrows():
            with suppress(AppError):
                self.put(await self._clients.borrowable())
