"""The real transport: deadlines, caps, one kind of error, and a late import of httpx.

`http_connections` and `http_routes` hold everything of httpx; they are imported at the first use
or by `warm_up()`, in a thread, so that neither start nor event loop pays for it.

Proxy and certificates may change at any time: requests go the new way from then on, replies that
are open come to their end on the connections they have, which are closed with them.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from app.clocks import running
from app.errors import AppError, FaultKind, fail
from app.open_reply import OpenReply
from app.transport import Bounds, Reply, Request

if TYPE_CHECKING:
    from app.http_connections import Connections

COOKIE_HOSTS = ("chatgpt.com",)
# Kept-alive connections may all have died with the network they were made on.
_TRIES_ON_KEPT_CONNECTIONS = 3
_OF_THE_WAY = frozenset(
    {
        FaultKind.OFFLINE,
        FaultKind.PROXY,
        FaultKind.PROXY_UNREACHABLE,
        FaultKind.PROXY_STRANGE,
        FaultKind.PROXY_SIGN_IN,
    }
)
# Parts of the HTTP stack nobody here uses, and what they would import if it is installed:
# the command line of httpx (click, rich, pygments), and trio. 10 MB and 80 ms.
_LEFT_OUT = ("httpx._main", "trio")


class ProxyPasswords(Protocol):
    """Where the password of a proxy is kept, if its address does not hold it."""

    async def complete(self, proxy: str) -> str:
        """The setting with the password it lacks. Raises `AppError(PROXY_PASSWORD)`."""

    def note_refused(self) -> None:
        """The proxy wants another one than the last that was given."""


class HttpClient:
    """Implements `Transport`. Creating it is free; `aclose()` ends all connections.

    `proxy`: "system", "none" or an address, see `app.proxies`; `passwords` is asked for what it
    lacks. `ca_file` names authorities to trust beside the system's, see `app.ca_file`.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        proxy: str = "system",
        ca_file: str = "",
        passwords: ProxyPasswords | None = None,
        cookie_hosts: tuple[str, ...] = COOKIE_HOSTS,
    ) -> None:
        self._user_agent = user_agent
        self._way = _Way(proxy, ca_file)
        self._passwords = passwords
        self._cookie_hosts = cookie_hosts
        self._opening = threading.Lock()
        self._made: tuple[_Way, Connections] | None = None

    def warm_up(self) -> None:
        """Import httpx and read the certificates. Blocks about 0.1 s: call it in a thread."""
        self._warm(self._way)

    async def go_by(self, proxy: str, ca_file: str) -> None:
        """Requests go this way from now on; what was learned of the way until now is forgotten."""
        self._way = _Way(proxy, ca_file)
        await self.aclose()

    async def send(self, request: Request, bounds: Bounds) -> Reply:
        """See `Transport.send`. A GET that died on a kept-alive connection is sent once more."""
        deadline = asyncio.get_running_loop().time() + bounds.total_s
        tries_left = _TRIES_ON_KEPT_CONNECTIONS if request.method == "GET" else 0
        while True:
            dialling = _Dialling()
            try:
                async with self._opened(request, bounds, deadline, dialling) as reply:
                    body = b"".join([chunk async for chunk in reply])
                    return Reply(reply.status, reply.headers, body, reply.received_at, reply.took_s)
            except AppError as error:
                is_dead = error.fault.kind is FaultKind.INTERRUPTED and not dialling.is_fresh
                if not is_dead or not tries_left:
                    raise
            tries_left -= 1

    @asynccontextmanager
    async def stream(self, request: Request, bounds: Bounds) -> AsyncIterator[OpenReply]:
        """See `Transport.stream`. Asks for an uncompressed reply: it is to be read as it comes."""
        deadline = asyncio.get_running_loop().time() + bounds.total_s
        plain = replace(request, headers={**request.headers, "Accept-Encoding": "identity"})
        async with self._opened(plain, bounds, deadline, _Dialling()) as reply:
            yield reply

    async def aclose(self) -> None:
        """Close every connection, those of open replies with these. A later request opens new
        ones."""
        made, self._made = self._made, None
        if made is not None:
            await made[1].aclose()

    def _warm(self, way: _Way) -> Connections:
        """Whoever asks in a thread may be late: then these serve nobody."""
        with self._opening:
            made = self._made
            if made is not None and made[0] is way:
                return made[1]
            with _left_out(_LEFT_OUT):
                from app.http_connections import Connections  # noqa: PLC0415 - late on purpose

                connections = Connections(
                    user_agent=self._user_agent,
                    ca_file=way.ca_file,
                    cookie_hosts=self._cookie_hosts,
                )
            if way is self._way:
                self._made = way, connections
            return connections

    def _find_way(self, way: _Way, url: str, proxy: str) -> None:
        connections = self._warm(way)
        try:
            connections.find_way(url, proxy)
        except AppError:
            if connections.is_crippled and self._made == (way, connections):
                self._made = None
            raise

    async def _connections_to(self, url: str, bounds: Bounds, deadline: float) -> Connections:
        """To be used at once: whoever waits finds that others are to be used."""
        while True:
            way, made = self._way, self._made
            if made is not None and made[0] is way and made[1].knows(url):
                return made[1]
            proxy = way.proxy
            if self._passwords is not None:
                async with _deadline(deadline, bounds.total_s):
                    proxy = await self._passwords.complete(proxy)
            async with _deadline(deadline, bounds.connect_s):
                await asyncio.to_thread(self._find_way, way, url, proxy)

    @asynccontextmanager
    async def _opened(
        self, request: Request, bounds: Bounds, deadline: float, dialling: _Dialling
    ) -> AsyncIterator[OpenReply]:
        _check_headers(request)
        connections = await self._connections_to(request.url, bounds, deadline)
        sent_at = running()
        try:
            with connections.typed_errors(request.url):
                # Connecting has a limit of its own; then the service may think for `idle_s`.
                async with _deadline(deadline, bounds.connect_s + bounds.idle_s):
                    response = await connections.open(request, bounds, dialling)
        except AppError as error:
            self._note_failure(connections, error.fault.kind)
            raise
        reply = OpenReply(response, connections, bounds, deadline, running() - sent_at)
        try:
            reply.check_head()
            yield reply
        finally:
            await reply.aclose()

    def _note_failure(self, connections: Connections, kind: FaultKind) -> None:
        """The next request looks for its way anew: the system's proxy, or a password, may be
        another one by then."""
        if kind in _OF_THE_WAY:
            connections.forget_ways()
        if kind is FaultKind.PROXY_SIGN_IN and self._passwords is not None:
            self._passwords.note_refused()


