"""The part of the composition root without Qt: what the tray and the command line share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from app import COMMAND, VERSION
from app.auth.bearer import AuthorizedTransport
from app.auth.browser import open_in_browser
from app.auth.callback_port import DEFAULT_PORTS
from app.auth.client_profiles import PROFILES, ClientProfile, profile_from
from app.auth.codex_login import CodexLogin, codex_file
from app.auth.keyring_memory import KeyringMemory
from app.auth.refresh_lock import FileRefreshLock
from app.auth.session import Session
from app.auth.token_endpoint import TokenEndpoint
from app.auth.tokens import Account, TokenSet, is_somebody_else
from app.auth.vault import KeyringVault, Vault
from app.auth.ways import SignInProgress, SignInWish, Stage, Way
from app.endpoints import Endpoints, endpoints_from
from app.errors import FaultKind, fail
from app.http_client import HttpClient
from app.paths import Paths
from app.settings import Settings
from app.sign_in_ways import Doors, OnProgress, SignInRun
from app.usage.client import UsageClient

if TYPE_CHECKING:
    from app.chat.client import ChatClient

USER_AGENT = f"{COMMAND}/{VERSION}"

OpenUrl = Callable[[str], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What differs between the real program, the demo and the tests."""

    paths: Paths
    settings: Settings
    endpoints: Endpoints
    vault: Vault
    open_url: OpenUrl = open_in_browser
    callback_ports: tuple[int, ...] = DEFAULT_PORTS
    signs_in_by_itself: bool = False
    client: ClientProfile | None = None  # None: the one of the settings


def real_surroundings(
    environment: Mapping[str, str], paths: Paths, settings: Settings
) -> Surroundings:
    """The user's own folders and keyring.

    Raises `AppError(CONFIGURATION)` for a bad address or an unknown client profile.
    """
    endpoints = endpoints_from(environment)
    return Surroundings(
        paths,
        settings,
        endpoints,
        KeyringVault(endpoints.auth_url, memory=KeyringMemory(paths.state / "keyring.json")),
        client=profile_from(environment),
    )


def _unseen(_progress: SignInProgress) -> None:
    """Nobody looks."""


async def _unasked(_old: Account, _new: Account) -> bool:
    return False


async def _silent() -> str:
    raise fail(FaultKind.SIGN_IN_CANCELLED, "nobody is there to paste an address")


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever signs in, as the program meets them: at a window or at a terminal.

    `pasted` gives the next address they paste. `confirm(old, new)` is asked before another
    account replaces the stored one (T-16). `open_url` None: the surroundings' browser.
    """

    on_progress: OnProgress = _unseen
    confirm: Callable[[Account, Account], Awaitable[bool]] = _unasked
    pasted: Callable[[], Awaitable[str]] = _silent
    open_url: OpenUrl | None = None


class Program:
    """One HTTP client, one session and the clients above them. Creating it does no I/O."""

    def __init__(self, surroundings: Surroundings) -> None:
        self.surroundings = surroundings
        self.endpoints = surroundings.endpoints
        self.http = HttpClient(user_agent=USER_AGENT, proxy=surroundings.settings.proxy)
        lock = FileRefreshLock(surroundings.paths.state / "locks")
        self.session = Session(self.http, self.endpoints, surroundings.vault, now, lock=lock)
        self._authorized = AuthorizedTransport(self.http, self.session)
        self.usage = UsageClient(self._authorized, self.endpoints)
        self._unwanted: list[TokenSet] = []  # issued to somebody who was then not confirmed

    @cached_property
    def chat(self) -> ChatClient:
        """Imported with the first question: many days see none."""
        from app.chat.client import ChatClient  # noqa: PLC0415

        return ChatClient(self._authorized, self.endpoints, now)

    def wish(
        self, settings: Settings, way: Way = Way.BROWSER, *, asks_account: bool = False
    ) -> SignInWish:
        """How to sign in, as the settings and the environment have it."""
        client = self.surroundings.client or PROFILES[settings.client_profile]
        return SignInWish(way, settings.redirect_host, client, asks_account)

    async def sign_in(
        self, wish: SignInWish, person: Person = Person(), *, colour_scheme: str = "system"
    ) -> Account:
        """Whoever signs in; the tokens are stored, as far as the keyring allows, before this ends.

        The session until now holds to the end. Raises the way's `AppError`, or
        SIGN_IN_CANCELLED if another account is not confirmed (F-L14).
        """
        doors = Doors(
            person.open_url or self.surroundings.open_url,
            person.pasted,
            self.surroundings.callback_ports,
            colour_scheme,
            self.surroundings.settings.proxy,
        )
        run = SignInRun(self.http, self.endpoints, wish, doors, person.on_progress)
        tokens = await run.tokens()
        before = self.session.account
        if before is not None and is_somebody_else(before, tokens.account):
            self._unwanted.append(tokens)
            confirming = SignInProgress(wish.way, Stage.CONFIRMING, account=tokens.account)
            person.on_progress(confirming)
            if not await person.confirm(before, tokens.account):
                raise fail(FaultKind.SIGN_IN_CANCELLED, "another account was not wanted")
            self._unwanted.remove(tokens)
        await self.session.adopt(tokens)
        return tokens.account

    async def end_unused_sessions(self) -> None:
        """End at the service what sign-ins replaced or the person declined; best effort.

        Takes up to 10 s each, so nobody should wait for it (F-L14, T-43).
        """
        await self.session.end_replaced()
        endpoint = TokenEndpoint(self.http, now)
        while self._unwanted:
            await endpoint.revoke(self._unwanted.pop())

    def usage_by_codex_login(
        self, environment: Mapping[str, str]
    ) -> tuple[UsageClient, CodexLogin]:
        """A client that borrows the Codex CLI's token; whose it is, its login says afterwards."""
        login = CodexLogin(self.endpoints, codex_file(environment), now)
        return UsageClient(AuthorizedTransport(self.http, login), self.endpoints), login

    def after_first_sign_in(self) -> None:
        """From now on a sign-in is the person's own doing (the demo's visitor acts once)."""
        self.surroundings = replace(
            self.surroundings, open_url=open_in_browser, signs_in_by_itself=False
        )

    async def close(self) -> None:
        await self.http.aclose()


def now() -> datetime:
    """The wall clock, aware, in UTC."""
    return datetime.now(UTC)


@asynccontextmanager
async def open_program(surroundings: Surroundings) -> AsyncIterator[Program]:
    """A `Program` whose connections are closed at the end of the block."""
    program = Program(surroundings)
    try:
        yield program
    finally:
        await program.close()
