"""What stands in an account's place where nobody is to see whose it is."""

from __future__ import annotations

from app.auth.accounts import KnownAccount
from app.auth.hidden_account import HiddenAccount, hidden_accounts
from app.auth.tokens import Account

ANN = KnownAccount("a" * 16, Account("acc-1", "user-1", "ann@example.com", "plus"), "default")
BO = KnownAccount("b" * 16, Account("acc-2", "user-2", "bo@example.com", "pro"), is_borrowed=True)


def test_a_list_keeps_its_order_and_what_an_account_is_chosen_by() -> None:
    """T-41"""
    first, second = hidden_accounts((ANN, BO))

    assert (first.key, first.entry, second.key, second.is_borrowed) == (
        *(ANN.key, "default"),
        *(BO.key, True),
    )
    assert (first.account, second.account) == (
        HiddenAccount("", number=1),
        HiddenAccount("", number=2),
    )
    assert first.account != second.account
