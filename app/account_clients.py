"""What belongs to one account alone: its connections with their cookies, session and clients.

Two accounts share none of it, so that neither a cookie nor a list of models nor a reply that was
on its way can come from the one and be taken for the other's. Whoever changes the account
changes the whole of it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakSet

from app import COMMAND, VERSION
from app.auth.accounts import CODEX_KEY, KnownAccount, history_key, is_key
from app.auth.bearer import AuthorizedTransport
from app.auth.daemon_thread import in_daemon_thread
from app.auth.refresh_lock import FileRefreshLock
from app.auth.session import Session
from app.auth.tokens import Account
from app.auth.vault import MemoryVault, Vault
from app.clocks import wall
from app.endpoints import Endpoints
from app.errors import AppError, FaultKind, fail
from app.http_client import HttpClient
from app.surroundings import Surroundings
from app.usage.client import UsageClient
from app.usage.limits import UsageSnapshot

if TYPE_CHECKING:
    from app.auth.codex_login import CodexLogin
    from app.chat.backend import ChatBackend
    from app.chat.models_file import ModelsFile


USER_AGENT = f"{COMMAND}/{VERSION}"


class AccountClients:
    """The clients of one account, or of nobody (`known` None). Creating them does no I/O.

    With a `login` requests are signed with the Codex CLI's token, and `session` stays empty.
    `cache`: the folder for what may be asked for again.
    """

    def __init__(
        self,
        http: HttpClient,
        endpoints: Endpoints,
        session: Session,
        now: Callable[[], datetime],
        *,
        known: KnownAccount | None = None,
        login: CodexLogin | None = None,
        cache: Path | None = None,
    ) -> None:
        self.http = http
        self.session = session
        self.login = login
        self.known = known
        self._endpoints = endpoints
        self._now = now
        self._cache = cache
        self._authorized = AuthorizedTransport(http, login or session)
        self.usage = UsageClient(self._authorized, endpoints)

    @property
    def account(self) -> Account | None:
        """Whose they are, as the newest tokens say it."""
        return self.login.account if self.login else self.session.account

    @property
    def key(self) -> str:
        """The key the account was added under; "" for nobody's."""
        return self.known.key if self.known else ""

    @cached_property
    def chat(self) -> ChatBackend:
        """Imported with the first question: many days see none."""
        from app.chat.client import ChatClient  # noqa: PLC0415

        if self.login is not None:  # F-T27: it was lent for the numbers only
            raise fail(FaultKind.CODEX_LOGIN_NO_CHAT)
        return ChatClient(self._authorized, self._endpoints, self._now, file=self._models_file)

    @cached_property
    def _models_file(self) -> ModelsFile | None:
        key = history_key(self.known) if self.known else ""
        if self.login is not None or self._cache is None or not is_key(key):
            return None
        from app.chat.models_file import ModelsFile  # noqa: PLC0415 - with the first question
        from app.chat.requests import CLIENT_VERSION  # noqa: PLC0415

        return ModelsFile(self._cache / f"models-{key}.json", CLIENT_VERSION)

    async def forget_models(self) -> None:
        """The account is removed: its list of models goes, and is not kept any more (T-43)."""
        if self._models_file is not None:
            await self._models_file.delete()

    async def close(self) -> None:
        """End the connections; their cookies go with them."""
        await self.http.aclose()


