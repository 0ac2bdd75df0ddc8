"""Authorization codes: what a sign-in request must look like, and one use for each code."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from app.simulator.accounts import SimulatedAccount
from app.simulator.clock import SimulatedClock
from app.simulator.tokens import Family

CODEX_CLIENT = "app_EMoamEEZ73f0CkXaXp7hrann"
DONE_HUB_CLIENT = "pdlLIX2Y72MIl2rhLhTE9VV9bN905kBh"
CLIENTS = frozenset({CODEX_CLIENT, DONE_HUB_CLIENT})
CALLBACK_PORTS = frozenset({1455, 1457})  # the only ones registered for the client
CALLBACK_PATH = "/auth/callback"
FULL_SCOPE = "openid profile email offline_access api.connectors.read api.connectors.invoke"
KNOWN_SCOPES = frozenset(FULL_SCOPE.split())
CODE_S = 60.0
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


class InvalidRequestError(ValueError):
    """A sign-in request the service would not show a page for."""


@dataclass(frozen=True, slots=True)
class SignInRequest:
    """The checked parameters of one visit to the authorize address."""

    client_id: str
    redirect_uri: str
    state: str
    code_challenge: str
    scope: str

    def answer(self, **parameters: str) -> str:
        """The callback address with `parameters` and the state."""
        return f"{self.redirect_uri}?{urlencode({**parameters, 'state': self.state})}"


@dataclass(slots=True)
class AuthorizationCode:
    """A code, what it is bound to, and what it was turned into."""

    request: SignInRequest
    account: SimulatedAccount
    expires_at: float
    family: Family | None = None


def read_sign_in_request(pairs: list[tuple[str, str]], *, any_port: bool) -> SignInRequest:
    """Check the query of an authorize address. Raises `InvalidRequestError` with the reason."""
    query = dict(pairs)
    if len(query) != len(pairs):
        raise InvalidRequestError("a parameter stands twice")
    _require(query.get("response_type") == "code", "response_type must be code")
    _require(query.get("client_id") in CLIENTS, "client_id is not known")
    _require(
        is_registered_callback(query.get("redirect_uri", ""), any_port=any_port),
        "redirect_uri is not registered for this client",
    )
    _require(bool(query.get("state")), "state is missing")
    _require(query.get("code_challenge_method") == "S256", "code_challenge_method must be S256")
    _require(
        _CHALLENGE.fullmatch(query.get("code_challenge", "")) is not None,
        "code_challenge must be 43 characters of base64url",
    )
    scopes = query.get("scope", "").split(" ")
    _require("openid" in scopes and set(scopes) <= KNOWN_SCOPES, "scope is not valid")
    return SignInRequest(
        query["client_id"],
        query["redirect_uri"],
        query["state"],
        query["code_challenge"],
        query["scope"],
    )


def is_registered_callback(redirect_uri: str, *, any_port: bool) -> bool:
    """True for `http://localhost|127.0.0.1:1455|1457/auth/callback`."""
    try:
        parts = urlsplit(redirect_uri)
        port = parts.port
    except ValueError:
        return False
    return (
        parts.scheme == "http"
        and parts.netloc in {f"localhost:{port}", f"127.0.0.1:{port}"}
        and parts.path == CALLBACK_PATH
        and not parts.query
        and not parts.fragment
        and (any_port or port in CALLBACK_PORTS)
    )


def challenge_of(code_verifier: str) -> str:
    """RFC 7636, method S256."""
    digest = hashlib.sha256(code_verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


class CodeStore:
    """Pending sign-in pages and issued codes. Thread-safe."""

    def __init__(self, clock: SimulatedClock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._pages: dict[str, SignInRequest] = {}
        self._codes: dict[str, AuthorizationCode] = {}

    def open_page(self, request: SignInRequest) -> str:
        """Remember a shown page; its form posts the returned, unguessable id."""
        page_id = secrets.token_urlsafe(24)
        with self._lock:
            self._pages[page_id] = request
        return page_id

    def close_page(self, page_id: str) -> SignInRequest | None:
        """The request behind a posted form, once."""
        with self._lock:
            return self._pages.pop(page_id, None)

    def issue(self, request: SignInRequest, account: SimulatedAccount) -> str:
        """A new code for an allowed request."""
        code = f"ac_{secrets.token_urlsafe(32)}"
        with self._lock:
            self._codes[code] = AuthorizationCode(request, account, self._clock.now() + CODE_S)
        return code

    def find(self, code: str) -> AuthorizationCode | None:
        with self._lock:
            return self._codes.get(code)

    def refusal(self, found: AuthorizationCode, form: Mapping[str, str]) -> str | None:
        """Why this token request does not fit the code, or None if it does."""
        verifier = form.get("code_verifier", "")
        if found.request.client_id != form.get("client_id"):
            return "the code was issued to another client"
        if found.request.redirect_uri != form.get("redirect_uri"):
            return "redirect_uri differs from the one of the sign-in"
        if self._clock.now() >= found.expires_at:
            return "the code has expired"
        if not _VERIFIER.fullmatch(verifier):
            return "code_verifier must be 43 to 128 unreserved characters"
        if challenge_of(verifier) != found.request.code_challenge:
            return "code_verifier does not fit the code_challenge"
        return None


def _require(is_met: bool, reason: str) -> None:
    if not is_met:
        raise InvalidRequestError(reason)
