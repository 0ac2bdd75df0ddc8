"""What carries the requests of httpx: `http_lines`, and how their exceptions read in its words."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import h11
import httpx

from app.dialling import Path
from app.errors import FaultKind, fail
from app.http_lines import Answer, HttpLines
from app.proxies import Proxy, proxy_fault

# Polls while windows move are a minute apart: one TLS handshake serves them all.
_KEPT_ALIVE_S = 90.0
_KEPT_ALIVE = 2


class Routes(httpx.AsyncBaseTransport):
    """Sends each request to its host, or through the proxy that was chosen for it.

    A request's extensions: "proxy", a `Proxy` or None; "on_dialling", which is called if a new
    connection is needed; "timeout", as httpx has it.
    """

    def __init__(self, tls: ssl.SSLContext) -> None:
        self._lines = HttpLines(tls, kept=_KEPT_ALIVE, kept_s=_KEPT_ALIVE_S)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url, extensions = request.url, request.extensions
        proxy: Proxy | None = extensions["proxy"]
        scheme, host, port = origin_parts(str(url))
        path = Path(scheme, host and url.raw_host.decode("ascii"), port, proxy)
        target, headers = url.raw_path, request.headers.raw
        if proxy is not None and path.is_forwarded:
            target, headers = _for_proxy(proxy, request)
        with _as_of_httpx():
            answer = await self._lines.send(
                path,
                h11.Request(method=request.method, target=target, headers=headers),
                await request.aread(),
                extensions["timeout"]["connect"],
                extensions["on_dialling"],
            )
        if proxy is not None and path.is_forwarded and answer.status == 407:
            await answer.close()
            raise proxy_fault(FaultKind.PROXY_SIGN_IN, proxy, "407")
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(answer),
            extensions={"http_version": answer.version},
        )

    async def aclose(self) -> None:
        await self._lines.aclose()


def _for_proxy(proxy: Proxy, request: httpx.Request) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """Target and headers of a request that the proxy itself is to make."""
    headers = request.headers.raw
    if proxy.has_user:
        from app.proxy_tunnel import credentials  # noqa: PLC0415 - most people have no proxy

        headers = [*headers, (b"Proxy-Authorization", credentials(proxy))]
    return b"http://" + request.url.netloc + request.url.raw_path, headers


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
    """What `http_lines` raises, in the words of httpx; `Refused` is told as it is."""
    try:
        yield
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
