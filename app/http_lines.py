"""HTTP/1.1: h11 speaks it, asyncio carries it, a few connections are kept open.

httpx's own transport does the same; httpcore and anyio, which it is made of, stay in memory
with 2.5 MB, a sixteenth of the smallest tray program.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable

import h11

from app.byte_stream import ByteStream
from app.dialling import Path, dial

_LONGEST_HEAD = 100 << 10


class HttpLines:
    """Sends requests; at most `kept` quiet connections stay open, for `kept_s` at most."""

    def __init__(self, tls: ssl.SSLContext, *, kept: int, kept_s: float) -> None:
        self._tls = tls
        self._kept, self._kept_s = kept, kept_s
        self._quiet: list[_Line] = []  # the one used last at the end

    async def send(
        self,
        path: Path,
        request: h11.Request,
        body: bytes,
        connect_s: float | None,
        on_dialling: Callable[[], None],
    ) -> Answer:
        """The answer's head; its body is still to be read, or the answer to be closed.

        `on_dialling` is called if a new connection is needed. Raises as `dial` does, `OSError`,
        `h11.RemoteProtocolError`, and `h11.LocalProtocolError` for what cannot be sent.
        """
        line = await self._free_line(path)
        if line is None:
            on_dialling()
            line = _Line(path, await dial(path, self._tls, connect_s))
        try:
            return await line.ask(request, body, self._give_back)
        except BaseException:
            await line.end()
            raise

    async def aclose(self) -> None:
        """Close the connections nobody uses; the others are closed with their answers."""
        self._kept = 0
        while self._quiet:
            await self._quiet.pop().end()

    async def _free_line(self, path: Path) -> _Line | None:
        oldest = asyncio.get_running_loop().time() - self._kept_s
        for line in reversed(tuple(self._quiet)):
            if line.quiet_since < oldest or not line.is_usable:
                self._quiet.remove(line)
                await line.end()
            elif line.path == path:
                self._quiet.remove(line)
                return line
        return None

    async def _give_back(self, line: _Line) -> None:
        self._quiet.append(line)
        if len(self._quiet) > self._kept:
            await self._quiet.pop(0).end()


class Answer:
    """One answer: its head, and its body piece by piece."""

    def __init__(
        self, head: h11.Response, line: _Line, on_read: Callable[[_Line], Awaitable[None]]
    ) -> None:
        self.status = head.status_code
        self.headers = head.headers.raw_items()
        self.version = b"HTTP/" + head.http_version
        self._line: _Line | None = line
        self._on_read = on_read

    async def piece(self) -> bytes:
        """The next bytes of the body; b"" after its end. Raises as `HttpLines.send` does."""
        while self._line is not None:
            event = await self._line.event()
            if isinstance(event, h11.Data):
                if event.data:
                    return bytes(event.data)
            else:
                await self._end()
        return b""

    async def close(self) -> None:
        """What was not read is not wanted."""
        line, self._line = self._line, None
        if line is not None:
            await line.end()

    async def _end(self) -> None:
        line, self._line = self._line, None
        if line is None:
            return
        if line.may_be_kept():
            await self._on_read(line)
        else:
            await line.end()


class _Line:
    """One connection, and one request at a time on it."""

    def __init__(self, path: Path, stream: ByteStream) -> None:
        self.path = path
        self.quiet_since = 0.0
        self._stream = stream
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_LONGEST_HEAD)

    @property
    def is_usable(self) -> bool:
        return self._stream.is_quiet

    async def ask(
        self, request: h11.Request, body: bytes, on_read: Callable[[_Line], Awaitable[None]]
    ) -> Answer:
        sent = self._http.send(request) or b""
        if body:
            sent += self._http.send(h11.Data(body)) or b""
        await self._stream.write(sent + (self._http.send(h11.EndOfMessage()) or b""))
        while True:
            event = await self.event()
            if isinstance(event, h11.Response):
                return Answer(event, self, on_read)
            if not isinstance(event, h11.InformationalResponse):
                raise h11.RemoteProtocolError("an answer of another protocol")

    async def event(self) -> object:
        """What comes next of the answer."""
        while True:
            event = self._http.next_event()
            if event is not h11.NEED_DATA:
                return event
            received = await self._stream.read()
            if not received and self._http.their_state is h11.SEND_RESPONSE:
                raise h11.RemoteProtocolError("closed without sending an answer")
            self._http.receive_data(received)

    def may_be_kept(self) -> bool:
        """True if both sides are done and another request may follow."""
        self.quiet_since = asyncio.get_running_loop().time()
        if not (self._http.our_state is self._http.their_state is h11.DONE):
            return False
        self._http.start_next_cycle()
        return self._stream.is_quiet

    async def end(self) -> None:
        await self._stream.abort()
