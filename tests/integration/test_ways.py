"""The ways a request takes: through proxies, by authorities of one's own, and from now on
another one; over real sockets."""

from __future__ import annotations

import asyncio
import gc
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest
import trustme
from support.fault_server import FaultServer, HangUpError, Peer
from support.person import until
from support.proxy_server import NOT_ALLOWED, ProxyServer

from app.errors import AppError, Fault, FaultKind
from app.http_client import HttpClient
from app.transport import Bounds, Request

BOUNDS = Bounds(total_s=10, idle_s=10, body_bytes=1 << 20, connect_s=5)
HOST = "service.invalid"
URL = f"https://{HOST}/"
CREDENTIALS = ("ann", "p@ss:w/ö#rd")
TYPED = "ann:p%40ss%3Aw%2F%C3%B6%23rd"
KINDS = ["http", "https", "socks5", "socks5h"]


@pytest.fixture
def authority(tmp_path: Path) -> trustme.CA:
    """A certificate authority that only the file at `ca_file` names."""
    ca = trustme.CA()
    ca.cert_pem.write_to_path(str(tmp_path / "own.pem"))
    return ca


@pytest.fixture
def ca_file(tmp_path: Path, authority: trustme.CA) -> str:
    return str(tmp_path / "own.pem")


def server_tls(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*(names or (HOST, "127.0.0.1"))).configure_cert(context)
    return context


@asynccontextmanager
async def http_client(proxy: str, ca_file: str = "") -> AsyncIterator[HttpClient]:
    client = HttpClient(user_agent="test/1", proxy=proxy, ca_file=ca_file)
    try:
        yield client
    finally:
        await client.aclose()


async def status_of(client: HttpClient, url: str = URL) -> int:
    return (await client.send(Request("GET", url), BOUNDS)).status


async def fault_of(proxy: str, ca_file: str = "", url: str = URL, bounds: Bounds = BOUNDS) -> Fault:
    before = sockets()
    async with http_client(proxy, ca_file) as client:
        with pytest.raises(AppError) as caught:
            await client.send(Request("GET", url), bounds)
    assert "hidden" not in repr(caught.value.fault)
    await until(lambda: sockets() == before)  # nothing is left open after a failure
    return caught.value.fault


def sockets() -> int:
    """How many connections this process has to others, both ends of those to itself counted."""
    gc.collect()
    return len([one for one in psutil.Process().net_connections() if one.raddr])


def fine(peer: Peer) -> None:
    peer.reply(b"{}")


@asynccontextmanager
async def service(
    authority: trustme.CA, script: Callable[[Peer], None] = fine
) -> AsyncIterator[FaultServer]:
    with FaultServer(script, server_tls(authority)) as server:
        yield server


def proxy_to(server: FaultServer, kind: str, authority: trustme.CA, **more: object) -> ProxyServer:
    """A proxy that leads to `server`, of the kind that its scheme says."""
    return ProxyServer(
        {HOST: (server.host, server.port)},
        tls=server_tls(authority) if kind == "https" else None,
        **more,  # type: ignore[arg-type]
    )


# --- proxies that work ---------------------------------------------------------------------------


@pytest.mark.parametrize("byte_by_byte", [False, True])
@pytest.mark.parametrize("user_info", ["", TYPED])
@pytest.mark.parametrize("kind", KINDS)
async def test_a_secure_request_through_a_proxy(
    kind: str, user_info: str, byte_by_byte: bool, authority: trustme.CA, ca_file: str
) -> None:
    """F-N17, T-39: signed in where the proxy wants it; the name is looked up by the proxy."""
    user, password = CREDENTIALS if user_info else ("", "")
    async with service(authority) as server:
        with proxy_to(
            server, kind, authority, user=user, password=password, byte_by_byte=byte_by_byte
        ) as proxy:
            async with http_client(proxy.address(kind, user_info), ca_file) as client:
                assert await status_of(client) == 200
                assert await status_of(client) == 200
            assert proxy.asked == [f"{HOST}:443"]  # as a name; and the connection was kept
            assert proxy.given == ([CREDENTIALS] if user_info else [])
    assert server.requests[0].headers["host"] == HOST
    assert "proxy-authorization" not in server.requests[0].headers


