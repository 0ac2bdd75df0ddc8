"""What may be told of tokens."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.auth.token_marks import TokenMarks, token_marks
from app.auth.tokens import Account, TokenSet

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TOKENS = TokenSet("access-secret", "refresh-secret", Account("acc"), "https://issuer", "client")


def test_age_and_the_end_of_a_hash_and_no_token() -> None:
    """T-41"""
    marks = token_marks(TOKENS, NOW)

    assert marks == TokenMarks(None, None, "d12b", "722b")
    assert "secret" not in repr(marks)


def test_times_are_told_where_they_are_known() -> None:
    tokens = replace(
        TOKENS, refreshed_at=NOW - timedelta(hours=1), expires_at=NOW + timedelta(days=1)
    )
    marks = token_marks(tokens, NOW)

    assert (marks.age_s, marks.expires_in_s) == (3600, 86_400)
