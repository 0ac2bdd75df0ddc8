"""The part of the composition root without Qt: what the tray and the command line share."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from app.accounts import Accounts
from app.auth.browser import open_in_browser
from app.auth.client_profiles import PROFILES
from app.auth.session import Session
from app.auth.tokens import Account, TokenSet, is_somebody_else
from app.auth.ways import SignInProgress, SignInWish, Stage, Way
from app.clocks import wall
from app.errors import FaultKind, fail
from app.http_client import HttpClient
from app.settings import Settings
from app.surroundings import NOBODY, Person, Surroundings, real_surroundings
from app.usage.client import UsageClient

if TYPE_CHECKING:
    from app.auth.codex_login import CodexLogin
    from app.chat.backend import ChatBackend
    from app.conversations.store import ConversationStore
    from app.history.history import History

__all__ = ["Person", "Program", "Surroundings", "open_program", "real_surroundings"]


KEPT_LIMIT_S = 1.0  # for all that is kept, of the two seconds that an end may take (F-D06)


class Program:
    """The accounts, the clients of the one in front, and signing in. Creating it does no I/O."""

    def __init__(self, surroundings: Surroundings) -> None:
        self.surroundings = surroundings
        self.endpoints = surroundings.endpoints
        self.accounts = Accounts(surroundings)
        self.usage = self.accounts.usage
        self._turn = surroundings.paths.state / "locks" / "sign-in.lock"
        self._unwanted: list[TokenSet] = []  # issued to somebody who was then not confirmed

    # --- who is in front -----------------------------------------------------------------------

    @property
    def session(self) -> Session:
        """The session of the account in front; empty while nobody is, or a login is borrowed."""
        return self.accounts.front.session

    @property
    def http(self) -> HttpClient:
        """The connections of the account in front."""
        return self.accounts.front.http

    @property
    def chat(self) -> ChatBackend:
        """The chat of the account in front. Raises CODEX_LOGIN_NO_CHAT for a borrowed login."""
        return self.accounts.front.chat

    @cached_property
    def history(self) -> History:
        """Of all accounts. Its thread, and SQLite with it, start with the first reading."""
        from app.history.history import FILE_NAME, History  # noqa: PLC0415 - few commands need it

        return History(self.surroundings.paths.state / FILE_NAME, now=wall)

    @cached_property
    def conversations(self) -> ConversationStore:
        """Of all accounts. Its thread, and SQLite with it, start with the first wish."""
        from app.conversations.store import FILE_NAME, ConversationStore  # noqa: PLC0415 - as late

        return ConversationStore(self.surroundings.paths.state / FILE_NAME, now=wall)

    @property
    def account(self) -> Account | None:
        """Who is in front, as the newest tokens say it."""
        return self.accounts.front.account

    # --- signing in ----------------------------------------------------------------------------

    def wish(
        self, settings: Settings, way: Way = Way.BROWSER, *, asks_account: bool = False
    ) -> SignInWish:
        """How to sign in, as the settings and the environment have it."""
        client = self.surroundings.client or PROFILES[settings.client_profile]
        return SignInWish(way, settings.redirect_host, client, asks_account, settings.contrast)

    async def sign_in(
        self, wish: SignInWish, person: Person = NOBODY, *, colour_scheme: str = "system"
    ) -> Account:
        """Whoever signs in, in front; stored, as far as the keyring allows, before this ends.

        Another account is added beside those there are. The session until now holds to the end.
        Raises the way's `AppError`, SIGN_IN_CANCELLED if the account is not confirmed (F-L14),
        or SIGN_IN_ELSEWHERE (F-L09).
        """
        if wish.way is Way.CODEX:
            return await self._borrow(person)
        tokens = await self._issued(wish, person, colour_scheme)
        try:
            await self.accounts.adopt(tokens)
        except BaseException:
            if not self.accounts.holds(tokens):
                self._unwanted.append(tokens)
            raise
        return tokens.account

    async def _issued(self, wish: SignInWish, person: Person, colour_scheme: str) -> TokenSet:
        """The tokens of whoever signs in, once they are confirmed."""
        from app.auth.sign_in_turn import sign_in_turn  # noqa: PLC0415 - only for a sign-in
        from app.sign_in_ways import Doors, SignInRun  # noqa: PLC0415

        async def may_replace() -> bool:
            person.on_progress(SignInProgress(wish.way, Stage.ELSEWHERE))
            return await person.may_replace()

        doors = Doors(
            person.open_url or self.surroundings.open_url,
            person.pasted,
            self.surroundings.callback_ports,
            colour_scheme,
            self.accounts.clients.way,
        )
        http = self.accounts.clients.new_http()  # whose they will be is not known yet
        try:
            async with sign_in_turn(self._turn, may_replace):
                run = SignInRun(http, self.endpoints, wish, doors, person.on_progress)
                tokens = await run.tokens()
                try:
                    await self._confirm(wish.way, person, tokens.account)
                except BaseException:
                    self._unwanted.append(tokens)
                    raise
        finally:
            await http.aclose()
        return tokens

    async def _confirm(self, way: Way, person: Person, account: Account) -> None:
        """Show who it is before anything is stored; whoever is in front already is known."""
        front = None if self.accounts.front.login else self.account
        is_first = self.account is None
        if front is not None and not is_somebody_else(front, account):
            return
        if is_first and self.surroundings.signs_in_by_itself:
            return
        await self._ask(way, person, account, is_known=self.accounts.knows(account))

    async def _ask(self, way: Way, person: Person, account: Account, *, is_known: bool) -> None:
        shown = SignInProgress(way, Stage.CONFIRMING, account=account, is_known=is_known)
        person.on_progress(shown)
        if not await person.confirm(self.account, account):
            raise fail(FaultKind.SIGN_IN_CANCELLED, "the account was not wanted")

    async def _borrow(self, person: Person) -> Account:
        """The Codex CLI's login instead of a sign-in (F-T27)."""
        clients = await self.accounts.clients.borrowed()
        account = clients.account
        assert account is not None  # noqa: S101 - it was just read
        is_known = any(one.is_borrowed for one in self.accounts.known)
        await self._ask(Way.CODEX, person, account, is_known=is_known)
        await self.accounts.borrow(clients)
        return account

    async def end_unused_sessions(self) -> None:
        """End at the service what sign-ins replaced or the person declined; best effort.

        Takes up to 10 s each, so nobody should wait for it (F-L14, T-43).
        """
        await self.accounts.end_replaced()
        if self._unwanted:
            from app.auth.token_endpoint import TokenEndpoint  # noqa: PLC0415 - seldom

            http = self.accounts.clients.new_http()
            endpoint = TokenEndpoint(http, wall)
            try:
                while self._unwanted:
                    await endpoint.revoke(self._unwanted.pop())
            finally:
                await http.aclose()

    def usage_by_codex_login(self) -> tuple[UsageClient, CodexLogin]:
        """A client that borrows the Codex CLI's token; whose it is, its login says afterwards.

        Raises CODEX_LOGIN_MISSING where there is no place for one.
        """
        source = self.accounts.clients
        login = source.codex_login()
        return source.reading_with(login, self.http), login

    def after_first_sign_in(self) -> None:
        """From now on a sign-in is the person's own doing (the demo's visitor acts once)."""
        if self.surroundings.signs_in_by_itself:
            self.surroundings = replace(
                self.surroundings, open_url=open_in_browser, signs_in_by_itself=False
            )

    async def let_go(self) -> None:
        """History and conversations take in nothing any more: their files are about to go."""
        for one in self._kept():
            await one.ended(KEPT_LIMIT_S)

    def _kept(self) -> list[History | ConversationStore]:
        made = self.__dict__
        return [made[name] for name in ("history", "conversations") if name in made]

    async def close(self) -> None:
        kept = self._kept()
        for one in kept:
            one.finish()  # while the connections are ended
        await self.accounts.close()
        ends_at = time.monotonic() + KEPT_LIMIT_S
        for one in kept:
            await one.close(max(0.0, ends_at - time.monotonic()))


@asynccontextmanager
async def open_program(surroundings: Surroundings) -> AsyncIterator[Program]:
    """A `Program` whose connections are closed at the end of the block."""
    program = Program(surroundings)
    try:
        yield program
    finally:
        await program.close()
