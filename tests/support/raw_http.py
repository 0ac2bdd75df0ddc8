"""Bytes over a socket, for requests no HTTP library would send."""

from __future__ import annotations

import asyncio
from contextlib import suppress


async def exchange(port: int, raw: bytes, host: str = "127.0.0.1", limit_s: float = 30) -> bytes:
    """Send `raw`, read to the end; b"" if the connection was dropped without an answer."""
    async with asyncio.timeout(limit_s):
        reader, writer = await asyncio.open_connection(host, port)
        try:
            writer.write(raw)
            with suppress(ConnectionError):
                return await reader.read()
            return b""
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()


def get(target: str, port: int, *headers: str, host: str = "localhost") -> bytes:
    """A well-formed GET."""
    lines = [f"GET {target} HTTP/1.1", f"Host: {host}:{port}", *headers, "", ""]
    return "\r\n".join(lines).encode()


def status_of(reply: bytes) -> int:
    return int(reply.split(b" ", 2)[1])


async def is_open(port: int, host: str = "127.0.0.1") -> bool:
    """Whether anybody accepts connections there."""
    try:
        _, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()
    return True
