"""Tokens as values, for tests that need no server."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from app.auth.tokens import Account, TokenSet

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ACCOUNT = Account("acc-1", "user-1", "ann@example.com", "plus")


def token_set(**changes: Any) -> TokenSet:
    tokens = TokenSet(
        "access",
        "refresh",
        ACCOUNT,
        "https://auth.openai.com",
        "client",
        NOW + timedelta(hours=1),
        NOW,
    )
    return replace(tokens, **changes)
