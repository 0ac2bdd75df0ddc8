"""Every exception of the HTTP stack becomes one kind of fault with a short reason."""

from __future__ import annotations

import errno
import socket
import ssl
import sys
from pathlib import Path

import httpx
import pytest

from app.dialling import Refused
from app.errors import AppError, FaultKind
from app.http_connections import Connections
from app.proxies import read_proxy

URL = "http://127.0.0.1:9/path?secret=hidden"


def connections(ca_file: str = "") -> Connections:
    return Connections(user_agent="test/1", ca_file=ca_file, cookie_hosts=())


def caused(error: Exception, *causes: BaseException) -> Exception:
    last: BaseException = error
    for cause in causes:
        last.__cause__ = cause
        last = cause
    return error


def verdict(error: Exception, url: str = URL) -> tuple[FaultKind, str]:
    with pytest.raises(AppError) as caught, connections().typed_errors(url):
        raise error
    assert caught.value.__cause__ is None  # a traceback must not show what the chain holds
    assert caught.value.__suppress_context__
    assert "hidden" not in repr(caught.value.fault)
    return caught.value.fault.kind, caught.value.fault.detail


EXPIRED = ssl.SSLCertVerificationError(1, "x")
EXPIRED.verify_message = "certificate has expired"
CONNECT = Refused
UNKNOWN = ssl.SSLCertVerificationError(1, "x")
UNKNOWN.verify_message, UNKNOWN.verify_code = "self-signed certificate", 18
PROXY = read_proxy("http://me:hidden@proxy.invalid:8080")

TABLE: list[tuple[Exception, FaultKind, str]] = [
    (caused(CONNECT(), socket.gaierror(-2, "x")), FaultKind.OFFLINE, "dns"),
    (caused(CONNECT(), ConnectionRefusedError()), FaultKind.OFFLINE, "refused"),
    (caused(CONNECT(), OSError(errno.ENETUNREACH, "x")), FaultKind.OFFLINE, "unreachable"),
    (caused(CONNECT(), OSError(errno.EHOSTUNREACH, "x")), FaultKind.OFFLINE, "unreachable"),
    (caused(CONNECT(), TimeoutError()), FaultKind.OFFLINE, "timeout"),
    (
        caused(CONNECT(), OSError("all"), ExceptionGroup("x", [ConnectionRefusedError()])),
        FaultKind.OFFLINE,
        "refused",
    ),
    (CONNECT(), FaultKind.OFFLINE, "unreachable"),
    (caused(CONNECT(), UNKNOWN), FaultKind.UNKNOWN_AUTHORITY, "self-signed certificate"),
    (caused(CONNECT(), EXPIRED), FaultKind.NOT_SECURE, "certificate has expired"),
    (caused(CONNECT(), ssl.SSLError(1, "x")), FaultKind.NOT_SECURE, "TLS"),
    (
        caused(CONNECT(), ssl.SSLEOFError(8, "x")),
        FaultKind.INTERRUPTED,
        "closed while connecting",
    ),
    (
        caused(CONNECT(), ConnectionResetError()),
        FaultKind.INTERRUPTED,
        "closed while connecting",
    ),
    (ssl.SSLError(1, "x"), FaultKind.NOT_SECURE, "TLS"),
    (httpx.ReadTimeout("x"), FaultKind.TIMED_OUT, "idle"),
    (httpx.PoolTimeout("x"), FaultKind.TIMED_OUT, "idle"),
    (httpx.ReadError("x"), FaultKind.INTERRUPTED, "the connection broke"),
    (httpx.WriteError("x"), FaultKind.INTERRUPTED, "the connection broke"),
    (httpx.CloseError("x"), FaultKind.INTERRUPTED, "the connection broke"),
    (httpx.RemoteProtocolError("Receive buffer too long"), FaultKind.TOO_LARGE, "the reply's head"),
    (
        httpx.RemoteProtocolError("Server disconnected without sending a response."),
        FaultKind.INTERRUPTED,
        "the reply ended early",
    ),
    (
        httpx.RemoteProtocolError("illegal status line: bytearray(b'hidden')"),
        FaultKind.INTERRUPTED,
        "the reply is not HTTP",
    ),
    (
        caused(CONNECT(PROXY), ConnectionRefusedError()),
        FaultKind.PROXY_UNREACHABLE,
        "refused (http://proxy.invalid:8080)",
    ),
    (
        caused(CONNECT(PROXY), UNKNOWN),
        FaultKind.PROXY_STRANGE,
        "self-signed certificate (http://proxy.invalid:8080)",
    ),
    (httpx.LocalProtocolError("hidden"), FaultKind.CONFIGURATION, "LocalProtocolError"),
    (httpx.UnsupportedProtocol("x"), FaultKind.CONFIGURATION, "UnsupportedProtocol"),
    (httpx.InvalidURL("hidden"), FaultKind.CONFIGURATION, "InvalidURL"),
    (httpx.DecodingError("x"), FaultKind.INTERRUPTED, "DecodingError"),
    (httpx.StreamClosed(), FaultKind.INTERRUPTED, "StreamClosed"),
    (ConnectionRefusedError(), FaultKind.OFFLINE, "refused"),
    (OSError(errno.EMFILE, "x"), FaultKind.OFFLINE, "unreachable"),
]


