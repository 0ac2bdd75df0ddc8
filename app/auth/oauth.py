"""OAuth for public clients: what is sent to the authorization server, and the callback's query.

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
from dataclasses import field
from urllib.parse import parse_qsl, urlencode

from app.auth.client_profiles import ClientProfile, client_of
from app.auth.tokens import TokenSet
from app.endpoints import DEFAULT_AUTH_URL, Endpoints
from app.errors import Fault, FaultKind
from app.replies import MESSAGE_LIMIT, sanitise
from app.transport import Request
from app.values import dataclass

CALLBACK_PATH = "/auth/callback"
VERIFIER_BYTES = 64
STATE_BYTES = 32
ENTROPY_BYTES = VERIFIER_BYTES + STATE_BYTES
_CODE_LIMIT = 4096
_ADDRESS_LIMIT = 16 << 10
_STATE_SUFFIX = ".onboarding_entrypoint=life_sciences"  # the service may append it
_VISIBLE = re.compile(r"[\x21-\x7e]+")


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
    endpoints: Endpoints,
    client: ClientProfile,
    redirect: str,
    entropy: bytes,
    *,
    asks_account: bool = False,
) -> AuthorizationRequest:
    """Build one sign-in from `ENTROPY_BYTES` random bytes (verifier, then state).

    Parameters and their order: captures/http/authorize-url.txt. With `asks_account` the page
    asks who signs in even if somebody is signed in there (OpenID Connect, `prompt`; F-L13).
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
    if asks_account:
        parameters.append(("prompt", "login"))
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


def read_pasted_address(text: str, expected: AuthorizationRequest) -> CallbackAnswer | None:
    """Judge the address a browser ended on, pasted by a person, as `read_callback` does.

    None unless it is the redirect URI of `expected`, byte for byte, and a query that answers
    it; blanks around it and the brackets or quotes of a mail do no harm.
    """
    address = text[: _ADDRESS_LIMIT + 1].strip().strip("<>\"'").strip()
    base, mark, query = address.removesuffix("#").partition("?")
    if not mark or base != expected.redirect_uri or len(address) > _ADDRESS_LIMIT:
        return None
    if not _VISIBLE.fullmatch(query) or "#" in query:
        return None
    return read_callback(query, expected)


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


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
