"""Which request counts as the answer of a sign-in, and that nothing else does."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.forged_callbacks import CLASSES, CODE, Target, mutations

from app.auth.callback_pages import PLAIN_PAGES, Pages, page
from app.auth.callback_request import HEAD_LIMIT, Verdict, Waiting, forbidden, judge, read_head
from app.auth.oauth import AuthorizationRequest, CallbackAnswer
from app.errors import Fault, FaultKind

STATE = "S" * 43
WAITING = Waiting(
    1455,
    AuthorizationRequest(
        f"https://auth.example/oauth/authorize?state={STATE}",
        STATE,
        "verifier",
        "http://localhost:1455/auth/callback",
        "https://auth.example",
    ),
    nonce="one-use-nonce",
    cookie="cookie-value",
    pages=PLAIN_PAGES,
)
STARTED = replace(WAITING, is_started=True)
ANSWERED = replace(STARTED, answer=CallbackAnswer("ac-1"))
COOKIE = "tidegauge-1455=cookie-value"
GOOD = f"/auth/callback?code=ac-1&state={STATE}"
BROWSER = ("Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document", "Sec-Fetch-Site: cross-site")


def head(
    target: str = GOOD,
    *headers: str,
    method: str = "GET",
    host: str | None = "localhost:1455",
    cookie: str | None = COOKIE,
    version: str = "HTTP/1.1",
) -> bytes:
    lines = [f"{method} {target} {version}"]
    if host is not None:
        lines.append(f"Host: {host}")
    if cookie is not None:
        lines.append(f"Cookie: {cookie}")
    return "\r\n".join([*lines, *headers, "", ""]).encode("latin-1")


def status(verdict: Verdict) -> int:
    return int(verdict.reply.split(b" ")[1])


def changes_nothing(verdict: Verdict) -> bool:
    return not verdict.starts and verdict.answer is None and not verdict.ends


def header(verdict: Verdict, name: str) -> str | None:
    for line in verdict.reply.partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]:
        key, _, value = line.partition(": ")
        if key.lower() == name.lower():
            return value
    return None


@pytest.mark.parametrize(
    "host", ["localhost:1455", "127.0.0.1:1455", "[::1]:1455", "LocalHost:1455"]
)
@pytest.mark.parametrize("extra", [(), BROWSER])
def test_the_answer_is_taken_and_leaves_the_address_bar(host: str, extra: tuple[str, ...]) -> None:
    """T-13"""
    verdict = judge(head(GOOD, *extra, host=host), STARTED)
    assert verdict.answer == CallbackAnswer("ac-1")
    assert (status(verdict), header(verdict, "Location")) == (303, "/signed-in")
    assert b"ac-1" not in verdict.reply
    assert STATE.encode() not in verdict.reply


@pytest.mark.parametrize(
    ("query", "location", "kind"),
    [
        ({"error": "access_denied"}, "/denied", FaultKind.SIGN_IN_DENIED),
        (
            {"error": "access_denied", "error_description": "missing_codex_entitlement"},
            "/denied",
            FaultKind.SIGN_IN_NOT_ENTITLED,
        ),
        ({"error": "server_error"}, "/failed", FaultKind.SIGN_IN_FAILED),
        ({"code": "x", "iss": "https://evil.example"}, "/failed", FaultKind.SIGN_IN_FAILED),
    ],
)
def test_a_reported_error_ends_the_sign_in(
    query: dict[str, str], location: str, kind: FaultKind
) -> None:
    """F-L04, T-09"""
    target = "/auth/callback?" + urlencode({**query, "state": STATE})
    verdict = judge(head(target), STARTED)
    assert verdict.answer is not None
    assert verdict.answer.fault is not None
    assert verdict.answer.fault.kind is kind
    assert header(verdict, "Location") == location


@pytest.mark.parametrize(
    "host",
    [
        None,
        "",
        "evil.example:1455",
        "evil.example",
        "localhost",
        "localhost:80",
        "localhost:14550",
        "localhost:1457",
        "localhost.:1455",
        "localhost:1455.",
        "127.0.0.1",
        "127.0.0.2:1455",
        "127.1:1455",
        "2130706433:1455",
        "0.0.0.0:1455",
        "[::1]",
        "::1:1455",
        "[::ffff:127.0.0.1]:1455",
        "user@localhost:1455",
        "localhost:1455@evil.example",
        "localhost:1455, evil.example",
        "localhost:1455\x00",
    ],
)
def test_no_other_host_is_listened_to(host: str | None) -> None:
    """T-05, F-L11"""
    verdict = judge(head(host=host), STARTED)
    assert status(verdict) in (400, 421)
    assert changes_nothing(verdict)


def test_a_second_host_header_is_refused() -> None:
    """T-05"""
    verdict = judge(head(GOOD, "Host: localhost:1455"), STARTED)
    assert (status(verdict), changes_nothing(verdict)) == (421, True)


@pytest.mark.parametrize(
    "target",
    [
        "http://localhost:1455" + GOOD,  # absolute form
        "http://evil.example" + GOOD,
        "//evil.example" + GOOD,
        "*",
        "localhost:1455",
        "/",
        "/success",
        "/cancel",  # T-15: what the official client sends to a busy port
        "/favicon.ico",
        "/auth/callback/",
        "/auth/callback/x" + GOOD,
        "/AUTH/CALLBACK" + GOOD,
        "/auth%2Fcallback?code=ac-1&state=" + STATE,
        "/auth//callback?code=ac-1&state=" + STATE,
        "/./auth/callback?code=ac-1&state=" + STATE,
        GOOD + "#fragment",
        "/start/",
        "/start/wrong-nonce",
        "/start/one-use-nonce/",
        "/signed-in",
        "/failed",
        "/denied",
    ],
)
def test_no_other_address_does_anything(target: str) -> None:
    """T-04, T-15"""
    verdict = judge(head(target), STARTED)
    assert status(verdict) in (400, 404)
    assert changes_nothing(verdict)


@pytest.mark.parametrize("method", ["POST", "HEAD", "PUT", "OPTIONS", "DELETE", "TRACE", "get"])
@pytest.mark.parametrize("target", [GOOD, "/start/one-use-nonce"])
def test_only_get_counts(method: str, target: str) -> None:
    """T-04"""
    verdict = judge(head(target, method=method), WAITING)
    assert status(verdict) in (400, 405)
    assert changes_nothing(verdict)


@pytest.mark.parametrize(
    "line",
    [
        "Sec-Fetch-Dest: image",
        "Sec-Fetch-Dest: iframe",
        "Sec-Fetch-Dest: empty",
        "Sec-Fetch-Dest: embed",
        "Sec-Fetch-Mode: cors",
        "Sec-Fetch-Mode: no-cors",
        "Sec-Fetch-Mode: websocket",
        "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Mode: navigate",
        "Sec-Purpose: prefetch",
        "Sec-Purpose: prefetch;prerender",
        "Purpose: prefetch",
        "X-Moz: prefetch",
    ],
)
@pytest.mark.parametrize("target", [GOOD, "/start/one-use-nonce"])
def test_what_a_page_fetches_by_itself_does_not_count(line: str, target: str) -> None:
    """T-04, F-L10"""
    verdict = judge(head(target, line), WAITING)
    assert (status(verdict), changes_nothing(verdict)) == (403, True)


@pytest.mark.parametrize(
    "cookie",
    [
        None,
        "",
        "tidegauge-1455=",
        "tidegauge-1455=guess",
        "tidegauge-1457=cookie-value",
        "tidegauge=cookie-value",
        "cookie-value",
        "tidegauge-1455=cookie-value2",
        "tidegauge-1455 =cookie-value",
    ],
)
def test_the_answer_counts_in_the_browser_that_was_sent_only(cookie: str | None) -> None:
    """T-03"""
    verdict = judge(head(cookie=cookie), STARTED)
    assert (status(verdict), changes_nothing(verdict)) == (400, True)


def test_the_cookie_is_found_among_others() -> None:
    verdict = judge(head(cookie=f"a=b; {COOKIE};c=d"), STARTED)
    assert verdict.answer is not None
    verdict = judge(head(GOOD, f"Cookie: {COOKIE}", cookie="theme=dark"), STARTED)
    assert verdict.answer is not None


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?",
        "?code=ac-1",
        "?code=ac-1&state=",
        "?code=ac-1&state=guess",
        f"?code=ac-1&state={STATE}&state={STATE}",
        f"?code=a&code=b&state={STATE}",
        "?error=access_denied",  # T-07
        "?error=access_denied&state=guess",
    ],
)
def test_the_cookie_alone_is_not_enough(query: str) -> None:
    """T-06, T-07, F-L03"""
    verdict = judge(head(f"/auth/callback{query}"), STARTED)
    assert (status(verdict), changes_nothing(verdict)) == (400, True)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /auth/callback\r\n\r\n",  # HTTP/0.9
        b"GET /auth/callback HTTP/2.0\r\nHost: localhost:1455\r\n\r\n",
        b"GET  /auth/callback HTTP/1.1\r\nHost: localhost:1455\r\n\r\n",
        b"GET /auth/callback HTTP/1.1\nHost: localhost:1455\n\n\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",  # TLS
        head().replace(b"Host", b"Ho\x00st"),
        head(GOOD, "X: a\x00b"),
        head(GOOD, "X: a\rb"),
        head(GOOD, " folded: line"),
        head(GOOD, "no colon"),
        head(GOOD, "bad name: x"),
        head(GOOD, ": x"),
        head(GOOD + "\xe9"),
        head(GOOD, "Content-Length: 5"),
        head(GOOD, "Content-Length: 0", "Content-Length: 0"),
        head(GOOD, "Transfer-Encoding: chunked"),
        head(GOOD, "Upgrade: websocket"),
        head(GOOD, *(f"X-{n}: 1" for n in range(200))),
        head(GOOD, "X: " + "x" * 20_000),
    ],
)
def test_what_is_not_plain_http_is_refused(raw: bytes) -> None:
    """T-11"""
    assert read_head(raw) is None
    verdict = judge(raw, STARTED)
    assert (status(verdict), changes_nothing(verdict)) == (400, True)


def test_a_body_of_no_bytes_is_no_body() -> None:
    assert judge(head(GOOD, "Content-Length: 0"), STARTED).answer is not None


FORGED_STATE = "".join(chr(65 + n % 26) for n in range(43))  # no palindrome
FORGED_TARGET = Target(1455, "/start/one-use-nonce", FORGED_STATE, COOKIE)
FORGED_WAITING = replace(STARTED, request=replace(STARTED.request, state=FORGED_STATE))


def heads_of(raw: bytes) -> list[bytes]:
    """The request head the listener would hand over, if the bytes hold one."""
    end = raw.find(b"\r\n\r\n", 0, HEAD_LIMIT)
    return [raw[: end + 4]] if end >= 0 else []


@pytest.mark.parametrize("name", CLASSES)
def test_no_forgery_written_by_hand_is_accepted(name: str) -> None:
    """T-03…T-08, T-11, T-15, figure 9: each is right in all but one thing."""
    assert judge(FORGED_TARGET.request(), FORGED_WAITING).answer == CallbackAnswer(CODE)
    forged = list(CLASSES[name](FORGED_TARGET))
    assert forged
    for raw in forged:
        for head_of_it in heads_of(raw):
            verdict = judge(head_of_it, FORGED_WAITING)
            assert changes_nothing(verdict), raw
            assert 400 <= status(verdict) < 500


def test_none_of_a_hundred_thousand_mutations_is_accepted() -> None:
    """Figure 9: structured and blind ones, of forgers who lack the state or the cookie."""
    judged = 0
    for raw in mutations(FORGED_TARGET, 100_000, seed=1):
        for head_of_it in heads_of(raw):
            judged += 1
            assert changes_nothing(judge(head_of_it, FORGED_WAITING)), raw
    assert judged > 80_000  # the others have no end of a head


@given(st.binary(max_size=400))
@settings(max_examples=300)
def test_no_bytes_are_taken_for_the_answer(raw: bytes) -> None:
    """T-11, figure 9"""
    assert changes_nothing(judge(raw + b"\r\n\r\n", STARTED))


@given(
    st.sampled_from([GOOD, "/start/one-use-nonce", "/auth/callback"]),
    st.lists(
        st.from_regex(r"\A[A-Za-z-]{1,12}: ?[ -~]{0,30}\Z"),
        max_size=4,
    ),
)
def test_without_the_cookie_no_header_helps(target: str, headers: list[str]) -> None:
    """T-03, T-04, figure 9"""
    verdict = judge(head(target, *headers, cookie=None), STARTED)
    assert changes_nothing(verdict)


def test_the_start_page_hands_out_the_cookie_and_leads_on() -> None:
    """T-03"""
    verdict = judge(head("/start/one-use-nonce", *BROWSER, cookie=None), WAITING)
    assert verdict.starts
    assert (status(verdict), header(verdict, "Location")) == (302, WAITING.request.url)
    cookie = header(verdict, "Set-Cookie") or ""
    assert cookie.startswith(f"{COOKIE}; ")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_the_start_page_serves_one_browser() -> None:
    """T-03: the one that has the cookie may come again, for instance with the back button."""
    verdict = judge(head("/start/one-use-nonce", cookie=None), STARTED)
    assert (status(verdict), changes_nothing(verdict)) == (400, True)
    assert judge(head("/start/one-use-nonce"), STARTED).starts
    assert status(judge(head("/start/one-use-nonce?x=1"), WAITING)) == 400


@pytest.mark.parametrize("target", [GOOD, "/start/one-use-nonce"])
def test_a_second_answer_gets_a_harmless_page(target: str) -> None:
    """T-10, F-L10"""
    verdict = judge(head(target), ANSWERED)
    assert (status(verdict), changes_nothing(verdict)) == (200, True)
    assert verdict.reply.endswith(PLAIN_PAGES.already_answered)


@pytest.mark.parametrize("target", ["/auth/callback?code=x&state=guess", "/cancel", "/"])
def test_after_the_answer_nothing_else_is_accepted(target: str) -> None:
    assert status(judge(head(target), ANSWERED)) in (400, 404)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/signed-in", PLAIN_PAGES.success),
        ("/failed", PLAIN_PAGES.failed),
        ("/denied", PLAIN_PAGES.denied),
    ],
)
def test_the_last_page_ends_the_listening(path: str, body: bytes) -> None:
    """T-12, T-13"""
    verdict = judge(head(path), ANSWERED)
    assert verdict.ends
    assert verdict.reply.endswith(b"\r\n\r\n" + body)
    assert not judge(head(path, cookie=None), ANSWERED).ends


REPLIES = [
    judge(head(), STARTED).reply,
    judge(head("/nowhere"), STARTED).reply,
    judge(b"garbage\r\n\r\n", STARTED).reply,
    judge(head("/start/one-use-nonce"), WAITING).reply,
    judge(head("/signed-in"), ANSWERED).reply,
    forbidden(WAITING),
]


@pytest.mark.parametrize("reply", REPLIES)
def test_every_reply_is_closed_uncached_and_unframed(reply: bytes) -> None:
    """T-08, T-13"""
    top, _, body = reply.partition(b"\r\n\r\n")
    lines = top.decode("ascii").split("\r\n")
    assert f"Content-Length: {len(body)}" in lines
    assert "Connection: close" in lines
    assert "Cache-Control: no-store" in lines
    assert "Referrer-Policy: no-referrer" in lines
    policy = next(line for line in lines if line.startswith("Content-Security-Policy: "))
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    "marker", ["<script>alert(1)</script>", "%3Cscript%3E", "REFLECTED", "%0d%0aX-Injected:1"]
)
def test_nothing_of_a_request_is_reflected(marker: str) -> None:
    """T-08"""
    denied = f"/auth/callback?error=access_denied&error_description={marker}&state={STATE}"
    for raw in (
        head(f"/{marker}"),
        head(f"/auth/callback?code={marker}&state=x"),
        head(denied),
        head(GOOD, f"X: {marker}", host=marker),
    ):
        for waiting in (WAITING, STARTED, ANSWERED):
            assert marker.encode() not in judge(raw, waiting).reply


def test_secrets_are_in_no_repr() -> None:
    """T-35"""
    shown = repr(ANSWERED) + repr(judge(head(), STARTED))
    for secret in ("one-use-nonce", "cookie-value", STATE, "ac-1", "verifier"):
        assert secret not in shown


def test_words_on_the_pages_are_escaped() -> None:
    body = page("<b>title", "a & b", 'zh"CN').decode()
    assert "&lt;b&gt;title" in body
    assert "a &amp; b" in body
    assert 'lang="zh&quot;CN"' in body


def test_pages_come_from_the_composition_root() -> None:
    own = Pages(b"s", b"f", b"d", b"w", b"a")
    assert judge(head("/x"), replace(WAITING, pages=own)).reply.endswith(b"\r\n\r\nw")
    fault = CallbackAnswer(fault=Fault(FaultKind.SIGN_IN_DENIED))
    answered = replace(WAITING, pages=own, answer=fault)
    assert judge(head("/denied"), answered).reply.endswith(b"\r\n\r\nd")