@pytest.mark.parametrize(("error", "kind", "detail"), TABLE, ids=lambda value: type(value).__name__)
def test_verdict(error: Exception, kind: FaultKind, detail: str) -> None:
    """F-N01, F-N02, F-N05, F-N06, F-N09, F-N20, F-H18."""
    assert verdict(error) == (kind, detail)


def test_a_circle_of_causes_ends() -> None:
    first, second = CONNECT(), OSError("y")
    first.__cause__, second.__cause__ = second, first
    assert verdict(first) == (FaultKind.OFFLINE, "unreachable")


@pytest.mark.parametrize(
    ("platform", "scheme", "is_fault"),
    [("linux", "https", True), ("linux", "http", False), ("win32", "https", False)],
)
def test_only_secure_addresses_need_the_certificates(
    platform: str, scheme: str, is_fault: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T-39: and only where OpenSSL, not the system, verifies."""
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setenv("SSL_CERT_FILE", "/nonexistent")
    own = connections()
    if is_fault:
        with pytest.raises(AppError) as caught:
            own.find_way(f"{scheme}://127.0.0.1:9/", "none")
        assert caught.value.fault.kind is FaultKind.CONFIGURATION
    else:
        own.find_way(f"{scheme}://127.0.0.1:9/", "none")
        assert own.knows(f"{scheme}://127.0.0.1:9/other")


def test_each_origin_has_its_own_way() -> None:
    own = connections()
    own.find_way("https://a.invalid/", "http://proxy.invalid:8080")
    assert own.knows("https://a.invalid:443/x")
    assert not own.knows("http://a.invalid/")
    own.find_way("http://127.0.0.1:1/", "http://proxy.invalid:8080")
    assert own.knows("http://127.0.0.1:1/")
    own.forget_ways()
    assert not own.knows("http://127.0.0.1:1/")


@pytest.mark.parametrize(
    "proxy",
    ["https://proxy.invalid", "http://[::1]:8080", "proxy.invalid", "socks5://u@p:1"],
)
def test_proxies_that_can_be_used(proxy: str) -> None:
    own = connections()
    own.find_way("https://a.invalid/", proxy)
    assert own.knows("https://a.invalid/")


@pytest.mark.parametrize("proxy", ["http://pro\x7fxy:1", "socks4://p:1"])
def test_proxies_that_cannot(proxy: str) -> None:
    """F-N18."""
    with pytest.raises(AppError) as caught:
        connections().find_way("https://a.invalid/", proxy)
    assert caught.value.fault.kind is FaultKind.PROXY_ADDRESS


def test_a_file_of_authorities_that_cannot_be_used(tmp_path: Path) -> None:
    """Said, and only where it would be needed."""
    own = connections(str(tmp_path / "missing.pem"))
    assert own.is_crippled
    own.find_way("http://127.0.0.1:9/", "none")
    with pytest.raises(AppError) as caught:
        own.find_way("https://a.invalid/", "none")
    assert caught.value.fault.kind is FaultKind.CA_FILE
