"""Forged answers to a browser sign-in: hand-written classes, and mutations without end.

A forger here knows all that can be known: the port, the start page, the state, the cookie. What
makes each request forged is one thing that is wrong with it, and the class says which.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote

CODE = "ac-forged"
PERFECT_BROWSER = (
    "User-Agent: Mozilla/5.0",
    "Accept: text/html,*/*;q=0.8",
    "Sec-Fetch-Site: cross-site",
    "Sec-Fetch-Mode: navigate",
    "Sec-Fetch-Dest: document",
)


@dataclass(frozen=True, slots=True)
class Target:
    """A sign-in under way: `cookie` is `name=value`, `start` the path of its start page."""

    port: int
    start: str
    state: str
    cookie: str

    @property
    def answer(self) -> str:
        """The target of a perfect callback."""
        return f"/auth/callback?code={CODE}&state={self.state}"

    def request(
        self,
        target: str | None = None,
        *headers: str,
        method: str = "GET",
        host: str | None = "",
        cookie: str | None = "",
        version: str = "HTTP/1.1",
        body: str = "",
    ) -> bytes:
        """A request that is perfect but for what the arguments change; None leaves a line out."""
        lines = [f"{method} {self.answer if target is None else target} {version}"]
        if host is not None:
            lines.append(f"Host: {host or f'localhost:{self.port}'}")
        if cookie is not None:
            lines.append(f"Cookie: {cookie or self.cookie}")
        return "\r\n".join([*lines, *headers, "", body]).encode("latin-1")

    def with_query(self, query: str) -> bytes:
        return self.request(f"/auth/callback?{query}")


Forger = Callable[[Target], Iterator[bytes]]
CLASSES: dict[str, Forger] = {}


def _class(forger: Forger) -> Forger:
    CLASSES[forger.__name__.strip("_")] = forger
    return forger


@_class
def _no_state(t: Target) -> Iterator[bytes]:
    """T-06"""
    for query in ("", f"code={CODE}", f"code={CODE}&state", f"code={CODE}&state="):
        yield t.with_query(query)
    yield t.request("/auth/callback")


@_class
def _guessed_state(t: Target) -> Iterator[bytes]:
    """T-06: in the very browser that was sent, so with its cookie."""
    for state in ("guess", "A" * 43, "null", "undefined", "*", "%00", "0", "S" * 4000):
        yield t.with_query(f"code={CODE}&state={state}")


@_class
def _almost_the_state(t: Target) -> Iterator[bytes]:
    """T-06: cut, lengthened, in another case, one character off, encoded once too often."""
    s = t.state
    off = s[:-1] + ("A" if s[-1] != "A" else "B")
    for state in (
        s[:-1],
        s[1:],
        s + "A",
        s.swapcase(),
        off,
        s[::-1],
        f"{s}%00",
        f"%20{s}",
        f"{s}+",
    ):
        yield t.with_query(f"code={CODE}&state={state}")
    yield t.with_query(f"code={CODE}&state=" + quote("".join(f"%{ord(c):02X}" for c in s)))
    yield t.with_query(f"code={CODE}&state={s}.onboarding_entrypoint=other")


@_class
def _state_of_an_earlier_sign_in(t: Target) -> Iterator[bytes]:
    """T-06: right in every way but for another sign-in."""
    generator = random.Random(1)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for _ in range(8):
        yield t.with_query(f"code={CODE}&state=" + "".join(generator.choices(alphabet, k=43)))


@_class
def _state_in_the_wrong_place(t: Target) -> Iterator[bytes]:
    """T-06: not in the query."""
    s = t.state
    yield t.request(f"/auth/callback?code={CODE}#state={s}")
    yield t.request(f"/auth/callback/{s}?code={CODE}")
    yield t.request(f"/auth/callback;state={s}?code={CODE}")
    yield t.request(f"/auth/callback?code={CODE}", f"X-State: {s}", f"State: {s}")
    yield t.request(f"/auth/callback?code={CODE}", cookie=f"{t.cookie}; state={s}")
    yield t.request(f"/auth/callback?code={CODE}", f"Referer: http://localhost:{t.port}{t.answer}")
    for name in ("State", "STATE", "state[]", "state%5B%5D", "%20state", "state%00"):
        yield t.with_query(f"code={CODE}&{name}={s}")
    yield t.with_query(f"code={CODE};state={s}")


@_class
def _repeated_state(t: Target) -> Iterator[bytes]:
    """T-06: which of two counts must not be a question."""
    s = t.state
    for pair in ((s, s), ("guess", s), (s, "guess"), (s, ""), ("", s)):
        yield t.with_query(f"code={CODE}&state={pair[0]}&state={pair[1]}")
    yield t.with_query(f"state={s}&code={CODE}&st%61te={s}")


@_class
def _repeated_code(t: Target) -> Iterator[bytes]:
    """T-06"""
    for pair in ((CODE, "other"), (CODE, CODE), ("", CODE)):
        yield t.with_query(f"code={pair[0]}&code={pair[1]}&state={t.state}")
    yield t.with_query(f"code={CODE}&c%6fde=other&state={t.state}")


@_class
def _refusal_without_the_state(t: Target) -> Iterator[bytes]:
    """T-07: to end somebody's sign-in."""
    for error in ("access_denied", "server_error", "login_required", "<script>"):
        yield t.with_query(f"error={error}")
        yield t.with_query(f"error={error}&state=guess&error_description=over")


