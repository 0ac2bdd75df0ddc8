"""What refusals mean: the service's codes first, its statuses where there is no code."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.chat.faults import fault_from_error, fault_from_reply
from app.errors import Fault, FaultKind

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def reply(status: int, body: Any = b"", **headers: str) -> Fault:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return fault_from_reply(status, named, raw, NOW)


CODES = [
    ("usage_limit_reached", FaultKind.LIMIT_REACHED),
    ("usage_not_included", FaultKind.PLAN_WITHOUT_CODEX),
    ("insufficient_quota", FaultKind.SPEND_LIMIT_REACHED),
    ("credit_balance_exhausted", FaultKind.SPEND_LIMIT_REACHED),
    ("organization_spend_limit_exceeded", FaultKind.SPEND_LIMIT_REACHED),
    ("project_spend_limit_exceeded", FaultKind.SPEND_LIMIT_REACHED),
    ("rate_limit_exceeded", FaultKind.RATE_LIMITED),
    ("slow_down", FaultKind.RATE_LIMITED),
    ("server_is_overloaded", FaultKind.OVERLOADED),
    ("context_length_exceeded", FaultKind.CONTEXT_FULL),
    ("cyber_policy", FaultKind.PROMPT_REFUSED),
    ("bio_policy", FaultKind.PROMPT_REFUSED),
    ("misalignment_policy_violation", FaultKind.PROMPT_REFUSED),
    ("invalid_prompt", FaultKind.PROMPT_REFUSED),
    ("content_policy_violation", FaultKind.PROMPT_REFUSED),
    ("model_not_found", FaultKind.MODEL_NOT_AVAILABLE),
]


@pytest.mark.parametrize(("code", "kind"), CODES)
def test_a_code_decides_wherever_it_stands(code: str, kind: FaultKind) -> None:
    """F-C16, F-H13."""
    for body in (
        {"error": {"type": code}},
        {"error": {"type": "tokens", "code": code}},
        {"error": code},
        {"detail": {"code": code}},
        {"code": code},
    ):
        assert reply(429, body).kind is kind
        assert reply(503, body).kind is kind
    assert fault_from_error({"code": code}, NOW).kind is kind
    assert fault_from_error({"type": code, "code": None}, NOW).kind is kind


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (200, FaultKind.NOT_UNDERSTOOD),
        (204, FaultKind.NOT_UNDERSTOOD),
        (400, FaultKind.BAD_REQUEST),
        (401, FaultKind.SESSION_REFUSED),
        (402, FaultKind.FORBIDDEN),
        (403, FaultKind.FORBIDDEN),
        (404, FaultKind.NOT_FOUND),
        (407, FaultKind.PROXY_SIGN_IN),
        (408, FaultKind.TIMED_OUT),
        (410, FaultKind.NOT_FOUND),
        (413, FaultKind.MESSAGE_TOO_LONG),
        (414, FaultKind.MESSAGE_TOO_LONG),
        (418, FaultKind.BAD_REQUEST),
        (422, FaultKind.BAD_REQUEST),
        (429, FaultKind.RATE_LIMITED),
        (431, FaultKind.MESSAGE_TOO_LONG),
        (500, FaultKind.SERVER_ERROR),
        (502, FaultKind.SERVER_ERROR),
        (503, FaultKind.SERVER_ERROR),
        (511, FaultKind.PORTAL),
        (529, FaultKind.SERVER_ERROR),
        (999, FaultKind.INTERRUPTED),
    ],
)
def test_a_status_without_a_code(status: int, kind: FaultKind) -> None:
    """F-H01…F-H18."""
    for body in (b"", b"oops", b"[]", b'{"error":null}', b'{"detail":"x"}'):
        fault = reply(status, body)
        assert (fault.kind, fault.status) == (kind, status)


def test_an_unknown_code_is_kept_for_the_details() -> None:
    fault = reply(402, {"error": {"message": "deactivated", "code": "deactivated_workspace"}})
    assert fault.kind is FaultKind.FORBIDDEN
    assert fault.detail == "HTTP 402, deactivated_workspace"
    assert fault.message == "deactivated"
    assert fault_from_error({"code": "new"}, NOW) == Fault(FaultKind.SERVER_ERROR, "new")


def test_a_gateways_page_is_a_block_not_a_refusal() -> None:
    """F-H04."""
    fault = reply(403, b"<html>Cloudflare blocked</html>", content_type="text/html", cf_ray="a-FRA")
    assert (fault.kind, fault.message) == (FaultKind.BLOCKED, "")
    assert "a-FRA" in fault.detail


@pytest.mark.parametrize(
    "said",
    [
        "The 'x' model is not supported when using Codex with a ChatGPT account.",
        "Model gpt-5 is not supported",
    ],
)
def test_a_retired_model(said: str) -> None:
    assert reply(400, {"detail": said}).kind is FaultKind.MODEL_NOT_AVAILABLE
    assert reply(400, {"detail": "Unsupported parameter: top_p"}).kind is FaultKind.BAD_REQUEST


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"resets_at": 1795364189}, datetime(2026, 11, 22, 16, 16, 29, tzinfo=UTC)),
        ({"resets_at": 1795364189000}, datetime(2026, 11, 22, 16, 16, 29, tzinfo=UTC)),
        ({"resets_at": 1795364189.5}, datetime(2026, 11, 22, 16, 16, 29, 500000, tzinfo=UTC)),
        ({"resets_in_seconds": 3600}, NOW + timedelta(hours=1)),
        ({"resets_at": 0, "resets_in_seconds": 60}, NOW + timedelta(minutes=1)),
        ({"resets_at": None, "resets_in_seconds": -5}, NOW),
        (
            {"resets_at": 1795364189, "resets_in_seconds": 1},
            datetime(2026, 11, 22, 16, 16, 29, tzinfo=UTC),
        ),
        ({"resets_at": "soon"}, None),
        ({"resets_at": True}, None),
        ({"resets_at": 10**30}, None),
        ({"resets_in_seconds": 1e300}, None),
        ({}, None),
    ],
)
def test_when_a_reached_limit_ends(fields: dict[str, Any], expected: datetime | None) -> None:
    error = {"type": "usage_limit_reached", "plan_type": "plus", **fields}
    for fault in (reply(429, {"error": error}), fault_from_error(error, NOW)):
        assert (fault.kind, fault.plan) == (FaultKind.LIMIT_REACHED, "plus")
        assert fault.resets_at == expected


def test_the_plan_may_stand_in_a_header() -> None:
    fault = reply(429, {"error": {"type": "usage_not_included"}}, x_codex_plan_type="free")
    assert (fault.kind, fault.plan) == (FaultKind.PLAN_WITHOUT_CODEX, "free")


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Rate limit reached for x. Please try again in 1.898s. Visit y", 1.898),
        ("try again in 20 seconds", 20.0),
        ("Try again in 1500ms.", 1.5),
        ("try again in 1 second", 1.0),
        ("try again in 10ms", 1.0),
        ("try again in 2 hours", None),
        ("try again later", None),
        ("", None),
    ],
)
def test_a_wait_in_words(message: str, expected: float | None) -> None:
    """F-C16."""
    error = {"code": "rate_limit_exceeded", "message": message}
    assert fault_from_error(error, NOW).retry_after_s == expected
    assert reply(429, {"error": error}).retry_after_s == expected


def test_a_wait_in_the_header_wins_over_words() -> None:
    """F-H14."""
    body = {"error": {"type": "rate_limit_exceeded", "message": "try again in 9s"}}
    assert reply(429, body, retry_after="2").retry_after_s == 2
    assert reply(503, b"busy", retry_after="1").retry_after_s == 1


def test_messages_are_made_harmless() -> None:
    """T-54."""
    said = "\u202eevil\x1b[31m\n" + "x" * 1000
    for fault in (reply(400, {"detail": said}), fault_from_error({"message": said}, NOW)):
        assert fault.message.isprintable()
        assert len(fault.message) <= 300
        assert "\u202e" not in fault.message


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["error", "detail", "type", "code", "message", "plan_type", "resets_at",
             "resets_in_seconds"]
        ),
        inner,
    ),
    max_leaves=8,
)  # fmt: skip


@given(JSON)
def test_no_error_body_hurts(value: Any) -> None:
    fault = reply(429, value)
    assert fault.message == "" or fault.message.isprintable()
    assert fault_from_error(value, NOW).plan.isprintable()


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        ({"x-codex-active-limit": "codex_some", "x-codex-some-limit-name": "Spark"}, "Spark"),
        ({"x-codex-active-limit": "codex"}, ""),
        ({"x-codex-active-limit": "codex", "x-codex-limit-name": "Codex"}, ""),
        ({"x-codex-active-limit": "codex_b", "x-codex-b-limit-name": "A\nb"}, "A b"),
        ({"x--limit-name": "none"}, ""),
    ],
)
def test_a_limit_of_certain_models_is_named(headers: dict[str, str], name: str) -> None:
    """F-H13: it is not the plan's, and another model may answer."""
    body = b'{"error": {"type": "usage_limit_reached"}}'
    assert fault_from_reply(429, headers, body, NOW).limit == name


def test_plan_and_reset_are_told_of_limits_only() -> None:
    error = {"code": "server_error", "plan_type": "plus", "resets_at": 1795364189}
    told = fault_from_error(error, NOW)
    assert (told.plan, told.resets_at, told.limit) == ("", None, "")
