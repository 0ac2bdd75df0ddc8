"""Whether a reply follows on the last."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.auth.tokens import Account
from app.usage.continuity import belongs_to, is_older
from app.usage.limits import UsageSnapshot

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "expected", "same"),
    [
        (("", ""), ("a", "u"), True),
        (("a", "u"), ("a", "u"), True),
        (("a", ""), ("a", "u"), True),
        (("a", "u"), ("a", ""), True),
        (("a", "u"), ("", ""), True),
        (("b", "u"), ("a", "u"), False),  # another workspace of the same user
        (("b", ""), ("a", ""), False),
        (("a", "v"), ("a", "u"), False),
        (("", "v"), ("a", "u"), False),
        (("user-u", "user-u"), ("a", "user-u"), True),  # a personal account
        (("user-u", ""), ("a", "user-u"), True),
        (("user-u", "user-u"), ("a", ""), True),
        (("user-v", ""), ("a", "user-u"), False),
        (("user-v", ""), ("a", ""), False),
    ],
)
def test_accounts(told: tuple[str, str], expected: tuple[str, str], same: bool) -> None:
    """F-U24."""
    snapshot = UsageSnapshot(NOW, account_id=told[0], user_id=told[1])
    assert belongs_to(snapshot, Account(expected[0], expected[1])) is same
    assert belongs_to(snapshot, None)


@pytest.mark.parametrize(
    ("last_s", "new_s", "older"),
    [
        (0, 60, False),
        (0, 0, False),
        (60, 58, False),
        (60, 57, True),
        (None, 0, False),
        (0, None, False),
    ],
)
def test_replies_a_proxy_kept(last_s: float | None, new_s: float | None, older: bool) -> None:
    """F-U25: by the server's `Date`, whatever our clock did in between."""

    def at(seconds: float | None) -> UsageSnapshot:
        served = None if seconds is None else NOW + timedelta(seconds=seconds)
        return UsageSnapshot(NOW, served_at=served)

    assert is_older(at(new_s), at(last_s)) is older
    assert not is_older(at(new_s), None)
