"""Signing in with a browser anywhere: the person pastes the address it ended on.

For a machine without a browser, reached from afar. Nothing listens here; the browser's last
page does not load, but its address holds the answer, judged by the rules of the callback.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable

from app.auth.client_profiles import CODEX, DEFAULT_PORTS, ClientProfile
from app.auth.deadline import Deadline
from app.auth.oauth import (
    ENTROPY_BYTES,
    AuthorizationRequest,
    authorization_request,
    read_pasted_address,
    redirect_uri,
)
from app.auth.token_endpoint import TokenEndpoint
from app.auth.tokens import TokenSet
from app.clocks import Clocks
from app.endpoints import Endpoints
from app.errors import AppError, FaultKind, fail
from app.logs import passing_secrets
from app.transport import Transport

DEADLINE_S = 600.0


async def sign_in_with_pasted_address(
    transport: Transport,
    endpoints: Endpoints,
    pasted: Callable[[], Awaitable[str]],
    *,
    on_waiting: Callable[[str], None],
    on_refused: Callable[[], None] = lambda: None,
    on_answered: Callable[[], None] = lambda: None,
    redirect_host: str = "localhost",
    deadline_s: float = DEADLINE_S,
    client: ClientProfile = CODEX,
    asks_account: bool = False,
    clocks: Clocks = Clocks(),  # noqa: B008 - frozen
) -> TokenSet:
    """The tokens of whoever signs in; storing them is the caller's affair.

    `on_waiting(address)` gives what is to be opened, `await pasted()` the next text the person
    pasted. A text that is not the answer to this sign-in changes nothing: `on_refused()`, and
    the next one is awaited (T-06). Raises `AppError` like `sign_in_with_browser`.
    """
    request = authorization_request(
        endpoints,
        client,
        redirect_uri(redirect_host, DEFAULT_PORTS[0]),
        secrets.token_bytes(ENTROPY_BYTES),
        asks_account=asks_account,
    )
    with passing_secrets(request.state, request.code_verifier) as remember:
        on_waiting(request.url)
        try:
            async with Deadline(deadline_s, clocks).kept():
                code = await _code(request, pasted, on_refused)
        except TimeoutError:
            raise fail(
                FaultKind.SIGN_IN_TIMED_OUT, f"no answer within {deadline_s:.0f} s"
            ) from None
        remember(code)
        on_answered()
        endpoint = TokenEndpoint(transport, clocks.wall)
        return await endpoint.exchange(endpoints, client, request, code)


async def _code(
    request: AuthorizationRequest,
    pasted: Callable[[], Awaitable[str]],
    on_refused: Callable[[], None],
) -> str:
    while True:
        answer = read_pasted_address(await pasted(), request)
        if answer is None:
            on_refused()
        elif answer.fault is not None:
            raise AppError(answer.fault)
        else:
            return answer.code
