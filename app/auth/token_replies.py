"""What the token endpoint's answers mean: tokens, a refusal for good, or passing trouble. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.auth.tokens import TOKEN_LIMIT, TokenReply, moment_of
from app.errors import AppError, Fault, FaultKind, fail
from app.guarded_json import decode_json
from app.replies import error_message, fault_from_status, sanitise

_LIFETIME_LIMIT_S = 10 * 366 * 86400
_VISIBLE = re.compile(r"[\x21-\x7e]+")
_PERMANENT_CODES = frozenset(
    {
        "refresh_token_expired",
        "refresh_token_reused",
        "refresh_token_invalidated",
        "invalid_grant",
        "invalid_client",
        "invalid_request",
        "unauthorized_client",
        "token_invalidated",
        "token_expired",
        "app_session_terminated",
        "account_session_expired",
        "account_deactivated",
        "account_suspended",
        "account_deleted",
    }
)


def read_token_reply(body: bytes) -> TokenReply:
    """The tokens in a 200 reply; which of them must be there is for the caller to say.

    Raises `AppError(NOT_UNDERSTOOD)` if the body is no JSON object or a token is anything but
    one line of visible ASCII below 64 KiB: then nothing of the reply is used (F-T10).
    """
    value = decode_json(body).value
    if not isinstance(value, dict):
        raise fail(FaultKind.NOT_UNDERSTOOD, "the token reply is no object")
    return TokenReply(
        _token(value, "access_token"),
        _token(value, "refresh_token"),
        _token(value, "id_token"),
        _lifetime(value.get("expires_in")),
        _moment(value.get("earliest_refresh_at")),
    )


def read_token_error(status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> Fault:
    """What a refused refresh means: `SESSION_EXPIRED` for good, anything else is worth waiting.

    Permanent (F-T12, F-T14): 401, and 400 with one of the known codes; the code is `detail`.
    Everything else (403, 408, 409, 429, 5xx, HTML) is transient (F-T15).
    """
    code = error_code(body)
    if status == 401 or (status == 400 and code in _PERMANENT_CODES):
        return Fault(
            FaultKind.SESSION_EXPIRED,
            code or f"HTTP {status}",
            error_message(body),
            status=status,
        )
    return fault_from_status(status, headers, body, now)


def read_exchange_error(
    status: int, headers: Mapping[str, str], body: bytes, now: datetime
) -> Fault:
    """Why the exchange of a code was refused; 4xx ends the sign-in (F-L05, F-L06)."""
    if status in (400, 401):
        detail = error_code(body) or f"HTTP {status}"
        return Fault(FaultKind.SIGN_IN_FAILED, detail, error_message(body), status=status)
    return fault_from_status(status, headers, body, now)


def error_code(body: bytes) -> str:
    """`error.code`, `error` or `code` of an error body, sanitised; "" if there is none."""
    try:
        value = decode_json(body).value
    except AppError:
        return ""
    if not isinstance(value, dict):
        return ""
    error = value.get("error")
    candidates = [error.get("code")] if isinstance(error, dict) else [error]
    candidates.append(value.get("code"))
    return next((sanitise(c, 60) for c in candidates if isinstance(c, str) and c.strip()), "")


def _token(reply: Mapping[str, Any], name: str) -> str:
    value = reply.get(name)
    if value is None:
        return ""
    if isinstance(value, str) and len(value) <= TOKEN_LIMIT and _VISIBLE.fullmatch(value):
        return value
    raise fail(FaultKind.NOT_UNDERSTOOD, f"{name} is not a token")


def _lifetime(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 < value <= _LIFETIME_LIMIT_S else None


def _moment(value: object) -> datetime | None:
    """Epoch seconds, or a date with its zone; the service documents neither. Garbage is None."""
    if not isinstance(value, str):
        return moment_of(value)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment_of(moment.timestamp()) if moment.tzinfo is not None else None