class _Way:
    """What the settings say; another one is another way, even if it says the same."""

    def __init__(self, proxy: str, ca_file: str) -> None:
        self.proxy = proxy
        self.ca_file = ca_file


class _Dialling:
    """Notes whether a request needed a new connection; called when it does."""

    def __init__(self) -> None:
        self.is_fresh = False

    def __call__(self) -> None:
        self.is_fresh = True


def _check_headers(request: Request) -> None:
    """Refuses a value that would end its line; the value itself stays out of the fault."""
    for name, value in request.headers.items():
        if not (value.isascii() and value.isprintable() and name.isascii()):
            raise fail(FaultKind.INTERNAL, f"the header {name!r} cannot be sent")


@asynccontextmanager
async def _deadline(total: float, idle_s: float) -> AsyncIterator[None]:
    """At most `idle_s` from now and never past `total`; raises `AppError(TIMED_OUT)`."""
    idle = asyncio.get_running_loop().time() + idle_s
    try:
        async with asyncio.timeout_at(min(idle, total)):
            yield
    except TimeoutError:
        raise fail(FaultKind.TIMED_OUT, "total" if total <= idle else "idle") from None


@contextmanager
def _left_out(names: tuple[str, ...]) -> Iterator[None]:
    """Let imports of `names` fail inside the block; None in `sys.modules` means just that."""
    blocked = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(blocked))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in blocked:
            sys.modules.pop(name, None)
