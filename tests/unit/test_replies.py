"""What statuses, headers and error bodies mean: rows F-H01…F-H18, F-N15, F-N19, F-N23."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import FaultKind
from app.replies import (
    error_message,
    fault_from_status,
    is_html,
    retry_after_s,
    sanitise,
)

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
PAGE = b"<!doctype html><title>Just a moment...</title>"
K = FaultKind


def date_of(moment: datetime) -> str:
    return moment.strftime("%a, %d %b %Y %H:%M:%S GMT")


# --- Retry-After ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("0", 1),
        ("5", 5),
        ("1.5", 2),
        ("-3", None),
        ("1000000000", 6 * 3600),
        ("1e9", 6 * 3600),
        ("1e400", 6 * 3600),
        ("abc", None),
        ("inf", None),
        ("nan", None),
        ("5, 10", 10),  # two headers
        ("abc, 10", 10),
        ("10,", 10),
    ],
)
def test_retry_after_in_seconds(value: str | None, seconds: float | None) -> None:
    """F-H14."""
    headers = {} if value is None else {"retry-after": value}
    assert retry_after_s(headers, NOW) == seconds


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("Sun, 22 Nov 2026 12:00:30 GMT", 30),
        ("Sun, 22 Nov 2026 12:00:30", 30),  # without a zone
        ("Sun, 22 Nov 2026 13:00:30 +0100", 30),
        ("Sunday, 22-Nov-26 12:00:30 GMT", 30),
        ("Sun Nov 22 12:00:30 2026", 30),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 1),  # past
        ("Fri, 31 Dec 9999 23:59:59 GMT", 6 * 3600),
        ("Sun, 99 Nov 2026 12:00:30 GMT", None),
        ("Sun", None),
        ("Sun, 22 Nov 2026 12:00:30 GMT, 90", 90),
        ("20, Sun, 22 Nov 2026 12:00:30 GMT", 30),
    ],
)
def test_retry_after_as_a_date_counts_from_the_reply(value: str, seconds: float | None) -> None:
    """F-H15: our clock is two days off."""
    headers = {"retry-after": value, "date": date_of(NOW)}
    assert retry_after_s(headers, NOW + timedelta(days=2)) == seconds
    assert retry_after_s({"retry-after": value}, NOW) == seconds


@given(st.text(max_size=60), st.text(max_size=40))
def test_any_retry_after_is_a_sane_wait_or_none(value: str, date: str) -> None:
    seconds = retry_after_s({"retry-after": value, "date": date}, NOW)
    assert seconds is None or 1 <= seconds <= 6 * 3600


def test_only_refusals_that_pass_carry_a_wait() -> None:
    headers = {"retry-after": "7"}
    waits = {s: fault_from_status(s, headers, b"", NOW).retry_after_s for s in (400, 429, 503)}
    assert waits == {400: None, 429: 7, 503: 7}


# --- status --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, K.BAD_REQUEST),  # F-H01
        (401, K.SESSION_REFUSED),  # F-H03
        (402, K.FORBIDDEN),  # F-H04
        (403, K.FORBIDDEN),
        (404, K.NOT_FOUND),  # F-H05
        (410, K.NOT_FOUND),
        (407, K.PROXY_SIGN_IN),  # F-H06
        (408, K.TIMED_OUT),  # F-H07
        (425, K.SERVER_ERROR),
        (409, K.SERVER_ERROR),  # F-H08
        (413, K.BAD_REQUEST),  # F-H09
        (414, K.BAD_REQUEST),
        (431, K.BAD_REQUEST),
        (418, K.BAD_REQUEST),  # F-H10
        (421, K.SERVER_ERROR),  # F-H11
        (422, K.BAD_REQUEST),  # F-H12
        (429, K.RATE_LIMITED),  # F-H13
        (500, K.SERVER_ERROR),  # F-H16
        (502, K.SERVER_ERROR),
        (503, K.SERVER_ERROR),
        (504, K.SERVER_ERROR),
        (520, K.SERVER_ERROR),
        (529, K.SERVER_ERROR),
        (511, K.PORTAL),  # F-N15
        (200, K.NOT_UNDERSTOOD),  # F-H17
        (204, K.NOT_UNDERSTOOD),  # F-N23
        (205, K.NOT_UNDERSTOOD),
        (206, K.NOT_UNDERSTOOD),
        (304, K.NOT_UNDERSTOOD),
        (100, K.INTERRUPTED),  # F-H18
        (999, K.INTERRUPTED),
    ],
)
def test_every_status_has_its_kind(status: int, kind: FaultKind) -> None:
    fault = fault_from_status(status, {}, b'{"detail": "why"}', NOW)
    assert (fault.kind, fault.status, fault.message) == (kind, status, "why")
    assert fault.detail == f"HTTP {status}"


@given(st.integers(0, 1200), st.binary(max_size=40), st.text(max_size=20))
def test_every_reply_has_a_fault(status: int, body: bytes, header: str) -> None:
    headers = {"location": header, "content-type": header, "retry-after": header, "date": header}
    assert fault_from_status(status, headers, body, NOW).status == status


@pytest.mark.parametrize("status", [402, 403])
def test_a_page_with_403_is_a_gateway_in_the_way(status: int) -> None:
    """F-H04: the ray id is kept for the details, the page is not."""
    headers = {"content-type": "text/html", "cf-ray": "8f1\x1b[0mabc-FRA"}
    fault = fault_from_status(status, headers, PAGE, NOW)
    assert fault.kind is K.BLOCKED
    assert (fault.detail, fault.message) == (f"HTTP {status}, cf-ray 8f1[0mabc-FRA", "")
    challenge = fault_from_status(403, {"cf-mitigated": "challenge"}, b"{}", NOW)
    assert challenge.kind is K.BLOCKED
    assert fault_from_status(403, {"cf-ray": "x"}, b"{}", NOW).kind is K.FORBIDDEN


def test_a_page_with_200_is_a_portal_unless_the_service_sent_it() -> None:
    """F-N15."""
    assert fault_from_status(200, {}, PAGE, NOW).kind is K.PORTAL
    assert fault_from_status(200, {"cf-ray": "8f1"}, PAGE, NOW).kind is K.NOT_UNDERSTOOD


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    ("location", "kind"),
    [
        ("", K.REDIRECTED),
        ("/elsewhere", K.REDIRECTED),
        ("https://other.example/x", K.REDIRECTED),
        ("http://chatgpt.com/", K.REDIRECTED),
        ("http://[broken", K.REDIRECTED),
        ("http://127.0.0.1:9/x", K.REDIRECTED),
        ("http://10.0.0.1/login", K.PORTAL),
        ("http://192.168.1.1/?u=x", K.PORTAL),
        ("http://captive.hotel.example/", K.PORTAL),
        ("https://login.example/portal", K.PORTAL),
    ],
)
def test_redirects(status: int, location: str, kind: FaultKind) -> None:
    """F-N15, F-N19."""
    assert fault_from_status(status, {"location": location}, b"", NOW).kind is kind


# --- bodies --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content_type", "body", "expected"),
    [
        ("", b"<html>", True),
        ("", b"\xef\xbb\xbf  \r\n<!doctype html>", True),
        ("application/json", PAGE, True),
        ("text/html; charset=utf-8", b"", True),
        ("text/html", b"Hello", True),
        ("text/html", b' {"plan_type": "plus"}', False),  # F-U20
        ("text/html", b"[1]", False),
        ("", b"", False),
        ("text/plain", b"oops", False),
    ],
)
def test_pages_are_told_from_mislabelled_json(
    content_type: str, body: bytes, expected: bool
) -> None:
    assert is_html({"content-type": content_type}, body) is expected


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"detail": "Unauthorized"}', "Unauthorized"),
        (b'{"detail": [{"msg": "field required"}]}', "field required"),
        (b'{"detail": [5]}', ""),
        (b'{"error": {"message": "No", "code": "x"}}', "No"),
        (b'{"error": "invalid_grant", "error_description": "used"}', "used"),
        (b'{"error": "invalid_grant"}', "invalid_grant"),
        (b'{"message": "m"}', "m"),
        (b'{"error": {"message": 5}, "detail": "  "}', ""),
        (b'{"error": {"message": "a\\u001b[31m\\nb"}}', "a[31m b"),
        (b"[]", ""),
        (b"oops", ""),
        (b"[" * 100_000, ""),
    ],
)
def test_what_the_service_says(body: bytes, message: str) -> None:
    assert error_message(body) == message


def test_long_messages_are_cut() -> None:
    assert len(error_message(b'{"detail": "' + b"x" * 5000 + b'"}')) == 300


@given(st.text(), st.integers(1, 60))
def test_sanitised_text_is_one_short_harmless_line(text: str, limit: int) -> None:
    """T-54."""
    line = sanitise(text, limit)
    assert len(line) <= limit
    assert not {unicodedata.category(c) for c in line} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert sanitise(line, limit) == line


def test_sanitising_keeps_ordinary_words() -> None:
    assert sanitise("  Pro\u2028plan \u202e×2  ", 40) == "Pro plan ×2"
    assert sanitise("GPT-5.3 Codex", 8) == "GPT-5.3…"
