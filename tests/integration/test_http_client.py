"""The transport against servers that break every rule, over real sockets."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
import subprocess
import sys
import time
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from support.fault_server import FaultServer, HangUpError, Peer
from support.person import until
from support.stalls import Stalls

from app.errors import AppError, Fault, FaultKind
from app.http_client import HttpClient
from app.transport import Bounds, Reply, Request

BOUNDS = Bounds(total_s=30, idle_s=30, body_bytes=1 << 20, connect_s=30)
SHORT = Bounds(total_s=0.6, idle_s=0.3, body_bytes=1 << 20, connect_s=0.3)
BRIEF = replace(BOUNDS, total_s=0.6)


@asynccontextmanager
async def http_client(proxy: str = "none", **options: object) -> AsyncIterator[HttpClient]:
    client = HttpClient(user_agent="test/1", proxy=proxy, **options)  # type: ignore[arg-type]
    try:
        yield client
    finally:
        await client.aclose()


async def get(url: str, bounds: Bounds = BOUNDS, proxy: str = "none") -> Reply:
    async with http_client(proxy) as client:
        return await client.send(Request("GET", url), bounds)


async def fault_of(url: str, bounds: Bounds = BOUNDS, proxy: str = "none") -> Fault:
    with pytest.raises(AppError) as caught:
        await get(url, bounds, proxy)
    return caught.value.fault


async def fault_with(script: Callable[[Peer], None], bounds: Bounds = BOUNDS) -> Fault:
    with FaultServer(script) as server:
        return await fault_of(server.url, bounds)


# --- replies that are fine ----------------------------------------------------------------------


async def test_a_reply_arrives_whole() -> None:
    def script(peer: Peer) -> None:
        peer.reply(b'{"a": 1}', X_One="1", x_two="2", X_Two="3")

    with FaultServer(script) as server:
        reply = await get(f"{server.url}/path?q=1")
    assert (reply.status, reply.body) == (200, b'{"a": 1}')
    assert reply.headers["x-one"] == "1"
    assert reply.headers["x-two"] == "2, 3"
    assert server.requests[0].target == "/path?q=1"


async def test_what_is_sent_is_what_was_asked_for() -> None:
    with FaultServer(lambda peer: peer.reply()) as server:
        async with http_client() as client:
            request = Request("POST", server.url, {"X-Own": "yes"}, b"body")
            await client.send(request, BOUNDS)
    sent = server.requests[0]
    assert sent.body == b"body"
    assert sent.headers["x-own"] == "yes"
    assert sent.headers["user-agent"] == "test/1"
    assert sent.headers["accept-encoding"] == "gzip"
    assert sent.head.startswith(b"POST / HTTP/1.1\r\n")  # F-N22: no HTTP/2


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(b'{"a":1}' * 1000)),
        ("x-gzip", gzip.compress(b'{"a":1}' * 1000)),
        ("deflate", zlib.compress(b'{"a":1}' * 1000)),
        ("identity", b'{"a":1}' * 1000),
    ],
)
async def test_codings_are_undone(coding: str, packed: bytes) -> None:
    with FaultServer(lambda peer: peer.reply(packed, Content_Encoding=coding)) as server:
        assert (await get(server.url)).body == b'{"a":1}' * 1000


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
async def test_replies_without_a_body(status: str) -> None:
    def script(peer: Peer) -> None:
        peer.send(f"HTTP/1.1 {status}\r\nContent-Encoding: gzip\r\n\r\n".encode())

    with FaultServer(script) as server:
        reply = await get(server.url)
    assert (str(reply.status), reply.body) == (status[:3], b"")


@pytest.mark.parametrize("status", [205, 206, 299, 400, 401, 403, 404, 429, 500, 503, 511, 599])
async def test_any_status_is_the_callers_business(status: int) -> None:
    with FaultServer(lambda peer: peer.reply(b"x", f"{status} Whatever")) as server:
        assert (await get(server.url)).status == status


async def test_informational_replies_are_passed_over() -> None:
    """F-N23: fifty times 100, then 103, then the answer."""

    def script(peer: Peer) -> None:
        peer.send(b"HTTP/1.1 100 Continue\r\n\r\n" * 50)
        peer.send(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")
        peer.reply(b"{}")

    with FaultServer(script) as server:
        assert (await get(server.url)).body == b"{}"


# --- bodies that lie ----------------------------------------------------------------------------


async def test_a_body_shorter_than_announced_is_not_a_body() -> None:
    """F-N10, although what came is valid JSON."""

    def script(peer: Peer) -> None:
        peer.reply(b'{"a": 1}', Content_Length="80")
        raise HangUpError

    fault = await fault_with(script)
    assert fault.kind is FaultKind.INTERRUPTED
    assert fault.is_transient


async def test_a_chunked_body_without_its_end() -> None:
    """F-N10."""

    def script(peer: Peer) -> None:
        peer.chunked()
        peer.chunk(b'{"a": 1}')
        raise HangUpError

    assert (await fault_with(script)).kind is FaultKind.INTERRUPTED


@pytest.mark.parametrize("kept", [0, 1, 10, 30, -8, -1])
async def test_a_truncated_gzip_body(kept: int) -> None:
    """F-N12: correct length, connection fine, only gzip's own end is missing."""
    packed = gzip.compress(b'{"a": 1}' * 100)[:kept]
    fault = await fault_with(lambda peer: peer.reply(packed, Content_Encoding="gzip"))
    assert fault.kind is FaultKind.INTERRUPTED


