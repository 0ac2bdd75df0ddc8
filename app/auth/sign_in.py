"""Signing in with the system's browser: authorization code with PKCE and a loopback callback.

The browser is sent to a one-use start page of ours, which hands it a cookie and sends it on:
so neither the state nor the challenge stands in any program's arguments (T-03).
"""

from __future__ import annotations

import inspect
import secrets
from collections.abc import Awaitable, Callable, Sequence

from app.auth.callback_pages import PLAIN_PAGES, Pages
from app.auth.callback_port import claim_port, host_of_this_machine
from app.auth.callback_request import Waiting
from app.auth.callback_server import CallbackListener
from app.auth.client_profiles import CODEX, DEFAULT_PORTS, ClientProfile
from app.auth.deadline import Deadline
from app.auth.oauth import ENTROPY_BYTES, authorization_request, redirect_uri
from app.auth.token_endpoint import TokenEndpoint
from app.auth.tokens import TokenSet
from app.clocks import Clocks
from app.endpoints import Endpoints
from app.errors import AppError, FaultKind, fail
from app.logs import passing_secrets
from app.transport import Transport

DEADLINE_S = 300.0


async def sign_in_with_browser(
    transport: Transport,
    endpoints: Endpoints,
    open_url: Callable[[str], Awaitable[bool] | bool],
    *,
    redirect_host: str = "localhost",
    ports: Sequence[int] = DEFAULT_PORTS,
    deadline_s: float = DEADLINE_S,
    on_waiting: Callable[[str], None] = lambda _url: None,
    on_answered: Callable[[], None] = lambda: None,
    pages: Pages = PLAIN_PAGES,
    client: ClientProfile = CODEX,
    asks_account: bool = False,
    clocks: Clocks = Clocks(),  # noqa: B008 - frozen
) -> TokenSet:
    """The tokens of whoever signs in; storing them is the caller's affair (`Session.adopt`).

    `on_waiting(address)` is called once the port listens: a person can open that address by
    hand, on this machine, if `open_url` returns False (F-L12). `on_answered()` once only the
    exchange is left. Cancelling closes the port at
    once (F-L02). Raises `AppError`: CALLBACK_PORTS_TAKEN, SIGN_IN_DENIED,
    SIGN_IN_NOT_ENTITLED, SIGN_IN_TIMED_OUT, SIGN_IN_FAILED, or the fault of the exchange.
    """
    redirect_host = await host_of_this_machine(redirect_host)
    port = await claim_port(ports, redirect_host)
    request = authorization_request(
        endpoints,
        client,
        redirect_uri(redirect_host, port.port),
        secrets.token_bytes(ENTROPY_BYTES),
        asks_account=asks_account,
    )
    nonce, cookie = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    waiting = Waiting(port.port, request, nonce, cookie, pages)
    deadline = Deadline(deadline_s, clocks)
    with passing_secrets(request.state, request.code_verifier, nonce, cookie) as remember:
        async with CallbackListener(port, waiting, redirect_host, deadline.is_over) as listener:
            try:
                async with deadline.kept():
                    code = await _code(listener, open_url, on_waiting)
            except TimeoutError:
                detail = f"no answer within {deadline_s:.0f} s"
                raise fail(FaultKind.SIGN_IN_TIMED_OUT, detail) from None
            remember(code)
            on_answered()
            endpoint = TokenEndpoint(transport, clocks.wall)
            return await endpoint.exchange(endpoints, client, request, code)


async def _code(
    listener: CallbackListener,
    open_url: Callable[[str], Awaitable[bool] | bool],
    on_waiting: Callable[[str], None],
) -> str:
    on_waiting(listener.start_url)
    opened = open_url(listener.start_url)
    if inspect.isawaitable(opened):
        await opened
    answer = await listener.answer()
    if answer.fault is not None:
        raise AppError(answer.fault)
    return answer.code
