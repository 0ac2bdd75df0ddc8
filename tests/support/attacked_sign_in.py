"""A browser sign-in under attack: raw connections, and the person who is in the middle of it."""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from support.far_browser import last_address
from support.forged_callbacks import PERFECT_BROWSER, Target
from support.raw_http import exchange, get, status_of

from app.auth.callback_server import CONNECTION_LIMIT

Attack = Callable[[Target], Awaitable[None]]


async def send(port: int, raw: bytes, host: str = "127.0.0.1") -> bytes:
    """What comes back for `raw`; b"" if nothing does.

    The connection is reset afterwards: a hundred thousand would fill the kernel's table.
    """
    reader, writer = await asyncio.open_connection(host, port)
    sock: socket.socket = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    try:
        with suppress(ConnectionError):
            writer.write(raw)
            writer.write_eof()
            return await reader.read()
        return b""
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def send_all(port: int, forged: Iterable[bytes]) -> list[bytes]:
    """Those that got anything but a refusal, a few connections at a time."""
    waiting = iter(forged)
    accepted: list[bytes] = []

    async def work(host: str) -> None:
        for raw in waiting:
            reply = await send(port, raw, host)
            if reply and not 400 <= status_of(reply) < 500:
                accepted.append(raw)

    hosts = ("127.0.0.1", "::1") * (CONNECTION_LIMIT // 2)
    await asyncio.gather(*map(work, hosts))
    return accepted


@dataclass
class Victim:
    """A person with a browser, whose sign-in is attacked before and after its start page.

    `attack(target)` runs twice: while nobody has opened the start page, with values that are
    wrong; then with all that the browser knows.
    """

    attack: Attack
    login_s: float = 0.0
    begun: float = field(default=0.0, repr=False)

    async def open(self, address: str) -> bool:
        port = urlsplit(address).port or 0
        await self.attack(Target(port, "/start/guess", "x" * 43, f"tidegauge-{port}={'x' * 32}"))
        start = urlsplit(address).path
        lines = await self._lines(port, get(start, port, *PERFECT_BROWSER))
        authorize = lines["Location"]
        cookie = lines["Set-Cookie"].partition(";")[0]
        state = parse_qs(urlsplit(authorize).query)["state"][0]
        await self.attack(Target(port, start, state, cookie))
        self.begun = time.monotonic()
        answer = urlsplit(await asyncio.to_thread(last_address, authorize))
        target = f"{answer.path}?{answer.query}"
        lines = await self._lines(port, get(target, port, f"Cookie: {cookie}", *PERFECT_BROWSER))
        assert lines["Location"] == "/signed-in"
        page = await exchange(port, get("/signed-in", port, f"Cookie: {cookie}"))
        assert status_of(page) == 200
        return True

    @staticmethod
    async def _lines(port: int, raw: bytes) -> dict[str, str]:
        reply = (await exchange(port, raw)).partition(b"\r\n\r\n")[0].decode("ascii")
        return dict(line.split(": ", 1) for line in reply.split("\r\n")[1:])