@_class
def _no_cookie(t: Target) -> Iterator[bytes]:
    """T-03: a code for the same challenge, with a state read from a command line."""
    yield t.request(cookie=None)
    yield t.request(None, *PERFECT_BROWSER, cookie=None)
    yield t.request(f"/auth/callback?error=access_denied&state={t.state}", cookie=None)
    yield t.request(f"{t.answer}&iss=https://evil.example", cookie=None)


@_class
def _wrong_cookie(t: Target) -> Iterator[bytes]:
    """T-03"""
    name, _, value = t.cookie.partition("=")
    for cookie in (
        f"{name}=guess",
        f"{name}=",
        f"{name}={value[:-1]}",
        f"{name}={value}x",
        f"{name}={value.swapcase()}",
        f"{name}-old={value}",
        f"{name.upper()}={value}",
        f"tidegauge-{t.port ^ 2}={value}",
        f'{name}="{value}"',
        f"{name} = {value}",
        f"x={name}={value}",
        value,
    ):
        yield t.request(cookie=cookie)


@_class
def _cookie_in_the_wrong_place(t: Target) -> Iterator[bytes]:
    """T-03"""
    yield t.request(f"{t.answer}&{t.cookie}", cookie=None)
    for header in ("Set-Cookie", "Cookie2", "X-Cookie", "Authorization"):
        yield t.request(None, f"{header}: {t.cookie}", cookie=None)


@_class
def _other_methods(t: Target) -> Iterator[bytes]:
    """T-04"""
    words = "POST HEAD PUT PATCH DELETE OPTIONS TRACE CONNECT QUERY get GETS G"
    for method in words.split():
        yield t.request(method=method)


@_class
def _form_posts(t: Target) -> Iterator[bytes]:
    """T-04: what a page can submit without asking anybody."""
    body = t.answer.partition("?")[2]
    kind = "Content-Type: application/x-www-form-urlencoded"
    for target in ("/auth/callback", t.answer):
        length = f"Content-Length: {len(body)}"
        yield t.request(target, kind, length, method="POST", body=body)
        yield t.request(
            target, "X-HTTP-Method-Override: GET", kind, "Content-Length: 0", method="POST"
        )


@_class
def _other_hosts(t: Target) -> Iterator[bytes]:
    """T-05: a name of the forger's that leads here."""
    p = t.port
    for host in (
        *(
            None,
            "evil.example",
            f"evil.example:{p}",
            "localhost",
            f"localhost:{p ^ 2}",
            "127.0.0.1",
        ),
        *(f"localhost.:{p}", f"localhost:{p}.", f"127.0.0.2:{p}", f"127.1:{p}", f"2130706433:{p}"),
        *(
            f"0x7f.1:{p}",
            f"0.0.0.0:{p}",
            f"[::]:{p}",
            f"::1:{p}",
            "[::1]",
            f"[0:0:0:0:0:0:0:1]:{p}",
        ),
        *(f"[::ffff:127.0.0.1]:{p}", f"user@localhost:{p}", f"localhost:{p}@evil.example"),
        *(f"localhost:{p}, evil.example", f"localhost:{p}/", f"localhost:0{p}", f"localhost :{p}"),
        *(f"localhost.evil.example:{p}", f"localhost:{p}#", f"http://localhost:{p}"),
    ):
        yield t.request(host=host)


