"""A service on 127.0.0.1 behind TLS: what stands before the real one, for a plain test server."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def tls_front(context: ssl.SSLContext, port: int) -> Iterator[tuple[str, int]]:
    """The address whose connections go on, without TLS, to `port` of this computer."""
    listener = socket.create_server(("127.0.0.1", 0))
    threads: list[threading.Thread] = []
    streams: list[socket.socket] = []

    def start(target: object, *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)  # type: ignore[arg-type]
        threads.append(thread)
        thread.start()

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                start(serve, listener.accept()[0])

    def serve(plain: socket.socket) -> None:
        with contextlib.suppress(OSError), plain:
            plain.settimeout(30)
            with (
                context.wrap_socket(plain, server_side=True) as secured,
                socket.create_connection(("127.0.0.1", port)) as onward,
            ):
                streams.extend((secured, onward))
                back = threading.Thread(target=pump, args=(onward, secured), daemon=True)
                back.start()
                pump(secured, onward)
                back.join(10)

    def pump(source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    start(accept)
    try:
        yield listener.getsockname()
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for stream in streams:
            with contextlib.suppress(OSError):
                stream.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join(10)
