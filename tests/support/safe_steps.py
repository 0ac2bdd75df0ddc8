"""What a process does to the accounts in the keyring before it is killed."""

from __future__ import annotations

from datetime import UTC, datetime

from app.auth.accounts import newly_known
from app.auth.safe import KeyringSafe
from app.auth.tokens import Account, TokenSet

ISSUER = "https://auth.openai.com"
BO = Account("acct-2", "user-2", "bo@example.com", "pro")


async def add_bo() -> None:
    tokens = TokenSet("a", "r", BO, ISSUER, "client", datetime(2026, 12, 1, tzinfo=UTC))
    await KeyringSafe(ISSUER).vault(newly_known(BO)).store(tokens)


async def remove_bo() -> None:
    await KeyringSafe(ISSUER).vault(newly_known(BO)).delete()
