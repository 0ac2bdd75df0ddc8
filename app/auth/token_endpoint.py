"""The three requests to the authorization server, each sent once and judged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from app.auth import oauth, token_replies
from app.auth.client_profiles import ClientProfile
from app.auth.light_jwt import import_light_jwt
from app.auth.tokens import TokenReply, TokenSet, tokens_of_refresh, tokens_of_sign_in
from app.endpoints import Endpoints
from app.errors import AppError, FaultKind
from app.replies import fault_from_status
from app.transport import TOKEN_BOUNDS, Bounds, Reply, Transport

REVOKE_BOUNDS = Bounds(total_s=10, idle_s=10, body_bytes=64 << 10, connect_s=5)


class TokenEndpoint:
    """Turns codes and refresh tokens into tokens; every failure is an `AppError`."""

    def __init__(self, transport: Transport, now: Callable[[], datetime]) -> None:
        self._transport = transport
        self._now = now

    async def exchange(
        self,
        endpoints: Endpoints,
        client: ClientProfile,
        request: oauth.AuthorizationRequest,
        code: str,
    ) -> TokenSet:
        """The tokens for a code. Sent again only if no connection came about (F-L05, F-L06)."""
        post = oauth.token_request(endpoints, client, request, code)
        try:
            reply = await self._transport.send(post, TOKEN_BOUNDS)
        except AppError as error:
            if error.fault.kind is not FaultKind.OFFLINE:
                raise
            reply = await self._transport.send(post, TOKEN_BOUNDS)
        if reply.status != 200:
            raise AppError(
                token_replies.read_exchange_error(
                    reply.status, reply.headers, reply.body, self._now()
                )
            )
        return tokens_of_sign_in(
            self._read(reply),
            issuer=endpoints.auth_url,
            client_id=client.client_id,
            now=self._now(),
        )

    async def refresh(self, tokens: TokenSet, reason: str) -> TokenSet:
        """New tokens for old; SESSION_EXPIRED or ACCOUNT_CHANGED if there will never be any."""
        reply = await self._transport.send(oauth.refresh_request(tokens, reason), TOKEN_BOUNDS)
        if reply.status != 200:
            raise AppError(
                token_replies.read_token_error(reply.status, reply.headers, reply.body, self._now())
            )
        return tokens_of_refresh(tokens, self._read(reply), self._now())

    async def revoke(self, tokens: TokenSet) -> bool:
        """Whether the server confirmed the end of the session; never raises `AppError`."""
        try:
            reply = await self._transport.send(oauth.revoke_request(tokens), REVOKE_BOUNDS)
        except AppError:
            return False
        return 200 <= reply.status < 300

    def _read(self, reply: Reply) -> TokenReply:
        """What a 200 holds; if not tokens: a portal's page, or a reply not understood (F-N16)."""
        import_light_jwt()
        try:
            return token_replies.read_token_reply(reply.body)
        except AppError as error:
            fault = fault_from_status(200, reply.headers, reply.body, self._now())
            raise (AppError(fault) if fault.kind is FaultKind.PORTAL else error) from None
