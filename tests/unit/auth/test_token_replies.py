"""What the token endpoint's answers mean."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.auth.token_replies import (
    error_code,
    read_exchange_error,
    read_token_error,
    read_token_reply,
)
from app.auth.tokens import TOKEN_LIMIT, TokenReply
from app.errors import AppError, FaultKind

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_a_full_reply_is_read() -> None:
    body = json.dumps(
        {"access_token": "a", "refresh_token": "r", "id_token": "i", "expires_in": 3600, "x": 1}
    ).encode()
    assert read_token_reply(body) == TokenReply("a", "r", "i", 3600.0)


@pytest.mark.parametrize("body", [b"{}", b'\xef\xbb\xbf{"access_token":null}'])
def test_every_field_may_be_absent(body: bytes) -> None:
    assert read_token_reply(body) == TokenReply()


@pytest.mark.parametrize(
    "expires_in", [True, "3600", -1, 0, 1e300, None, [], {"seconds": 1}, 10**12]
)
def test_an_absurd_lifetime_counts_as_absent(expires_in: Any) -> None:
    """F-T02"""
    body = json.dumps({"access_token": "a", "expires_in": expires_in}).encode()
    assert read_token_reply(body).expires_in_s is None


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (1_800_000_000, datetime(2027, 1, 15, 8, tzinfo=UTC)),
        (1_800_000_000.5, datetime(2027, 1, 15, 8, microsecond=500_000, tzinfo=UTC)),
        ("2027-01-15T08:00:00Z", datetime(2027, 1, 15, 8, tzinfo=UTC)),
        ("2027-01-15T09:00:00+01:00", datetime(2027, 1, 15, 8, tzinfo=UTC)),
        (True, None),
        (-1, None),
        (0, None),
        (1e300, None),
        (None, None),
        ([], None),
        ("", None),
        ("soon", None),
        ("2027-01-15T08:00:00", None),
        ("1970-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59-23:59", None),
    ],
)
def test_the_earliest_moment_of_a_refresh(told: Any, expected: datetime | None) -> None:
    """Garbage costs nothing else of the reply."""
    body = json.dumps({"access_token": "a", "earliest_refresh_at": told}).encode()
    assert read_token_reply(body) == TokenReply("a", earliest_refresh_at=expected)


@pytest.mark.parametrize("literal", [b"NaN", b"Infinity", b"1" * 5000])
def test_a_lifetime_that_is_no_number_costs_nothing_else(literal: bytes) -> None:
    """F-T02"""
    reply = read_token_reply(b'{"access_token":"a","expires_in":' + literal + b"}")
    assert reply == TokenReply("a")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>captive portal</html>",
        b"[]",
        b"null",
        b'"token"',
        b'{"access_token":1}',
        b'{"access_token":["a"]}',
        b'{"access_token":""}',
        b'{"access_token":"a\\nb"}',
        b'{"access_token":"a b"}',
        b'{"access_token":"\\u00e9"}',
        b'{"refresh_token":"\\u0000"}',
        b'{"access_token":"' + b"x" * (TOKEN_LIMIT + 1) + b'"}',
        b'{"access_token":"a","refresh_token":7}',
        b"[" * 100_000,
        b'{"access_token":"a"',
    ],
)
def test_a_reply_that_is_off_is_rejected_whole(body: bytes) -> None:
    """F-T10, F-N16"""
    with pytest.raises(AppError) as caught:
        read_token_reply(body)
    assert caught.value.fault.kind is FaultKind.NOT_UNDERSTOOD


@given(st.binary(max_size=200))
def test_no_body_breaks_the_reader(body: bytes) -> None:
    """F-T10"""
    with suppress(AppError):
        read_token_reply(body)
    assert len(error_code(body)) <= 60


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (401, b'{"error":{"code":"refresh_token_expired","message":"m"}}', "refresh_token_expired"),
        (400, b'{"error":{"code":"refresh_token_reused"}}', "refresh_token_reused"),
        (400, b'{"error":"refresh_token_invalidated"}', "refresh_token_invalidated"),
        (400, b'{"code":"account_deactivated"}', "account_deactivated"),
        (400, b'{"error":"invalid_grant","error_description":"d"}', "invalid_grant"),
        (400, b'{"error":"invalid_client"}', "invalid_client"),  # F-T14
        (400, b'{"error":"invalid_request"}', "invalid_request"),
        (401, b'{"error":"never_heard_of"}', "never_heard_of"),
        (401, b"", "HTTP 401"),
        (401, b"<html>", "HTTP 401"),
    ],
)
def test_a_refusal_for_good(status: int, body: bytes, code: str) -> None:
    """F-T12, F-T13, F-T14"""
    fault = read_token_error(status, {}, body, NOW)
    assert (fault.kind, fault.detail, fault.status) == (FaultKind.SESSION_EXPIRED, code, status)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, b'{"error":"something_new"}'),
        (400, b"<html>"),
        (403, b"<html>Just a moment...</html>"),
        (408, b""),
        (409, b"{}"),
        (429, b'{"error":"invalid_grant"}'),
        (500, b'{"error":{"code":"refresh_token_expired"}}'),
        (503, b"<html>"),
    ],
)
def test_trouble_that_passes(status: int, body: bytes) -> None:
    """F-T15"""
    assert read_token_error(status, {}, body, NOW).kind is not FaultKind.SESSION_EXPIRED


def test_the_servers_wish_to_wait_is_kept() -> None:
    fault = read_token_error(429, {"retry-after": "90"}, b"", NOW)
    assert (fault.kind, fault.retry_after_s) == (FaultKind.RATE_LIMITED, 90)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"error":{"code":7},"code":"inner"}', "inner"),
        (b'{"error":{"message":"m"}}', ""),
        (b'{"error":" "}', ""),
        (b"[]", ""),
        (b"", ""),
    ],
)
def test_where_the_error_code_stands(body: bytes, code: str) -> None:
    assert error_code(body) == code


@pytest.mark.parametrize(
    ("status", "body", "kind", "detail"),
    [
        (400, b'{"error":"invalid_grant","error_description":"used"}', "sign_in_failed", None),
        (401, b"", "sign_in_failed", "HTTP 401"),
        (429, b"", "rate_limited", None),
        (502, b"", "server_error", None),
    ],
)
def test_a_refused_exchange(status: int, body: bytes, kind: str, detail: str | None) -> None:
    """F-L05, F-L06"""
    fault = read_exchange_error(status, {}, body, NOW)
    assert fault.kind == kind
    assert detail is None or fault.detail == detail