class ClientSource:
    """Makes clients: for nobody, for an account, with a login that is only lent."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._endpoints = surroundings.endpoints
        settings = surroundings.settings
        self._way = settings.proxy, settings.ca_file
        self._made: WeakSet[HttpClient] = WeakSet()
        self._lock = FileRefreshLock(surroundings.paths.state / "locks")

    def new_http(self, user_agent: str = USER_AGENT) -> HttpClient:
        """Connections of their own, with no cookie in them."""
        proxy, ca_file = self._way
        made = HttpClient(
            user_agent=user_agent,
            proxy=proxy,
            ca_file=ca_file,
            passwords=self._surroundings.proxy_password,
        )
        self._made.add(made)
        return made

    async def go_by(self, proxy: str, ca_file: str) -> None:
        """All that were made and all that will be go this way from now on."""
        self._way = proxy, ca_file
        for made in tuple(self._made):
            await made.go_by(proxy, ca_file)

    async def settle_password(self) -> None:
        """Offer the proxy's password to the keyring again, if it would not do something with it."""
        password = self._surroundings.proxy_password
        if not password.is_settled:
            with suppress(AppError):
                await password.settle(self._way[0])

    async def way(self) -> tuple[str, str]:
        """Proxy, with its password, and file of authorities, for whoever makes connections of its
        own. Raises `AppError(PROXY_PASSWORD)`."""
        proxy, ca_file = self._way
        return await self._surroundings.proxy_password.complete(proxy), ca_file

    def of_nobody(self) -> AccountClients:
        """Clients before anybody has signed in."""
        return self._clients(self.new_http())

    def of(self, known: KnownAccount, unused: HttpClient | None = None) -> AccountClients:
        """Clients of this account; `unused` connections, if no account has used them yet."""
        if known.is_borrowed:
            return self._clients(unused or self.new_http(), known, login=self.codex_login())
        vault = self._surroundings.safe.vault(known)
        return self._clients(unused or self.new_http(), known, vault)

    # --- the Codex CLI's login -----------------------------------------------------------------

    def codex_login(self) -> CodexLogin:
        """Reads the login; raises CODEX_LOGIN_MISSING where there is no place for one."""
        from app.auth.codex_login import CodexLogin  # noqa: PLC0415 - few borrow it

        file = self._surroundings.codex_file
        if file is None:
            raise fail(FaultKind.CODEX_LOGIN_MISSING)
        return CodexLogin(self._endpoints, file, wall)

    async def can_borrow(self) -> bool:
        """Whether the Codex CLI has a login here."""
        file = self._surroundings.codex_file
        return file is not None and await in_daemon_thread(file.is_file, "codex-login")

    async def borrowable(self) -> KnownAccount:
        """Whose login the Codex CLI has now. Raises CODEX_LOGIN_MISSING."""
        return KnownAccount(CODEX_KEY, await self.codex_login().look(), is_borrowed=True)

    async def borrowed(self, unused: HttpClient | None = None) -> AccountClients:
        """Clients that sign with the login as it is now. Raises CODEX_LOGIN_MISSING."""
        login = self.codex_login()
        known = KnownAccount(CODEX_KEY, await login.look(), is_borrowed=True)
        return self._clients(unused or self.new_http(), known, login=login)

    def reading_with(self, login: CodexLogin, http: HttpClient) -> UsageClient:
        """A usage client that signs with `login`, for nobody's sake but the caller's."""
        return self._clients(http, login=login).usage

    def _clients(
        self,
        http: HttpClient,
        known: KnownAccount | None = None,
        vault: Vault | None = None,
        login: CodexLogin | None = None,
    ) -> AccountClients:
        endpoints = self._endpoints
        session = Session(http, endpoints, vault or MemoryVault(), wall, lock=self._lock)
        return AccountClients(
            http,
            endpoints,
            session,
            wall,
            known=known,
            login=login,
            cache=self._surroundings.paths.cache,
        )


class FrontUsage:
    """The usage of whoever is in front; a reply that comes after a change is dropped."""

    def __init__(self, front: Callable[[], AccountClients]) -> None:
        self._front = front

    async def fetch(self) -> UsageSnapshot:
        """See `UsageClient.fetch`; ACCOUNT_CHANGED if another account came to the front since."""
        clients = self._front()
        snapshot = await clients.usage.fetch()
        if self._front() is not clients:
            raise fail(FaultKind.ACCOUNT_CHANGED, "another account was chosen meanwhile")
        return snapshot
