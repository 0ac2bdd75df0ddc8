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
from app.auth.callback_pages import Pages, page
from app.auth.callback_port import DEFAULT_PORTS
from app.auth.refresh_lock import FileRefreshLock
from app.auth.session import Session
from app.auth.tokens import Account
from app.auth.vault import KeyringVault, Vault
from app.endpoints import Endpoints, endpoints_from
from app.http_client import HttpClient
from app.paths import Paths
from app.settings import Settings
from app.usage.client import UsageClient
from app.wording import pages
from app.wording.pages import PageWords

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


def real_surroundings(
    environment: Mapping[str, str], paths: Paths, settings: Settings
) -> Surroundings:
    """The user's own folders and keyring. Raises `AppError(CONFIGURATION)` for a bad address."""
    endpoints = endpoints_from(environment)
    return Surroundings(paths, settings, endpoints, KeyringVault(endpoints.auth_url))


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

    @cached_property
    def chat(self) -> ChatClient:
        """Imported with the first question: many days see none."""
        from app.chat.client import ChatClient  # noqa: PLC0415

        return ChatClient(self._authorized, self.endpoints, now)

    async def sign_in(
        self,
        *,
        redirect_host: str,
        on_waiting: Callable[[str], None],
        open_url: OpenUrl | None = None,
    ) -> Account:
        """Authorization code flow in a browser; the tokens are stored before this returns."""
        from app.auth.sign_in import sign_in_with_browser  # noqa: PLC0415 - rarely needed

        tokens = await sign_in_with_browser(
            self.http,
            self.endpoints,
            open_url or self.surroundings.open_url,
            redirect_host=redirect_host,
            ports=self.surroundings.callback_ports,
            on_waiting=on_waiting,
            pages=_pages(),
        )
        await self.session.adopt(tokens)
        return tokens.account

    def after_first_sign_in(self) -> None:
        """From now on a sign-in is the person's own doing (the demo's visitor acts once)."""
        self.surroundings = replace(
            self.surroundings, open_url=open_in_browser, signs_in_by_itself=False
        )

    async def close(self) -> None:
        await self.http.aclose()


def _pages() -> Pages:
    """The pages a browser shows at the end of a sign-in, in the language in force."""

    def body(words: PageWords) -> bytes:
        return page(words.title, words.sentence, words.language)

    return Pages(
        success=body(pages.success()),
        failed=body(pages.failed()),
        denied=body(pages.denied()),
        wrong_request=body(pages.wrong_request()),
        already_answered=body(pages.already_answered()),
    )


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
