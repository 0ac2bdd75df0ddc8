"""A small proxy on 127.0.0.1 that speaks HTTP and SOCKS 5, and leads names where a test wants.

Everything runs in threads of its own. It looks no name up: what it was asked for is noted, so a
test sees whether names came as names.
"""

from __future__ import annotations

import base64
import contextlib
import select
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

REFUSED = 5  # the host refused, in SOCKS
NOT_ALLOWED = 2


class _EndError(Exception):
    """This connection is over."""


@dataclass
class ProxyServer:
    """`with ProxyServer({"service.invalid": ("127.0.0.1", port)}) as proxy:`

    `user` and `password` are asked for if there is a user. `tls`: it is reached by TLS. `says`:
    it answers everything with these bytes; `refuses`: the code of SOCKS with which it says no.
    `byte_by_byte`: its answers come in pieces.
    """

    hosts: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    user: str = ""
    password: str = ""
    tls: ssl.SSLContext | None = None
    says: bytes | None = None
    refuses: int = 0
    byte_by_byte: bool = False
    asked: list[str] = field(default_factory=list)  # "service.invalid:443"
    given: list[tuple[str, str]] = field(default_factory=list)  # who signed in how
    connections: int = 0

    def __post_init__(self) -> None:
        self._ending = threading.Event()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self.port: int = self._listener.getsockname()[1]

    def address(self, scheme: str, user_info: str = "") -> str:
        return f"{scheme}://{user_info}{'@' if user_info else ''}127.0.0.1:{self.port}"

    @property
    def open_connections(self) -> int:
        """How many clients are connected now."""
        return len(self._open)

    def __enter__(self) -> ProxyServer:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for stream in tuple(self._open):
            with contextlib.suppress(OSError):
                stream.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)

    def _start(self, target: object, *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._ending.is_set():
            try:
                stream, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.add(stream)
            self._start(self._serve, stream)

    def _serve(self, plain: socket.socket) -> None:
        stream = plain
        try:
            with contextlib.suppress(_EndError, OSError):
                plain.settimeout(10)
                if self.tls is not None:
                    stream = self.tls.wrap_socket(plain, server_side=True)
                first = self._take(stream, 1)
                if self.says is not None:
                    stream.sendall(self.says)
                elif first == b"\x05":
                    self._serve_socks(stream)
                else:
                    self._serve_http(stream, first)
        finally:
            self._open.discard(plain)
            stream.close()
            plain.close()

    # --- HTTP ------------------------------------------------------------------------------------

    def _serve_http(self, stream: socket.socket, head: bytes) -> None:
        while not head.endswith(b"\r\n\r\n"):
            head += self._take(stream, 1)
        method, target, _ = head.split(b"\r\n")[0].decode("ascii").split(" ")
        if self.user and not self._has_signed_in(head):
            self._say(
                stream,
                b"HTTP/1.1 407 Proxy Authentication Required\r\n"
                b'Proxy-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n',
            )
            raise _EndError
        if method == "CONNECT":
            onward = self._onward(target)
            if onward is None:
                self._say(stream, b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
                raise _EndError
            self._say(stream, b"HTTP/1.1 200 Connection established\r\nVia: 1.1 x\r\n\r\n")
            self._pump(stream, onward)
        else:
            self.asked.append(target)
            self._say(stream, b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nproxied")

    def _has_signed_in(self, head: bytes) -> bool:
        for line in head.decode("latin-1").split("\r\n"):
            name, _, value = line.partition(": ")
            if name.lower() == "proxy-authorization":
                told = base64.b64decode(value.removeprefix("Basic ")).decode()
                user, _, password = told.partition(":")
                self.given.append((user, password))
                return (user, password) == (self.user, self.password)
        return False

    # --- SOCKS 5 ---------------------------------------------------------------------------------

    def _serve_socks(self, stream: socket.socket) -> None:
        ways = self._take(stream, self._take(stream, 1)[0])
        wanted = 2 if self.user else 0
        if wanted not in ways:
            self._say(stream, b"\x05\xff")
            raise _EndError
        self._say(stream, bytes([5, wanted]))
        if self.user:
            self._take(stream, 1)
            user = self._take(stream, self._take(stream, 1)[0]).decode()
            password = self._take(stream, self._take(stream, 1)[0]).decode()
            self.given.append((user, password))
            is_right = (user, password) == (self.user, self.password)
            self._say(stream, bytes([1, 0 if is_right else 1]))
            if not is_right:
                raise _EndError
        kind = self._take(stream, 4)[3]
        if kind == 3:
            host = self._take(stream, self._take(stream, 1)[0]).decode()
        else:
            family, length = (socket.AF_INET, 4) if kind == 1 else (socket.AF_INET6, 16)
            host = socket.inet_ntop(family, self._take(stream, length))
        port = int.from_bytes(self._take(stream, 2))
        onward = None if self.refuses else self._onward(f"{host}:{port}")
        refusal = self.refuses or (0 if onward else REFUSED)
        self._say(stream, bytes([5, refusal, 0, 3, 4]) + b"here" + b"\x00\x50")
        if onward is None:
            raise _EndError
        self._pump(stream, onward)

    # --- both ------------------------------------------------------------------------------------

    def _onward(self, place: str) -> socket.socket | None:
        self.asked.append(place)
        target = self.hosts.get(place.rpartition(":")[0])
        if target is None:
            return None
        try:
            return socket.create_connection(target)
        except OSError:
            return None

    def _take(self, stream: socket.socket, count: int) -> bytes:
        data = b""
        while len(data) < count:
            piece = stream.recv(count - len(data))
            if not piece:
                raise _EndError
            data += piece
        return data

    def _say(self, stream: socket.socket, data: bytes) -> None:
        for start in range(0, len(data), 1 if self.byte_by_byte else len(data)):
            stream.sendall(data[start : start + (1 if self.byte_by_byte else len(data))])

    def _pump(self, one: socket.socket, other: socket.socket) -> None:
        """Until one of them ends; TLS may hold bytes that no selector sees."""
        peer = {one: other, other: one}
        with contextlib.closing(other):
            while not self._ending.is_set():
                held = [s for s in peer if isinstance(s, ssl.SSLSocket) and s.pending()]
                for stream in held or select.select(list(peer), [], [], 0.05)[0]:
                    data = stream.recv(65536)
                    if not data:
                        return
                    peer[stream].sendall(data)
