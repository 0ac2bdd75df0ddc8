"""The one module that imports httpx: one transport with deadlines, caps and typed errors."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `headers` may hold secrets, so it stays out of `repr`."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits of one exchange: seconds and bytes (threats-and-faults, policy constants)."""

    total_s: float
    idle_s: float
    body_bytes: int
    connect_s: float = 10.0


USAGE_BOUNDS = Bounds(total_s=30, idle_s=20, body_bytes=1 << 20)
TOKEN_BOUNDS = Bounds(total_s=45, idle_s=20, body_bytes=256 << 10)
STREAM_BOUNDS = Bounds(total_s=20 * 60, idle_s=300, body_bytes=64 << 20)


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete reply of any status. Header names are lower case, repeated ones joined by ", "."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    received_at: datetime


class ReplyStream(Protocol):
    """An open streamed reply."""

    status: int
    headers: Mapping[str, str]

    def chunks(self) -> AsyncIterator[bytes]:
        """The body as it arrives, decoded; raises `AppError` when it breaks or stalls."""

    async def read(self, cap: int = 64 << 10) -> bytes:
        """The rest of the body, for an error reply."""


class Transport(Protocol):
    """What clients need of HTTP; `HttpClient` is the real one."""

    async def send(self, request: Request, bounds: Bounds) -> Reply: ...

    def stream(
        self, request: Request, bounds: Bounds
    ) -> AbstractAsyncContextManager[ReplyStream]: ...
