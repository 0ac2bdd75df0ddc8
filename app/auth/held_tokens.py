"""The tokens in use, in memory and in the vault: which of the two is ahead, and what is usable."""

from __future__ import annotations

import asyncio

from app.auth.tokens import TokenSet, is_somebody_else
from app.auth.vault import Vault
from app.errors import AppError, Fault, FaultKind, fail
from app.logs import remember_secret

FOR_GOOD = frozenset({FaultKind.SESSION_EXPIRED, FaultKind.ACCOUNT_CHANGED})


class HeldTokens:
    """`tokens` are those in use, None without any. One at a time may read or write the vault:
    whoever does holds `storing`."""

    def __init__(self) -> None:
        self.tokens: TokenSet | None = None
        self.storing = asyncio.Lock()
        self._is_saved = True
        self._save_fault = FaultKind.KEYRING_FAILED  # why not

    @property
    def is_saved(self) -> bool:
        """False while the newest tokens exist in this process only (F-T22)."""
        return self.tokens is None or self._is_saved

    @property
    def save_fault(self) -> FaultKind | None:
        """Why the newest tokens exist in this process only: a KEYRING_… kind (F-T22)."""
        return None if self.is_saved else self._save_fault

    @property
    def refusal(self) -> Fault | None:
        """Why only a new sign-in helps, if the server has said so (F-T12)."""
        if self.tokens is None or not self.tokens.refusal:
            return None
        kinds = {str(kind): kind for kind in FOR_GOOD}
        code = self.tokens.refusal
        return Fault(kinds.get(code, FaultKind.SESSION_EXPIRED), code)

    def usable(self) -> TokenSet:
        """The tokens. Raises NOT_SIGNED_IN without any, or the fault of their refusal."""
        if self.tokens is None:
            raise fail(FaultKind.NOT_SIGNED_IN)
        if (fault := self.refusal) is not None:
            raise AppError(fault)
        return self.tokens

    def use(self, tokens: TokenSet) -> None:
        """Use these from now on."""
        for secret in (tokens.access_token, tokens.refresh_token):
            remember_secret(secret)
        self.tokens = tokens

    async def store(self, vault: Vault, tokens: TokenSet, *, unlock: bool) -> None:
        """Write them to the vault; if it does not take them, `is_saved` tells."""
        try:
            await vault.store(tokens, unlock=unlock)
        except AppError as error:
            self._is_saved, self._save_fault = False, error.fault.kind
        else:
            self._is_saved = True

    async def replace(self, vault: Vault, old: TokenSet, new: TokenSet) -> None:
        """Store `new`, then use it; not if the session was ended or replaced since (F-T08)."""
        async with self.storing:
            if self.tokens is old:
                await self.store(vault, new, unlock=False)
            if self.tokens is old:
                self.use(new)

    async def newer_in(self, vault: Vault, tokens: TokenSet) -> TokenSet:
        """What another process stored since, a refusal included, else `tokens` (F-T13).

        Raises ACCOUNT_CHANGED if somebody else is signed in by now, and NOT_SIGNED_IN if the
        entry was removed: a refresh would undo what was done there (F-T20).
        """
        if not self._is_saved:
            return tokens  # the vault is behind
        async with self.storing:
            try:
                stored = await vault.load()
            except AppError:
                return tokens
            if stored == tokens or self.tokens is not tokens:
                return tokens
            if stored is None:
                self.tokens = None
                raise fail(FaultKind.NOT_SIGNED_IN, "the stored sign-in was removed")
            if is_somebody_else(tokens.account, stored.account):
                raise fail(FaultKind.ACCOUNT_CHANGED, "another process signed in")
            self.use(stored)
            return stored
