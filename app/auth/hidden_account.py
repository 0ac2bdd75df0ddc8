"""What stands in an account's place where nobody is to see whose it is. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.auth.accounts import KnownAccount
from app.auth.tokens import Account
from app.values import dataclass


@dataclass(frozen=True, slots=True)
class HiddenAccount(Account):
    """An account that tells nothing but its place in the list, counted from 1 (T-41)."""

    number: int = 1


def hidden_accounts(accounts: Sequence[KnownAccount]) -> tuple[KnownAccount, ...]:
    """The list with every identity taken out. The keys, by which one is chosen, stay."""
    return tuple(
        replace(one, account=HiddenAccount("", number=number))
        for number, one in enumerate(accounts, 1)
    )
