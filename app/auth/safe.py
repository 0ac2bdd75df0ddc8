"""Every sign-in kept for one service: the list of accounts, and a vault for each of them.

The list and the tokens are entries of their own, so their order is what makes them safe: an
account is listed before its first tokens are stored and until its last ones are gone. Whenever
a process dies in between, the list names too much, never too little (T-43); a name without
tokens is left out when the list is read (F-L19).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    suppress,
)
from pathlib import Path
from typing import Protocol

from app.auth import accounts as listing
from app.auth.accounts import FIRST_ENTRY, KnownAccount
from app.auth.keyring_text import KeyringText
from app.auth.private_names import PrivateNames
from app.auth.tokens import Account, TokenSet, account_key, is_somebody_else
from app.auth.vault import KeyringVault, Vault
from app.errors import AppError, FaultKind, fail
from app.values import dataclass

_LIST = "accounts"
_UNUSABLE = (FaultKind.SESSION_EXPIRED, FaultKind.ACCOUNT_CHANGED)
NOBODY = frozenset[str]()
_PATIENCE_S = 10.0  # writing the list takes a tenth of a second; a prompt may take longer


@dataclass(frozen=True, slots=True)
class Stock:
    """What a safe holds: the accounts, and the tokens of the one that is in front.

    Among the accounts are those that are to be removed; none of them is ever in front.
    """

    accounts: tuple[KnownAccount, ...] = ()
    front: KnownAccount | None = None
    tokens: TokenSet | None = None


class Safe(Protocol):
    """Where the sign-ins of one service are. Calls may raise KEYRING_…, see `Vault`."""

    async def take_stock(
        self, wanted: str, *, leaving: frozenset[str] = NOBODY, unlock: bool = False
    ) -> Stock:
        """Look what is there; in front stands the account whose key is `wanted`, else the first.

        `leaving`: the keys of those that are to be removed. Without tokens, although somebody is
        in front: they are damaged.
        """

    def vault(self, known: KnownAccount) -> Vault:
        """The vault of this account: storing lists it first, deleting takes it out at the end."""

    async def unlocked(self) -> None:
        """Return once the keyring is not locked, whoever unlocks it; no prompt (F-T17)."""

    async def clear(self) -> None:
        """Remove everything of this program, other services' sign-ins and what is no sign-in too.

        Raises KEYRING_… if something may be left; no prompt comes of it.
        """


class Listing(Protocol):
    """The list of a safe, as its vaults change it."""

    async def add(self, known: KnownAccount, *, unlock: bool) -> None: ...

    async def drop(self, key: str, *, unlock: bool) -> None: ...

    def changing(self) -> AbstractAsyncContextManager[object]: ...


class ListedVault:
    """The vault of one account, together with its place in the list."""

    def __init__(self, vault: Vault, known: KnownAccount, listing_: Listing) -> None:
        self._vault = vault
        self._known = known
        self._listing = listing_
        self._is_listed = False

    async def load(self, *, unlock: bool = False) -> TokenSet | None:
        tokens = await self._vault.load(unlock=unlock)
        if tokens is not None:
            _check_owner(self._known, tokens)
            self._is_listed = True
        return tokens

    async def store(self, tokens: TokenSet, *, unlock: bool = False) -> None:
        _check_owner(self._known, tokens)
        known = listing.told_newly(self._known, tokens.account)
        if self._is_listed and known == self._known:
            await self._vault.store(tokens, unlock=unlock)
            return
        async with self._listing.changing():
            await self._listing.add(known, unlock=unlock)
            await self._vault.store(tokens, unlock=unlock)
        self._known, self._is_listed = known, True

    async def delete(self, *, unlock: bool = False) -> None:
        await self._vault.delete(unlock=unlock)
        async with self._listing.changing():
            await self._listing.drop(self._known.key, unlock=unlock)
        self._is_listed = False

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Vault]:
        async with self._vault.opened() as vault:
            other = ListedVault(vault, self._known, self._listing)
            other._is_listed = self._is_listed
            yield other
            self._is_listed = other._is_listed


class KeyringSafe:
    """The sign-ins at `issuer` in the keyring of the operating system.

    Processes that share it share the lock at `lock`, which keeps two of them from writing the
    list at once.
    """

    def __init__(
        self, issuer: str, *, lock: Path | None = None, memory: PrivateNames | None = None
    ) -> None:
        self._issuer = issuer
        self._lock = lock
        self._text = KeyringText(issuer, _LIST, memory=memory)

    async def take_stock(
        self, wanted: str, *, leaving: frozenset[str] = NOBODY, unlock: bool = False
    ) -> Stock:
        """One child process answers it all."""
        async with self._text.opened() as text:
            accounts = await self._read(text, unlock=unlock)
            if not accounts:
                return await self._unlisted(text, wanted, leaving)
            front = front_of(accounts, wanted, leaving)
            others = [one.entry for one in accounts if one is not front]
            held = await text.held(others) if others else frozenset[str]()
            if front is None:
                return Stock(_those(accounts, held))
            try:
                tokens = await self._tokens(text, front.entry)
                if tokens is not None:
                    _check_owner(front, tokens)
            except AppError as error:
                if error.fault.kind not in _UNUSABLE:
                    raise
                return Stock(_those(accounts, held, front), front)
            if tokens is None and (next_one := front_of(_those(accounts, held), "", leaving)):
                held_tokens = await self._tokens(text, next_one.entry)
                return Stock(_those(accounts, held), next_one, held_tokens)
            return Stock(_those(accounts, held, front if tokens else None), front, tokens)

    def vault(self, known: KnownAccount) -> Vault:
        inner = KeyringVault(self._issuer, text=self._text.beside(known.entry))
        return ListedVault(inner, known, self)

    async def unlocked(self) -> None:
        await self._text.unlocked()

    async def clear(self) -> None:
        async with self._text.opened() as text:
            try:
                accounts = await self._read(text, unlock=False)
            except AppError:  # then clearing fails as well, or the list is of no use
                accounts = ()
            await text.clear([_LIST, FIRST_ENTRY, *(one.entry for one in accounts)])

    # --- the list ------------------------------------------------------------------------------

    async def add(self, known: KnownAccount, *, unlock: bool) -> None:
        """Write the list with `known` in it, and without what lost its tokens."""
        async with self._text.opened() as text:
            await self._add(text, known, unlock=unlock)

    async def drop(self, key: str, *, unlock: bool) -> None:
        """Write the list without this account; an empty list is no entry at all.

        Twice, so that the generation before does not name it either (T-43).
        """
        async with self._text.opened() as text:
            accounts = await self._read(text, unlock=unlock)
            left = listing.without_account(accounts, key)
            if left:
                await text.write(listing.to_json(left))
                await text.write(listing.to_json(left))
            else:
                await text.erase()

    @asynccontextmanager
    async def changing(self) -> AsyncIterator[None]:
        """Alone among the processes; a disk that cannot be written to stops nobody (F-D09)."""
        async with AsyncExitStack() as stack:
            if self._lock is not None:
                from app.auth.file_lock import held  # noqa: PLC0415 - only for a changed list

                try:
                    await stack.enter_async_context(held(self._lock, _PATIENCE_S))
                except AppError as error:
                    if error.fault.kind is not FaultKind.CONFIGURATION:
                        raise
            yield

    async def _read(self, text: KeyringText, *, unlock: bool) -> tuple[KnownAccount, ...]:
        """The list; a damaged one is as good as none, each account can sign in again."""
        try:
            stored = await text.read(unlock=unlock)
        except AppError as error:
            if error.fault.kind is not FaultKind.SESSION_EXPIRED:
                raise
            stored = None
        return (listing.from_json(stored) or ()) if stored else ()

    async def _add(self, text: KeyringText, known: KnownAccount, *, unlock: bool) -> None:
        accounts = await self._read(text, unlock=unlock)
        if not accounts and known.entry != FIRST_ENTRY:
            accounts = await self._first(text)
        others = [one.entry for one in accounts if one.key != known.key]
        held = await text.held(others) if others else frozenset[str]()
        kept = [one for one in accounts if one.key == known.key or one.entry in held]
        if (new := listing.with_account(kept, known)) != accounts:
            await text.write(listing.to_json(new))

    async def _unlisted(self, text: KeyringText, wanted: str, leaving: frozenset[str]) -> Stock:
        """Without a list: the account that was in front, or the one sign-in of earlier versions.

        It is listed at once, and stays in the entry it is in: nothing is moved that could be
        lost on the way.
        """
        keyed = wanted if listing.is_key(wanted) else ""
        for entry in (keyed, FIRST_ENTRY):
            try:
                tokens = await self._tokens(text, entry) if entry else None
            except AppError as error:
                if error.fault.kind is not FaultKind.SESSION_EXPIRED:
                    raise
                return Stock(front=KnownAccount(entry, Account(""), entry))
            if tokens is not None:
                key = keyed if entry == keyed else account_key(tokens.account)
                known = KnownAccount(key, tokens.account, entry)
                with suppress(AppError):  # then it is listed when it is stored next
                    async with self.changing():
                        await self._add(text, known, unlock=False)
                if known.key in leaving:
                    return Stock((known,))
                return Stock((known,), known, tokens)
        return Stock()

    async def _first(self, text: KeyringText) -> tuple[KnownAccount, ...]:
        """The sign-in of earlier versions, if it never came to be listed; damaged it goes."""
        try:
            tokens = await self._tokens(text, FIRST_ENTRY)
        except AppError as error:
            if error.fault.kind is not FaultKind.SESSION_EXPIRED:
                raise
            await text.beside(FIRST_ENTRY).erase()
            return ()
        if tokens is None:
            return ()
        return (KnownAccount(account_key(tokens.account), tokens.account, FIRST_ENTRY),)

    async def _tokens(self, text: KeyringText, entry: str) -> TokenSet | None:
        return await KeyringVault(self._issuer, text=text.beside(entry)).load()


def front_of(
    accounts: Sequence[KnownAccount], wanted: str, leaving: frozenset[str]
) -> KnownAccount | None:
    """The account of the wanted key, else the first one that stays."""
    staying = [one for one in accounts if one.key not in leaving]
    return next((one for one in staying if one.key == wanted), staying[0] if staying else None)


def _check_owner(known: KnownAccount, tokens: TokenSet) -> None:
    """An account's entry never holds anybody else's tokens."""
    if is_somebody_else(known.account, tokens.account):
        raise fail(FaultKind.ACCOUNT_CHANGED, "the tokens belong to another account")


def _those(
    accounts: Sequence[KnownAccount], held: frozenset[str], also: KnownAccount | None = None
) -> tuple[KnownAccount, ...]:
    """The accounts whose entries hold anything, in their order."""
    return tuple(one for one in accounts if one is also or one.entry in held)
