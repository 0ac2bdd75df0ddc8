"""What the service's refusals mean for an answer, as a status or inside a stream. Pure.

The code decides, wherever it stands (`error.type`, `error.code`, `detail.code`); the status
only where no code is known. Table: protocol reference §7, rows F-H01…F-H18 and F-C16.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from app.errors import AppError, Fault, FaultKind
from app.guarded_json import decode_json
from app.replies import MESSAGE_LIMIT, error_message, fault_from_status, is_html, sanitise

_KIND_OF_CODE: Mapping[str, FaultKind] = {
    "usage_limit_reached": FaultKind.LIMIT_REACHED,
    "usage_not_included": FaultKind.PLAN_WITHOUT_CODEX,
    "insufficient_quota": FaultKind.SPEND_LIMIT_REACHED,
    "credit_balance_exhausted": FaultKind.SPEND_LIMIT_REACHED,
    "organization_spend_limit_exceeded": FaultKind.SPEND_LIMIT_REACHED,
    "project_spend_limit_exceeded": FaultKind.SPEND_LIMIT_REACHED,
    "rate_limit_exceeded": FaultKind.RATE_LIMITED,
    "slow_down": FaultKind.RATE_LIMITED,
    "server_is_overloaded": FaultKind.OVERLOADED,
    "context_length_exceeded": FaultKind.CONTEXT_FULL,
    "cyber_policy": FaultKind.PROMPT_REFUSED,
    "bio_policy": FaultKind.PROMPT_REFUSED,
    "misalignment_policy_violation": FaultKind.PROMPT_REFUSED,
    "invalid_prompt": FaultKind.PROMPT_REFUSED,
    "content_policy_violation": FaultKind.PROMPT_REFUSED,
    "model_not_found": FaultKind.MODEL_NOT_AVAILABLE,
}
_MESSAGE_TOO_LONG = frozenset({413, 414, 431})
_REFUSED_MODEL = re.compile(r"\bmodel\b.{0,80}\bnot supported\b", re.IGNORECASE)
_TRY_AGAIN = re.compile(r"try again in (\d{1,6}(?:\.\d{1,6})?)\s*(ms|s|seconds?)\b", re.IGNORECASE)
_LATEST_S = 10**11  # beyond this an epoch is in milliseconds


def fault_from_reply(status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> Fault:
    """The fault an error reply to POST `codex/responses` stands for; total over every status.

    Adds to `replies.fault_from_status`: the codes of the body, plan and reset time of a
    reached limit, what "too long" and "blocked" mean for a message. `now` is aware.
    """
    fault = fault_from_status(status, headers, body, now)
    if status in _MESSAGE_TOO_LONG:
        fault = replace(fault, kind=FaultKind.MESSAGE_TOO_LONG)
    if is_html(headers, body):
        return fault
    value = _json_object(body)
    if status == 400 and _REFUSED_MODEL.search(error_message(body)):
        fault = replace(fault, kind=FaultKind.MODEL_NOT_AVAILABLE)
    return _refined(fault, _error_of(value), headers, now)


def fault_from_error(error: object, now: datetime) -> Fault:
    """The fault of a `response.failed` or `error` event; an unknown code is a server error.

    `error` is the event's error object as decoded; None and other shapes are tolerated.
    """
    details = error if isinstance(error, dict) else {}
    message = details.get("message")
    said = sanitise(message, MESSAGE_LIMIT) if isinstance(message, str) else ""
    return _refined(Fault(FaultKind.SERVER_ERROR, message=said), details, {}, now)


def _refined(
    fault: Fault, error: Mapping[str, Any], headers: Mapping[str, str], now: datetime
) -> Fault:
    code = next((c for c in _codes(error) if c in _KIND_OF_CODE), None)
    if code is not None:
        fault = replace(fault, kind=_KIND_OF_CODE[code], detail=_joined(fault.detail, code))
    elif code := next(iter(_codes(error)), None):
        fault = replace(fault, detail=_joined(fault.detail, sanitise(code, 60)))
    if fault.kind is FaultKind.RATE_LIMITED and fault.retry_after_s is None:
        fault = replace(fault, retry_after_s=_wait_in_words(fault.message))
    if fault.kind in (FaultKind.LIMIT_REACHED, FaultKind.PLAN_WITHOUT_CODEX):
        plan = error.get("plan_type") or headers.get("x-codex-plan-type", "")
        fault = replace(fault, plan=sanitise(str(plan), 40), resets_at=_resets_at(error, now))
        fault = replace(fault, limit=_limit_name(headers))
    return fault


def _limit_name(headers: Mapping[str, str]) -> str:
    """The name of the limit in force, where it is one of certain models and not the plan's."""
    active = headers.get("x-codex-active-limit", "").strip().replace("_", "-")
    if active in ("", "codex"):
        return ""
    return sanitise(headers.get(f"x-{active}-limit-name", ""), 40)


def _codes(error: Mapping[str, Any]) -> list[str]:
    return [c for c in (error.get("type"), error.get("code")) if isinstance(c, str) and c]


def _joined(detail: str, code: str) -> str:
    return f"{detail}, {code}" if detail else code


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        value = decode_json(body).value
    except AppError:
        return {}
    return value if isinstance(value, dict) else {}


def _error_of(value: dict[str, Any]) -> dict[str, Any]:
    """The object that carries the code: `error`, `detail`, or the body itself."""
    error, detail = value.get("error"), value.get("detail")
    if isinstance(error, str):
        return {"code": error}
    return next((one for one in (error, detail) if isinstance(one, dict)), value)


def _wait_in_words(message: str) -> float | None:
    """Seconds of "… try again in 1.898s …", rounded up to 1 s at least; None if not said."""
    match = _TRY_AGAIN.search(message)
    if match is None:
        return None
    number = float(match[1])
    return max(1.0, number / 1000 if match[2].lower() == "ms" else number)


def _resets_at(error: Mapping[str, Any], now: datetime) -> datetime | None:
    """`resets_at` (epoch, s or ms) or, failing that, `resets_in_seconds` from now."""
    at, after = _number(error.get("resets_at")), _number(error.get("resets_in_seconds"))
    try:
        if at is not None and at > 0:
            return datetime.fromtimestamp(at / 1000 if at > _LATEST_S else at, UTC)
        return None if after is None else now.astimezone(UTC) + timedelta(seconds=max(0.0, after))
    except (OverflowError, ValueError, OSError):
        return None


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value)