@pytest.mark.parametrize("extra", [b"x", gzip.compress(b"more")])
async def test_data_behind_the_end_of_gzip(extra: bytes) -> None:
    packed = gzip.compress(b"{}") + extra
    fault = await fault_with(lambda peer: peer.reply(packed, Content_Encoding="gzip"))
    assert fault.kind is FaultKind.INTERRUPTED


async def test_garbage_called_gzip() -> None:
    fault = await fault_with(lambda peer: peer.reply(b"\x00" * 50, Content_Encoding="gzip"))
    assert fault.kind is FaultKind.INTERRUPTED


async def test_a_gzip_bomb_is_cut_at_the_cap() -> None:
    """F-N13: 300 MB in 300 kB; memory does not follow."""
    zeros = b"\0" * (1 << 20)
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(zeros) for _ in range(300)) + packer.flush()
    before = _resident_bytes()
    fault = await fault_with(lambda peer: peer.reply(bomb, Content_Encoding="gzip"))
    assert fault.kind is FaultKind.TOO_LARGE
    assert _resident_bytes() - before <= 16 << 20


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "compress", "nonsense"])
async def test_codings_nobody_asked_for(coding: str) -> None:
    """F-N14."""
    fault = await fault_with(lambda peer: peer.reply(b"{}", Content_Encoding=coding))
    assert fault.kind is FaultKind.NOT_UNDERSTOOD


async def test_ten_megabytes_are_cut_at_the_cap() -> None:
    """F-N20, F-U19."""
    fault = await fault_with(lambda peer: peer.reply(b" " * (10 << 20)))
    assert fault.kind is FaultKind.TOO_LARGE


async def test_an_endless_body_is_cut_at_the_cap() -> None:
    """F-N20."""

    def script(peer: Peer) -> None:
        peer.chunked()
        while True:
            peer.chunk(b" " * 65536)

    assert (await fault_with(script)).kind is FaultKind.TOO_LARGE


