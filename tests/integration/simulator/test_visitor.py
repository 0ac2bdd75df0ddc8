"""The simulated person: cookies, redirects, browser headers, and never off loopback."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl, urlsplit

import pytest
from support.simulator import MakeSimulator, SignInAttempt

from app.simulator.server import Simulator
from app.simulator.visitor import VisitError, approve_device, visit


class Listener:
    """A client's loopback page: `/start` sets a cookie and leads to the authorize page."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.leads_to = ""
        self.callback_status = 200
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                names = {name.lower(): value for name, value in self.headers.items()}
                listener.seen.append((self.path, names))
                if self.path.startswith("/start/"):
                    self.send_response(302)
                    self.send_header("Location", listener.leads_to)
                    self.send_header("Set-Cookie", "tie=s3cret; HttpOnly; SameSite=Lax; Path=/")
                    self.send_header("Set-Cookie", "old=; Max-Age=0")
                elif self.path.startswith("/loop"):
                    self.send_response(302)
                    self.send_header("Location", "/loop")
                else:
                    self.send_response(listener.callback_status)
                self.end_headers()
                self.wfile.write(b"Signed in")

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.stop()


def test_signs_in_through_the_local_start_page(simulator: Simulator, listener: Listener) -> None:
    attempt = SignInAttempt(f"http://localhost:{listener.port}/auth/callback")
    listener.leads_to = attempt.address(simulator)
    page = visit(f"http://localhost:{listener.port}/start/n0nce")
    assert (page.status, page.text) == (200, "Signed in")
    (start, start_headers), (callback, headers) = listener.seen
    assert start == "/start/n0nce"
    assert "cookie" not in start_headers
    assert start_headers["sec-fetch-site"] == "none"
    assert headers["cookie"] == "tie=s3cret"
    assert headers["host"] == f"localhost:{listener.port}"
    assert headers["sec-fetch-dest"] == "document"
    assert headers["sec-fetch-mode"] == "navigate"
    query = dict(parse_qsl(urlsplit(callback).query))
    assert query["state"] == attempt.state
    assert query["code"]
    (posted,) = simulator.requests_to("/oauth/authorize/decision")
    assert posted.header("origin") == simulator.url
    assert posted.header("cookie") is None


def test_denies(simulator: Simulator, listener: Listener) -> None:
    attempt = SignInAttempt(f"http://127.0.0.1:{listener.port}/auth/callback")
    visit(attempt.address(simulator), decision="deny")
    assert "error=access_denied" in listener.seen[0][0]


def test_returns_whatever_the_callback_says(simulator: Simulator, listener: Listener) -> None:
    listener.callback_status = 400
    attempt = SignInAttempt(f"http://127.0.0.1:{listener.port}/auth/callback")
    assert visit(attempt.address(simulator), "bo@example.com").status == 400


def test_cannot_go_on(
    simulator: Simulator, make_simulator: MakeSimulator, listener: Listener
) -> None:
    attempt = SignInAttempt(f"http://localhost:{listener.port}/auth/callback")
    for address, reason in (
        (attempt.address(make_simulator(any_port=False)), "status 400"),
        (f"{simulator.url}/nothing", "no form"),
        (f"http://localhost:{listener.port}/", "no form"),
        (f"http://localhost:{listener.port}/loop", "too many redirects"),
        ("https://auth.example.invalid/oauth/authorize", "loopback"),
        ("http://auth.example.invalid/oauth/authorize", "loopback"),
        ("https://127.0.0.1/", "loopback"),
    ):
        with pytest.raises(VisitError, match=reason):
            visit(address)
    with pytest.raises(VisitError, match="no account"):
        visit(attempt.address(simulator), "nobody@example.com")
    with pytest.raises(VisitError, match="no form"):
        approve_device(f"{simulator.url}/nothing", "X")
