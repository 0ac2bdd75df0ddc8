"""Tokens and the account they belong to. Pure; nothing here prints a secret."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Account:
    """Who signed in. Empty strings where the claims say nothing (an account may lack e-mail)."""

    account_id: str
    user_id: str = ""
    email: str = ""
    plan: str = ""
    is_fedramp: bool = False


@dataclass(frozen=True, slots=True)
class TokenSet:
    """What the token endpoint issued. `expires_at` aware UTC or None if it cannot be read."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    account: Account
    issuer: str
    client_id: str
    expires_at: datetime | None = None
    refreshed_at: datetime | None = None
