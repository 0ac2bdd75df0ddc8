"""Getting a callback port: busy ones, foreign ones, half taken ones."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from app.auth import callback_port
from app.auth.callback_port import CallbackPort, claim_port, host_of_this_machine
from app.errors import AppError, FaultKind

CHECKOUT = Path(__file__).resolve().parents[3]
NOBODY = 65534
_ASK = """\
import asyncio, logging
from app.auth.callback_port import host_of_this_machine
logging.disable()
print(asyncio.run(host_of_this_machine("localhost")))
"""
as_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0,
    reason="only root can give a socket to another user",
)


def can_have_its_own(kind: str) -> bool:
    """Whether a process can be given a `mount` or `net` namespace; not in every chroot."""
    if sys.platform != "linux":
        return False
    tried = subprocess.run(["unshare", f"--{kind}", "true"], capture_output=True, check=False)
    return tried.returncode == 0


@contextmanager
def held(host: str = "127.0.0.1", port: int = 0) -> Iterator[int]:
    """Somebody listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as listener:
        listener.bind((host, port))
        listener.listen()
        yield listener.getsockname()[1]


def free_port() -> int:
    with held() as port:
        return port


def release(claimed: CallbackPort) -> int:
    for sock in claimed.sockets:
        sock.close()
    return claimed.port


@pytest.fixture
def little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callback_port, "_PAUSE_S", 0.02)


async def test_the_first_free_port_is_taken() -> None:
    ports = (free_port(), free_port())
    assert release(await claim_port(ports, "localhost")) == ports[0]


@pytest.mark.usefixtures("little_patience")
async def test_a_busy_port_leads_to_the_next() -> None:
    """F-L01"""
    with held() as busy:
        free = free_port()
        assert release(await claim_port((busy, free), "localhost")) == free


@pytest.mark.usefixtures("little_patience")
async def test_with_localhost_half_a_port_is_none() -> None:
    """T-01, A4: a browser may go to ::1 first."""
    with held("::1") as busy:
        free = free_port()
        assert release(await claim_port((busy, free), "localhost")) == free
        claimed = await claim_port((busy, free), "127.0.0.1")
        assert len(claimed.sockets) == 1
        assert release(claimed) == busy


