"""A transport that signs requests to the service with the session's access token."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Protocol

from app.auth.tokens import Account
from app.endpoints import Endpoints
from app.errors import AppError, FaultKind, fail
from app.replies import fault_from_status
from app.transport import Bounds, Reply, ReplyStream, Request, Transport


class Signer(Protocol):
    """Who lends a token: our own `Session`, or the Codex CLI's login."""

    @property
    def account(self) -> Account | None: ...
    @property
    def endpoints(self) -> Endpoints: ...
    async def access_token(self) -> str: ...
    async def refresh_after_refusal(self, refused_token: str) -> str: ...


class AuthorizedTransport:
    """`Transport` with `Authorization`, `chatgpt-account-id` and, if due, `X-OpenAI-Fedramp`.

    A 401 is answered by one refresh and one repetition, a second 401 by
    `AppError(SESSION_REFUSED)`; nothing else is ever sent twice (F-H02, F-H03). Tokens go to
    the backend's own addresses only.
    """

    def __init__(self, transport: Transport, session: Signer) -> None:
        self._transport = transport
        self._session = session

    async def send(self, request: Request, bounds: Bounds) -> Reply:
        """See `Transport.send`; raises what `Session.access_token` raises as well."""
        token = await self._session.access_token()
        reply = await self._transport.send(self._signed(request, token), bounds)
        if reply.status != 401:
            return reply
        token = await self._session.refresh_after_refusal(token)
        reply = await self._transport.send(self._signed(request, token), bounds)
        if reply.status != 401:
            return reply
        now = reply.received_at
        raise AppError(fault_from_status(401, reply.headers, reply.body, now))

    @asynccontextmanager
    async def stream(self, request: Request, bounds: Bounds) -> AsyncIterator[ReplyStream]:
        """See `Transport.stream`; a stream that began keeps the token it began with (F-C31)."""
        token = await self._session.access_token()
        async with self._transport.stream(self._signed(request, token), bounds) as reply:
            if reply.status != 401:
                yield reply
                return
        token = await self._session.refresh_after_refusal(token)
        async with self._transport.stream(self._signed(request, token), bounds) as reply:
            if reply.status == 401:
                raise fail(FaultKind.SESSION_REFUSED, "HTTP 401", status=401)
            yield reply

    def _signed(self, request: Request, token: str) -> Request:
        account = self._session.account
        assert account is not None  # noqa: S101 - there was a token a moment ago
        if not request.url.startswith(f"{self._session.endpoints.backend_url}/"):
            raise fail(FaultKind.INTERNAL, "a token must not leave for another server")
        headers = {
            **request.headers,
            "Authorization": f"Bearer {token}",
            "chatgpt-account-id": account.account_id,
        }
        if account.is_fedramp:
            headers["X-OpenAI-Fedramp"] = "true"
        return replace(request, headers=headers)
