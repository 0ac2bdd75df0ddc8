"""What the keyring has yet to do: sign-ins it did not take, entries it did not give up, and what
became of the proxy's password.

All are offered to it again. Until then an account whose tokens are in memory only is as good as
any other (F-T22), and one whose entries are left is not: its tokens are ended, so it is marked,
for the next start as well, and never comes back as one that could be used (T-43).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress

from app.account_clients import AccountClients
from app.auth.account_marks import AccountMarks
from app.auth.accounts import KnownAccount, Unsaved
from app.auth.grace import GRACE_S, finish_within_grace
from app.auth.proxy_password import ProxyPassword
from app.errors import AppError, FaultKind, fail


class KeyringBacklog:
    """`make_clients` makes those of an account that is to be removed, `front` tells whose are in
    front: they may be unsaved as well."""

    def __init__(
        self,
        marks: AccountMarks,
        make_clients: Callable[[KnownAccount], AccountClients],
        front: Callable[[], AccountClients],
        proxy_password: ProxyPassword,
    ) -> None:
        self._marks = marks
        self._proxy_password = proxy_password
        self._make_clients = make_clients
        self._front = front
        self.aside: dict[str, AccountClients] = {}  # not in front, with tokens no keyring took
        self.ending: list[AccountClients] = []  # being removed
        self._unremoved: dict[str, KnownAccount] = {}  # removed, but for their entries
        self._locked: set[str] = set()  # those of them that a locked keyring keeps

    @property
    def unsaved(self) -> Unsaved:
        """The accounts whose sign-in ends with this process, in front or not (F-T22)."""
        found = ((one, one.session.save_fault) for one in (self._front(), *self.aside.values()))
        return tuple((one.key, why) for one, why in found if why and not one.session.refusal)

    @property
    def unremoved(self) -> tuple[KnownAccount, ...]:
        """Those that were removed, but for entries that the keyring would not give up (T-43)."""
        return tuple(self._unremoved.values())

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to be offered to the keyring again."""
        return not (self.unsaved or self._unremoved) and self._proxy_password.is_settled

    @property
    def waits_for_unlock(self) -> bool:
        """Whether something can go on as soon as the keyring is unlocked."""
        troubles = (*dict(self.unsaved).values(), self._proxy_password.trouble)
        return bool(self._locked) or FaultKind.KEYRING_LOCKED in troubles

    # --- tokens in memory ----------------------------------------------------------------------

    async def store(self) -> list[AccountClients]:
        """Offer all of them again; those that are not in front and are not needed any more."""
        for clients in (self._front(), *self.aside.values()):
            await clients.session.save()
        saved = [one for one in self.aside.values() if one.session.is_saved]
        for clients in saved:
            del self.aside[clients.key]
        return saved

    # --- entries that are to go ----------------------------------------------------------------

    async def leaving(self) -> frozenset[str]:
        """The keys of the accounts that are to be removed, here or by another process."""
        return await self._marks.leaving() | {one.key for one in self.ending}

    async def look(self, accounts: Iterable[KnownAccount], leaving: frozenset[str]) -> None:
        """Note which of `accounts` are left, though they are to go; forget marks of the others."""
        ending = {one.key for one in self.ending}
        self._unremoved = {
            one.key: one for one in accounts if one.key in leaving and one.key not in ending
        }
        self._locked &= self._unremoved.keys()
        for key in leaving - self._unremoved.keys() - ending:
            await self._marks.note_settled(key)

    async def note_signed_in(self, key: str) -> None:
        """Somebody signs in as this account: it stays."""
        self.forget(key)
        if key in await self._marks.leaving():
            await self._marks.note_settled(key)

    async def end(self, left: AccountClients, *, unlock: bool = True) -> bool:
        """Remove the account's entries, then tell the service; true if it confirmed (F-T28).

        Raises SIGN_OUT_UNFINISHED if the keyring keeps some: the service is told all the same,
        and they are removed with `remove_again`, by the next start if need be.
        """
        await self._prepare(left, unlock=unlock)  # cancelled in here it is left to `finish`
        try:
            return await finish_within_grace(self._remove(left, unlock=unlock))
        finally:
            await left.close()
            self.ending.remove(left)

    async def finish(self) -> None:
        """At the end of the program: remove what was not begun, as far as there is time."""
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE_S):
                for left in self.ending:
                    await self._prepare(left, unlock=False)
                    with suppress(AppError):
                        await self._remove(left, unlock=False)

    async def remove_again(self) -> None:
        """Remove what is left of those that were removed; no prompt comes of it."""
        marked = await self._marks.leaving()
        for known in self.unremoved:
            if known.key not in marked:  # somebody signed in anew elsewhere
                self.forget(known.key)
            elif all(one.key != known.key for one in self.ending):
                left = self._make_clients(known)
                self.ending.append(left)
                with suppress(AppError):
                    await self.end(left, unlock=False)

    async def _prepare(self, left: AccountClients, *, unlock: bool) -> None:
        """Mark it, and learn the tokens that are to be ended at the service."""
        if left.known is not None and not left.known.is_borrowed:
            await self._marks.note_leaving(left.key)
            if left.session.account is None:
                with suppress(AppError):  # a damaged entry is removed all the same
                    await left.session.restore(unlock=unlock)

    async def _remove(self, left: AccountClients, *, unlock: bool) -> bool:
        known = left.known
        if known is None:
            return await left.session.forget(unlock=unlock)
        if known.is_borrowed:
            await self._marks.stop_borrowing()
            return True
        await left.forget_models()
        try:
            is_told = await left.session.forget(unlock=unlock)
        except AppError as error:
            self._note_left(known, error.fault.kind)
            raise fail(FaultKind.SIGN_OUT_UNFINISHED, str(error.fault.kind)) from None
        self.forget(known.key)
        await self._marks.note_settled(known.key)
        return is_told

    def _note_left(self, known: KnownAccount, why: FaultKind) -> None:
        self._unremoved[known.key] = known
        if why is FaultKind.KEYRING_LOCKED:
            self._locked.add(known.key)

    def forget(self, key: str) -> None:
        """Nothing is left of the account of that key, or it is on its way."""
        self._unremoved.pop(key, None)
        self._locked.discard(key)