@pytest.mark.parametrize(
    "head",
    [b"X-Long: " + b"x" * 200_000 + b"\r\n", b"".join(b"X-%d: y\r\n" % n for n in range(30_000))],
    ids=["one of 200 kB", "thirty thousand"],
)
async def test_enormous_heads(head: bytes) -> None:
    """F-N20."""

    def script(peer: Peer) -> None:
        peer.send(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n")

    assert (await fault_with(script)).kind is FaultKind.TOO_LARGE


@pytest.mark.parametrize(
    "answer",
    [b"HTTP/1.1 9999 OK\r\n\r\n", b"HTTP/0.9 200 OK\r\n\r\n", b"<html>hello</html>\r\n\r\n"],
)
async def test_what_is_not_http(answer: bytes) -> None:
    """F-H18, F-N24: an error of its own, and no second request on that connection."""

    def script(peer: Peer) -> None:
        peer.send(answer if peer.connection == 0 else b"")
        if peer.connection:
            peer.reply(b"{}")

    with FaultServer(script) as server:
        async with http_client() as client:
            with pytest.raises(AppError) as caught:
                await client.send(Request("GET", server.url), BOUNDS)
            assert caught.value.fault.kind is FaultKind.INTERRUPTED
            assert (await client.send(Request("GET", server.url), BOUNDS)).body == b"{}"
    assert server.connections == 2


# --- slow ---------------------------------------------------------------------------------------


async def test_a_drip_meets_the_total_deadline() -> None:
    """F-N08: every single wait is short, the sum is not."""
    drip = b"HTTP/1.1 200 OK\r\n" + b"x" * 99
    with FaultServer(lambda peer: peer.drip(drip, 0.05)) as server, Stalls() as stalls:
        started = time.monotonic()
        fault = await fault_of(server.url, BRIEF)
        took_s = stalls.lived_s(started, time.monotonic())
    assert took_s < 4  # the whole drip takes five
    assert (fault.kind, fault.detail) == (FaultKind.TIMED_OUT, "total")


async def test_a_dripped_body_meets_the_total_deadline() -> None:
    """F-N08."""

    def script(peer: Peer) -> None:
        peer.chunked()
        while True:
            peer.chunk(b"x")
            peer.pause(0.05)

    fault = await fault_with(script, BRIEF)
    assert (fault.kind, fault.detail) == (FaultKind.TIMED_OUT, "total")


async def test_a_stall_after_the_head_meets_the_idle_limit() -> None:
    """F-N07."""

    def script(peer: Peer) -> None:
        peer.chunked()
        peer.hang()

    bounds = Bounds(total_s=5, idle_s=0.2, body_bytes=100)
    fault = await fault_with(script, bounds)
    assert (fault.kind, fault.detail) == (FaultKind.TIMED_OUT, "idle")
    assert fault.is_transient


def _says_nothing(peer: Peer) -> None:
    peer.hang()


async def test_a_server_that_never_answers() -> None:
    with FaultServer(_says_nothing) as server:
        fault = await fault_of(server.url, SHORT)
    assert fault.kind is FaultKind.TIMED_OUT


# --- no way there -------------------------------------------------------------------------------


async def test_a_name_that_does_not_exist() -> None:
    """F-N01."""
    fault = await fault_of("http://nowhere.invalid/")
    assert (fault.kind, fault.detail, fault.host) == (FaultKind.OFFLINE, "dns", "nowhere.invalid")


async def test_a_port_nobody_listens_on() -> None:
    """F-N02."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    fault = await fault_of(f"http://127.0.0.1:{port}/")
    assert (fault.kind, fault.detail) == (FaultKind.OFFLINE, "refused")


async def test_a_listener_that_never_accepts() -> None:
    """F-N02: connecting has a limit of its own."""
    with socket.socket() as listener, socket.socket() as filler:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        filler.connect(listener.getsockname())
        bounds = Bounds(total_s=5, idle_s=5, body_bytes=100, connect_s=0.3)
        fault = await fault_of(f"http://127.0.0.1:{listener.getsockname()[1]}/", bounds)
    assert (fault.kind, fault.detail) == (FaultKind.OFFLINE, "timeout")


async def test_the_second_address_of_a_name_is_tried() -> None:
    """F-N03: `localhost` is ::1 first, where nobody listens."""
    with FaultServer(lambda peer: peer.reply(b"{}")) as server, Stalls() as stalls:
        started = time.monotonic()
        assert (await get(f"http://localhost:{server.port}/")).status == 200
        took_s = stalls.lived_s(started, time.monotonic())
    assert took_s < 5  # a connection that is not refused would take ten


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "nonsense", "http://[::1", "http:///x"])
async def test_what_is_no_address(url: str) -> None:
    assert (await fault_of(url)).kind is FaultKind.CONFIGURATION


# --- connections that die -----------------------------------------------------------------------


async def test_a_reset_before_the_head() -> None:
    """F-N09."""
    fault = await fault_with(lambda peer: peer.reset())
    assert fault.kind is FaultKind.INTERRUPTED


async def test_a_reset_inside_the_body() -> None:
    """F-N09."""

    def script(peer: Peer) -> None:
        peer.chunked()
        peer.chunk(b"x")
        peer.reset()

    assert (await fault_with(script)).kind is FaultKind.INTERRUPTED


def _dies_when_used_again(peer: Peer) -> None:
    if peer.connection == 0 and peer.number > 0:
        peer.reset()
    peer.reply(b"{}")


async def test_a_get_on_a_dead_kept_connection_is_sent_once_more() -> None:
    """F-N21, F-N09."""
    with FaultServer(_dies_when_used_again) as server:
        async with http_client() as client:
            for _ in range(2):
                assert (await client.send(Request("GET", server.url), BOUNDS)).status == 200
    assert (len(server.requests), server.connections) == (3, 2)


async def test_a_post_on_a_dead_kept_connection_is_not_repeated() -> None:
    with FaultServer(_dies_when_used_again) as server:
        async with http_client() as client:
            await client.send(Request("GET", server.url), BOUNDS)
            with pytest.raises(AppError) as caught:
                await client.send(Request("POST", server.url, body=b"x"), BOUNDS)
    assert caught.value.fault.kind is FaultKind.INTERRUPTED
    assert len(server.requests) == 2


async def test_a_get_on_a_fresh_connection_is_not_repeated() -> None:
    with FaultServer(lambda peer: peer.reset()) as server:
        await fault_of(server.url)
        assert len(server.requests) == 1


async def test_connections_are_kept_alive() -> None:
    with FaultServer(lambda peer: peer.reply(b"{}")) as server:
        async with http_client() as client:
            for _ in range(3):
                await client.send(Request("GET", server.url), BOUNDS)
    assert server.connections == 1


# --- redirects and portals ----------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_not_followed(status: int) -> None:
    """T-38, F-N19: nothing is sent to the other host, no header goes there."""
    with FaultServer(lambda peer: peer.reply(b"stolen")) as other:

        def script(peer: Peer) -> None:
            peer.reply(b"", f"{status} Moved", Location=f"{other.url}/x")

        with FaultServer(script) as server:
            async with http_client() as client:
                headers = {"Authorization": "Bearer t", "chatgpt-account-id": "a"}
                with pytest.raises(AppError) as caught:
                    await client.send(Request("GET", server.url, headers), BOUNDS)
    assert caught.value.fault.kind is FaultKind.REDIRECTED
    assert caught.value.fault.status == status
    assert other.requests == []
    assert len(server.requests) == 1


async def test_a_redirect_to_a_portal_is_told_apart() -> None:
    """F-N15."""
    portal = "http://192.168.1.1/login"
    fault = await fault_with(lambda peer: peer.reply(b"", "302 Found", Location=portal))
    assert fault.kind is FaultKind.PORTAL


# --- what is sent -------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nb", "a\0b", "é", "\x7f"])
async def test_a_header_value_cannot_end_its_line(value: str) -> None:
    with FaultServer(lambda peer: peer.reply()) as server:
        async with http_client() as client:
            with pytest.raises(AppError) as caught:
                await client.send(Request("GET", server.url, {"X-Own": value}), BOUNDS)
    assert caught.value.fault.kind is FaultKind.INTERNAL
    assert value not in str(caught.value)
    assert server.requests == []


async def test_only_gateway_cookies_come_back() -> None:
    def script(peer: Peer) -> None:
        peer.send(
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
            b"Set-Cookie: __cf_bm=one; Path=/\r\nSet-Cookie: session=secret; Path=/\r\n"
            b"Set-Cookie: cf_chl_x=two; Path=/\r\n\r\n{}"
        )

    async def second_request(hosts: tuple[str, ...]) -> dict[str, str]:
        with FaultServer(script) as server:
            async with http_client(cookie_hosts=hosts) as client:
                await client.send(Request("GET", server.url), BOUNDS)
                await client.send(Request("GET", server.url), BOUNDS)
        return server.requests[1].headers

    cookies = (await second_request(("127.0.0.1",)))["cookie"]
    assert sorted(cookies.split("; ")) == ["__cf_bm=one", "cf_chl_x=two"]
    assert "cookie" not in await second_request(("chatgpt.com",))


# --- streams ------------------------------------------------------------------------------------


def _endless_stream(peer: Peer) -> None:
    peer.chunked(Content_Type="text/event-stream")
    peer.chunk(b"first")
    peer.hang()


async def test_chunks_come_as_they_are_sent() -> None:
    def script(peer: Peer) -> None:
        peer.chunked(X_Head="h")
        for piece in (b"one", b"two", b"three"):
            peer.chunk(piece)
            peer.pause(0.05)
        peer.send(b"0\r\n\r\n")

    with FaultServer(script) as server:
        async with (
            http_client() as client,
            client.stream(Request("POST", server.url, body=b"{}"), BOUNDS) as reply,
        ):
            assert (reply.status, reply.headers["x-head"]) == (200, "h")
            assert [chunk async for chunk in reply.chunks()] == [b"one", b"two", b"three"]
    assert server.requests[0].headers["accept-encoding"] == "identity"


async def test_leaving_a_stream_closes_its_socket_at_once(tasks_ended: None) -> None:
    with FaultServer(_endless_stream) as server, Stalls() as stalls:
        async with http_client() as client:
            async with client.stream(Request("POST", server.url), BOUNDS) as reply:
                assert await anext(reply.chunks()) == b"first"
                left_at = time.monotonic()
            await until(lambda: server.closed_at)
        assert stalls.lived_s(left_at, server.closed_at[0]) <= 0.2


async def test_cancelling_a_stream_closes_its_socket_at_once() -> None:
    """F-C01: within 200 ms."""
    with FaultServer(_endless_stream) as server, Stalls() as stalls:
        async with http_client() as client:
            started = asyncio.Event()

            async def read() -> None:
                async with client.stream(Request("POST", server.url), BOUNDS) as reply:
                    async for _ in reply.chunks():
                        started.set()

            async with asyncio.TaskGroup() as group:
                task = group.create_task(read())
                await started.wait()
                cancelled_at = time.monotonic()
                task.cancel()
            await until(lambda: server.closed_at)
        assert stalls.lived_s(cancelled_at, server.closed_at[0]) <= 0.2


async def test_a_stream_that_falls_silent() -> None:
    """F-C24: no bytes for `idle_s`."""
    bounds = Bounds(total_s=5, idle_s=0.2, body_bytes=1 << 20)
    with FaultServer(_endless_stream) as server:
        async with (
            http_client() as client,
            client.stream(Request("POST", server.url), bounds) as reply,
        ):
            with pytest.raises(AppError) as caught:
                [chunk async for chunk in reply.chunks()]
    assert (caught.value.fault.kind, caught.value.fault.detail) == (FaultKind.TIMED_OUT, "idle")


async def test_comments_keep_a_stream_alive_until_its_total_limit() -> None:
    """F-C24."""

    def script(peer: Peer) -> None:
        peer.chunked()
        while True:
            peer.chunk(b": still there\n\n")
            peer.pause(0.05)

    bounds = Bounds(total_s=0.8, idle_s=0.4, body_bytes=1 << 20)
    for _ in range(5):  # a machine that stands still is silent too
        with FaultServer(script) as server, Stalls() as stalls:
            async with (
                http_client() as client,
                client.stream(Request("POST", server.url), bounds) as reply,
            ):
                with pytest.raises(AppError) as caught:
                    [chunk async for chunk in reply.chunks()]
        if stalls.longest_s < bounds.idle_s / 2:
            break
    assert (caught.value.fault.kind, caught.value.fault.detail) == (FaultKind.TIMED_OUT, "total")


async def test_an_error_body_is_read_up_to_its_cap() -> None:
    with FaultServer(lambda peer: peer.reply(b"x" * 1000, "500 Oops")) as server:
        async with (
            http_client() as client,
            client.stream(Request("POST", server.url), BOUNDS) as reply,
        ):
            assert (reply.status, await reply.read(100)) == (500, b"x" * 100)
    with FaultServer(lambda peer: peer.reply(b"short", "500 Oops")) as server:
        async with (
            http_client() as client,
            client.stream(Request("POST", server.url), BOUNDS) as reply,
        ):
            assert await reply.read() == b"short"


async def test_warming_up_twice_is_once() -> None:
    with FaultServer(lambda peer: peer.reply(b"{}")) as server:
        async with http_client() as client:
            await asyncio.gather(*(asyncio.to_thread(client.warm_up) for _ in range(3)))
            assert (await client.send(Request("GET", server.url), BOUNDS)).status == 200


async def test_a_client_can_be_used_again_after_closing() -> None:
    with FaultServer(lambda peer: peer.reply(b"{}")) as server:
        async with http_client() as client:
            await client.send(Request("GET", server.url), BOUNDS)
            await client.aclose()
            assert (await client.send(Request("GET", server.url), BOUNDS)).status == 200


# --- TLS ----------------------------------------------------------------------------------------


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """A certificate authority that the system trusts for this test."""
    ca = trustme.CA()
    ca.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return ca


def server_tls(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


async def test_a_trusted_server(authority: trustme.CA) -> None:
    """T-36: the authorities of the system count."""
    tls = server_tls(authority.issue_cert("127.0.0.1"))
    with FaultServer(lambda peer: peer.reply(b"{}"), tls) as server:
        assert (await get(server.url)).status == 200


async def _refusal(tls: ssl.SSLContext) -> Fault:
    """T-37: nothing of the request is sent."""
    with FaultServer(lambda peer: peer.reply(b"{}"), tls) as server:
        fault = await fault_of(server.url)
        assert server.requests == []
    return fault


async def test_an_unknown_authority(authority: trustme.CA) -> None:
    """T-37, F-N06."""
    fault = await _refusal(server_tls(trustme.CA().issue_cert("127.0.0.1")))
    assert fault.kind is FaultKind.UNKNOWN_AUTHORITY
    assert not fault.is_transient
    assert "issuer" in fault.detail or "self-signed" in fault.detail


async def test_a_certificate_for_another_host(authority: trustme.CA) -> None:
    """T-37, F-N06."""
    fault = await _refusal(server_tls(authority.issue_cert("other.invalid")))
    assert fault.kind is FaultKind.NOT_SECURE
    assert "127.0.0.1" in fault.detail


async def test_an_expired_certificate(authority: trustme.CA) -> None:
    """T-37, F-N06: the reason says so, for the hint about the date."""
    yesterday = datetime.now(UTC) - timedelta(days=1)
    fault = await _refusal(server_tls(authority.issue_cert("127.0.0.1", not_after=yesterday)))
    assert fault.kind is FaultKind.NOT_SECURE
    assert "expired" in fault.detail


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1:DeprecationWarning")
async def test_an_outdated_protocol(authority: trustme.CA) -> None:
    """T-37."""
    tls = server_tls(authority.issue_cert("127.0.0.1"))
    tls.minimum_version = ssl.TLSVersion.TLSv1
    tls.maximum_version = ssl.TLSVersion.TLSv1
    tls.set_ciphers("ALL:@SECLEVEL=0")
    assert (await _refusal(tls)).kind is FaultKind.NOT_SECURE


def _raw_listener(answer: bytes) -> socket.socket:
    """Takes one connection at a time, reads a little, says `answer` and hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                stream, _ = listener.accept()
            except OSError:
                return
            with stream:
                stream.recv(1024)
                stream.sendall(answer)

    import threading

    threading.Thread(target=serve, daemon=True).start()
    return listener


async def test_plain_http_where_tls_was_expected(authority: trustme.CA) -> None:
    """T-37."""
    with _raw_listener(b"HTTP/1.1 200 OK\r\n\r\n") as listener:
        fault = await fault_of(f"https://127.0.0.1:{listener.getsockname()[1]}/")
        listener.shutdown(socket.SHUT_RDWR)
    assert fault.kind is FaultKind.NOT_SECURE


async def test_a_hang_up_in_the_handshake_is_transient(authority: trustme.CA) -> None:
    """F-N05."""
    with _raw_listener(b"") as listener:
        fault = await fault_of(f"https://127.0.0.1:{listener.getsockname()[1]}/")
        listener.shutdown(socket.SHUT_RDWR)
    assert fault.is_transient


async def test_a_stall_in_the_handshake_is_transient(authority: trustme.CA) -> None:
    """F-N05."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        bounds = Bounds(total_s=5, idle_s=5, body_bytes=100, connect_s=0.3)
        fault = await fault_of(f"https://127.0.0.1:{listener.getsockname()[1]}/", bounds)
    assert (fault.kind, fault.detail) == (FaultKind.OFFLINE, "timeout")


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
async def test_a_certificate_path_that_leads_nowhere(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T-39, A8: a clear word, not a traceback; plain loopback is not concerned."""
    monkeypatch.setenv(name, "/nonexistent")
    with FaultServer(lambda peer: peer.reply(b"{}")) as server:
        fault = await fault_of("https://127.0.0.1:1/")
        assert (fault.kind, name in fault.detail) == (FaultKind.CONFIGURATION, True)
        assert (await get(server.url)).status == 200


async def test_no_key_log_is_written(
    authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T-39."""
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    tls = server_tls(authority.issue_cert("127.0.0.1"))
    tls.keylog_filename = None  # type: ignore[assignment]
    with FaultServer(lambda peer: peer.reply(b"{}"), tls) as server:
        await get(server.url)
    assert not (tmp_path / "keys").exists()


# --- cost ---------------------------------------------------------------------------------------


def test_importing_the_client_does_not_import_httpx() -> None:
    """The first frame of the tray must not wait for the HTTP stack; later, nothing needless."""
    script = (
        "import sys\n"
        "from app.http_client import HttpClient\n"
        "early = {'httpx', 'httpcore', 'anyio', 'h11', 'ssl', 'truststore'} & set(sys.modules)\n"
        "assert not early - {'ssl'}, early\n"
        "HttpClient(user_agent='x').warm_up()\n"
        "never = {'rich', 'click', 'pygments', 'trio', 'h2', 'socksio'}\n"
        "never |= {'httpcore', 'anyio', 'sniffio', 'certifi', 'typing_extensions'}\n"
        "for_a_few = {'app.proxy_tunnel', 'app.ca_file'}\n"
        "late = (never | for_a_few) & set(sys.modules)\n"
        "assert not late, late\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


# --- means --------------------------------------------------------------------------------------


def _resident_bytes() -> int:
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * 4096
