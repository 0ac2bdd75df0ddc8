"""The one module that imports httpx: a client without surprises, its exceptions as faults.

Importing it costs about 6 MB and 60 ms, so only `http_client` does, off the GUI thread.
No redirects, no environment, HTTP/1.1, the system's own certificates and those of the settings,
gateway cookies only. `http_routes` says how a request gets to its host.
"""

from __future__ import annotations

import os
import ssl
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from socket import gaierror
from urllib.parse import urlsplit

import httpx
import truststore

from app.dialling import Refused
from app.errors import AppError, Fault, FaultKind
from app.gateway_cookies import gateway_cookies
from app.http_routes import Routes, origin_parts
from app.proxies import Proxy, proxy_fault, proxy_for
from app.replies import sanitise
from app.transport import Bounds, Request

_CERTIFICATE_PATHS = (("SSL_CERT_FILE", os.path.isfile), ("SSL_CERT_DIR", os.path.isdir))
# What OpenSSL, Windows and macOS say of a certificate that nobody they trust has vouched for.
_NOBODY_VOUCHES = frozenset({2, 18, 19, 20, 21, 27, 0x800B0109, 0x800B010A, -67843})


class Connections:
    """Open connections to all hosts. Creating one blocks: imports, certificates, settings."""

    errors = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, Refused)

    def __init__(self, *, user_agent: str, ca_file: str, cookie_hosts: tuple[str, ...]) -> None:
        self._system: dict[str, str] | None = None  # its proxies, as last asked for
        self._tls = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._tls.set_alpn_protocols(["http/1.1"])
        self._tls_fault = _certificate_fault() or self._trust(ca_file)
        self._routes = Routes(self._tls)
        self._proxies: dict[str, Proxy | None] = {}
        self._client = httpx.AsyncClient(
            transport=self._routes,
            headers={"User-Agent": user_agent, "Accept-Encoding": "gzip"},
            cookies=gateway_cookies(cookie_hosts),
            follow_redirects=False,
            trust_env=False,
        )
        "localhost".encode("idna")  # the first look-up would import the codec on the GUI thread

    @property
    def is_crippled(self) -> bool:
        """Whether the certificates could not be read, and may be by the next connections."""
        return self._tls_fault is not None

    def knows(self, url: str) -> bool:
        """Whether `find_way` has nothing left to look up."""
        return _origin(url) in self._proxies

    def find_way(self, url: str, setting: str) -> None:
        """Decide once per origin how to get there, by the proxy of the settings, complete.

        Blocks: a system may look names up. Raises `AppError`: PROXY_ADDRESS, CA_FILE,
        CONFIGURATION.
        """
        scheme, host, port = origin_parts(url)
        if scheme == "https" and self._tls_fault is not None:
            raise AppError(self._tls_fault)
        is_exception = False
        if setting == "system":
            if self._system is None:
                self._system = urllib.request.getproxies()
            is_exception = bool(urllib.request.proxy_bypass(f"{host}:{port}"))
        self._proxies[_origin(url)] = proxy_for(
            scheme, host, setting=setting, system=self._system or {}, is_exception=is_exception
        )

    def forget_ways(self) -> None:
        """They are to be found anew; connections that serve well go on being used."""
        self._proxies.clear()
        self._system = None

    async def open(
        self, request: Request, bounds: Bounds, on_dialling: Callable[[], None]
    ) -> httpx.Response:
        """The reply's head; its body is still to be read and the response to be closed."""
        proxy = self._proxies[_origin(request.url)]
        built = self._client.build_request(
            request.method,
            request.url,
            headers=dict(request.headers),
            content=request.body or None,
            timeout=httpx.Timeout(None, connect=bounds.connect_s),
            extensions={"on_dialling": on_dialling, "proxy": proxy},
        )
        return await self._client.send(built, stream=True)

    @contextmanager
    def typed_errors(self, url: str) -> Iterator[None]:
        """Turn whatever httpx, TLS or the system raises on the way to `url` into `AppError`."""
        try:
            yield
        except self.errors as error:
            raise self.typed(error, url) from None

    def typed(self, error: Exception, url: str) -> AppError:
        """One of `errors` as what it means; raise it `from None`, the chain may hold secrets."""
        return AppError(self._fault(error, url))

    async def aclose(self) -> None:
        await self._client.aclose()

    def _fault(self, error: Exception, url: str) -> Fault:
        if isinstance(error, Refused) and error.proxy is not None:
            return _fault_of_proxy(error, error.proxy)
        kind, detail = _verdict(error)
        return Fault(kind, detail, host=urlsplit(url).hostname or "")

    def _trust(self, ca_file: str) -> Fault | None:
        """Trust its authorities beside those of the system, and no less than those: who is
        behind a proxy that inspects everything needs both, as it lets some hosts through."""
        if not ca_file:
            return None
        from app.ca_file import UnusableCaFileError, read_ca_file  # noqa: PLC0415 - few have one

        try:
            self._tls.load_verify_locations(cadata=read_ca_file(ca_file))
        except UnusableCaFileError as error:
            return Fault(FaultKind.CA_FILE, error.problem)
        # An authority in the middle of a chain is as good as the one at its end.
        self._tls.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        return None


