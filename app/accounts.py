"""The accounts, and which of them is in front: restored, switched, followed, removed.

One account is in front at a time (`front_account`), with clients of its own (`account_clients`).
Which one it is stands in a private file, so that other processes and the next start follow.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import urlsplit

from app.account_clients import AccountClients, ClientSource, FrontUsage
from app.account_list import AccountList
from app.auth.account_marks import AccountMarks
from app.auth.accounts import (
    CODEX_KEY,
    KnownAccount,
    history_key,
    known_as,
    listed_as,
    newly_known,
    told_newly,
)
from app.auth.safe import Stock
from app.auth.tokens import Account, TokenSet
from app.errors import AppError, FaultKind, fail
from app.front_account import FrontAccount
from app.http_client import HttpClient
from app.keyring_backlog import KeyringBacklog
from app.surroundings import Surroundings


class Accounts:
    """Creating it does no I/O. All methods belong to one event loop."""

    def __init__(self, surroundings: Surroundings) -> None:
        safe = self._safe = surroundings.safe
        service = urlsplit(surroundings.endpoints.auth_url).netloc
        self._marks = AccountMarks(surroundings.paths.state / "account.json", service)
        self.unreadable: KnownAccount | None = None  # its entry is damaged
        self.clients = ClientSource(surroundings)
        self.backlog = KeyringBacklog(
            self._marks, self.clients.of, lambda: self.front, surroundings.proxy_password
        )
        self._list = AccountList(safe, self._marks, self.backlog, self.clients)
        self._front = FrontAccount(self.clients, self._list, self.backlog)
        self.usage = FrontUsage(lambda: self.front)

    # --- who there is ------------------------------------------------------------------------

    @property
    def front(self) -> AccountClients:
        """The clients of whoever is in front, or of nobody."""
        return self._front.clients

    @property
    def known(self) -> tuple[KnownAccount, ...]:
        """All that can be chosen, in the order in which they were added."""
        account = self.front.account
        return tuple(
            told_newly(known, account) if account and known.key == self.front.key else known
            for known in self._list.accounts
        )

    @property
    def key(self) -> str:
        """The key of whoever is in front, "" for nobody: what is kept of them is kept under it."""
        return history_key(self.front.known) if self.front.known else ""

    def knows(self, account: Account) -> bool:
        """Whether it was added already."""
        return known_as(self._list.accounts, account) is not None

    def holds(self, tokens: TokenSet) -> bool:
        """Whether some session here uses these tokens, so that its end is the tokens' end."""
        return any(clients.session.holds(tokens) for clients in self._all())

    # --- bringing one to the front -------------------------------------------------------------

    async def restore(self, *, unlock: bool = False) -> Account | None:
        """Bring the account of the last time to the front; no request is made.

        None if there is none. Raises `AppError` with a KEYRING_… kind, SESSION_EXPIRED if its
        entry is damaged, CODEX_LOGIN_MISSING. Without `unlock` no prompt appears (F-T17).
        """
        wish = self._front.fulfilled
        wanted = self._marks.chosen = await self._marks.front()
        if wanted == CODEX_KEY and self.front.account is None:
            with suppress(AppError):  # the others can wait: nothing of them is shown now
                await self._take_stock(wanted)
            self._front.bring(await self.clients.borrowed(), wish)
            return self.front.account
        stock = await self._take_stock(wanted, unlock=unlock)
        await self._list.look_for_borrowed()
        if self.front.account is None and stock.front is not None:
            if stock.tokens is None:
                self.unreadable = stock.front
                raise fail(FaultKind.SESSION_EXPIRED, "the stored sign-in cannot be read")
            clients = self._clients_of(stock.front, self._unused_http())
            clients.session.take_over(stock.tokens)
            self._front.bring(clients, wish)
        return self.front.account

    async def switch(self, key: str, *, unlock: bool = False) -> None:
        """Bring another account to the front; the one until now stays there if this fails.

        So does whoever a newer wish has brought there meanwhile. Nothing is awaited after it was
        brought there: the caller goes on before anything else does. Raises NOT_SIGNED_IN if its
        tokens are gone, SESSION_EXPIRED or ACCOUNT_CHANGED if they are no good, a KEYRING_… kind,
        or CODEX_LOGIN_MISSING.
        """
        await self._switch(key, self._front.new_wish(), unlock=unlock)

    async def _switch(self, key: str, wish: int, *, unlock: bool = False) -> None:
        if key == CODEX_KEY:
            clients = await self.clients.borrowed()
        else:
            clients = self._clients_of(self._list.of(key))
            if clients.session.is_saved and await clients.session.restore(unlock=unlock) is None:
                self._list.drop(key)
                raise fail(FaultKind.NOT_SIGNED_IN, "its sign-in is gone")
            self._list.of(key)  # it may have been removed meanwhile
        await self._choose_and_bring(clients, wish)

    async def is_changed_elsewhere(self) -> bool:
        """Whether another process has put another account in front since."""
        return await self._marks.is_front_changed()

    async def follow(self) -> None:
        """Bring the other process's choice to the front, and list anew; raises like `restore`."""
        wish, chosen = self._front.fulfilled, self._marks.chosen
        wanted = await self._marks.front()
        stock = await self._take_stock(wanted)
        if self._marks.chosen != chosen:
            return  # somebody was chosen here meanwhile: the newest wish counts
        self._marks.chosen = wanted
        await self._list.look_for_borrowed()
        if wanted == CODEX_KEY:
            self._front.bring(await self.clients.borrowed(), wish)
        elif stock.front is None or stock.tokens is None:
            if self.front.session.is_saved and wish == self._front.fulfilled:
                self._front.let_go([self._front.leave()])  # its entries are gone already
        elif stock.front.key != self.front.key or self._is_renewed(stock.tokens):
            clients = self._clients_of(stock.front, self._unused_http())
            clients.session.take_over(stock.tokens)
            self._front.bring(clients, wish)

    def _is_renewed(self, tokens: TokenSet) -> bool:
        """Whether somebody signed in anew elsewhere, after the tokens here were refused."""
        return self.front.session.refusal is not None and not tokens.refusal

    async def wait_for_unlock(self) -> None:
        """Return once the keyring is not locked; see `Safe.unlocked`."""
        await self._safe.unlocked()

    async def adopt(self, tokens: TokenSet) -> None:
        """Store a sign-in's tokens under their account's own key, and bring it to the front."""
        wish = self._front.new_wish()
        before = known_as((*self._list.accounts, *self.backlog.unremoved), tokens.account)
        known = before or newly_known(tokens.account)
        await self.backlog.note_signed_in(known.key)
        if self.front.key == known.key:
            self._front.fulfilled = wish
            await self.choose(known.key)
            await self.front.session.adopt(tokens)
            return
        clients = self._clients_of(known)
        if self.knows(tokens.account):  # its session is ended once the new one is safe
            with suppress(AppError):
                await clients.session.restore()
        try:
            await clients.session.adopt(tokens)
            if wish > self._front.fulfilled:  # there is something to be found under it from now on
                await self.choose(known.key)
        finally:
            if clients.session.account is not None:
                self._list.put(known)
                self._front.bring(clients, wish)
        await self._tell_newest(clients)

    async def borrow(self, clients: AccountClients) -> None:
        """Bring a login to the front that was just lent."""
        await self._choose_and_bring(clients, self._front.new_wish())

    async def choose(self, key: str) -> None:
        """Tell the next start, and the other processes, that this account is in front."""
        await self._marks.choose(key)

    async def _choose_and_bring(self, clients: AccountClients, wish: int) -> None:
        if wish >= self._front.fulfilled:
            await self.choose(clients.key)
        self._front.bring(clients, wish)
        await self._tell_newest(clients)

    async def _tell_newest(self, clients: AccountClients) -> None:
        """A newer wish was quicker than these clients: it is to be the last one told, too."""
        if self.front is not clients:
            await self.choose(self.front.key)

    # --- taking one away -----------------------------------------------------------------------

    def leave(self) -> AccountClients:
        """Nobody is in front from now on; the clients until now are for `backlog.end`."""
        left = self._front.leave()
        self.backlog.ending.append(left)
        return left

    def take_away(self, key: str) -> AccountClients:
        """Take an account that is not in front off the list; its clients are for `backlog.end`.

        Raises NOT_SIGNED_IN if there is none of that key.
        """
        known = self.unreadable if self.unreadable and self.unreadable.key == key else None
        known = known or listed_as((*self._list.accounts, *self.backlog.unremoved), key)
        self._list.drop(key)
        self.backlog.forget(key)
        left = self.backlog.aside.pop(key, None) or self.clients.of(known)
        self.backlog.ending.append(left)
        return left

    async def bring_next(self, others: Sequence[KnownAccount]) -> bool:
        """After the account in front is gone: the first of the others.

        False if there is none, or if the person was quicker. Raises KEYRING_LOCKED.
        """
        wish, locked = self._front.fulfilled, None
        for known in others:
            try:
                await self._switch(known.key, wish)
            except AppError as error:
                locked = error if error.fault.kind is FaultKind.KEYRING_LOCKED else locked
            else:
                return wish == self._front.fulfilled
        if wish < self._front.fulfilled:
            return False
        await self.choose("")
        if locked is not None:
            raise locked
        return False

    async def remove(self, key: str, *, unlock: bool = False) -> bool:
        """Remove an account for good; the next one comes to the front if this one was there.

        True if the service confirmed. Raises NOT_SIGNED_IN, SIGN_OUT_UNFINISHED.
        """
        if key != self.front.key:
            return await self.backlog.end(self.take_away(key), unlock=unlock)
        left = self.leave()
        with suppress(AppError):
            await self.bring_next(self._list.accounts)
        return await self.backlog.end(left, unlock=unlock)

    # --- what is left to do --------------------------------------------------------------------

    async def offer_again(self) -> None:
        """What the keyring would not do is offered to it again; no prompt comes of it."""
        await self.clients.settle_password()
        self._front.let_go(await self.backlog.store())
        await self.backlog.remove_again()

    async def end_replaced(self) -> None:
        """End at the service what sign-ins replaced, and close what is no longer in use."""
        await self._front.end_replaced()

    async def close(self) -> None:
        """End every connection, and first what was to be removed and was not yet begun (T-43)."""
        await self.backlog.finish()
        for clients in self._all():
            await clients.close()

    # --- clients -------------------------------------------------------------------------------

    async def _take_stock(self, wanted: str, *, unlock: bool = False) -> Stock:
        return await self._list.take_stock(wanted, self.front.key, unlock=unlock)

    def _clients_of(self, known: KnownAccount, unused: HttpClient | None = None) -> AccountClients:
        return self.backlog.aside.get(known.key) or self.clients.of(known, unused)

    def _all(self) -> tuple[AccountClients, ...]:
        backlog = self.backlog
        return (self.front, *self._front.left, *backlog.ending, *backlog.aside.values())

    def _unused_http(self) -> HttpClient | None:
        """Nobody's connections, while nobody is in front: no account has used them."""
        return self.front.http if self.front.known is None else None
