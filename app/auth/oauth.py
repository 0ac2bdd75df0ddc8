"""OAuth for public clients: what is sent to the authorization server and what its answers mean.

Pure: randomness comes in as bytes, time as an argument. The shapes are those of the official
client 0.169.0: authorization URL, form-encoded code exchange, JSON refresh and revoke.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from app.auth.client_profiles import ClientProfile, client_of
from app.auth.tokens import TOKEN_LIMIT, TokenReply, TokenSet
from app.endpoints import DEFAULT_AUTH_URL, Endpoints
from app.errors import AppError, Fault, FaultKind, fail
from app.guarded_json import decode_json
from app.replies import MESSAGE_LIMIT, error_message, fault_from_status, sanitise
from app.transport import Request

CALLBACK_PATH = "/auth/callback"
REDIRECT_HOSTS = ("localhost", "127.0.0.1")
VERIFIER_BYTES = 64
STATE_BYTES = 32
ENTROPY_BYTES = VERIFIER_BYTES + STATE_BYTES
REUSED = "refresh_token_reused"
_CODE_LIMIT = 4096
_LIFETIME_LIMIT_S = 10 * 366 * 86400
_STATE_SUFFIX = ".onboarding_entrypoint=life_sciences"  # the service may append it
_VISIBLE = re.compile(r"[\x21-\x7e]+")
_PERMANENT_CODES = frozenset(
    {
        "refresh_token_expired",
        REUSED,
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


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """One sign-in: the address to visit and the three values its answer is checked with."""

    url: str = field(repr=False)
    state: str = field(repr=False)
    code_verifier: str = field(repr=False)
    redirect_uri: str
    issuer: str


@dataclass(frozen=True, slots=True)
class CallbackAnswer:
    """What the authorization server answered: a code, or the fault it stands for."""

    code: str = field(default="", repr=False)
    fault: Fault | None = None


def redirect_uri(host: str, port: int) -> str:
    """The callback address; the exchange must repeat it byte for byte."""
    return f"http://{host}:{port}{CALLBACK_PATH}"


def authorization_request(
    endpoints: Endpoints, client: ClientProfile, redirect: str, entropy: bytes
) -> AuthorizationRequest:
    """Build one sign-in from `ENTROPY_BYTES` random bytes (verifier, then state).

    Parameters and their order: captures/http/authorize-url.txt.
    """
    if len(entropy) != ENTROPY_BYTES:
        raise ValueError(f"a sign-in needs {ENTROPY_BYTES} random bytes")
    verifier = _base64url(entropy[:VERIFIER_BYTES])
    state = _base64url(entropy[VERIFIER_BYTES:])
    parameters = [
        ("response_type", "code"),
        ("client_id", client.client_id),
        ("redirect_uri", redirect),
        ("code_challenge", code_challenge(verifier)),
        ("code_challenge_method", "S256"),
        ("state", state),
        ("scope", client.scope),
        *client.extra_parameters,
    ]
    if client.originator:
        parameters.append(("originator", client.originator))
    url = f"{endpoints.authorize}?{urlencode(parameters)}"
    return AuthorizationRequest(url, state, verifier, redirect, endpoints.auth_url)


def code_challenge(verifier: str) -> str:
    """RFC 7636, method S256."""
    return _base64url(hashlib.sha256(verifier.encode("ascii")).digest())


def read_callback(query: str, expected: AuthorizationRequest) -> CallbackAnswer | None:
    """Judge the query of a callback; None if it is not the answer to `expected`.

    Not an answer: no, another or a repeated `state` (compared in constant time), any repeated
    parameter, bytes that are no UTF-8 (T-06, T-07). With the right state everything ends the
    sign-in: `error`, a foreign `iss` (T-09), a missing or absurd code (F-L05).
    """
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=32, errors="strict")
    except ValueError:
        return None
    given = dict(pairs)
    if len(given) != len(pairs) or not _is_state(given.get("state", ""), expected.state):
        return None
    issuer = given.get("iss", expected.issuer)
    if issuer.rstrip("/") != expected.issuer.rstrip("/"):
        return _failed("the answer came from another issuer")
    if "error" in given:
        return CallbackAnswer(fault=_refusal(given["error"], given.get("error_description", "")))
    code = given.get("code", "")
    if not code:
        return _failed("the answer carries no code")
    if len(code) > _CODE_LIMIT or not _VISIBLE.fullmatch(code):
        return _failed("the code is not usable")
    return CallbackAnswer(code)


def token_request(
    endpoints: Endpoints, client: ClientProfile, request: AuthorizationRequest, code: str
) -> Request:
    """The exchange of a code for tokens (captures/http/login-code-exchange.http)."""
    return _form(
        endpoints.token,
        [
            ("grant_type", "authorization_code"),
            ("client_id", client.client_id),
            ("code", code),
            ("redirect_uri", request.redirect_uri),
            ("code_verifier", request.code_verifier),
        ],
    )


def refresh_request(tokens: TokenSet, reason: str) -> Request:
    """Ask for new tokens, of the issuer and with the client that issued the old ones.

    `reason`: `proactive_expiry`, `scheduled` or `unauthorized_recovery`, as the official client
    says it (captures/http/refresh.http).
    """
    client = client_of(tokens)
    if not client.refreshes_with_json:
        at_home = tokens.issuer == DEFAULT_AUTH_URL and client.refresh_url
        return _form(
            client.refresh_url if at_home else _endpoints(tokens).token,
            [
                ("grant_type", "refresh_token"),
                ("client_id", client.client_id),
                ("refresh_token", tokens.refresh_token),
            ],
        )
    return _json(
        _endpoints(tokens).token,
        client,
        {
            "client_id": client.client_id,
            "grant_type": "refresh_token",
            "refresh_reason": reason,
            "refresh_token": tokens.refresh_token,
        },
    )


def revoke_request(tokens: TokenSet) -> Request:
    """End the session at the issuer (captures/http/revoke.http)."""
    client = client_of(tokens)
    return _json(
        _endpoints(tokens).revoke,
        client,
        {
            "token": tokens.refresh_token,
            "token_type_hint": "refresh_token",
            "client_id": client.client_id,
        },
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


def _refusal(code: str, description: str) -> Fault:
    """F-L04. Raw text goes no further than `detail` and `message`, sanitised (T-08)."""
    kind = FaultKind.SIGN_IN_FAILED
    if code == "access_denied":
        kind = FaultKind.SIGN_IN_DENIED
    if "missing_codex_entitlement" in (code, description):
        kind = FaultKind.SIGN_IN_NOT_ENTITLED
    return Fault(kind, sanitise(code, 60), sanitise(description, MESSAGE_LIMIT))


def _failed(detail: str) -> CallbackAnswer:
    return CallbackAnswer(fault=Fault(FaultKind.SIGN_IN_FAILED, detail))


def _is_state(given: str, expected: str) -> bool:
    state = given.encode("utf-8", "surrogatepass")
    legal = (expected.encode(), f"{expected}{_STATE_SUFFIX}".encode())
    matches = [hmac.compare_digest(state, wanted) for wanted in legal]
    return any(matches)


def _endpoints(tokens: TokenSet) -> Endpoints:
    return Endpoints(auth_url=tokens.issuer)


def _form(url: str, fields: list[tuple[str, str]]) -> Request:
    headers = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
    return Request("POST", url, headers, urlencode(fields).encode("ascii"))


def _json(url: str, client: ClientProfile, fields: Mapping[str, str]) -> Request:
    headers = {"content-type": "application/json", "accept": "application/json"}
    if client.originator:
        headers["originator"] = client.originator
    return Request("POST", url, headers, json.dumps(fields, separators=(",", ":")).encode())


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


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