@pytest.mark.parametrize("kind", ["socks5", "http"])
@pytest.mark.parametrize("host", ["192.0.2.7", "[2001:db8::7]"])
async def test_an_address_instead_of_a_name(
    kind: str, host: str, authority: trustme.CA, ca_file: str
) -> None:
    with FaultServer(fine, server_tls(authority, host.strip("[]"))) as server:
        hosts = {host: (server.host, server.port), host.strip("[]"): (server.host, server.port)}
        with ProxyServer(hosts) as proxy:
            async with http_client(proxy.address(kind), ca_file) as client:
                assert await status_of(client, f"https://{host}:8443/") == 200
    assert proxy.asked[0].endswith(":8443")


async def test_a_stream_through_a_proxy(authority: trustme.CA, ca_file: str) -> None:
    """The answer of a chat comes as it is sent, and leaving it closes the tunnel."""

    def script(peer: Peer) -> None:
        peer.chunked(Content_Type="text/event-stream")
        peer.chunk(b"data: 1\n\n")
        peer.hang()

    async with service(authority, script) as server:
        with proxy_to(server, "socks5", authority) as proxy:
            async with http_client(proxy.address("socks5"), ca_file) as client:
                async with client.stream(Request("POST", URL, body=b"{}"), BOUNDS) as reply:
                    assert await anext(reply.chunks()) == b"data: 1\n\n"
                await until(lambda: not proxy.open_connections)


async def test_a_plain_request_through_a_proxy() -> None:
    """F-N17."""
    with FaultServer(fine) as server:
        address = server.url.replace("//", "//user:pw@")
        async with http_client(address) as client:
            assert await status_of(client, "http://service.invalid/x") == 200
    assert server.requests[0].target == "http://service.invalid/x"
    assert server.requests[0].headers["proxy-authorization"] == "Basic dXNlcjpwdw=="
    assert server.requests[0].headers["host"] == "service.invalid"


async def test_a_plain_request_through_socks(authority: trustme.CA) -> None:
    with FaultServer(fine) as server, proxy_to(server, "socks5", authority) as proxy:
        async with http_client(proxy.address("socks5")) as client:
            assert await status_of(client, f"http://{HOST}/x") == 200
    assert server.requests[0].target == "/x"
    assert proxy.asked == [f"{HOST}:80"]


async def test_the_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """T-39: ALL_PROXY and NO_PROXY count for `system`; loopback goes direct all the same."""
    with ProxyServer() as proxy:
        monkeypatch.setenv("ALL_PROXY", proxy.address("http"))
        monkeypatch.setenv("NO_PROXY", "direct.invalid")
        async with http_client("system") as client:
            reply = await client.send(Request("GET", "http://a.invalid/"), BOUNDS)
            assert reply.body == b"proxied"
            with FaultServer(lambda peer: peer.reply(b"direct")) as server:
                assert (await client.send(Request("GET", server.url), BOUNDS)).body == b"direct"
        assert (await fault_of("system", url="http://direct.invalid/")).detail == "dns"
        assert (await fault_of("none", url="http://a.invalid/")).detail == "dns"
    assert proxy.asked == ["http://a.invalid/"]


# --- proxies that do not -------------------------------------------------------------------------


@pytest.mark.parametrize("user_info", ["", "ann:hidden"])
@pytest.mark.parametrize("kind", KINDS)
async def test_a_proxy_that_wants_another_sign_in(
    kind: str, user_info: str, authority: trustme.CA, ca_file: str
) -> None:
    """F-N17, F-H06: the proxy is named, its password is not; nothing goes around it."""
    async with service(authority) as server:
        with proxy_to(server, kind, authority, user="ann", password="right") as proxy:
            fault = await fault_of(proxy.address(kind, user_info), ca_file)
    assert fault.kind is FaultKind.PROXY_SIGN_IN
    assert proxy.address(kind) in fault.detail
    assert fault.host == "127.0.0.1"
    assert proxy.asked == []
    assert server.connections == 0


async def test_a_plain_request_that_needs_a_sign_in() -> None:
    with ProxyServer(user="ann", password="right") as proxy:
        fault = await fault_of(proxy.address("http", "ann:hidden"), url="http://a.invalid/")
    assert fault.kind is FaultKind.PROXY_SIGN_IN


