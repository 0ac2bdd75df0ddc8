"""A web server of the test's own pages, on loopback, with or without TLS."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler

from support.threaded_server import ThreadedServer


class Pages(ThreadedServer):
    """`with Pages({"/": "<html>…"}) as pages`; a value beginning with "->" is a redirect.

    A path that is in `stuck` never gets a reply. `requests` are the paths asked for, `posts`
    the bodies of the posts to each path.
    """

    def __init__(
        self,
        pages: Mapping[str, str],
        *,
        tls: ssl.SSLContext | None = None,
        headers: Mapping[str, str] | None = None,
        stuck: tuple[str, ...] = (),
    ) -> None:
        self.pages = dict(pages)
        self.headers = dict(headers or {})
        self.requests: list[str] = []
        self.posts: dict[str, list[str]] = {}
        self._released = threading.Event()
        self._stuck = stuck
        super().__init__(self._handler(), tls)

    def release(self) -> None:
        self._released.set()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        pages = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = self.path.partition("?")[0]
                pages.requests.append(self.path)
                if path in pages._stuck:
                    pages._released.wait(60)
                    return
                body = pages.pages.get(path)
                if body is None:
                    self._reply(404, b"", {})
                elif body.startswith("->"):
                    self._reply(302, b"", {"Location": body[2:]})
                else:
                    self._reply(200, body.encode(), pages.headers)

            def do_CONNECT(self) -> None:
                pages.requests.append(f"CONNECT {self.path}")
                self._reply(502, b"", {})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                pages.posts.setdefault(self.path, []).append(body)
                self._reply(204, b"", {})

            def _reply(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
                self.send_response(status)
                kind = {"Content-Type": "text/html; charset=utf-8"}
                for name, value in {**kind, **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments: object) -> None:
                """Quiet."""

        return Handler
