"""Who is signed in: tokens are restored, refreshed, replaced and forgotten here alone.

A refresh is one sequence under one lock among all processes: read the vault again, post, store,
and only then use (F-T04, F-T06, F-T13). Cancelling a caller does not tear the sequence apart.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime

from app.auth.grace import finish_within_grace
from app.auth.held_tokens import FOR_GOOD, HeldTokens
from app.auth.refresh_lock import LocalRefreshLock, RefreshLock, RefreshTurn
from app.auth.refresh_pace import RefreshHistory, RefreshRecord
from app.auth.token_endpoint import TokenEndpoint
from app.auth.token_marks import TokenMarks, token_marks
from app.auth.tokens import Account, TokenSet, is_expired, needs_refresh
from app.auth.vault import Vault
from app.endpoints import Endpoints
from app.errors import AppError, Fault, FaultKind, fail
from app.logs import forget_secrets
from app.transport import Transport

REFRESH_GRACE_S = 4.0  # a refresh that was posted is stored first, and may take 5 s (F-D06)
_SHORT_PATIENCE_S = 1.0  # a person waits, and the end of the program leaves 1.5 s


class Session:
    """Who is signed in, and a usable access token on request.

    `now` gives the wall clock as aware UTC. One session belongs to one event loop. Processes
    that share a vault share the `lock`.
    """

    def __init__(
        self,
        transport: Transport,
        endpoints: Endpoints,
        vault: Vault,
        now: Callable[[], datetime],
        *,
        lock: RefreshLock | None = None,
    ) -> None:
        self.endpoints = endpoints
        self._endpoint = TokenEndpoint(transport, now)
        self._vault = vault
        self._now = now
        self._lock = lock or LocalRefreshLock()
        self._held = HeldTokens()
        self._replaced: list[TokenSet] = []  # by sign-ins, and not yet ended at the service
        self._history = RefreshHistory()
        self._refreshing = asyncio.Lock()

    @property
    def account(self) -> Account | None:
        """Who is signed in, as the newest tokens say it."""
        return self._held.tokens.account if self._held.tokens else None

    @property
    def is_saved(self) -> bool:
        """False while the newest tokens exist in this process only (F-T22)."""
        return self._held.is_saved

    @property
    def save_fault(self) -> FaultKind | None:
        """Why the newest tokens exist in this process only: a KEYRING_… kind (F-T22)."""
        return self._held.save_fault

    @property
    def refusal(self) -> Fault | None:
        """Why only a new sign-in helps, if the server has said so (F-T12)."""
        return self._held.refusal

    def marks(self) -> TokenMarks | None:
        """What may be told of the tokens (T-41); None without any."""
        return token_marks(self._held.tokens, self._now()) if self._held.tokens else None

    async def restore(self, *, unlock: bool = False) -> Account | None:
        """Take over what the vault holds; no request is made. None if it holds nothing.

        Raises `AppError` with a KEYRING_… kind, or SESSION_EXPIRED if the entry is damaged.
        Without `unlock` no prompt appears (F-T17).
        """
        async with self._held.storing:
            tokens = await self._vault.load(unlock=unlock)
            if tokens is not None and self._held.tokens is None:
                self._held.use(tokens)
        return self.account

    def holds(self, tokens: TokenSet) -> bool:
        """Whether these are the tokens in use."""
        return self._held.tokens is tokens

    def take_over(self, tokens: TokenSet) -> None:
        """Use what the caller has read from the vault, like `restore`."""
        if self._held.tokens is None:
            self._held.use(tokens)

    async def adopt(self, tokens: TokenSet, *, unlock: bool = True) -> None:
        """Store the tokens of a finished sign-in and use them from now on.

        A keyring that fails does not fail the sign-in: `is_saved` tells (F-L08, F-T22). With
        `unlock` the system may ask for the keyring's password: the person is there anyway.
        """
        before = self._held.tokens
        await finish_within_grace(self._adopt(tokens, unlock=unlock))
        if before is not None and before.refresh_token != tokens.refresh_token:
            self._replaced.append(before)

    async def end_replaced(self) -> None:
        """Tell the service, best effort, that replaced sessions are over (F-L14).

        Not while the new tokens are in memory only: the old ones are still in the keyring.
        """
        while self._replaced and self.is_saved:
            await self._endpoint.revoke(self._replaced.pop())

    async def save(self, *, unlock: bool = False) -> bool:
        """Try again to store tokens that are in memory only; whether they are stored now."""
        async with self._held.storing:
            if not self.is_saved and self._held.tokens is not None:
                await self._held.store(self._vault, self._held.tokens, unlock=unlock)
        return self.is_saved

    async def access_token(self) -> str:
        """A token that is good for some minutes, refreshed if need be.

        Raises `AppError`: NOT_SIGNED_IN; SESSION_EXPIRED or ACCOUNT_CHANGED when only a new
        sign-in helps; the fault of the refresh if it failed and the old token is over (F-T15).
        """
        tokens = self._held.usable()
        if not needs_refresh(tokens, self._now()):
            return tokens.access_token
        try:
            return await self._refreshed("proactive_expiry" if tokens.expires_at else "scheduled")
        except AppError as error:
            is_lost = error.fault.kind in FOR_GOOD or self._held.tokens is not tokens
            if is_lost or is_expired(tokens, self._now()):
                raise
            return tokens.access_token

    async def refresh_after_refusal(self, refused_token: str) -> str:
        """Another access token than `refused_token`, which the service answered with 401.

        Any number of callers cause one refresh (F-T03). Raises like `access_token`, and
        SESSION_REFUSED if the refused token came from a refresh just now (F-H03).
        """
        return await self._refreshed("unauthorized_recovery", refused_token)

    async def sign_out(self, *, unlock: bool = True) -> bool:
        """Forget everything here, then tell the server; true if it confirmed (F-T28).

        A refresh under way comes to nothing (F-T08). Raises KEYRING_… if the entries could not
        be removed; the tokens are forgotten and revoked all the same. The end of the program
        leaves it the time it needs (T-43).
        """
        return await finish_within_grace(self.forget(unlock=unlock))

    async def forget(self, *, unlock: bool = True) -> bool:
        """What `sign_out` does, for a caller who leaves it the time it needs."""
        tokens, self._held.tokens = self._held.tokens, None
        self._history = RefreshHistory()
        keyring_error: AppError | None = None
        try:
            async with self._alone(tokens), self._held.storing:
                await self._vault.delete(unlock=unlock)
        except AppError as error:
            keyring_error = error
        is_told = tokens is not None and await self._endpoint.revoke(tokens)
        if tokens is not None:
            forget_secrets(tokens.access_token, tokens.refresh_token)
        await self.end_replaced()
        if keyring_error is not None:
            raise keyring_error
        return is_told

    async def _refreshed(self, reason: str, refused: str = "") -> str:
        async with self._refreshing:
            tokens = self._held.usable()
            if not self._is_wanted(tokens, refused):
                return tokens.access_token  # another caller did it while this one waited
            wait_s = self._history.wait_s(self._now())
            if wait_s > 0:
                return self._without_post(tokens, refused, wait_s)
            async with self._lock.held(tokens) as turn:
                work = self._refresh(turn, self._held.usable(), reason, refused)
                await finish_within_grace(work, REFRESH_GRACE_S)
            return self._held.usable().access_token

    def _is_wanted(self, tokens: TokenSet, refused: str) -> bool:
        if refused:
            return tokens.access_token == refused
        return needs_refresh(tokens, self._now())

    def _without_post(self, tokens: TokenSet, refused: str, wait_s: float) -> str:
        """What a caller gets while no post is allowed."""
        if self._history.fault is not None:
            raise AppError(replace(self._history.fault, retry_after_s=wait_s))
        if refused:
            raise fail(FaultKind.SESSION_REFUSED, "refreshed just now", retry_after_s=wait_s)
        return tokens.access_token  # fresh: our clock is wrong, not the token

    async def _refresh(
        self, turn: RefreshTurn, tokens: TokenSet, reason: str, refused: str
    ) -> None:
        async with self._vault.opened() as vault:
            current = await self._held.newer_in(vault, tokens)
            usable = self._held.usable()
            if usable is not current or not self._is_wanted(usable, refused):
                return
            self._history.follow(turn.read())
            wait_s = self._history.wait_s(self._now())
            if wait_s > 0:
                self._without_post(current, refused, wait_s)
            else:
                await self._post(turn, vault, current, reason)

    async def _post(self, turn: RefreshTurn, vault: Vault, current: TokenSet, reason: str) -> None:
        turn.write(self._history.begun(self._now()))
        try:
            renewed = await self._endpoint.refresh(current, reason)
        except AppError as error:
            if self._held.tokens is not current:  # ended or replaced since (F-T08)
                return
            self._history.failed(self._now(), error.fault)
            turn.write(self._history.record)
            if error.fault.kind in FOR_GOOD:
                await self._end(vault, current, error)
                return
            raise
        if self._held.tokens is current:
            self._history.succeeded(self._now())
        await self._held.replace(vault, current, renewed)
        turn.write(self._history.record)

    async def _end(self, vault: Vault, tokens: TokenSet, error: AppError) -> None:
        """The refresh token is refused for good: unless somebody rotated it, remember that."""
        if await self._held.newer_in(vault, tokens) is not tokens:
            return
        kind, detail = error.fault.kind, error.fault.detail
        code = str(kind) if kind is FaultKind.ACCOUNT_CHANGED else detail
        await self._held.replace(vault, tokens, replace(tokens, refusal=code))
        raise error

    @asynccontextmanager
    async def _alone(self, tokens: TokenSet | None) -> AsyncIterator[RefreshTurn | None]:
        """Without a refresh of another process in between, if that one ends soon (F-T08).

        This process's own refresh holds the lock already, and looks at what has become of it.
        """
        async with AsyncExitStack() as stack:
            turn = None
            if tokens is not None and not self._refreshing.locked():
                with suppress(AppError):
                    turn = await stack.enter_async_context(
                        self._lock.held(tokens, _SHORT_PATIENCE_S)
                    )
            yield turn

    async def _adopt(self, tokens: TokenSet, *, unlock: bool) -> None:
        async with self._alone(tokens) as turn, self._held.storing:
            if turn is not None:
                turn.write(RefreshRecord())
            await self._held.store(self._vault, tokens, unlock=unlock)
            self._held.use(tokens)
            self._history = RefreshHistory()
