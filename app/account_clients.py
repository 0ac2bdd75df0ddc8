"""What belongs to one account alone: its connections with their cookies, session and clients.

Two accounts share none of it, so that neither a cookie nor a list of models nor a reply that was
on its way can come from the one and be taken for the other's. Whoever changes the account
changes the whole of it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from app.auth.accounts import KnownAccount
from app.auth.bearer import AuthorizedTransport
from app.auth.codex_login import CodexLogin
from app.auth.session import Session
from app.auth.tokens import Account
from app.endpoints import Endpoints
from app.errors import FaultKind, fail
from app.http_client import HttpClient
from app.usage.client import UsageClient
from app.usage.limits import UsageSnapshot

if TYPE_CHECKING:
    from app.chat.client import ChatClient


class AccountClients:
    """The clients of one account, or of nobody (`known` None). Creating them does no I/O.

    With a `login` requests are signed with the Codex CLI's token, and `session` stays empty.
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
    ) -> None:
        self.http = http
        self.session = session
        self.login = login
        self.known = known
        self._endpoints = endpoints
        self._now = now
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
    def chat(self) -> ChatClient:
        """Imported with the first question: many days see none."""
        from app.chat.client import ChatClient  # noqa: PLC0415

        if self.login is not None:  # F-T27: it was lent for the numbers only
            raise fail(FaultKind.CODEX_LOGIN_NO_CHAT)
        return ChatClient(self._authorized, self._endpoints, self._now)

    async def close(self) -> None:
        """End the connections; their cookies go with them."""
        await self.http.aclose()


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
