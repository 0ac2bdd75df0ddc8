"""The loopback listener of a browser sign-in: hears requests, lets `callback_request` judge.

Protocols and timers only, no tasks, so it works the same on asyncio and qasync. At most eight
connections of five seconds each; a newcomer displaces the oldest, so that idle connections
never keep the real answer out (T-11). After the answer the listener stays long enough to show
the last page, at most `LINGER_S` (T-12).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from types import TracebackType
from typing import Any

from app.auth.callback_port import CallbackPort
from app.auth.callback_request import HEAD_LIMIT, Waiting, forbidden, judge
from app.auth.oauth import CallbackAnswer
from app.auth.socket_owners import own_uid, owner_of_connection

CONNECTION_LIMIT = 8
CONNECTION_S = 5.0
LINGER_S = 0.8
_HEAD_END = b"\r\n\r\n"


class CallbackListener:
    """Async context manager: listens inside the block, and owns the sockets of `port`.

    Once `is_over()` every request is refused, for a machine that slept may not have noticed yet
    that the sign-in has ended (F-L16).
    """

    def __init__(
        self,
        port: CallbackPort,
        waiting: Waiting,
        host: str,
        is_over: Callable[[], bool] = lambda: False,
    ) -> None:
        self._port = port
        self._is_over = is_over
        self._waiting = waiting
        self._host = host
        self._servers: list[asyncio.Server] = []
        self._connections: dict[_Connection, None] = {}  # in order of arrival
        self._closing: asyncio.TimerHandle | None = None
        self._answered = asyncio.Event()
        self._closed = asyncio.Event()

    @property
    def start_url(self) -> str:
        """The address to open: neither the state nor the challenge is in it (T-03)."""
        return f"http://{self._host}:{self._port.port}{self._waiting.start_path}"

    async def answer(self) -> CallbackAnswer:
        """Wait for the one answer that fits."""
        await self._answered.wait()
        assert self._waiting.answer is not None  # noqa: S101 - narrows the type
        return self._waiting.answer

    async def __aenter__(self) -> CallbackListener:
        loop = asyncio.get_running_loop()
        try:
            for sock in self._port.sockets:
                server = await loop.create_server(lambda: _Connection(self), sock=sock)
                self._servers.append(server)
        except BaseException:
            self.close()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        is_cancelled = kind is not None and issubclass(kind, asyncio.CancelledError)
        try:
            if self._answered.is_set() and not is_cancelled:
                await self._closed.wait()
        finally:
            self.close()
            await asyncio.sleep(0)  # the transports' last callbacks
            self._servers.clear()  # else they and this one keep each other, and the secrets

    def close(self) -> None:
        """Stop listening and drop every connection at once."""
        if self._closing is not None:
            self._closing.cancel()
        for server in self._servers:
            server.close()
        for sock in self._port.sockets:
            sock.close()
        for connection in tuple(self._connections):
            connection.drop()
        self._closed.set()

    def joined(self, connection: _Connection) -> None:
        """A connection was made; displaces the oldest one above the limit."""
        self._connections[connection] = None
        if len(self._connections) > CONNECTION_LIMIT:
            next(iter(self._connections)).drop()

    def left(self, connection: _Connection, *, was_last: bool) -> None:
        self._connections.pop(connection, None)
        if was_last:
            self.close()

    def reply_to(self, head: bytes, transport: asyncio.Transport) -> tuple[bytes, bool]:
        """The reply to a request head, and whether it is the last of the sign-in."""
        if self._is_over() or _is_of_another_user(transport):
            return forbidden(self._waiting), False
        verdict = judge(head, self._waiting)
        if verdict.starts:
            self._waiting = replace(self._waiting, is_started=True)
        if verdict.answer is not None:
            self._waiting = replace(self._waiting, answer=verdict.answer)
            self._closing = asyncio.get_running_loop().call_later(LINGER_S, self.close)
            self._answered.set()
        return verdict.reply, verdict.ends


class _Connection(asyncio.Protocol):
    """Collects one request head, sends one reply, closes."""

    def __init__(self, listener: CallbackListener) -> None:
        self._listener = listener
        self._transport: asyncio.Transport | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._received = bytearray()
        self._is_answered = False
        self._is_last = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - narrows the type
        self._transport = transport
        self._deadline = asyncio.get_running_loop().call_later(CONNECTION_S, self.drop)
        self._listener.joined(self)

    def data_received(self, data: bytes) -> None:
        if self._is_answered or self._transport is None:
            return
        searched = max(0, len(self._received) - len(_HEAD_END))
        self._received += data
        end = self._received.find(_HEAD_END, searched, HEAD_LIMIT)
        if end < 0:
            if len(self._received) >= HEAD_LIMIT:
                self.drop()
            return
        self._is_answered = True
        head = bytes(self._received[: end + len(_HEAD_END)])
        reply, self._is_last = self._listener.reply_to(head, self._transport)
        self._transport.write(reply)
        self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._listener.left(self, was_last=self._is_last)

    def drop(self) -> None:
        """End the connection without another word."""
        if self._transport is not None:
            self._transport.abort()


def _is_of_another_user(transport: asyncio.Transport) -> bool:
    """T-02: the far end of a loopback connection is a socket of this machine, too."""
    sock: Any = transport.get_extra_info("socket")
    far, near = transport.get_extra_info("peername"), transport.get_extra_info("sockname")
    if sock is None or not far or not near:
        return False
    owner = owner_of_connection(sock.family, far[:2], near[:2])
    return owner is not None and owner != own_uid()
