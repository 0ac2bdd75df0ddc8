"""What HTTP means to this program: requests, bounds, replies, the `Transport` interface. Pure.

`http_client.HttpClient` is the real transport; `auth.bearer` wraps one to add the token.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import field
from datetime import datetime
from typing import Protocol

from app.values import dataclass


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `headers` may hold secrets, so it stays out of `repr`."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits of one exchange: seconds and bytes."""

    total_s: float
    idle_s: float
    body_bytes: int
    connect_s: float = 10.0


USAGE_BOUNDS = Bounds(total_s=30, idle_s=20, body_bytes=1 << 20)
# Silence is waited out: whoever gives up early may lose a token that was rotated (F-T07, F-T16).
TOKEN_BOUNDS = Bounds(total_s=45, idle_s=45, body_bytes=256 << 10)
MODELS_BOUNDS = Bounds(total_s=10, idle_s=10, body_bytes=4 << 20)
STREAM_BOUNDS = Bounds(total_s=20 * 60, idle_s=300, body_bytes=64 << 20)


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete reply of any status. Header names are lower case, repeated ones joined by ", ".

    `received_at` is when its head came, by our clock and aware, `took_s` how long before that
    the request was sent, connecting included.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    received_at: datetime
    took_s: float = 0.0


class ReplyStream(Protocol):
    """An open streamed reply. Leaving the context it came from closes its connection at once."""

    @property
    def status(self) -> int: ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    @property
    def took_s(self) -> float:
        """From the sending of the request to the head of the reply, connecting included."""
        ...

    def chunks(self) -> AsyncIterator[bytes]:
        """The body as it arrives, decoded; raises `AppError` when it breaks or stalls."""

    async def read(self, cap: int = 64 << 10) -> bytes:
        """At most `cap` bytes of the rest, for an error reply; raises as `chunks` does."""
        ...


class Transport(Protocol):
    """What clients need of HTTP; `HttpClient` is the real one."""

    async def send(self, request: Request, bounds: Bounds) -> Reply:
        """The complete reply, whatever its status.

        Raises `AppError` if no complete reply came: offline, timed out, interrupted, not
        secure, proxy, redirected, too large, not understood.
        """
        ...

    def stream(self, request: Request, bounds: Bounds) -> AbstractAsyncContextManager[ReplyStream]:
        """The reply as a stream, headers already there; raises as `send` does."""
        ...