async def test_a_password_too_long_for_socks(authority: trustme.CA, ca_file: str) -> None:
    async with service(authority) as server:
        with proxy_to(server, "socks5", authority, user="ann", password="x" * 256) as proxy:
            fault = await fault_of(proxy.address("socks5", "ann:" + "x" * 256), ca_file)
    assert fault.kind is FaultKind.PROXY_SIGN_IN


@pytest.mark.parametrize("answer", ["403 Forbidden", "502 Bad Gateway", "503 Later"])
async def test_a_proxy_that_refuses(answer: str) -> None:
    """F-N17."""
    with FaultServer(lambda peer: peer.reply(b"no", answer)) as proxy:
        fault = await fault_of(proxy.url.replace("//", "//user:hidden@"))
    assert fault.kind is FaultKind.PROXY
    assert fault.detail == f"{answer} ({proxy.url})"


@pytest.mark.parametrize(
    ("refusal", "detail"),
    [(NOT_ALLOWED, "not allowed"), (5, "connection refused"), (99, "refusal 99")],
)
async def test_a_socks_proxy_that_refuses(refusal: int, detail: str) -> None:
    with ProxyServer(refuses=refusal) as proxy:
        fault = await fault_of(proxy.address("socks5"))
    assert (fault.kind, fault.detail) == (
        FaultKind.PROXY,
        f"{detail} ({proxy.address('socks5')})",
    )


async def test_a_name_too_long_for_socks() -> None:
    host = ".".join(["a" * 60] * 5)
    with ProxyServer() as proxy:
        fault = await fault_of(proxy.address("socks5"), url=f"https://{host}/")
    assert fault.kind is FaultKind.PROXY


