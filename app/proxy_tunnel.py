"""How a proxy is asked for a connection to somewhere else: SOCKS 5, and CONNECT of HTTP.

Names are looked up by the proxy, always: behind one, this computer often cannot. Loaded with
the first tunnel. Wire facts: RFC 1928 and 1929, RFC 9110 sections 9.3.6 and 11.7.
"""

from __future__ import annotations

import base64
import ipaddress

import h11

from app.byte_stream import ByteStream
from app.errors import FaultKind
from app.proxies import Proxy, proxy_fault
from app.replies import sanitise

_LONGEST_HEAD = 16 << 10
_VERSION = 5
_OPEN, _BY_PASSWORD, _NOTHING_ACCEPTED = 0, 2, 0xFF  # ways to sign in
_ADDRESS_BYTES = {1: 4, 4: 16}  # of the address a proxy tells in its answer, by its type
_NAME = 3
_REFUSALS = {
    1: "general failure",
    2: "not allowed",
    3: "network unreachable",
    4: "host unreachable",
    5: "connection refused",
    6: "timeout",
    7: "command not supported",
    8: "address not supported",
}


async def open_tunnel(stream: ByteStream, proxy: Proxy, host: str, port: int) -> None:
    """From here on the bytes of `stream` go to `host` and come from it.

    Raises `AppError`: PROXY (it says no), PROXY_SIGN_IN, PROXY_STRANGE (it is no such proxy);
    `OSError` or `EOFError` if it hangs up.
    """
    if proxy.is_socks:
        await _ask_socks(stream, proxy, host, port)
    else:
        await _ask_http(stream, proxy, host, port)


def credentials(proxy: Proxy) -> bytes:
    """The value of `Proxy-Authorization`."""
    return b"Basic " + base64.b64encode(f"{proxy.user}:{proxy.password}".encode())


# --- HTTP ----------------------------------------------------------------------------------------


async def _ask_http(stream: ByteStream, proxy: Proxy, host: str, port: int) -> None:
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    headers = [(b"Host", place.encode("ascii"))]
    if proxy.has_user:
        headers.append((b"Proxy-Authorization", credentials(proxy)))
    http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_LONGEST_HEAD)
    asked = http.send(h11.Request(method="CONNECT", target=place, headers=headers)) or b""
    await stream.write(asked + (http.send(h11.EndOfMessage()) or b""))
    try:
        head = await _head(stream, http)
    except h11.RemoteProtocolError:
        raise proxy_fault(FaultKind.PROXY_STRANGE, proxy, "it does not speak HTTP") from None
    if 200 <= head.status_code < 300:
        if http.trailing_data[0]:  # nobody beyond it has been asked anything yet
            raise proxy_fault(FaultKind.PROXY_STRANGE, proxy, "no tunnel")
        return
    kind = FaultKind.PROXY_SIGN_IN if head.status_code == 407 else FaultKind.PROXY
    said = sanitise(f"{head.status_code} {head.reason.decode('latin-1')}", 80)
    raise proxy_fault(kind, proxy, said)


async def _head(stream: ByteStream, http: h11.Connection) -> h11.Response:
    while True:
        event = http.next_event()
        if isinstance(event, h11.Response):
            return event
        if event is h11.NEED_DATA:
            received = await stream.read()
            if not received:
                raise EOFError
            http.receive_data(received)


# --- SOCKS 5 -------------------------------------------------------------------------------------


async def _ask_socks(stream: ByteStream, proxy: Proxy, host: str, port: int) -> None:
    ways = bytes([_OPEN, _BY_PASSWORD] if proxy.has_user else [_OPEN])
    await stream.write(bytes([_VERSION, len(ways)]) + ways)
    version, way = await stream.take(2)
    if version != _VERSION:
        raise _not_socks(proxy)
    if way == _NOTHING_ACCEPTED:
        raise proxy_fault(FaultKind.PROXY_SIGN_IN, proxy, "it accepts no way to sign in")
    if way not in ways:
        raise _not_socks(proxy)
    if way == _BY_PASSWORD:
        await _sign_in(stream, proxy)
    await stream.write(bytes([_VERSION, 1, 0]) + _address(proxy, host) + port.to_bytes(2))
    version, refusal, _, kind = await stream.take(4)
    if version != _VERSION:
        raise _not_socks(proxy)
    if refusal:
        raise proxy_fault(FaultKind.PROXY, proxy, _REFUSALS.get(refusal, f"refusal {refusal}"))
    if kind != _NAME and kind not in _ADDRESS_BYTES:
        raise _not_socks(proxy)
    length = (await stream.take(1))[0] if kind == _NAME else _ADDRESS_BYTES[kind]
    await stream.take(length + 2)


async def _sign_in(stream: ByteStream, proxy: Proxy) -> None:
    user, password = proxy.user.encode(), proxy.password.encode()
    if max(len(user), len(password)) > 255:
        raise proxy_fault(FaultKind.PROXY_SIGN_IN, proxy, "longer than SOCKS allows")
    await stream.write(bytes([1, len(user)]) + user + bytes([len(password)]) + password)
    _, refusal = await stream.take(2)
    if refusal:
        raise proxy_fault(FaultKind.PROXY_SIGN_IN, proxy, "user name or password refused")


def _address(proxy: Proxy, host: str) -> bytes:
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        name = host.encode("ascii")
        if len(name) > 255:
            raise proxy_fault(FaultKind.PROXY, proxy, "name too long") from None
        return bytes([_NAME, len(name)]) + name
    return bytes([1 if number.version == 4 else 4]) + number.packed


def _not_socks(proxy: Proxy) -> Exception:
    return proxy_fault(FaultKind.PROXY_STRANGE, proxy, "it does not speak SOCKS 5")
