"""The outermost application: records each request, applies faults, dates every reply."""

from __future__ import annotations

import secrets

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.simulator.backend import BackendRoutes
from app.simulator.faults import Fault, send_fault
from app.simulator.oauth import OAuthRoutes
from app.simulator.recorder import RecordedRequest
from app.simulator.releases import ReleaseRoutes
from app.simulator.state import ServiceState
from app.simulator.wire import Connection


class Front:
    """ASGI application around the routes."""

    def __init__(self, state: ServiceState) -> None:
        self._state = state
        self._routes: ASGIApp = Starlette(
            routes=[
                *OAuthRoutes(state).routes(),
                *BackendRoutes(state).routes(),
                *ReleaseRoutes(state).routes(),
            ],
            exception_handlers={404: _not_found, 405: _not_found},
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection: Connection = scope["state"]["connection"]
        body = await _whole_body(receive)
        if body is None:
            return
        request = _recorded(scope, body, connection)
        self._state.recorder.add_request(request)
        connection.on_abandoned = lambda: self._state.recorder.add_disconnect(request)
        fault = self._state.faults.take(request)
        if fault is not None and fault.body is not None:
            await send_fault(fault, connection, self._state.clock.http_date())
            return
        if fault is not None and await connection.pause(fault.delay_s):
            return
        sets_cookie = self._state.sets_gateway_cookie and not request.header("cookie")
        cookie = f"__cf_bm={secrets.token_hex(8)}; Path=/" if sets_cookie else ""
        writer = _Writer(send, connection, self._state.clock.http_date(), fault, cookie)
        await self._routes(scope, _replayed(body, receive), writer.send)
        connection.on_abandoned = None


class _Writer:
    """Adds date and cookie; cuts the usual answer where a fault says so."""

    def __init__(
        self, send: Send, connection: Connection, date: str, fault: Fault | None, cookie: str
    ) -> None:
        self._send = send
        self._cookie = cookie
        self._connection = connection
        self._date = date
        self._left = None if fault is None else fault.cut_after
        self._reset = fault is not None and fault.reset

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            added = [(b"date", self._date.encode("ascii"))]
            if self._cookie:
                added.append((b"set-cookie", self._cookie.encode("ascii")))
            message = {**message, "headers": [*message["headers"], *added]}
        elif self._left is not None and message["type"] == "http.response.body":
            piece: bytes = message.get("body", b"")
            if len(piece) >= self._left:
                await self._send({**message, "body": piece[: self._left], "more_body": True})
                await self._connection.end(reset=self._reset)
                return
            self._left -= len(piece)
        await self._send(message)


def _recorded(scope: Scope, body: bytes, connection: Connection) -> RecordedRequest:
    return RecordedRequest(
        method=scope["method"],
        path=scope["path"],
        query=scope["query_string"].decode("latin-1"),
        headers=tuple(
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]
        ),
        body=body,
        connection=connection.number,
    )


async def _whole_body(receive: Receive) -> bytes | None:
    """The request's body; None if the client left while sending it."""
    parts = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body once more, then what the server has to say."""
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return pending.pop() if pending else await receive()

    return replay


async def _not_found(request: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 404)
    return JSONResponse({"detail": "Not Found" if status == 404 else "Method Not Allowed"}, status)