@pytest.mark.parametrize("kind", KINDS)
async def test_a_proxy_that_is_not_there(kind: str) -> None:
    """F-N17: nothing is sent directly."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    fault = await fault_of(f"{kind}://u:hidden@127.0.0.1:{port}")
    assert fault.kind is FaultKind.PROXY_UNREACHABLE
    assert fault.detail == f"refused ({kind}://127.0.0.1:{port})"


async def test_a_proxy_whose_name_nobody_knows() -> None:
    fault = await fault_of("socks5://proxy.invalid:1080")
    assert fault.kind is FaultKind.PROXY_UNREACHABLE
    assert fault.detail == "dns (socks5://proxy.invalid:1080)"


GARBAGE = [
    b"SSH-2.0-OpenSSH_9.2\r\n",
    b"\x00" * 64,
    b"\x05\x07\x00",
    b"HTTP/9.9 what\r\n\r\n",
    b"<html>",
    b"\x05",
    b"",
]


@pytest.mark.parametrize("said", GARBAGE, ids=repr)
@pytest.mark.parametrize("kind", ["http", "socks5"])
async def test_a_proxy_that_speaks_garbage(kind: str, said: bytes) -> None:
    with ProxyServer(says=said) as proxy:
        fault = await fault_of(proxy.address(kind, "u:hidden"))
    assert fault.kind is FaultKind.PROXY_STRANGE
    assert fault.detail.endswith(f"({proxy.address(kind)})")


@pytest.mark.parametrize(
    "said",
    [b"\x05\x00\x04\x00\x00\x01" + bytes(6), b"\x05\x00\x05\x00\x00\x07", b"\x05\x00\x05"],
    ids=repr,
)
async def test_a_socks_proxy_that_loses_the_thread(said: bytes) -> None:
    with ProxyServer(says=said) as proxy:
        fault = await fault_of(proxy.address("socks5"))
    assert fault.kind is FaultKind.PROXY_STRANGE


async def test_a_head_without_an_end() -> None:
    with ProxyServer(says=b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000) as proxy:
        fault = await fault_of(proxy.address("http"))
    assert fault.kind is FaultKind.PROXY_STRANGE


@pytest.mark.parametrize("pause_s", [0, 0.1])
async def test_a_web_page_in_answer_to_connect(pause_s: float) -> None:
    """F-N17: whether it comes at once or where the service should speak."""

    def script(peer: Peer) -> None:
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        peer.pause(pause_s)
        peer.send(b"<html>sign in</html>")
        peer.pause(0.1)
        raise HangUpError

    with FaultServer(script) as proxy:
        fault = await fault_of(proxy.url)
    assert fault.kind is FaultKind.PROXY_STRANGE
    assert proxy.url in fault.detail


async def test_a_proxy_that_never_answers() -> None:
    """The time a connection may take is for all of its steps."""
    bounds = Bounds(total_s=10, idle_s=10, body_bytes=100, connect_s=0.3)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"socks5://127.0.0.1:{listener.getsockname()[1]}"
        fault = await fault_of(address, bounds=bounds)
    assert (fault.kind, fault.detail) == (FaultKind.PROXY_STRANGE, f"no answer ({address})")


async def test_a_service_that_does_not_answer_behind_a_proxy(ca_file: str) -> None:
    bounds = Bounds(total_s=10, idle_s=10, body_bytes=100, connect_s=0.5)
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        ProxyServer({HOST: listener.getsockname()}) as proxy,
    ):
        fault = await fault_of(proxy.address("socks5"), ca_file, bounds=bounds)
    assert (fault.kind, fault.detail) == (FaultKind.OFFLINE, "timeout")


@pytest.mark.parametrize(
    "proxy", ["http://", "gopher://p:1", "http://p:99999", "http://a b/", "socks4://p:1"]
)
async def test_a_malformed_proxy(proxy: str) -> None:
    """F-N18."""
    assert (await fault_of(proxy, url="http://a.invalid/")).kind is FaultKind.PROXY_ADDRESS


# --- authorities of one's own --------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["none", *KINDS])
async def test_an_authority_nobody_named(kind: str, authority: trustme.CA, tmp_path: Path) -> None:
    """T-36, T-37, F-N06: refused, until the settings name it."""
    async with service(authority) as server:
        with proxy_to(server, kind, authority) as proxy:
            address = proxy.address(kind) if kind != "none" else kind
            url = URL if kind != "none" else server.url
            fault = await fault_of(address, url=url)
            expected = FaultKind.PROXY_STRANGE if kind == "https" else FaultKind.UNKNOWN_AUTHORITY
            assert fault.kind is expected
            assert server.requests == []
            async with http_client(address, str(tmp_path / "own.pem")) as client:
                assert await status_of(client, url) == 200


async def test_the_authorities_of_the_system_still_count(
    ca_file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An own one stands beside them, and does not take their place."""
    of_system = trustme.CA()
    of_system.cert_pem.write_to_path(str(tmp_path / "system.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "system.pem"))
    async with service(of_system) as server, http_client("none", ca_file) as client:
        assert await status_of(client, server.url) == 200


async def test_an_authority_in_the_middle_of_a_chain(tmp_path: Path) -> None:
    """A company may hand out only the one that signs; whatever stands above it."""
    root = trustme.CA()
    middle = root.create_child_ca()
    middle.cert_pem.write_to_path(str(tmp_path / "middle.pem"))
    async with (
        service(middle) as server,
        http_client("none", str(tmp_path / "middle.pem")) as client,
    ):
        assert await status_of(client, server.url) == 200


async def test_an_own_authority_vouches_for_its_own_names_only(
    authority: trustme.CA, ca_file: str
) -> None:
    """T-37."""
    with FaultServer(fine, server_tls(authority, "other.invalid")) as server:
        fault = await fault_of("none", ca_file, server.url)
    assert fault.kind is FaultKind.NOT_SECURE


async def test_a_file_that_is_missing_for_a_while(authority: trustme.CA, tmp_path: Path) -> None:
    """Said instead of a guess; once it is there, it counts."""
    file = tmp_path / "later.pem"
    async with service(authority) as server, http_client("none", str(file)) as client:
        with pytest.raises(AppError) as caught:
            await status_of(client, server.url)
        assert (caught.value.fault.kind, caught.value.fault.detail) == (
            FaultKind.CA_FILE,
            "missing",
        )
        authority.cert_pem.write_to_path(str(file))
        assert await status_of(client, server.url) == 200


# --- another way from now on ---------------------------------------------------------------------


async def test_a_change_takes_effect_at_once(authority: trustme.CA, ca_file: str) -> None:
    """New requests go the new way, a reply that runs ends on the old one, nothing is left over."""
    before = sockets()

    def script(peer: Peer) -> None:
        if peer.target != "/stream":
            peer.reply(b"{}")
            return
        peer.chunked()
        peer.chunk(b"begun ")
        while not may_end:
            peer.pause(0.01)
        peer.chunk(b"and ended")
        peer.send(b"0\r\n\r\n")

    may_end: list[bool] = []
    async with service(authority, script) as server:
        with (
            proxy_to(server, "socks5", authority) as first,
            proxy_to(server, "http", authority) as second,
        ):
            async with http_client(first.address("socks5"), ca_file) as client:
                request = Request("GET", f"{URL}stream")
                async with client.stream(request, BOUNDS) as running:
                    chunks = running.chunks()
                    assert await anext(chunks) == b"begun "
                    assert await status_of(client) == 200
                    await until(lambda: first.open_connections == 2)

                    await client.go_by(second.address("http"), ca_file)

                    await until(lambda: first.open_connections == 1)  # the kept one is closed
                    assert await status_of(client) == 200
                    assert (first.connections, second.connections) == (2, 1)
                    may_end.append(True)
                    assert await anext(chunks) == b"and ended"
                    with pytest.raises(StopAsyncIteration):
                        await anext(chunks)
                    await until(lambda: first.open_connections == 0)  # and the running one, too
                await client.go_by("none", "")
                with pytest.raises(AppError) as caught:
                    await status_of(client, server.url)
                assert caught.value.fault.kind is FaultKind.UNKNOWN_AUTHORITY
                await until(lambda: second.open_connections == 0)
                await client.go_by("none", ca_file)
                assert await status_of(client, server.url) == 200
            await until(lambda: sockets() == before)


async def test_changes_in_the_middle_of_requests(authority: trustme.CA, ca_file: str) -> None:
    """A hundred requests while the way changes all the time: each arrives, none is left open."""
    before = sockets()
    async with service(authority) as server:
        with (
            proxy_to(server, "socks5", authority) as first,
            proxy_to(server, "http", authority) as second,
        ):
            async with http_client("none", ca_file) as client:
                ways = [first.address("socks5"), second.address("http")]
                await client.go_by(ways[0], ca_file)

                async def ask() -> None:
                    for _ in range(10):
                        assert await status_of(client) == 200

                async def change() -> None:
                    for number in range(25):
                        await client.go_by(ways[number % 2], ca_file)
                        await asyncio.sleep(0.01)

                async with asyncio.TaskGroup() as group:
                    for _ in range(10):
                        group.create_task(ask())
                    group.create_task(change())
            await until(lambda: not first.open_connections and not second.open_connections)
            await until(lambda: sockets() == before)
    assert first.asked
    assert second.asked


async def test_the_systems_proxy_may_be_another_after_a_failure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Another network has another one; nobody restarts a program for that."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        monkeypatch.setenv("ALL_PROXY", f"socks://127.0.0.1:{listener.getsockname()[1]}")
    with ProxyServer() as proxy:
        async with http_client("system") as client:
            with pytest.raises(AppError) as caught:
                await status_of(client, "http://a.invalid/")
            assert caught.value.fault.kind is FaultKind.PROXY_UNREACHABLE
            monkeypatch.setenv("ALL_PROXY", proxy.address("http"))
            assert await status_of(client, "http://a.invalid/") == 200


class Passwords:
    """A keyring that learns the right password only after the wrong one was refused."""

    def __init__(self) -> None:
        self.refused = 0

    async def complete(self, proxy: str) -> str:
        return proxy.replace("@", ":right@" if self.refused else ":wrong@")

    def note_refused(self) -> None:
        self.refused += 1


@pytest.mark.parametrize("kind", ["http", "socks5"])
async def test_a_password_that_was_changed_elsewhere(
    kind: str, authority: trustme.CA, ca_file: str
) -> None:
    """A refused one is forgotten: the next request asks for it again."""
    passwords = Passwords()
    async with service(authority) as server:
        with proxy_to(server, kind, authority, user="ann", password="right") as proxy:
            client = HttpClient(
                user_agent="x",
                proxy=proxy.address(kind, "ann"),
                ca_file=ca_file,
                passwords=passwords,
            )
            with pytest.raises(AppError) as caught:
                await status_of(client)
            assert caught.value.fault.kind is FaultKind.PROXY_SIGN_IN
            assert await status_of(client) == 200
            await client.aclose()
    assert passwords.refused == 1
