"""The accounts, and which of them is in front: restored, switched, followed, removed.

One account is in front at a time, with clients of its own (`account_clients`). Which one it is
stands in a private file, so that other processes and the next start follow.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import urlsplit

from app.account_clients import AccountClients, ClientSource, FrontUsage
from app.auth.accounts import (
    CODEX_KEY,
    KnownAccount,
    history_key,
    known_as,
    listed_as,
    newly_known,
    told_newly,
    with_account,
    without_account,
)
from app.auth.active_account import ActiveAccount
from app.auth.grace import GRACE_S
from app.auth.tokens import Account, TokenSet
from app.errors import AppError, FaultKind, fail
from app.http_client import HttpClient
from app.surroundings import Surroundings


class Accounts:
    """Creating it does no I/O. All methods belong to one event loop."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._safe = surroundings.safe
        service = urlsplit(surroundings.endpoints.auth_url).netloc
        self._active = ActiveAccount(surroundings.paths.state / "account.json", service)
        self._listed: tuple[KnownAccount, ...] = ()
        self.unreadable: KnownAccount | None = None  # its entry is damaged
        self._aside: dict[str, AccountClients] = {}  # not in front, with tokens no keyring took
        self._left: list[AccountClients] = []  # to be closed
        self._ending: list[AccountClients] = []  # to be removed, then closed
        self._wishes = 0  # made by the person so far: to sign in, to switch, to sign out
        self._fulfilled = 0  # the one of them that decided who is in front
        self.clients = ClientSource(surroundings)
        self.front = self.clients.of_nobody()
        self.usage = FrontUsage(lambda: self.front)

    # --- who there is ------------------------------------------------------------------------

    @property
    def known(self) -> tuple[KnownAccount, ...]:
        """All that can be chosen, in the order in which they were added."""
        account = self.front.account
        return tuple(
            told_newly(known, account) if account and known.key == self.front.key else known
            for known in self._listed
        )

    @property
    def key(self) -> str:
        """The key of whoever is in front, "" for nobody: what is kept of them is kept under it."""
        return history_key(self.front.known) if self.front.known else ""

    def knows(self, account: Account) -> bool:
        """Whether it was added already."""
        return known_as(self._listed, account) is not None

    def holds(self, tokens: TokenSet) -> bool:
        """Whether some session here uses these tokens, so that its end is the tokens' end."""
        return any(clients.session.holds(tokens) for clients in self._all())

    # --- bringing one to the front -------------------------------------------------------------

    async def restore(self, *, unlock: bool = False) -> Account | None:
        """Bring the account of the last time to the front; no request is made.

        None if there is none. Raises `AppError` with a KEYRING_… kind, SESSION_EXPIRED if its
        entry is damaged, CODEX_LOGIN_MISSING. Without `unlock` no prompt appears (F-T17).
        """
        wish = self._fulfilled
        wanted = self._active.chosen = await self._active.read()
        if wanted == CODEX_KEY and self.front.account is None:
            with suppress(AppError):  # the others can wait: nothing of them is shown now
                self._list((await self._safe.take_stock(wanted)).accounts)
            self._bring(await self.clients.borrowed(), wish)
            return self.front.account
        stock = await self._safe.take_stock(wanted, unlock=unlock)
        await self._list_borrowed()
        self._list(stock.accounts)
        if self.front.known is not None:  # a sign-in was quicker than the keyring
            self._listed = with_account(self._listed, self.front.known)
        if self.front.account is None and stock.front is not None:
            if stock.tokens is None:
                self.unreadable = stock.front
                raise fail(FaultKind.SESSION_EXPIRED, "the stored sign-in cannot be read")
            clients = self._clients_of(stock.front, self._unused_http())
            clients.session.take_over(stock.tokens)
            self._bring(clients, wish)
        return self.front.account

    async def switch(self, key: str, *, unlock: bool = False) -> None:
        """Bring another account to the front; the one until now stays there if this fails.

        So does whoever a newer wish has brought there meanwhile. Nothing is awaited after it was
        brought there: the caller goes on before anything else does. Raises NOT_SIGNED_IN if its
        tokens are gone, SESSION_EXPIRED or ACCOUNT_CHANGED if they are no good, a KEYRING_… kind,
        or CODEX_LOGIN_MISSING.
        """
        await self._switch(key, self._new_wish(), unlock=unlock)

    async def _switch(self, key: str, wish: int, *, unlock: bool = False) -> None:
        if key == CODEX_KEY:
            clients = await self.clients.borrowed()
        else:
            clients = self._clients_of(listed_as(self._listed, key))
            if await clients.session.restore(unlock=unlock) is None:
                self._listed = without_account(self._listed, key)
                raise fail(FaultKind.NOT_SIGNED_IN, "its sign-in is gone")
        await self._choose_and_bring(clients, wish)

    async def is_changed_elsewhere(self) -> bool:
        """Whether another process has put another account in front since."""
        return await self._active.read() != self._active.chosen

    async def follow(self) -> None:
        """Bring the other process's choice to the front, and list anew; raises like `restore`."""
        wish, chosen = self._fulfilled, self._active.chosen
        wanted = await self._active.read()
        stock = await self._safe.take_stock(wanted)
        if self._active.chosen != chosen:
            return  # somebody was chosen here meanwhile: the newest wish counts
        self._active.chosen = wanted
        await self._list_borrowed()
        self._list(stock.accounts)
        if wanted == CODEX_KEY:
            self._bring(await self.clients.borrowed(), wish)
        elif stock.front is None or stock.tokens is None:
            if self.front.session.is_saved and wish == self._fulfilled:
                self.leave()  # its entries are gone already
                self._left.append(self._ending.pop())
        elif stock.front.key != self.front.key or self._is_renewed(stock.tokens):
            clients = self._clients_of(stock.front, self._unused_http())
            clients.session.take_over(stock.tokens)
            self._bring(clients, wish)

    def _is_renewed(self, tokens: TokenSet) -> bool:
        """Whether somebody signed in anew elsewhere, after the tokens here were refused."""
        return self.front.session.refusal is not None and not tokens.refusal

    async def wait_for_unlock(self) -> None:
        """Return once the keyring is not locked; see `Vault.unlocked`."""
        await self._safe.unlocked()

    async def adopt(self, tokens: TokenSet) -> None:
        """Store a sign-in's tokens under their account's own key, and bring it to the front."""
        wish = self._new_wish()
        known = known_as(self._listed, tokens.account) or newly_known(tokens.account)
        if self.front.key == known.key:
            self._fulfilled = wish
            await self.choose(known.key)
            await self.front.session.adopt(tokens)
            return
        clients = self._clients_of(known)
        if self.knows(tokens.account):  # its session is ended once the new one is safe
            with suppress(AppError):
                await clients.session.restore()
        try:
            await clients.session.adopt(tokens)
            if wish > self._fulfilled:  # there is something to be found under it from now on
                await self.choose(known.key)
        finally:
            if clients.session.account is not None:
                self._listed = with_account(self._listed, known)
                self._bring(clients, wish)
        await self._tell_newest(clients)

    async def borrow(self, clients: AccountClients) -> None:
        """Bring a login to the front that was just lent."""
        await self._choose_and_bring(clients, self._new_wish())

    async def choose(self, key: str) -> None:
        """Tell the next start, and the other processes, that this account is in front."""
        await self._active.choose(key)

    def _new_wish(self) -> int:
        """The number of a person's wish: whatever takes how long, the newest one counts."""
        self._wishes += 1
        return self._wishes

    async def _choose_and_bring(self, clients: AccountClients, wish: int) -> None:
        if wish >= self._fulfilled:
            await self.choose(clients.key)
        self._bring(clients, wish)
        await self._tell_newest(clients)

    async def _tell_newest(self, clients: AccountClients) -> None:
        """A newer wish was quicker than these clients: it is to be the last one told, too."""
        if self.front is not clients:
            await self.choose(self.front.key)

    def _bring(self, clients: AccountClients, wish: int) -> None:
        """Put these clients in front, unless a newer wish than `wish` was quicker."""
        if wish < self._fulfilled:
            self._put_away(clients)
            return
        self._fulfilled = wish
        before, self.front = self.front, clients
        if clients.known is not None:
            self._aside.pop(clients.key, None)
            self._listed = with_account(self._listed, clients.known)
        self._put_away(before)

    def _put_away(self, clients: AccountClients) -> None:
        """They are not in front: they are kept if their tokens are not, else to be closed."""
        if clients.http is self.front.http:
            return
        if clients.session.is_saved:
            self._left.append(clients)
        else:
            self._aside[clients.key] = clients

    # --- taking one away -----------------------------------------------------------------------

    def leave(self) -> AccountClients:
        """Nobody is in front from now on; the clients until now are to be ended with `end`."""
        self._fulfilled = self._new_wish()
        left, self.front = self.front, self.clients.of_nobody()
        self._listed = without_account(self._listed, left.key)
        self._ending.append(left)
        return left

    async def take_away(self, key: str, *, unlock: bool = False) -> AccountClients:
        """Take an account that is not in front off the list; its clients are for `end`."""
        known = self.unreadable if self.unreadable and self.unreadable.key == key else None
        known = known or listed_as(self._listed, key)
        clients = self._aside.pop(key, None) or self.clients.of(known)
        self._listed = without_account(self._listed, key)
        self._ending.append(clients)
        if not known.is_borrowed:
            with suppress(AppError):  # a damaged entry is removed all the same
                await clients.session.restore(unlock=unlock)
        return clients

    async def bring_next(self, others: Sequence[KnownAccount]) -> bool:
        """After the account in front is gone: the first of the others.

        False if there is none, or if the person was quicker. Raises KEYRING_LOCKED.
        """
        wish, locked = self._fulfilled, None
        for known in others:
            try:
                await self._switch(known.key, wish)
            except AppError as error:
                locked = error if error.fault.kind is FaultKind.KEYRING_LOCKED else locked
            else:
                return wish == self._fulfilled
        if wish < self._fulfilled:
            return False
        await self.choose("")
        if locked is not None:
            raise locked
        return False

    async def end(self, left: AccountClients) -> bool:
        """Remove the account's entries, then tell the service; true if it confirmed (F-T28).

        Raises KEYRING_… if that failed: it is told all the same, and listed to be removed again.
        """
        try:
            if left.known is not None and left.known.is_borrowed:
                await self._active.stop_borrowing()
                return True
            return await left.session.sign_out()
        except AppError:
            if left.known is not None:
                self._listed = with_account(self._listed, left.known)
            raise
        finally:
            await left.session.end_replaced()
            await left.close()
            self._ending.remove(left)

    async def remove(self, key: str, *, unlock: bool = False) -> bool:
        """Remove an account for good; the next one comes to the front if this one was there.

        True if the service confirmed. Raises KEYRING_….
        """
        if key != self.front.key:
            return await self.end(await self.take_away(key, unlock=unlock))
        left = self.leave()
        with suppress(AppError):
            await self.bring_next(self._listed)
        return await self.end(left)

    async def end_replaced(self) -> None:
        """End at the service what sign-ins replaced, and close what is no longer in use."""
        for clients in tuple(self._aside.values()):  # the keyring may be open by now
            if await clients.session.save() and clients.key in self._aside:
                self._left.append(self._aside.pop(clients.key))
        await self.front.session.end_replaced()
        while self._left:
            clients = self._left[-1]
            await clients.session.end_replaced()
            await clients.close()
            self._left.remove(clients)  # not before: an end in between closes it as well

    async def close(self) -> None:
        """End every connection, and first what was to be removed and was not yet begun (T-43)."""
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE_S):
                for left in tuple(self._ending):
                    with suppress(AppError):
                        await self.end(left)
        for clients in self._all():
            await clients.close()

    # --- the list ------------------------------------------------------------------------------

    async def _list_borrowed(self) -> None:
        """The Codex CLI's login among them, if the person once wanted it and it is there."""
        if await self._active.borrows():
            with suppress(AppError):
                self._listed = with_account(self._listed, await self.clients.borrowable())

    def _clients_of(self, known: KnownAccount, unused: HttpClient | None = None) -> AccountClients:
        return self._aside.get(known.key) or self.clients.of(known, unused)

    def _all(self) -> tuple[AccountClients, ...]:
        return (self.front, *self._left, *self._ending, *self._aside.values())

    def _unused_http(self) -> HttpClient | None:
        """Nobody's connections, while nobody is in front: no account has used them."""
        return self.front.http if self.front.known is None else None

    def _list(self, accounts: tuple[KnownAccount, ...]) -> None:
        """What the keyring lists, with the accounts that exist only here."""
        for known in self._listed:
            is_unsaved = known.key == self.front.key and not self.front.session.is_saved
            is_listed = any(one.key == known.key for one in accounts)
            if not is_listed and (known.is_borrowed or known.key in self._aside or is_unsaved):
                accounts = with_account(accounts, known)
        self._listed = accounts
