"""Connections: which are kept, which are given up, and how an end is told."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import h11
import pytest
from support.fault_server import FaultServer, HangUpError, Peer
from support.person import until

from app.byte_stream import ByteStream, connect
from app.dialling import Path, Refused
from app.http_lines import Answer, HttpLines

TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _fine(peer: Peer) -> None:
    peer.reply(b"{}")


@asynccontextmanager
async def direct(kept: int = 2, kept_s: float = 90) -> AsyncIterator[HttpLines]:
    http = HttpLines(TLS, kept=kept, kept_s=kept_s)
    try:
        yield http
    finally:
        await http.aclose()


def no_step() -> None:
    """Nobody asks whether there was a dial."""


async def asked(
    http: HttpLines, server: FaultServer, method: str = "GET", body: bytes = b""
) -> Answer:
    headers = [("Host", "x"), ("Content-Length", str(len(body)))]
    request = h11.Request(method=method, target="/", headers=headers)
    path = Path("http", server.host, server.port)
    return await http.send(path, request, body, 5, no_step)


async def body_of(answer: Answer) -> bytes:
    pieces = []
    while piece := await answer.piece():
        pieces.append(piece)
    return b"".join(pieces)


async def test_a_connection_serves_one_request_after_another() -> None:
    with FaultServer(_fine) as server:
        async with direct() as http:
            for _ in range(3):
                assert await body_of(await asked(http, server)) == b"{}"
    assert server.connections == 1


async def test_requests_at_the_same_time_have_connections_of_their_own() -> None:
    """Two of them are kept."""
    with FaultServer(_fine) as server:
        async with direct(kept=2) as http:
            answers = [await asked(http, server) for _ in range(3)]
            for answer in answers:
                assert await body_of(answer) == b"{}"
            assert server.connections == 3
            await until(lambda: len(server.closed_at) == 1)
            for _ in range(2):
                await body_of(await asked(http, server))
    assert server.connections == 3


async def test_connections_of_other_hosts_are_let_alone() -> None:
    with FaultServer(_fine) as one, FaultServer(_fine) as other:
        async with direct() as http:
            for _ in range(2):
                await body_of(await asked(http, one))
                await body_of(await asked(http, other))
    assert (one.connections, other.connections) == (1, 1)


async def test_a_connection_is_not_kept_for_ever() -> None:
    with FaultServer(_fine) as server:
        async with direct(kept_s=0) as http:
            for _ in range(2):
                await body_of(await asked(http, server))
                await asyncio.sleep(0.01)
    assert server.connections == 2


@pytest.mark.parametrize("last_words", [b"", b"HTTP/1.1 408 Request Timeout\r\n\r\n"])
async def test_a_connection_whose_peer_has_left_is_not_used(last_words: bytes) -> None:
    """F-N21: nor what it said last taken for the answer to a question it never got."""

    def script(peer: Peer) -> None:
        peer.reply(b"{}")
        if peer.connection == 0:
            peer.pause(0.05)
            peer.send(last_words)
            raise HangUpError

    with FaultServer(script) as server:
        async with direct() as http:
            await body_of(await asked(http, server))
            await until(lambda: server.closed_at)
            answer = await asked(http, server)
            assert (answer.status, await body_of(answer)) == (200, b"{}")
    assert server.connections == 2


@pytest.mark.parametrize(
    ("reply", "body"),
    [
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}", b"{}"),
        (b"HTTP/1.0 200 OK\r\n\r\nuntil the end", b"until the end"),
    ],
)
async def test_a_connection_that_ends_with_its_answer(reply: bytes, body: bytes) -> None:
    def script(peer: Peer) -> None:
        peer.send(reply)
        raise HangUpError

    with FaultServer(script) as server:
        async with direct() as http:
            for _ in range(2):
                assert await body_of(await asked(http, server)) == body
    assert server.connections == 2


async def test_an_answer_half_read_is_given_up_with_its_connection() -> None:
    with FaultServer(lambda peer: peer.reply(b"x" * (1 << 20))) as server:
        async with direct() as http:
            answer = await asked(http, server)
            assert await answer.piece()
            await answer.close()
            await answer.close()
            assert await answer.piece() == b""
            await until(lambda: server.closed_at)


async def test_a_reader_learns_that_its_connection_was_closed_here() -> None:
    with FaultServer(lambda peer: peer.chunked()) as server:
        async with direct() as http:
            answer = await asked(http, server)
            async with asyncio.TaskGroup() as group:
                reading = group.create_task(_piece_or_error(answer))
                await asyncio.sleep(0)
                await answer.close()
            assert isinstance(reading.result(), ConnectionAbortedError)


async def _piece_or_error(answer: Answer) -> bytes | OSError:
    try:
        return await answer.piece()
    except OSError as error:
        return error


async def test_a_long_question_and_a_long_answer() -> None:
    """More than any buffer holds, both ways."""
    body = bytes(range(256)) * (16 << 10)  # 4 MiB

    def script(peer: Peer) -> None:
        peer.reply(peer.body)

    with FaultServer(script) as server:
        async with direct() as http:
            answer = await asked(http, server, "POST", body)
            assert await body_of(answer) == body
            await body_of(await asked(http, server))
    assert server.connections == 1


async def test_an_answer_before_the_question_was_read() -> None:
    """A service that refuses a long body may answer at once and close."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        http = HttpLines(TLS, kept=2, kept_s=90)
        path = Path("http", "127.0.0.1", listener.getsockname()[1])
        headers = [("Host", "x"), ("Content-Length", "3")]

        def serve() -> None:
            stream, _ = listener.accept()
            with stream:
                stream.recv(65536)
                stream.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")

        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.to_thread(serve))
            request = h11.Request(method="POST", target="/", headers=headers)
            answer = await http.send(path, request, b"abc", 5, no_step)
        assert (answer.status, await answer.piece()) == (413, b"")
        await http.aclose()


async def test_a_change_of_protocol_nobody_asked_for() -> None:
    switching = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"
    with FaultServer(lambda peer: peer.send(switching)) as server:
        async with direct() as http:
            with pytest.raises(h11.RemoteProtocolError):
                await asked(http, server)


async def test_several_addresses_that_all_refuse() -> None:
    """F-N02: asyncio tells of two failures in words only; the kind of the first is kept."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    async with direct() as http:
        request = h11.Request(method="GET", target="/", headers=[("Host", "x")])
        with pytest.raises(Refused) as caught:
            await http.send(Path("http", "localhost", port), request, b"", 5, no_step)
    assert isinstance(caught.value.__cause__, ConnectionRefusedError)


async def test_nothing_is_written_to_a_connection_that_broke() -> None:
    """The answer may have come all the same; who reads learns what happened."""
    with FaultServer(lambda peer: peer.reset()) as server:
        stream = await connect(server.host, server.port, None)
        await stream.write(b"GET / HTTP/1.1\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            await stream.read()
        await stream.write(b"more")
        assert not stream.is_quiet
        await stream.abort()


async def test_a_stream_that_was_never_connected() -> None:
    stream = ByteStream()
    await stream.write(b"x")
    await stream.abort()
    with pytest.raises(ConnectionAbortedError):
        await stream.read()
