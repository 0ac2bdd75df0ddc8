"""A raw server whose every byte is scripted, for what no HTTP library would ever send.

A script is a function of one `Peer`, called for each request, also on a kept-alive connection;
it may send anything, wait, reset or hang up. Everything runs in threads of its own, so that
the event loop under test holds nothing but the client.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field


class HangUpError(Exception):
    """Raised by a script, or for it, to end the connection."""


@dataclass
class Peer:
    """One request as received, and the means to answer it."""

    stream: socket.socket
    stopping: threading.Event
    number: int  # of the request, over all connections, from 0
    connection: int  # from 0
    head: bytes = b""
    body: bytes = b""

    @property
    def target(self) -> str:
        return self.head.split(b" ", 2)[1].decode("ascii", "replace")

    @property
    def headers(self) -> dict[str, str]:
        lines = self.head.decode("latin-1").split("\r\n")[1:]
        pairs = (line.partition(":") for line in lines if line)
        return {name.strip().lower(): value.strip() for name, _, value in pairs}

    def send(self, data: bytes) -> None:
        try:
            self.stream.sendall(data)
        except OSError:
            raise HangUpError from None

    def reply(self, body: bytes = b"{}", status: str = "200 OK", **headers: str) -> None:
        """A correct reply; keyword names become header names, `_` turned into `-`."""
        lines = [f"HTTP/1.1 {status}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        if not any(name.lower() == "content_length" for name in headers):
            lines.append(f"Content-Length: {len(body)}")
        self.send("\r\n".join([*lines, "", ""]).encode("latin-1") + body)

    def chunked(self, **headers: str) -> None:
        """The head of a chunked reply; `chunk` goes on."""
        lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        head = ["HTTP/1.1 200 OK", "Transfer-Encoding: chunked", *lines, "", ""]
        self.send("\r\n".join(head).encode("latin-1"))

    def chunk(self, data: bytes) -> None:
        self.send(b"%x\r\n%b\r\n" % (len(data), data))

    def drip(self, data: bytes, every_s: float) -> None:
        for index in range(len(data)):
            self.send(data[index : index + 1])
            self.pause(every_s)

    def pause(self, seconds: float) -> None:
        """Wait; ends early, and the connection with it, when the test is over."""
        if self.stopping.wait(seconds):
            raise HangUpError

    def hang(self) -> float:
        """Say nothing more until the client closes; returns `time.monotonic()` of that."""
        self.stream.settimeout(0.02)
        while not self.stopping.is_set():
            try:
                if not self.stream.recv(4096):
                    break
            except TimeoutError:
                continue
            except OSError:
                break
        return time.monotonic()

    def reset(self) -> None:
        """Close with RST instead of FIN."""
        self.stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise HangUpError


Script = Callable[[Peer], None]


@dataclass
class FaultServer:
    """`with FaultServer(script) as server:`; `server.url` is its address on 127.0.0.1."""

    script: Script
    tls: ssl.SSLContext | None = None
    host: str = "127.0.0.1"
    requests: list[Peer] = field(default_factory=list)
    connections: int = 0
    closed_at: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server((self.host, 0))
        self._listener.settimeout(0.05)
        self.port: int = self._listener.getsockname()[1]

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://{self.host}:{self.port}"

    def __enter__(self) -> FaultServer:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join(5)
        self._listener.close()

    def _start(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                stream, _ = self._listener.accept()
            except TimeoutError:
                continue
            number, self.connections = self.connections, self.connections + 1
            self._start(self._serve, stream, number)

    def _serve(self, stream: socket.socket, connection: int) -> None:
        stream.settimeout(10)
        with contextlib.suppress(HangUpError, OSError), contextlib.ExitStack() as stack:
            stack.callback(stream.close)
            if self.tls is not None:
                stream = self.tls.wrap_socket(stream, server_side=True)
                stack.callback(stream.close)
            while not self._stopping.is_set():
                peer = self._request(stream, connection)
                self.requests.append(peer)
                self.script(peer)
        self.closed_at.append(time.monotonic())

    def _request(self, stream: socket.socket, connection: int) -> Peer:
        data = self._until(stream, b"", lambda d: b"\r\n\r\n" in d)
        head, _, body = data.partition(b"\r\n\r\n")
        peer = Peer(stream, self._stopping, len(self.requests), connection, head)
        length = int(peer.headers.get("content-length", "0"))
        peer.body = self._until(stream, body, lambda d: len(d) >= length)
        stream.settimeout(10)
        return peer

    def _until(self, stream: socket.socket, data: bytes, done: Callable[[bytes], bool]) -> bytes:
        stream.settimeout(0.05)
        while not done(data):
            if self._stopping.is_set():
                raise HangUpError
            try:
                piece = stream.recv(65536)
            except TimeoutError:
                continue
            if not piece:
                raise HangUpError
            data += piece
        return data
