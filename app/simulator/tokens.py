"""Issued tokens: signed JWTs, rotating refresh tokens, families that fall together."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field

import jwt

from app.simulator.accounts import SimulatedAccount
from app.simulator.clock import SimulatedClock

ISSUER = "https://auth.openai.com"  # what the real claims say; nothing is ever sent there
ID_TOKEN_S = 3600
REFRESH_TOKEN_S = 30 * 24 * 3600


class RefreshRefusedError(Exception):
    """A refresh token that is not accepted; `code` as in the service's error bodies."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(slots=True)
class Family:
    """Everything that came from one sign-in; a reused refresh token ends all of it."""

    account: SimulatedAccount
    client_id: str
    scope: str
    plan: str
    refresh_token: str = ""
    refresh_expires_at: float = 0.0
    spent: set[str] = field(default_factory=set)
    access_tokens: dict[str, float] = field(default_factory=dict)  # token -> expiry
    is_revoked: bool = False


class TokenStore:
    """Issues, checks, rotates and revokes. Thread-safe."""

    def __init__(self, clock: SimulatedClock, access_token_s: float) -> None:
        self.access_token_s = access_token_s
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._lock = threading.RLock()
        self._families: list[Family] = []

    def start_family(
        self, account: SimulatedAccount, client_id: str, scope: str, plan: str
    ) -> tuple[Family, dict[str, object]]:
        """A new sign-in: its family and the token reply."""
        with self._lock:
            family = Family(account, client_id, scope, plan)
            self._families.append(family)
            return family, self._issue(family)

    def refresh(self, refresh_token: str, client_id: str) -> dict[str, object]:
        """The reply to a refresh grant. Raises `RefreshRefusedError`."""
        with self._lock:
            family = self._family_of(refresh_token)
            if family is None or family.client_id != client_id:
                raise RefreshRefusedError("invalid_grant")
            if refresh_token in family.spent:
                self.revoke_family(family)
                raise RefreshRefusedError("refresh_token_reused")
            if family.is_revoked:
                raise RefreshRefusedError("refresh_token_invalidated")
            if self._clock.now() >= family.refresh_expires_at:
                raise RefreshRefusedError("refresh_token_expired")
            family.spent.add(refresh_token)
            return self._issue(family)

    def account_of(self, access_token: str) -> SimulatedAccount | None:
        """Who the token speaks for, or None if it is unknown, expired or revoked."""
        with self._lock:
            for family in self._families:
                expires_at = family.access_tokens.get(access_token)
                if expires_at is not None:
                    is_live = not family.is_revoked and self._clock.now() < expires_at
                    return family.account if is_live else None
            return None

    def revoke(self, token: str) -> bool:
        """Revoke by refresh token (its family) or by access token (that one). False: unknown."""
        with self._lock:
            family = self._family_of(token)
            if family is not None:
                self.revoke_family(family)
                return True
            for family in self._families:
                if token in family.access_tokens:
                    family.access_tokens[token] = 0.0
                    return True
            return False

    def revoke_family(self, family: Family) -> None:
        with self._lock:
            family.is_revoked = True

    def revoke_all(self) -> None:
        """Nobody is signed in any more; refreshing answers `refresh_token_invalidated`."""
        with self._lock:
            for family in self._families:
                family.is_revoked = True

    def expire_access_tokens(self) -> None:
        """Access tokens answer 401 from now on although their `exp` lies ahead."""
        with self._lock:
            for family in self._families:
                family.access_tokens = dict.fromkeys(family.access_tokens, 0.0)

    def expire_refresh_tokens(self) -> None:
        with self._lock:
            for family in self._families:
                family.refresh_expires_at = 0.0

    def _family_of(self, refresh_token: str) -> Family | None:
        for family in self._families:
            if refresh_token == family.refresh_token or refresh_token in family.spent:
                return family
        return None

    def _issue(self, family: Family) -> dict[str, object]:
        now = self._clock.now()
        expires_at = now + self.access_token_s
        access_token = self._sign(self._access_claims(family, now, expires_at))
        family.refresh_token = f"rt_{secrets.token_urlsafe(48)}"
        family.refresh_expires_at = now + REFRESH_TOKEN_S
        family.access_tokens[access_token] = float(int(expires_at))
        return {
            "id_token": self._sign(self._id_claims(family, now)),
            "access_token": access_token,
            "refresh_token": family.refresh_token,
            "token_type": "Bearer",
            "expires_in": int(self.access_token_s),
            "scope": family.scope,
        }

    def _sign(self, claims: dict[str, object]) -> str:
        return jwt.encode(claims, self._key, algorithm="HS256", headers={"kid": "simulator"})

    def _access_claims(self, family: Family, now: float, expires_at: float) -> dict[str, object]:
        return {
            "aud": ["https://api.openai.com/v1"],
            "client_id": family.client_id,
            "exp": int(expires_at),
            "https://api.openai.com/auth": _auth_claim(family),
            "https://api.openai.com/profile": {
                "email": family.account.email,
                "email_verified": True,
            },
            "iat": int(now),
            "iss": ISSUER,
            "jti": secrets.token_hex(16),
            "nbf": int(now),
            "scp": family.scope.split(),
            "sub": f"auth0|{family.account.user_id}",
        }

    def _id_claims(self, family: Family, now: float) -> dict[str, object]:
        return {
            "aud": [family.client_id],
            "auth_provider": "password",
            "auth_time": int(now),
            "email": family.account.email,
            "email_verified": True,
            "exp": int(now) + ID_TOKEN_S,
            "https://api.openai.com/auth": _auth_claim(family),
            "iat": int(now),
            "iss": ISSUER,
            "jti": secrets.token_hex(16),
            "name": family.account.name,
            "sub": f"auth0|{family.account.user_id}",
        }


def _auth_claim(family: Family) -> dict[str, object]:
    account = family.account
    claim: dict[str, object] = {
        "chatgpt_account_id": account.account_id,
        "chatgpt_account_user_id": f"{account.user_id}__{account.account_id}",
        "chatgpt_plan_type": family.plan,
        "chatgpt_user_id": account.user_id,
        "user_id": account.user_id,
        "organizations": [],
    }
    if account.is_fedramp:
        claim["chatgpt_account_is_fedramp"] = True
    return claim
