"""The bytes of one connection, read by whoever waits for them: a protocol of asyncio.

A connection that nobody uses for the moment goes on listening, so that `is_quiet` tells at once
whether its peer has left, or has said something nobody asked for.
"""

from __future__ import annotations

import asyncio
import os
import re
import socket
import ssl
from contextlib import suppress
from typing import cast

_HIGH_WATER = 128 << 10  # unread bytes, from which on the peer has to wait
_NEXT_ADDRESS_S = 0.25  # RFC 8305: how long one address of a name may keep the next waiting
_NUMBER = re.compile(r"\[Errno (\d+)\]")


class ByteStream(asyncio.Protocol):
    """Both directions of a connection; one reader at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._is_over = False  # nothing more will come
        self._error: Exception | None = None  # why
        self._waiter: asyncio.Future[None] | None = None
        self._may_write = asyncio.Event()
        self._may_write.set()

    @property
    def is_quiet(self) -> bool:
        """Still connected, and nothing unread."""
        return not self._is_over and not self._received

    async def read(self) -> bytes:
        """What has come since; b"" at the end. Raises the `OSError` that broke the connection."""
        while not self._received and not self._is_over:
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        if not self._received and self._error is not None:
            raise self._error
        received = bytes(self._received)
        self._received.clear()
        if self._transport is not None:
            self._transport.resume_reading()
        return received

    async def take(self, count: int) -> bytes:
        """The next `count` bytes, no more; raises as `read` does, and `EOFError` at the end."""
        while len(self._received) < count:
            had = bytes(self._received)
            self._received.clear()
            piece = await self.read()
            if not piece:
                raise EOFError
            self._received[:0] = had + piece
        taken = bytes(self._received[:count])
        del self._received[:count]
        return taken

    async def secure(self, tls: ssl.SSLContext, host: str) -> None:
        """From here on TLS, with whoever proves to be `host`; nothing may be unread.

        Raises `OSError`, `ssl.SSLError` among them. Works inside TLS as well.
        """
        assert self._transport is not None  # noqa: S101 - it is connected
        loop = asyncio.get_running_loop()
        secured = await loop.start_tls(self._transport, self, tls, server_hostname=host)
        if secured is None:  # what it gives for a connection that has just been lost
            raise ConnectionResetError
        self._transport = secured

    async def write(self, data: bytes) -> None:
        """Returns once the system has room. Of a broken connection only `read` tells."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)
            await self._may_write.wait()

    async def abort(self) -> None:
        """Close now, whatever is unsent or unread; a `read` under way fails."""
        if not self._is_over:
            self._end(ConnectionAbortedError("closed here"))
        if self._transport is not None:
            self._transport.abort()
            await asyncio.sleep(0)  # the loop closes the socket in its next round

    # --- what the loop calls -------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        if len(self._received) >= _HIGH_WATER and self._transport is not None:
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> bool:
        self._end(None)
        return False  # the transport closes itself

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._is_over:
            self._end(exc)
        self._may_write.set()

    def pause_writing(self) -> None:
        self._may_write.clear()

    def resume_writing(self) -> None:
        self._may_write.set()

    def _end(self, error: Exception | None) -> None:
        self._is_over = True
        self._error = error
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


async def connect(host: str, port: int, tls: ssl.SSLContext | None) -> ByteStream:
    """A connection to one of the addresses of `host`, whichever answers first.

    Raises `OSError` (`ssl.SSLError` among them), or `UnicodeError` for what is no host name.
    """
    loop = asyncio.get_running_loop()
    try:
        _, stream = await loop.create_connection(
            ByteStream,
            host,
            port,
            ssl=tls,
            server_hostname=host if tls else None,
            happy_eyeballs_delay=None if _is_address(host) else _NEXT_ADDRESS_S,
        )
    except OSError as error:
        raise _told(error) from error
    return stream


def _is_address(host: str) -> bool:
    """Then there is nothing to choose from; and asyncio's race, cancelled, forgets a socket."""
    for family in (socket.AF_INET, socket.AF_INET6):
        with suppress(OSError):
            return bool(socket.inet_pton(family, host))
    return False


def _told(error: OSError) -> OSError:
    """Of several addresses asyncio says in words only how each failed: the first counts."""
    number = _NUMBER.search(str(error)) if error.errno is None else None
    return OSError(int(number[1]), os.strerror(int(number[1]))) if number else error