async def test_an_older_sign_in_is_asked_to_stop() -> None:
    """F-L01: the official client's `GET /cancel`, once, then the port is waited for."""
    port = free_port()
    asked: list[bytes] = []

    async def older(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        server.close()
        writer.close()

    server = await asyncio.start_server(older, "127.0.0.1", port)
    async with asyncio.timeout(30):
        assert release(await claim_port((port,), "127.0.0.1")) == port
    await server.wait_closed()
    assert asked == [
        f"GET /cancel HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode()
    ]


@pytest.mark.usefixtures("little_patience")
async def test_when_all_are_taken_the_holders_are_named() -> None:
    """T-01, F-L01"""
    with held() as first, held("::1") as second, pytest.raises(AppError) as caught:
        await claim_port((first, second), "localhost")
    fault = caught.value.fault
    assert fault.kind is FaultKind.CALLBACK_PORTS_TAKEN
    assert str(first) in fault.detail
    assert str(second) in fault.detail


async def test_another_users_port_is_not_fought_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """T-01: no request goes to it and no time is lost."""
    monkeypatch.setattr(callback_port, "own_uid", lambda: 65534)
    monkeypatch.setattr(callback_port, "_PAUSE_S", 3600)
    asked: list[int] = []

    async def ask(port: int) -> None:
        asked.append(port)

    monkeypatch.setattr(callback_port, "_ask_to_cancel", ask)
    with held() as foreign:
        free = free_port()
        async with asyncio.timeout(30):  # far less than one pause
            assert release(await claim_port((foreign, free), "localhost")) == free
    assert asked == []


@as_root
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_a_port_that_the_kernel_says_is_another_users(host: str) -> None:
    """T-01: in either family; who holds it is said, no request goes there, the next is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as foreign:
        os.fchown(foreign.fileno(), NOBODY, NOBODY)
        port = foreign.getsockname()[1]
        free = free_port()
        assert release(await claim_port((port, free), "localhost")) == free
        with pytest.raises(AppError) as caught:
            await claim_port((port,), "localhost")
        assert caught.value.fault.detail == f"{port} (nobody)"
        foreign.setblocking(False)
        with pytest.raises(BlockingIOError):
            foreign.accept()


async def test_a_name_that_stands_for_this_machine_is_kept() -> None:
    """F-L15"""
    assert await host_of_this_machine("127.0.0.1") == "127.0.0.1"
    assert await host_of_this_machine("localhost") == "localhost"


@pytest.mark.expected_log("WARNING app.auth.callback_port: the name localhost")
@pytest.mark.parametrize(
    "addresses", [(), ("203.0.113.7",), ("127.0.0.1", "203.0.113.7"), ("2001:db8::1",)]
)
async def test_a_name_that_leads_elsewhere_is_not_used(
    monkeypatch: pytest.MonkeyPatch, addresses: tuple[str, ...]
) -> None:
    """F-L15"""

    def look_up(*_arguments: object) -> list[tuple[object, ...]]:
        if not addresses:
            raise socket.gaierror("no such name")
        return [(0, 0, 0, "", (address, 0)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    assert await host_of_this_machine("localhost") == "127.0.0.1"


@pytest.mark.skipif(not can_have_its_own("mount"), reason="no file system of its own for a process")
@pytest.mark.parametrize(
    ("hosts", "expected"),
    [
        ("127.0.0.1 localhost", "localhost"),
        ("::1 localhost", "localhost"),
        ("127.0.0.1 localhost\n::1 localhost", "localhost"),
        ("203.0.113.7 localhost", "127.0.0.1"),
        ("127.0.0.1 localhost\n203.0.113.7 localhost", "127.0.0.1"),
        ("2001:db8::1 localhost", "127.0.0.1"),
    ],
)
def test_a_hosts_file_may_say_anything(tmp_path: Path, hosts: str, expected: str) -> None:
    """F-L15: read by the system's own resolver, in a file system of its own."""
    file = tmp_path / "hosts"
    file.write_text(f"{hosts}\n")
    mounted = f'mount --bind "{file}" /etc/hosts && exec "$@"'
    asked = subprocess.run(
        ["unshare", "--mount", "sh", "-c", mounted, "sh", sys.executable, "-c", _ASK],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert asked.stdout.strip() == expected


async def test_a_reserved_port_is_left_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows reserves ranges: WinError 10013 is not "in use"."""
    real = callback_port._listening
    reserved, free = free_port(), free_port()

    def listening(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
        if port == reserved:
            raise PermissionError(errno.EACCES, "reserved")
        return real(family, host, port)

    monkeypatch.setattr(callback_port, "_listening", listening)
    monkeypatch.setattr(callback_port, "_PAUSE_S", 3600)
    async with asyncio.timeout(30):  # far less than one pause
        assert release(await claim_port((reserved, free), "localhost")) == free


async def test_a_machine_without_ipv6_has_one_family(monkeypatch: pytest.MonkeyPatch) -> None:
    """F-L15"""
    real = callback_port._listening

    def listening(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
        if family == socket.AF_INET6:
            raise OSError(errno.EADDRNOTAVAIL, "no ::1")
        return real(family, host, port)

    monkeypatch.setattr(callback_port, "_listening", listening)
    claimed = await claim_port((0,), "localhost")
    assert len(claimed.sockets) == 1
    release(claimed)


async def test_no_socket_is_left_after_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[socket.socket] = []
    real = callback_port._listening

    def listening(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
        opened.append(real(family, host, port))
        return opened[-1]

    monkeypatch.setattr(callback_port, "_listening", listening)
    monkeypatch.setattr(callback_port, "_TRIES", 1)
    monkeypatch.setattr(callback_port, "_PAUSE_S", 0.01)
    with ExitStack() as stack:
        busy = stack.enter_context(held("::1"))
        with pytest.raises(AppError):
            await claim_port((busy,), "localhost")
    assert [sock.fileno() for sock in opened] == [-1]


_WITHOUT_IPV4 = """
import asyncio, fcntl, socket, struct, threading
from http.server import BaseHTTPRequestHandler, HTTPServer

UP, ADDRESS = 0x8914, 0x8916  # SIOCSIFFLAGS, SIOCSIFADDR
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
    fcntl.ioctl(control, UP, struct.pack("16sh14x", b"lo", 1 | 8 | 64))
    fcntl.ioctl(control, ADDRESS, struct.pack("16sHH4s8x", b"lo", socket.AF_INET, 0, bytes(4)))

from app.auth.callback_port import claim_port
from app.http_client import HttpClient
from app.transport import Bounds, Request

class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

    def log_message(self, *arguments):
        pass

class Server(HTTPServer):
    address_family = socket.AF_INET6

async def main():
    claimed = await claim_port((0,), "localhost")
    print([one.getsockname()[0] for one in claimed.sockets])
    for one in claimed.sockets:
        one.close()
    server = Server(("::1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    client = HttpClient(user_agent="test/1", proxy="none")
    url = f"http://[::1]:{server.server_address[1]}/"
    print((await client.send(Request("GET", url), Bounds(5, 5, 1000, 5))).status)
    await client.aclose()
    server.shutdown()

asyncio.run(main())
"""


@pytest.mark.skipif(not can_have_its_own("net"), reason="no network of its own for a process")
def test_a_machine_without_ipv4_signs_in_and_polls() -> None:
    """F-N04: in a network of its own from which 127.0.0.1 was taken."""
    done = subprocess.run(
        ["unshare", "--net", sys.executable, "-c", _WITHOUT_IPV4],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "['::1']\n200\n"), done.stderr


async def test_a_machine_without_any_loopback_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """F-N04, F-L15"""

    def listening(_family: socket.AddressFamily, _host: str, _port: int) -> socket.socket:
        raise OSError(errno.EADDRNOTAVAIL, "none")

    monkeypatch.setattr(callback_port, "_listening", listening)
    with pytest.raises(AppError) as caught:
        await claim_port((0,), "localhost")
    assert caught.value.fault.kind is FaultKind.CALLBACK_PORTS_TAKEN
