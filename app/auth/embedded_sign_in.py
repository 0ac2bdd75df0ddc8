"""Signing in with the embedded window: authorization code with PKCE, and no port is opened.

The window is a child process that shows the sign-in page and hands back the address of the
redirect, which it never loads (T-27). Verifier, state, the exchange and the tokens stay here.
"""

from __future__ import annotations

import importlib.util
import os
import secrets
import sys
from collections.abc import Callable, Mapping

from app.auth.client_profiles import CODEX, DEFAULT_PORTS, ClientProfile
from app.auth.deadline import Deadline
from app.auth.oauth import (
    ENTROPY_BYTES,
    AuthorizationRequest,
    authorization_request,
    read_callback,
    redirect_uri,
)
from app.auth.sign_in import DEADLINE_S
from app.auth.token_endpoint import TokenEndpoint
from app.auth.tokens import TokenSet
from app.auth.window_process import WindowProcess
from app.clocks import Clocks
from app.embedded_window import Ending, EndKind, Obstacle, Opening, WindowWords
from app.endpoints import Endpoints
from app.errors import AppError, FaultKind, fail
from app.logs import passing_secrets
from app.replies import sanitise
from app.transport import Transport


class UseBrowserInstead(Exception):  # noqa: N818 - an outcome, not an error
    """The person pressed "use your browser instead"."""


def obstacle(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Obstacle:
    """Why the window cannot be shown here, NONE if it can. Imports nothing of QtWebEngine; a few
    stat calls."""
    if importlib.util.find_spec("PySide6.QtWebEngineWidgets") is None:
        return Obstacle.NOT_INSTALLED
    if platform in ("win32", "darwin"):
        return Obstacle.NONE
    if os.geteuid() == 0:
        return Obstacle.ROOT
    if not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")):
        return Obstacle.NO_DISPLAY
    return Obstacle.NONE


async def sign_in_embedded(
    transport: Transport,
    endpoints: Endpoints,
    *,
    window_words: WindowWords,
    colour_scheme: str = "system",
    contrast: str = "system",
    proxy: str = "system",
    ca_file: str = "",
    redirect_host: str = "localhost",
    on_waiting: Callable[[str], None] = lambda _url: None,
    client: ClientProfile = CODEX,
    deadline_s: float = DEADLINE_S,
    clocks: Clocks = Clocks(),  # noqa: B008 - frozen
) -> TokenSet:
    """The tokens of whoever signs in; storing them is the caller's affair (`Session.adopt`).

    `on_waiting("")` is called once the window's process runs; "" because there is no address
    to open by hand. `colour_scheme`, `contrast`, `proxy` and `ca_file` are those of the
    settings. Cancelling ends the window. Raises `UseBrowserInstead`, or `AppError`:
    SIGN_IN_CANCELLED, SIGN_IN_TIMED_OUT, SIGN_IN_DENIED, SIGN_IN_NOT_ENTITLED, SIGN_IN_FAILED,
    SIGN_IN_WINDOW_FAILED, NOT_SECURE or UNKNOWN_AUTHORITY (with host and reason), or the fault of
    the exchange.
    """
    request = authorization_request(
        endpoints,
        client,
        redirect_uri(redirect_host, DEFAULT_PORTS[0]),
        secrets.token_bytes(ENTROPY_BYTES),
    )
    opening = Opening(
        request.url,
        request.redirect_uri,
        window_words,
        colour_scheme,
        proxy,
        ca_file,
        contrast=contrast,
    )
    with passing_secrets(request.state, request.code_verifier) as remember:
        ending = await _shown(opening, on_waiting, deadline_s, clocks)
        code = code_of(ending, request)
        remember(code)
        endpoint = TokenEndpoint(transport, clocks.wall)
        return await endpoint.exchange(endpoints, client, request, code)


def code_of(ending: Ending, request: AuthorizationRequest) -> str:
    """The authorization code, judged by the rules of the loopback callback (T-27).

    Raises as `sign_in_embedded` does.
    """
    match ending.kind:
        case EndKind.USE_BROWSER:
            raise UseBrowserInstead
        case EndKind.CANCELLED:
            raise fail(FaultKind.SIGN_IN_CANCELLED)
        case EndKind.CERTIFICATE | EndKind.AUTHORITY as kind:
            is_unknown = kind is EndKind.AUTHORITY
            fault = FaultKind.UNKNOWN_AUTHORITY if is_unknown else FaultKind.NOT_SECURE
            raise fail(fault, sanitise(ending.text, 120), host=sanitise(ending.host, 253))
        case EndKind.NOT_STARTED:
            raise fail(FaultKind.SIGN_IN_WINDOW_FAILED, sanitise(ending.text, 120))
        case EndKind.REDIRECT:
            address, _, query = ending.text.partition("#")[0].partition("?")
            answer = read_callback(query, request) if address == request.redirect_uri else None
    if answer is None:
        raise fail(FaultKind.SIGN_IN_FAILED, "the answer does not belong to this sign-in")
    if answer.fault is not None:
        raise AppError(answer.fault)
    return answer.code


async def _shown(
    opening: Opening, on_waiting: Callable[[str], None], deadline_s: float, clocks: Clocks
) -> Ending:
    window = WindowProcess()
    try:
        async with Deadline(deadline_s, clocks).kept():
            await window.start()
            on_waiting("")
            return await window.show(opening)
    except TimeoutError:
        raise fail(FaultKind.SIGN_IN_TIMED_OUT, f"no answer within {deadline_s:.0f} s") from None
    finally:
        window.end()
