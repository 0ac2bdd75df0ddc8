"""Whether a reply follows on the ones before: same account, not older than the last. Pure."""

from __future__ import annotations

from datetime import timedelta

from app.auth.tokens import Account
from app.usage.limits import UsageSnapshot

_DATE_TOLERANCE = timedelta(seconds=2)
_PERSONAL_PREFIX = "user-"  # the reply's account id of a personal account may be a user id


def belongs_to(snapshot: UsageSnapshot, account: Account | None) -> bool:
    """False if the reply names another account or user than the one signed in (F-U24).

    What either side does not tell cannot contradict. A personal account is named by its user
    in the reply and by an account id in the token, so that pair says nothing either.
    """
    if account is None:
        return True
    if snapshot.user_id and account.user_id and snapshot.user_id != account.user_id:
        return False
    told, expected = snapshot.account_id, account.account_id
    if not told or not expected or told == expected:
        return True
    return told.startswith(_PERSONAL_PREFIX) and told in (account.user_id, snapshot.user_id)


def is_older(snapshot: UsageSnapshot, last: UsageSnapshot | None) -> bool:
    """True if the server wrote the reply before the last one: some proxy kept it (F-U25).

    Compared by the server's own `Date`, never by our clock.
    """
    if last is None or last.served_at is None or snapshot.served_at is None:
        return False
    return snapshot.served_at < last.served_at - _DATE_TOLERANCE
