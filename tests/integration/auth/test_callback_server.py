"""The listener over real sockets: floods, garbage, strangers, and when it closes."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from support.raw_http import exchange, get, is_open, status_of
from support.stalls import Stalls

from app.auth import callback_server
from app.auth.callback_pages import PLAIN_PAGES
from app.auth.callback_port import claim_port
from app.auth.callback_request import HEAD_LIMIT, Waiting
from app.auth.callback_server import CONNECTION_LIMIT, CallbackListener
from app.auth.oauth import AuthorizationRequest, redirect_uri

STATE = "S" * 43


@dataclass
class Listening:
    listener: CallbackListener
    port: int

    @property
    def cookie(self) -> str:
        return f"Cookie: tidegauge-{self.port}=cookie"

    @property
    def callback(self) -> bytes:
        return get(f"/auth/callback?code=ac-1&state={STATE}", self.port, self.cookie)


@asynccontextmanager
async def listening() -> AsyncIterator[Listening]:
    port = await claim_port((0,), "localhost")
    request = AuthorizationRequest(
        "https://auth.example/authorize",
        STATE,
        "verifier",
        redirect_uri("localhost", port.port),
        "https://auth.example",
    )
    waiting = Waiting(port.port, request, "nonce", "cookie", PLAIN_PAGES)
    async with CallbackListener(port, waiting, "localhost") as listener:
        yield Listening(listener, port.port)
        listener.close()


async def good_answer_within(here: Listening, seconds: float) -> None:
    with Stalls() as stalls:
        begun = time.monotonic()
        async with asyncio.timeout(30):
            assert status_of(await exchange(here.port, here.callback)) == 303
            assert (await here.listener.answer()).code == "ac-1"
        assert stalls.lived_s(begun, time.monotonic()) < seconds


async def test_both_families_lead_to_the_same_sign_in() -> None:
    """A4, F-L15"""
    async with listening() as here:
        reply = await exchange(here.port, get("/start/nonce", here.port), host="::1")
        assert status_of(reply) == 302
        await good_answer_within(here, 1)


async def test_only_loopback_is_listened_on() -> None:
    """T-14"""
    port = await claim_port((0,), "localhost")
    addresses = {sock.getsockname()[0] for sock in port.sockets}
    shared = [sock.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT) for sock in port.sockets]
    for sock in port.sockets:
        sock.close()
    assert addresses == {"127.0.0.1", "::1"}
    async with listening() as here:
        assert await is_open(here.port)
        assert not await is_open(here.port, "127.0.0.2")  # as good as any other address
    assert not any(shared)  # T-12


GARBAGE = [
    b"\r\n\r\n",
    b"GET\r\n\r\n",
    b"\x00" * 2000 + b"\r\n\r\n",
    b"\xff\xfe\xfd\r\n\r\n",
    b"GET /auth/callback\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    b"POST /auth/callback HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\nGET /auth/callback HTTP/1.1\r\n\r\n",
]


@pytest.mark.parametrize("raw", GARBAGE)
async def test_garbage_changes_nothing(raw: bytes) -> None:
    """T-11"""
    async with listening() as here:
        reply = await exchange(here.port, raw)
        assert reply == b"" or status_of(reply) in (400, 421)
        await good_answer_within(here, 1)


@pytest.mark.parametrize("filler", [b"x" * (HEAD_LIMIT + 1), b"GET / HTTP/1.1\r\n" * 200_000])
async def test_an_endless_head_is_cut_off(filler: bytes) -> None:
    """T-11"""
    async with listening() as here:
        assert await exchange(here.port, filler) == b""
        await good_answer_within(here, 1)


async def test_a_request_in_single_bytes_is_understood() -> None:
    async with listening() as here:
        reader, writer = await asyncio.open_connection("127.0.0.1", here.port)
        for byte in here.callback:
            writer.write(bytes((byte,)))
            await writer.drain()
        assert status_of(await reader.read()) == 303
        writer.close()
        await writer.wait_closed()


async def test_silent_connections_do_not_keep_the_answer_out() -> None:
    """T-11: eight at a time, the newcomer displaces the oldest."""
    async with listening() as here:
        silent = [
            await asyncio.open_connection("127.0.0.1", here.port)
            for _ in range(CONNECTION_LIMIT * 4)
        ]
        await good_answer_within(here, 1)
        async with asyncio.timeout(30):
            assert await silent[0][0].read() == b""
        for _, writer in silent:
            writer.close()


async def test_a_slow_request_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    """T-11: five seconds for a request, shortened here."""
    monkeypatch.setattr(callback_server, "CONNECTION_S", 0.2)
    async with listening() as here:
        reader, writer = await asyncio.open_connection("127.0.0.1", here.port)
        writer.write(b"GET /auth/callback HTTP/1.1\r\n")
        async with asyncio.timeout(30):
            assert await reader.read() == b""
        writer.close()
        await good_answer_within(here, 1)


async def test_another_users_connection_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """T-02: with a perfect callback; the owner is read from the kernel's table."""
    async with listening() as here:
        with monkeypatch.context() as patched:
            patched.setattr(callback_server, "own_uid", lambda: 65534)
            reply = await exchange(here.port, here.callback)
            assert status_of(reply) == 403
            assert status_of(await exchange(here.port, here.callback, host="::1")) == 403
        await good_answer_within(here, 1)


async def test_the_port_closes_with_the_last_page() -> None:
    """T-12, T-13"""
    async with listening() as here:
        await good_answer_within(here, 1)
        reply = await exchange(here.port, get("/signed-in", here.port, here.cookie))
        assert status_of(reply) == 200
        assert not await is_open(here.port)
        assert not await is_open(here.port, "::1")


async def test_the_port_closes_within_a_second_anyway() -> None:
    """T-12: the browser never came for the last page."""
    port = await claim_port((0,), "127.0.0.1")
    request = AuthorizationRequest("https://a", STATE, "v", "http://x", "https://a")
    waiting = Waiting(port.port, request, "nonce", "cookie", PLAIN_PAGES)
    with Stalls() as stalls:
        async with CallbackListener(port, waiting, "127.0.0.1") as listener:
            here = Listening(listener, port.port)
            await good_answer_within(here, 1)
            answered = time.monotonic()
        closed = time.monotonic()
        assert closed - answered > 0.5
        assert stalls.lived_s(answered, closed) < 1
    assert not await is_open(here.port)


async def test_a_repeated_answer_changes_nothing() -> None:
    """T-10"""
    async with listening() as here:
        replies = await asyncio.gather(
            *(exchange(here.port, here.callback) for _ in range(CONNECTION_LIMIT))
        )
        assert sorted(map(status_of, replies)) == [200] * (CONNECTION_LIMIT - 1) + [303]


async def test_a_listener_that_cannot_start_leaves_no_socket(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    port = await claim_port((0,), "localhost")

    async def refuse(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr(asyncio.get_running_loop(), "create_server", refuse)
    request = AuthorizationRequest("https://a", STATE, "v", "http://x", "https://a")
    waiting = Waiting(port.port, request, "nonce", "cookie", PLAIN_PAGES)
    with pytest.raises(OSError):  # noqa: PT011 - the one raised above
        async with CallbackListener(port, waiting, "localhost"):
            pass
    assert [sock.fileno() for sock in port.sockets] == [-1, -1]