@_class
def _two_hosts(t: Target) -> Iterator[bytes]:
    """T-05"""
    for second in (f"localhost:{t.port}", "evil.example", ""):
        yield t.request(None, f"Host: {second}")
        yield t.request(None, f"host: {second}")


@_class
def _borrowed_hosts(t: Target) -> Iterator[bytes]:
    """T-05: headers of proxies are nobody's word."""
    here = f"localhost:{t.port}"
    for header in (f"X-Forwarded-Host: {here}", f"Forwarded: host={here}", f"X-Host: {here}"):
        yield t.request(None, header, host="evil.example")
        yield t.request(None, header, host=None)


@_class
def _absolute_targets(t: Target) -> Iterator[bytes]:
    """T-05"""
    for base in (
        f"http://localhost:{t.port}",
        "http://evil.example",
        "//evil.example",
        "localhost:",
    ):
        yield t.request(base + t.answer)
    yield t.request("*")
    yield t.request(f"localhost:{t.port}", method="CONNECT")


@_class
def _fetched_by_a_page(t: Target) -> Iterator[bytes]:
    """T-04: images, frames, scripts, workers and all that is no page in a window."""
    for kind in (
        *("empty", "image", "iframe", "frame", "fencedframe", "script", "style", "font", "object"),
        *("embed", "audio", "video", "track", "worker", "sharedworker", "serviceworker", "json"),
        *("manifest", "report", "xslt", "webidentity"),
    ):
        yield t.request(None, "Sec-Fetch-Mode: navigate", f"Sec-Fetch-Dest: {kind}")
    yield t.request(None, "Sec-Fetch-Dest: document", "Sec-Fetch-Dest: document")


@_class
def _fetched_by_a_script(t: Target) -> Iterator[bytes]:
    """T-04"""
    for mode in ("cors", "no-cors", "same-origin", "websocket", "nested-navigate", "", "NAVIGATE"):
        yield t.request(None, f"Sec-Fetch-Mode: {mode}", "Sec-Fetch-Dest: document")


@_class
def _fetched_ahead(t: Target) -> Iterator[bytes]:
    """T-04, F-L10: nobody asked for it yet."""
    for header in (
        "Sec-Purpose: prefetch",
        "Sec-Purpose: prefetch;prerender",
        "Purpose: prefetch",
        "X-Moz: prefetch",
        "X-Purpose: preview",
    ):
        yield t.request(None, *PERFECT_BROWSER, header)


@_class
def _other_pages(t: Target) -> Iterator[bytes]:
    """T-04, T-15: what ends a sign-in elsewhere."""
    for path in (
        *("/", "/success", "/cancel", "/logout", "/login", "/callback", "/oauth/callback", "/auth"),
        *("/auth/", "/favicon.ico", "/robots.txt", "/healthz", "/token", "/oauth/token"),
        "/.well-known/openid-configuration",
    ):
        yield t.request(path)
        yield t.request(f"{path}?{t.answer.partition('?')[2]}")


@_class
def _last_pages_before_the_answer(t: Target) -> Iterator[bytes]:
    """T-12: the page after which the port closes."""
    for path in ("/signed-in", "/failed", "/denied"):
        yield t.request(path)


@_class
def _paths_that_look_alike(t: Target) -> Iterator[bytes]:
    """T-04"""
    query = t.answer.partition("?")[2]
    for path in (
        *(
            "/auth/callback/",
            "/Auth/Callback",
            "/AUTH/CALLBACK",
            "//auth/callback",
            "/auth//callback",
        ),
        *("/./auth/callback", "/x/../auth/callback", "/auth/callback/.", "/auth%2Fcallback"),
        *("/auth/callbac%6B", "/auth\\callback", "/auth/callback;x", "/auth/callback%00"),
        *("/auth/callback%20", "/auth/callback.html", "/aut", "/auth/callback/index"),
    ):
        yield t.request(f"{path}?{query}")


