"""One TCP connection of the server, as far down as tests need it: raw bytes, RST, early end."""

from __future__ import annotations

import asyncio
import itertools
import socket
import struct
import sys
import threading
from collections.abc import Callable
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

_numbers = itertools.count(1)
_numbers_lock = threading.Lock()


class Connection:
    """Handed to the application in the scope's state under `connection`.

    Writing raw bytes here goes around the HTTP machinery; the connection must then be ended
    with `end()`, since nothing after it would be framed correctly.
    """

    def __init__(self, protocol: WireProtocol, transport: asyncio.Transport) -> None:
        with _numbers_lock:
            self.number = next(_numbers)
        self.on_abandoned: Callable[[], None] | None = None
        self._protocol = protocol
        self._transport = transport
        self._lost = asyncio.Event()

    async def pause(self, seconds: float | None) -> bool:
        """Wait; True at once when the connection is gone (None: wait just for that)."""
        if seconds is not None and seconds <= 0:
            await asyncio.sleep(0)
            return self._lost.is_set()
        try:
            async with asyncio.timeout(seconds):
                await self._lost.wait()
        except TimeoutError:
            return False
        return True

    async def write(self, raw: bytes) -> bool:
        """Send bytes as they are, at the client's pace. False when the connection is gone."""
        if self._lost.is_set() or self._transport.is_closing():
            return False
        self._transport.write(raw)
        await self._protocol.flow.drain()
        await asyncio.sleep(0)
        return not self._lost.is_set()

    async def end(self, *, reset: bool = False) -> None:
        """Close after what was written (FIN), or drop the connection at once (RST)."""
        self.on_abandoned = None
        if reset:
            self._reset_on_close()
            self._transport.abort()
        else:
            self._transport.close()
        await self._lost.wait()

    def abort(self) -> None:
        self.on_abandoned = None
        self._transport.abort()

    def lost(self, *, answer_is_complete: bool) -> None:
        abandoned, self.on_abandoned = self.on_abandoned, None
        self._lost.set()
        if abandoned is not None and not answer_is_complete:
            abandoned()

    def _reset_on_close(self) -> None:
        sock = self._transport.get_extra_info("socket")
        linger = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


class WireProtocol(H11Protocol):
    """uvicorn's HTTP/1.1 protocol that lets the application reach its connection."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, dict(app_state), _loop)
        self.connection: Connection | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.connection = Connection(self, transport)
        self.app_state["connection"] = self.connection

    def connection_lost(self, exc: Exception | None) -> None:
        is_complete = self.cycle is None or self.cycle.response_complete
        super().connection_lost(exc)
        if self.connection is not None:
            self.connection.lost(answer_is_complete=is_complete)
