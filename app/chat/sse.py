"""Server-sent events: bytes in, events out. Pure; linear in what it is fed.

Follows the event-stream format of the HTML standard, with one deliberate exception: a last
frame that lacks its blank line counts, because some gateways cut it off and it carries the end
of an answer. Lines end at CR, LF or CRLF only; nothing else splits one (F-C08, F-C12).
"""

from __future__ import annotations

from typing import Final, NamedTuple

from app.errors import FaultKind, fail

EVENT_CAP = 8 << 20  # bytes of one event or one line
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


class ServerSentEvent(NamedTuple):
    """One dispatched event. `id` is the last one seen so far, `retry` in milliseconds."""

    event: str
    data: str
    id: str = ""
    retry: int | None = None


class EventDecoder:
    """Feed it a stream in pieces of any size; the same bytes give the same events (F-C11)."""

    def __init__(self, event_cap: int = EVENT_CAP) -> None:
        self._cap = event_cap
        self._start: bytes | None = b""  # until it is known whether the stream begins with a BOM
        self._after_cr = False
        self._line = bytearray()  # the line that has not ended yet
        self._size = 0  # bytes of the event so far, without that line
        self._event = b""
        self._data: list[bytes] = []
        self._retry: int | None = None
        self._last_id = ""

    def feed(self, piece: bytes) -> list[ServerSentEvent]:
        """The events completed by `piece`, at once and in order.

        Raises `AppError(TOO_LARGE)` for an event beyond the cap (F-C25).
        """
        if self._start is not None:
            piece = self._without_mark(piece)
        if self._after_cr and piece:
            self._after_cr = False
            if piece.startswith(b"\n"):
                piece = piece[1:]  # the other half of a CRLF
        if b"\r" in piece:
            self._after_cr = piece.endswith(b"\r")
            piece = piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if b"\n" not in piece:
            self._line += piece
            self._check_size(len(self._line))
            return []
        lines = piece.split(b"\n")
        if self._line:
            lines[0] = bytes(self._line) + lines[0]
        self._line = bytearray(lines.pop())
        events = self._take(lines)
        self._check_size(len(self._line))
        return events

    def close(self) -> list[ServerSentEvent]:
        """The stream is over: what a missing line end or blank line held back."""
        self._start = None  # less than a mark is no field either
        lines = [bytes(self._line), b""]
        self._line.clear()
        return self._take(lines)

    def _without_mark(self, piece: bytes) -> bytes:
        start = (self._start or b"") + piece
        if _BYTE_ORDER_MARK.startswith(start):
            self._start = start
            return b""
        self._start = None
        return start.removeprefix(_BYTE_ORDER_MARK)

    def _take(self, lines: list[bytes]) -> list[ServerSentEvent]:
        events: list[ServerSentEvent] = []
        data = self._data
        for line in lines:
            if not line:
                if data:
                    events.append(self._dispatched())
                    data = self._data
                self._event, self._retry, self._size = b"", None, 0
                continue
            self._size += len(line) + 1
            if self._size > self._cap:
                self._check_size(0)
            if line.startswith(b"data: "):
                data.append(line[6:])
            elif line.startswith(b"event: "):
                self._event = line[7:]
            else:
                self._take_field(line)
        return events

    def _take_field(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"event":
            self._event = value
        elif name == b"data":  # without a colon: an empty line of data
            self._data.append(value)
        elif name == b"id":
            if b"\0" not in value:
                self._last_id = value.decode("utf-8", "replace")
        elif name == b"retry" and value.isdigit() and len(value) <= 9:
            self._retry = int(value)

    def _dispatched(self) -> ServerSentEvent:
        data, self._data = self._data, []
        return ServerSentEvent(
            self._event.decode("utf-8", "replace") or "message",
            (data[0] if len(data) == 1 else b"\n".join(data)).decode("utf-8", "replace"),
            self._last_id,
            self._retry,
        )

    def _check_size(self, pending: int) -> None:
        if self._size + pending > self._cap:
            self._line.clear()
            self._data = []
            raise fail(FaultKind.TOO_LARGE, f"a stream event of more than {self._cap} bytes")
