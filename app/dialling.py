"""A connection to a host: straight, or through a proxy, with its deadline."""

from __future__ import annotations

import asyncio
import ssl
from typing import NamedTuple

from app.byte_stream import ByteStream, connect
from app.errors import FaultKind
from app.proxies import Proxy, proxy_fault

_NOT_TLS = "WRONG_VERSION_NUMBER"  # OpenSSL's word for an answer in another protocol


class Path(NamedTuple):
    """Where a connection leads to; `host` as it goes over the wire, without brackets."""

    scheme: str  # "http" or "https"
    host: str
    port: int
    proxy: Proxy | None = None

    @property
    def is_forwarded(self) -> bool:
        """Whether the proxy itself is asked for the page, instead of for a connection."""
        return self.scheme == "http" and self.proxy is not None and not self.proxy.is_socks


class Refused(Exception):  # noqa: N818 - it is not this program's error
    """There was no connection to be had, not even to `proxy` if there is one; why is its
    `__cause__`."""

    def __init__(self, proxy: Proxy | None = None) -> None:
        super().__init__("no connection")
        self.proxy = proxy


async def dial(path: Path, tls: ssl.SSLContext, connect_s: float | None) -> ByteStream:
    """A new connection, secured if the path says so, after `connect_s` at most.

    Raises `Refused`, and if a proxy does not do as it should, `AppError` with a kind of PROXY.
    """
    now = asyncio.get_running_loop().time()
    ends_at = None if connect_s is None else now + connect_s
    own_tls = tls if path.scheme == "https" else None
    proxy = path.proxy
    if proxy is None:
        return await _connected(path.host, path.port, own_tls, ends_at)
    proxy_tls = tls if proxy.scheme == "https" else None
    stream = await _connected(proxy.host, proxy.port, proxy_tls, ends_at, proxy)
    if path.is_forwarded:
        return stream
    try:
        await _open_tunnel(stream, proxy, path, ends_at)
        if own_tls is not None:
            async with asyncio.timeout_at(ends_at):
                await stream.secure(own_tls, path.host)
    except OSError as error:
        await stream.abort()
        if getattr(error, "reason", "") == _NOT_TLS:  # as a page where a tunnel was promised
            raise proxy_fault(FaultKind.PROXY_STRANGE, proxy, "no tunnel") from None
        raise Refused from error
    except BaseException:
        await stream.abort()
        raise
    return stream


async def _connected(
    host: str,
    port: int,
    tls: ssl.SSLContext | None,
    ends_at: float | None,
    proxy: Proxy | None = None,
) -> ByteStream:
    try:
        async with asyncio.timeout_at(ends_at):
            return await connect(host, port, tls)
    except (OSError, UnicodeError) as error:
        raise Refused(proxy) from error


async def _open_tunnel(stream: ByteStream, proxy: Proxy, path: Path, ends_at: float | None) -> None:
    from app.proxy_tunnel import open_tunnel  # noqa: PLC0415 - most people have no proxy

    try:
        async with asyncio.timeout_at(ends_at):
            await open_tunnel(stream, proxy, path.host, path.port)
    except TimeoutError:
        raise proxy_fault(FaultKind.PROXY_STRANGE, proxy, "no answer") from None
    except (OSError, EOFError):
        raise proxy_fault(FaultKind.PROXY_STRANGE, proxy, "it hung up") from None