@_class
def _start_pages(t: Target) -> Iterator[bytes]:
    """T-03: another browser than the first wants the cookie."""
    for path in ("/start", "/start/", "/start/guess", t.start[:-1], f"{t.start}x", f"{t.start}/"):
        yield t.request(path, cookie=None)
    for headers in ((), PERFECT_BROWSER):
        yield t.request(t.start, *headers, cookie=None)
    yield t.request(f"{t.start}?{t.answer.partition('?')[2]}", cookie=None)
    yield t.request(t.start, cookie=f"{t.cookie}x")


@_class
def _web_sockets(t: Target) -> Iterator[bytes]:
    """T-04"""
    yield t.request(
        None,
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Origin: https://evil.example",
    )
    yield t.request(None, "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__")


@_class
def _preflights(t: Target) -> Iterator[bytes]:
    """T-04"""
    yield t.request(
        None,
        "Origin: https://evil.example",
        "Access-Control-Request-Method: GET",
        "Access-Control-Request-Private-Network: true",
        method="OPTIONS",
        cookie=None,
    )


@_class
def _requests_with_a_body(t: Target) -> Iterator[bytes]:
    """T-11: where one request ends and the next begins must not be a question."""
    yield t.request(None, "Content-Length: 5", body="hello")
    yield t.request(None, "Content-Length: 0", "Content-Length: 0")
    yield t.request(None, "Content-Length: +0")
    yield t.request(None, "Content-Length: 0, 0")
    yield t.request(None, "Transfer-Encoding: chunked", body="0\r\n\r\n")
    yield t.request(None, "Transfer-Encoding: identity")
    yield t.request(None, "Content-Length: 0", "Transfer-Encoding: chunked", body="0\r\n\r\n")


@_class
def _pipelined(t: Target) -> Iterator[bytes]:
    """T-11: the perfect request behind another one on the same connection."""
    for first in ("/", "/cancel", "/auth/callback", "/start/guess"):
        yield t.request(first, "Connection: keep-alive") + t.request()
    body = t.request().decode("latin-1")
    yield t.request("/", f"Content-Length: {len(body)}", method="POST", body=body)
    yield b"\r\n\r\n" + t.request()


@_class
def _bent_heads(t: Target) -> Iterator[bytes]:
    """T-11: lines that readers of HTTP disagree about."""
    cookie = f"Cookie: {t.cookie}".encode()
    perfect = t.request()
    for bent in (
        cookie.replace(b": ", b" : "),
        cookie.replace(b": ", b":\r\n "),
        cookie.replace(b": ", b":\x00"),
        b" " + cookie,
        b"X: y\r" + cookie,
        b"X: y\n" + cookie,
        b"X\r\n" + cookie,
        b": x\r\n" + cookie,
        "Ć".encode() + cookie,
    ):
        yield perfect.replace(cookie, bent)
    yield perfect.replace(b"\r\n", b"\n").replace(b"\n\n", b"\n\r\n\r\n")
    yield perfect.replace(b"\r\n", b"\r", 1)
    yield b"\xef\xbb\xbf" + perfect
    yield b" " + perfect
    yield b"\r\n" + perfect


@_class
def _other_versions(t: Target) -> Iterator[bytes]:
    """T-11: HTTP/0.9 and those to come."""
    words = "HTTP/0.9 HTTP/1.2 HTTP/1.10 HTTP/01.1 HTTP/2 HTTP/2.0 HTTP/3 http/1.1 HTTPS/1.1 ICY"
    for version in words.split():
        yield t.request(version=version)
    yield f"GET {t.answer}\r\n\r\n".encode()
    yield b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + t.request()
    yield t.request().replace(b"GET ", b"GET  ", 1)
    yield t.request().replace(b" HTTP/1.1", b"\tHTTP/1.1", 1)


@_class
def _other_protocols(t: Target) -> Iterator[bytes]:
    """T-11"""
    yield b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200) + b"\r\n\r\n"
    yield b"SSH-2.0-OpenSSH_9.2\r\n\r\n"
    yield b"EHLO evil.example\r\n\r\n"
    yield b"\x00" * 2000 + b"\r\n\r\n"
    yield b"\xff" * 2000 + t.request()