def _fault_of_proxy(error: Refused, proxy: Proxy) -> Fault:
    """There was no connection to the proxy itself."""
    kind, detail = _verdict(error)
    is_strange = kind in (FaultKind.NOT_SECURE, FaultKind.UNKNOWN_AUTHORITY)
    kind = FaultKind.PROXY_STRANGE if is_strange else FaultKind.PROXY_UNREACHABLE
    return proxy_fault(kind, proxy, detail).fault


def _origin(url: str) -> str:
    scheme, host, port = origin_parts(url)
    return f"{scheme}://{host}:{port}"


def _certificate_fault() -> Fault | None:
    """A certificate path in the environment that leads nowhere, where OpenSSL would use it."""
    if sys.platform in ("win32", "darwin"):
        return None  # the system itself verifies there
    for name, exists in _CERTIFICATE_PATHS:
        path = os.environ.get(name, "")
        if path and not exists(path):
            return Fault(FaultKind.CONFIGURATION, f"{name} names nothing that can be read")
    return None


def _causes(error: BaseException) -> list[BaseException]:
    """`error` and everything that led to it, groups unpacked, nearest first."""
    found: list[BaseException] = []
    queue: list[BaseException | None] = [error]
    while queue:
        one = queue.pop(0)
        if one is None or one in found:
            continue
        found.append(one)
        if isinstance(one, BaseExceptionGroup):
            queue.extend(one.exceptions)
        queue += [one.__cause__, one.__context__]
    return found


def _verdict(error: Exception) -> tuple[FaultKind, str]:
    """Kind and reason. Server text never gets into the reason."""
    causes = _causes(error)
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            is_unknown = getattr(cause, "verify_code", 0) in _NOBODY_VOUCHES
            kind = FaultKind.UNKNOWN_AUTHORITY if is_unknown else FaultKind.NOT_SECURE
            return kind, sanitise(cause.verify_message or "certificate", 120)
    match error:
        case Refused():
            return _connect_verdict(causes)
        case httpx.TimeoutException():
            return FaultKind.TIMED_OUT, "idle"
        case httpx.RemoteProtocolError():
            return _protocol_verdict(str(error))
        case httpx.NetworkError():
            return FaultKind.INTERRUPTED, "the connection broke"
        case httpx.InvalidURL() | httpx.UnsupportedProtocol() | httpx.LocalProtocolError():
            return FaultKind.CONFIGURATION, type(error).__name__
        case ssl.SSLError():
            return FaultKind.NOT_SECURE, _tls_reason(error)
        case OSError():
            return _connect_verdict(causes)
    return FaultKind.INTERRUPTED, type(error).__name__


def _connect_verdict(causes: list[BaseException]) -> tuple[FaultKind, str]:
    for cause in causes:
        match cause:
            # The end of the bytes inside a handshake; the second is what Python 3.11.2 calls it.
            case ssl.SSLEOFError() | ssl.SSLZeroReturnError():
                return FaultKind.INTERRUPTED, "closed while connecting"
            case ConnectionResetError() | BrokenPipeError():
                return FaultKind.INTERRUPTED, "closed while connecting"
            case ssl.SSLError():
                return FaultKind.NOT_SECURE, _tls_reason(cause)
            case gaierror() | UnicodeError():
                return FaultKind.OFFLINE, "dns"
            case ConnectionRefusedError():
                return FaultKind.OFFLINE, "refused"
            case TimeoutError():
                return FaultKind.OFFLINE, "timeout"
    return FaultKind.OFFLINE, "unreachable"


def _tls_reason(error: ssl.SSLError) -> str:
    return sanitise(getattr(error, "reason", None) or "TLS", 80)


def _protocol_verdict(text: str) -> tuple[FaultKind, str]:
    if "too long" in text:
        return FaultKind.TOO_LARGE, "the reply's head"
    if "without sending" in text or "closed connection" in text:
        return FaultKind.INTERRUPTED, "the reply ended early"
    return FaultKind.INTERRUPTED, "the reply is not HTTP"
