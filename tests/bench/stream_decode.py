"""Decoding a stream of server-sent events against reading the same bytes with httpx alone.

The stream is framed as the service frames it: chunked, one event a chunk. Poured out in one
piece instead, the bytes would pass httpx unread and the floor would measure a copy.
"""

from __future__ import annotations

import asyncio
import json
import socket
import statistics
import threading
import time

import httpx
from bench.table import Row

from app.chat.sse import EventDecoder
from app.http_client import HttpClient
from app.transport import STREAM_BOUNDS, Request

_EVENTS = 40_000
_ROUNDS = 5


def measure() -> list[Row]:
    """One row: megabytes a second, ours and httpx's, in turn."""
    events = _events()
    with _Server(events) as url:
        return asyncio.run(_measure(url, sum(map(len, events))))


def _events() -> list[bytes]:
    return [
        b"event: response.output_text.delta\ndata: "
        + json.dumps(
            {"type": "response.output_text.delta", "delta": "some words ", "sequence_number": n}
        ).encode()
        + b"\n\n"
        for n in range(_EVENTS)
    ]


async def _measure(url: str, size: int) -> list[Row]:
    ours = HttpClient(user_agent="bench", proxy="none")
    ours.warm_up()
    alone: list[float] = []
    decoded: list[float] = []
    async with httpx.AsyncClient(trust_env=False) as plain:
        for _ in range(_ROUNDS):
            alone.append(await _timed(_read_alone(plain, url)))
            decoded.append(await _timed(_decode(ours, url)))
    await ours.aclose()
    floor = size / 1e6 / statistics.median(alone)
    value = size / 1e6 / statistics.median(decoded)
    return [Row("stream decoded, against httpx alone", value, "MB/s", 0.6, floor, at_least=True)]


async def _timed(work: object) -> float:
    started = time.perf_counter()
    await work  # type: ignore[misc]
    return time.perf_counter() - started


async def _read_alone(client: httpx.AsyncClient, url: str) -> None:
    async with client.stream("GET", url) as reply:
        async for _chunk in reply.aiter_raw():
            pass


async def _decode(client: HttpClient, url: str) -> None:
    decoder, events = EventDecoder(), 0
    async with client.stream(Request("GET", url), STREAM_BOUNDS) as reply:
        async for chunk in reply.chunks():
            events += len(decoder.feed(chunk))
    assert events == _EVENTS


class _Server:
    """Sends the same events to every connection, from a thread of its own."""

    def __init__(self, events: list[bytes]) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
        chunks = b"".join(b"%x\r\n%b\r\n" % (len(event), event) for event in events)
        self._answer = head + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> str:
        self._thread.start()
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}/"

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                connection.recv(65536)
                connection.sendall(self._answer)


if __name__ == "__main__":
    from bench.table import rendered

    print(rendered(measure()))