@_class
def _too_large(t: Target) -> Iterator[bytes]:
    """T-11: 16 KiB, 100 lines and 32 parameters."""
    yield t.request(None, "X: " + "x" * (16 << 10))
    yield t.request(None, *(f"X-{n}: 1" for n in range(120)))
    yield t.with_query(f"code={CODE}&state={t.state}" + "".join(f"&a{n}=1" for n in range(40)))
    yield b"x" * (1 << 20) + t.request()
    yield b"GET /" + b"A" * (10 << 20)


@_class
def _never_finished(t: Target) -> Iterator[bytes]:
    """T-11: all but the last bytes of a perfect request."""
    perfect = t.request()
    for missing in (1, 2, 4, len(perfect) // 2, len(perfect) - 1):
        yield perfect[:-missing]


@_class
def _not_utf8(t: Target) -> Iterator[bytes]:
    """T-06, T-11"""
    for tail in ("%ff", "%c3%28", "%ed%a0%80", "%c0%af"):
        yield t.with_query(f"code={CODE}{tail}&state={t.state}&x={tail}")
    yield t.request().replace(b"code=", b"code=\xff")


def forgeries(target: Target) -> Iterator[tuple[str, bytes]]:
    """Every hand-written request with the name of its class."""
    for name, forger in CLASSES.items():
        for raw in forger(target):
            yield name, raw


def mutations(target: Target, count: int, seed: int) -> Iterator[bytes]:
    """Mutated callbacks of forgers who lack the state, or the cookie, and so can never be right.

    Whatever a mutation repairs, the missing secret stays missing: 256 random bits.
    """
    dice = random.Random(seed)
    without_state = replace(target, state="x" * len(target.state))
    name = target.cookie.partition("=")[0]
    without_cookie = replace(target, cookie=f"{name}={'x' * 32}", start="/start/guess")
    bases = [
        [raw for _, raw in forgeries(partial) if len(raw) < 4000] + [partial.request()] * 40
        for partial in (replace(without_state, start="/start/guess"), without_cookie)
    ]
    for _ in range(count):
        pool = dice.choice(bases)
        raw = bytearray(dice.choice(pool))
        for _ in range(dice.randint(1, 6)):
            dice.choice(_MUTATORS)(raw, dice, pool)
        yield bytes(raw)


def _flip(raw: bytearray, dice: random.Random, _pool: list[bytes]) -> None:
    if raw:
        raw[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)


def _overwrite(raw: bytearray, dice: random.Random, _pool: list[bytes]) -> None:
    if raw:
        raw[dice.randrange(len(raw))] = dice.randrange(256)


def _insert(raw: bytearray, dice: random.Random, _pool: list[bytes]) -> None:
    at = dice.randint(0, len(raw))
    raw[at:at] = dice.choice(_TOKENS)


def _cut(raw: bytearray, dice: random.Random, _pool: list[bytes]) -> None:
    at = dice.randint(0, len(raw))
    del raw[at : at + dice.randint(1, 40)]


def _double(raw: bytearray, dice: random.Random, _pool: list[bytes]) -> None:
    at = dice.randint(0, len(raw))
    raw[at:at] = raw[at : at + dice.randint(1, 60)]


def _swap_lines(raw: bytearray, dice: random.Random, _pool: list[bytes]) -> None:
    lines = bytes(raw).split(b"\r\n")
    dice.shuffle(lines)
    raw[:] = b"\r\n".join(lines) + b"\r\n\r\n"


def _splice(raw: bytearray, dice: random.Random, pool: list[bytes]) -> None:
    other = dice.choice(pool)
    raw[dice.randint(0, len(raw)) :] = other[dice.randint(0, len(other)) :]


_MUTATORS = (_flip, _overwrite, _insert, _cut, _double, _swap_lines, _splice)
_TOKENS = (
    *(b"\r\n", b"\n", b"\r", b"\0", b" ", b"\t", b"&", b"=", b"?", b"#", b";", b"%", b"%00", b"/"),
    *(
        b"GET ",
        b"POST ",
        b" HTTP/1.1\r\n",
        b"\r\n\r\n",
        b"Host: localhost\r\n",
        b"&state=",
        b"&code=",
    ),
    *(b"&error=access_denied", b"&iss=", b"Content-Length: 0\r\n", b"\xff\xfe", b"..", b"/start/"),
)
