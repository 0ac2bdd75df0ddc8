"""Scripted misbehaviour: what goes wrong, for which request, how often."""

from __future__ import annotations

import functools
import gzip
import http
import itertools
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.simulator.recorder import RecordedRequest
from app.simulator.wire import Connection

Matcher = Callable[[RecordedRequest], bool]
Framing = Literal["length", "chunked", "close", "raw"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One scripted reply, exact to the byte. The connection ends with it.

    `body` None lets the simulator answer as usual; then only `delay_s`, `cut_after` and
    `reset` apply. All counts are bytes of the body as it stands on the wire.

    - `delay_s` before anything is sent; `drip_bytes` every `drip_s` seconds after that
    - `framing`: a content length (`content_length` may lie), chunks, the end of the connection,
      or raw: the body holds status line and headers too
    - `cut_after`: end the connection there, cleanly or with an RST (`reset`); a chunked body
      that is cut lacks its last chunk. `cut_head` sends nothing at all before that
    - `stall_after`: send no more from there until the client leaves
    - `repeat`: the body that many times over; `prelude`: raw bytes before the status line
    """

    status: int = 200
    body: bytes | None = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    delay_s: float = 0.0
    drip_bytes: int = 16_384
    drip_s: float = 0.0
    framing: Framing = "length"
    content_length: int | None = None
    cut_after: int | None = None
    cut_head: bool = False
    reset: bool = False
    stall_after: int | None = None
    repeat: int = 1
    prelude: bytes = b""

    def head(self, date: str) -> bytes:
        """Status line and headers; own `headers` replace the usual ones."""
        if self.framing == "raw":
            return b""
        body = self.body or b""
        headers = {"date": date, "content-type": self.content_type, "connection": "close"}
        if self.framing == "chunked":
            headers["transfer-encoding"] = "chunked"
        elif self.framing == "length":
            length = len(body) * self.repeat
            headers["content-length"] = str(
                length if self.content_length is None else self.content_length
            )
        headers |= {name.lower(): value for name, value in self.headers.items()}
        try:
            phrase = http.HTTPStatus(self.status).phrase
        except ValueError:
            phrase = "Unknown"
        lines = [f"HTTP/1.1 {self.status} {phrase}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")

    def pieces(self) -> Iterator[bytes]:
        """The body as far as it is sent, in pieces, still without chunk framing."""
        ends = [end for end in (self.cut_after, self.stall_after) if end is not None]
        left = min(ends, default=None)
        for _ in range(self.repeat):
            for piece in _sliced(self.body or b"", self.drip_bytes):
                if left is None:
                    yield piece
                    continue
                if piece[:left]:
                    yield piece[:left]
                left -= len(piece[:left])
                if not left:
                    return


@dataclass(slots=True)
class _Rule:
    matches: Matcher
    fault: Fault
    left: float
    skip: int


class FaultScript:
    """The rules in force; the first that fits is used up by one. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[_Rule] = []

    def add(
        self,
        where: str | Matcher,
        fault: Fault,
        *,
        times: int | None = 1,
        skip: int = 0,
        method: str | None = None,
    ) -> None:
        """Use `fault` for the next `times` requests (None: all) after the first `skip`.

        `where` is the beginning of a path, or a predicate on the recorded request.
        """

        def matches(request: RecordedRequest) -> bool:
            if method is not None and request.method != method:
                return False
            return request.path.startswith(where) if isinstance(where, str) else where(request)

        with self._lock:
            self._rules.append(
                _Rule(matches, fault, float("inf") if times is None else times, skip)
            )

    def clear(self) -> None:
        with self._lock:
            self._rules.clear()

    @property
    def pending(self) -> int:
        """Rules that are not used up yet."""
        with self._lock:
            return len(self._rules)

    def take(self, request: RecordedRequest) -> Fault | None:
        """The fault for this request, if any."""
        with self._lock:
            for rule in self._rules:
                if not rule.matches(request):
                    continue
                if rule.skip > 0:
                    rule.skip -= 1
                    continue
                rule.left -= 1
                if rule.left <= 0:
                    self._rules.remove(rule)
                return rule.fault
            return None


async def send_fault(fault: Fault, connection: Connection, date: str) -> None:
    """Put a fault with a body of its own on the wire and end the connection."""
    if await connection.pause(fault.delay_s):
        return
    if not fault.cut_head:
        pending = fault.prelude + fault.head(date)
        for piece in fault.pieces():
            if not await connection.write(pending) or await connection.pause(fault.drip_s):
                return
            pending = _chunk(piece) if fault.framing == "chunked" else piece
        if fault.stall_after is not None:
            await connection.write(pending)
            await connection.pause(None)
            return
        if fault.framing == "chunked" and fault.cut_after is None:
            pending += b"0\r\n\r\n"
        connection.on_abandoned = None  # who leaves from here on has everything there is
        await connection.write(pending)
    await connection.end(reset=fault.reset)


# --- ready-made faults --------------------------------------------------------------------------


def refused(status: int, body: bytes | str = b"", **headers: str) -> Fault:
    """A status with a body; keyword arguments are headers, `_` standing for `-`."""
    raw = body.encode() if isinstance(body, str) else body
    return Fault(status, raw, {name.replace("_", "-"): value for name, value in headers.items()})


def too_many_requests(retry_after: str | int | None = None) -> Fault:
    """429 that is not the usage limit; `retry_after` in seconds or as an HTTP date."""
    body = b'{"error":{"type":"tokens","code":"rate_limit_exceeded","message":"Too many requests"}}'
    headers = {} if retry_after is None else {"retry-after": str(retry_after)}
    return Fault(429, body, headers)


def html_page(status: int = 200, text: str = "Sign in to this network") -> Fault:
    """A captive portal or a gateway speaking instead of the service."""
    page = f"<!doctype html><html><head><title>{text}</title></head><body>{text}</body></html>"
    return Fault(status, page.encode(), content_type="text/html; charset=utf-8")


def blocked_by_gateway() -> Fault:
    """403 as the service's gateway sends it."""
    page = b"<html><title>Just a moment...</title>Cloudflare blocked</html>"
    return Fault(403, page, {"cf-ray": "8f00ba12cafe-FRA"}, content_type="text/html")


def redirect(location: str, status: int = 302) -> Fault:
    return Fault(status, b"", {"location": location})


def late(seconds: float) -> Fault:
    """The usual answer, `seconds` later."""
    return Fault(body=None, delay_s=seconds)


def cut_answer(after: int, *, reset: bool = False) -> Fault:
    """The usual answer, cut after that many bytes of its body."""
    return Fault(body=None, cut_after=after, reset=reset)


def no_reply(*, reset: bool = True) -> Fault:
    """The connection ends without a single byte."""
    return Fault(cut_head=True, reset=reset)


def replay(events: bytes, status: int = 200, *, framing: Framing = "chunked") -> Fault:
    """A recorded event stream, byte for byte."""
    return Fault(status, events, content_type="text/event-stream", framing=framing)


def truncated_gzip(body: bytes, missing: int = 12) -> Fault:
    """A compressed body without its last bytes, framed as if it were complete."""
    packed = gzip.compress(body, mtime=0)[:-missing]
    return Fault(200, packed, {"content-encoding": "gzip"})


def gzip_bomb(inflated: int = 300 << 20) -> Fault:
    """Spaces that shrink about a thousandfold."""
    return Fault(200, _bomb(inflated), {"content-encoding": "gzip"})


def malformed_events(count: int = 1) -> Fault:
    """A good answer, "Hello again.", with `count` unreadable events inside."""
    delta = (
        b'event: response.output_text.delta\ndata: {"type":"response.output_text.delta",'
        b'"item_id":"msg_1","output_index":0,"content_index":0,"delta":"%s"}\n\n'
    )
    broken = b"event: response.output_text.delta\ndata: {broken\n\n"
    created = b'data: {"type":"response.created","response":{"id":"resp_1"}}\n\n'
    completed = b'data: {"type":"response.completed","response":{"id":"resp_1"}}\n\n'
    return replay(created + delta % b"Hello " + broken * count + delta % b"again." + completed)


@functools.lru_cache(maxsize=4)
def _bomb(inflated: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = b" " * (1 << 20)
    whole, rest = divmod(inflated, len(block))
    parts = [packer.compress(part) for part in itertools.repeat(block, whole)]
    return b"".join([*parts, packer.compress(block[:rest]), packer.flush()])


def _sliced(body: bytes, length: int) -> Iterator[bytes]:
    for start in range(0, len(body), max(1, length)):
        yield body[start : start + max(1, length)]


def _chunk(piece: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(piece), piece)
