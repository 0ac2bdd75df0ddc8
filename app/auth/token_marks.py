"""What may be told of tokens: how old they are, and the end of a hash to tell two apart. Pure."""

from __future__ import annotations

import hashlib
from datetime import datetime

from app.auth.tokens import TokenSet
from app.values import dataclass


@dataclass(frozen=True, slots=True)
class TokenMarks:
    """Seconds since they were issued and until the access token ends; None where not known.

    The two ends are the last 4 hex digits of SHA-256 (T-41).
    """

    age_s: int | None
    expires_in_s: int | None
    access_end: str
    refresh_end: str


def token_marks(tokens: TokenSet, now: datetime) -> TokenMarks:
    """The marks of `tokens` at `now` (aware)."""
    age = None if tokens.refreshed_at is None else now - tokens.refreshed_at
    left = None if tokens.expires_at is None else tokens.expires_at - now
    return TokenMarks(
        None if age is None else round(age.total_seconds()),
        None if left is None else round(left.total_seconds()),
        _end(tokens.access_token),
        _end(tokens.refresh_token),
    )


def _end(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()[-4:]
