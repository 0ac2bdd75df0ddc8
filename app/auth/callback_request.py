"""Judges one raw HTTP request to the callback listener. Pure.

Anybody on the machine and any web page can send requests to a loopback port, so a request
counts only if everything fits: method, exact path, `Host`, `Sec-Fetch-*`, the cookie that the
one-use start page set in this browser, and the state. Whatever does not fit changes nothing
(T-04…T-09, T-15). Answers are fixed pages; nothing of a request is reflected (T-08).
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import field

from app.auth.callback_pages import STYLE_HASH, Pages
from app.auth.oauth import CALLBACK_PATH, AuthorizationRequest, CallbackAnswer, read_callback
from app.errors import FaultKind
from app.values import dataclass

START_PREFIX = "/start/"
HEAD_LIMIT = 16 << 10
_HEADER_LIMIT = 100
_COOKIE_AGE_S = 600
_REQUEST_LINE = re.compile(rb"([A-Z]{1,16}) (/[\x21-\x7e]*) HTTP/1\.[01]")
_HEADER_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)")
_SUCCESS, _FAILED, _DENIED = "/signed-in", "/failed", "/denied"
_REASONS = {
    200: "OK",
    302: "Found",
    303: "See Other",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    421: "Misdirected Request",
}
_POLICY = (
    f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'none'"
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the listener waits for. `nonce` is in the start address, `cookie` in the browser."""

    port: int
    request: AuthorizationRequest
    nonce: str = field(repr=False)
    cookie: str = field(repr=False)
    pages: Pages = field(repr=False)
    is_started: bool = False
    answer: CallbackAnswer | None = None

    @property
    def start_path(self) -> str:
        return f"{START_PREFIX}{self.nonce}"

    @property
    def cookie_name(self) -> str:
        """Browsers share cookies between the ports of a host."""
        return f"tidegauge-{self.port}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The bytes to send back, and what the request brought about."""

    reply: bytes = field(repr=False)
    starts: bool = False  # the start page was used
    answer: CallbackAnswer | None = None  # the sign-in is answered
    ends: bool = False  # the last page was delivered


@dataclass(frozen=True, slots=True)
class RequestHead:
    """A well-formed request head; header names are lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, tuple[str, ...]] = field(repr=False)

    def one(self, name: str) -> str | None:
        """The value of a header that may stand once; None if absent, "" if repeated."""
        values = self.headers.get(name, ())
        return None if not values else values[0] if len(values) == 1 else ""


def judge(head: bytes, waiting: Waiting) -> Verdict:
    """Judge a request head (all bytes up to and including the empty line)."""
    request = read_head(head)
    if request is None:
        return _refuse(400, waiting)
    if not _is_ours(request.one("host"), waiting.port):  # DNS rebinding (T-05)
        return _refuse(421, waiting)
    if request.method != "GET":
        return _refuse(405, waiting)
    if not _is_navigation(request):
        return _refuse(403, waiting)
    if request.path == CALLBACK_PATH:
        return _callback(request, waiting)
    if _equal(request.path, waiting.start_path):
        return _start(request, waiting)
    last_page = _last_page(request.path, waiting.pages)
    if last_page is not None and waiting.answer is not None and _has_cookie(request, waiting):
        return Verdict(_reply(200, last_page), ends=True)
    return _refuse(404, waiting)


def forbidden(waiting: Waiting) -> bytes:
    """The answer to a connection of another user of the machine (T-02)."""
    return _reply(403, waiting.pages.wrong_request)


def read_head(head: bytes) -> RequestHead | None:
    """The request head, or None unless every byte of it is plain HTTP/1 without a body."""
    lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    first = _REQUEST_LINE.fullmatch(lines[0])
    if first is None or len(lines) > _HEADER_LIMIT or len(head) > HEAD_LIMIT:
        return None
    headers: dict[str, tuple[str, ...]] = {}
    for line in lines[1:]:
        match = _HEADER_LINE.fullmatch(line)
        if match is None:
            return None
        name = match[1].decode("ascii").lower()
        headers[name] = (*headers.get(name, ()), match[2].decode("latin-1").strip())
    if "transfer-encoding" in headers or "upgrade" in headers:
        return None
    if headers.get("content-length", ("0",)) != ("0",):
        return None
    path, _, query = first[2].decode("ascii").partition("?")
    return RequestHead(first[1].decode("ascii"), path, query, headers)


def _callback(request: RequestHead, waiting: Waiting) -> Verdict:
    has_cookie = _has_cookie(request, waiting)
    answer = read_callback(request.query, waiting.request)
    if answer is None or not has_cookie:
        return _refuse(400, waiting)
    if waiting.answer is not None:  # reload, double click, prefetch: one exchange only (T-10)
        return Verdict(_reply(200, waiting.pages.already_answered))
    location = _SUCCESS
    if answer.fault is not None:
        is_denied = answer.fault.kind is not FaultKind.SIGN_IN_FAILED
        location = _DENIED if is_denied else _FAILED
    # The code leaves the address bar, the history and the referrer (T-13).
    return Verdict(_reply(303, b"", ("Location", location)), answer=answer)


def _start(request: RequestHead, waiting: Waiting) -> Verdict:
    """Bind this browser to the sign-in and send it on; a second browser comes too late (T-03)."""
    if waiting.answer is not None:
        return Verdict(_reply(200, waiting.pages.already_answered))
    if request.query or (waiting.is_started and not _has_cookie(request, waiting)):
        return _refuse(400, waiting)
    cookie = (
        f"{waiting.cookie_name}={waiting.cookie}; HttpOnly; SameSite=Lax; Path=/; "
        f"Max-Age={_COOKIE_AGE_S}"
    )
    reply = _reply(302, b"", ("Location", waiting.request.url), ("Set-Cookie", cookie))
    return Verdict(reply, starts=True)


def _is_ours(host: str | None, port: int) -> bool:
    return host is not None and host.lower() in {
        f"localhost:{port}",
        f"127.0.0.1:{port}",
        f"[::1]:{port}",
    }


def _is_navigation(request: RequestHead) -> bool:
    """False if the browser says that a page, not a person, asks; old browsers say nothing."""
    if request.one("sec-fetch-mode") not in (None, "navigate"):
        return False
    if request.one("sec-fetch-dest") not in (None, "document"):
        return False
    return not {"sec-purpose", "purpose", "x-moz", "x-purpose"} & request.headers.keys()


def _has_cookie(request: RequestHead, waiting: Waiting) -> bool:
    wanted = f"{waiting.cookie_name}={waiting.cookie}"
    given = [part.strip() for line in request.headers.get("cookie", ()) for part in line.split(";")]
    matches = [_equal(part, wanted) for part in given]
    return any(matches)


def _equal(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8"), wanted.encode("utf-8"))


def _last_page(path: str, pages: Pages) -> bytes | None:
    return {_SUCCESS: pages.success, _FAILED: pages.failed, _DENIED: pages.denied}.get(path)


def _refuse(status: int, waiting: Waiting) -> Verdict:
    return Verdict(_reply(status, waiting.pages.wrong_request))


def _reply(status: int, body: bytes, *more: tuple[str, str]) -> bytes:
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Connection", "close"),
        ("Cache-Control", "no-store"),
        ("Referrer-Policy", "no-referrer"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Content-Security-Policy", _POLICY),
        *more,
    ]
    lines = [f"HTTP/1.1 {status} {_REASONS[status]}", *(f"{n}: {v}" for n, v in headers), "", ""]
    return "\r\n".join(lines).encode("ascii") + body
