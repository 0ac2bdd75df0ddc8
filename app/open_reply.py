"""A reply of httpx that is being read: its head is judged, its body bounded and decoded."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.content_coding import ContentDecoder
from app.errors import AppError, FaultKind, fail
from app.patience import Patience
from app.replies import fault_from_status
from app.transport import Bounds

if TYPE_CHECKING:
    import httpx

    from app.http_connections import Connections

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_BODILESS = frozenset({204, 304})


class OpenReply:
    """Implements `ReplyStream`, and is itself the iterator over its chunks.

    `deadline` is of the loop's clock; `took_s` how long the head was on its way until now.
    """

    def __init__(
        self,
        response: httpx.Response,
        connections: Connections,
        bounds: Bounds,
        deadline: float,
        took_s: float,
    ) -> None:
        self.received_at = datetime.now(UTC)
        self.took_s = took_s
        self.status = response.status_code
        self.headers = {name.lower(): value for name, value in response.headers.items()}
        self._response = response
        self._connections = connections
        self._cap = bounds.body_bytes
        self._patience = Patience(bounds.idle_s, deadline)
        self._raw = response.aiter_raw()
        self._decoder: ContentDecoder | None = None

    def check_head(self) -> None:
        """Raises `AppError`: REDIRECTED, PORTAL, INTERRUPTED, NOT_UNDERSTOOD (strange coding)."""
        if self._response.http_version not in ("HTTP/1.1", "HTTP/1.0"):
            raise fail(FaultKind.INTERRUPTED, "the reply is not HTTP")
        if self.status in _REDIRECTS:
            fault = fault_from_status(self.status, self.headers, b"", self.received_at)
            raise AppError(replace(fault, host=self._response.url.host))
        if self.status not in _BODILESS:
            coding = self.headers.get("content-encoding", "")
            self._decoder = ContentDecoder(coding, self._cap)

    def chunks(self) -> AsyncIterator[bytes]:
        return self

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        # Called for every piece of a stream: no context managers here, they cost more than httpx.
        while True:
            self._patience.begin()
            try:
                raw = await self._raw.__anext__()
            except StopAsyncIteration:
                if self._decoder is not None:
                    self._decoder.finish()
                raise
            except asyncio.CancelledError:
                self._patience.explain()
                raise
            except self._connections.errors as error:
                raise self._connections.typed(error, str(self._response.url)) from None
            finally:
                self._patience.pause()
            if self._decoder is not None and (decoded := self._decoder.feed(raw)):
                return decoded

    async def read(self, cap: int = 64 << 10) -> bytes:
        body = bytearray()
        async for chunk in self:
            body += chunk
            if len(body) >= cap:
                break
        return bytes(body[:cap])

    async def aclose(self) -> None:
        """Close the connection, or give it back if the reply was read to its end."""
        self._patience.end()
        with suppress(AppError), self._connections.typed_errors(str(self._response.url)):
            await self._response.aclose()
            # Left half way, the generators below would be closed by the garbage collector in
            # tasks of its own. On a closed connection they come to their end by themselves.
            async for _ in self._raw:
                pass
