"""The ways a request may go: straight to its host, or through a proxy, by httpx's own transport.

Straight ways are `direct_http`'s; httpcore and anyio, which httpx's transport is made of, are
loaded for a proxy only.
"""

from __future__ import annotations

import importlib
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import h11
import httpx

from app.direct_http import Answer, DirectHttp, Origin, Refused
from app.errors import FaultKind, fail
from app.proxies import Proxy

# Polls while windows move are a minute apart: one TLS handshake serves them all.
_KEPT_ALIVE_S = 90.0
_KEPT_ALIVE = 2
_LIMITS = httpx.Limits(
    max_connections=8, max_keepalive_connections=_KEPT_ALIVE, keepalive_expiry=_KEPT_ALIVE_S
)
_DIALLING = "connection.connect_tcp.started"  # httpcore's word for the step


class Routes(httpx.AsyncBaseTransport):
    """Sends each request over the transport of the proxy that was chosen for it."""

    def __init__(self, tls: ssl.SSLContext) -> None:
        self._tls = tls
        self._transports: dict[str | None, httpx.AsyncBaseTransport] = {None: _Direct(tls)}

    def prepare(self, proxy: Proxy | None) -> None:
        """Have a transport ready. Raises `AppError(PROXY)` if the proxy cannot be used."""
        if proxy is None or proxy.url in self._transports:
            return
        try:
            through = httpx.Proxy(proxy.url, ssl_context=self._tls_for(proxy))
            self._transports[proxy.url] = httpx.AsyncHTTPTransport(
                verify=self._tls, trust_env=False, http2=False, limits=_LIMITS, proxy=through
            )
            # What the first connection would import on the GUI thread.
            importlib.import_module("anyio._backends._asyncio")
        except ImportError:
            raise fail(FaultKind.PROXY, "a SOCKS proxy needs the package socksio") from None
        except (ValueError, httpx.InvalidURL):
            raise fail(FaultKind.PROXY, "the proxy address cannot be read") from None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        transport = self._transports[request.extensions["proxy"]]
        return await transport.handle_async_request(request)

    async def aclose(self) -> None:
        for transport in self._transports.values():
            await transport.aclose()

    def _tls_for(self, proxy: Proxy) -> ssl.SSLContext | None:
        return self._tls if proxy.url.startswith("https:") else None


class _Direct(httpx.AsyncBaseTransport):
    """Sends each request straight to its host."""

    def __init__(self, tls: ssl.SSLContext) -> None:
        self._http = DirectHttp(tls, kept=_KEPT_ALIVE, kept_s=_KEPT_ALIVE_S)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url, extensions = request.url, request.extensions
        scheme, host, port = origin_parts(str(url))
        with _as_of_httpx():
            answer = await self._http.send(
                Origin(scheme, host and url.raw_host.decode("ascii"), port),
                h11.Request(
                    method=request.method, target=url.raw_path, headers=request.headers.raw
                ),
                await request.aread(),
                extensions["timeout"]["connect"],
                lambda: extensions["trace"](_DIALLING, None),
            )
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(answer),
            extensions={"http_version": answer.version},
        )

    async def aclose(self) -> None:
        await self._http.aclose()


class _Body(httpx.AsyncByteStream):
    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _as_of_httpx():
            while piece := await self._answer.piece():
                yield piece

    async def aclose(self) -> None:
        await self._answer.close()


@contextmanager
def _as_of_httpx() -> Iterator[None]:
    """What `direct_http` raises, in the words of httpx."""
    try:
        yield
    except Refused as error:
        raise httpx.ConnectError("no connection") from error.__cause__
    except h11.RemoteProtocolError as error:
        raise httpx.RemoteProtocolError(str(error)) from error
    except h11.LocalProtocolError as error:
        raise httpx.LocalProtocolError(str(error)) from error
    except OSError as error:
        raise httpx.ReadError("broken") from error


def origin_parts(url: str) -> tuple[str, str, int]:
    """(scheme, host, port). Raises `AppError(CONFIGURATION)` for what is no address."""
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme, parts.hostname or "", parts.port
    except ValueError:
        scheme = host = ""
    if scheme not in ("http", "https") or not host:
        raise fail(FaultKind.CONFIGURATION, "not an http address")
    return scheme, host, port or (443 if scheme == "https" else 80)
