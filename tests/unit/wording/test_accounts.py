"""Accounts by name, and what becomes of them."""

from __future__ import annotations

from app.auth.accounts import KnownAccount
from app.auth.tokens import Account
from app.wording import accounts

ANN = Account("acct-4711", "user-1", "ann@example.com", "plus")
AT_WORK = Account("acct-0815", "user-1", "ann@example.com", "plus")


def known(account: Account, *, is_borrowed: bool = False) -> KnownAccount:
    return KnownAccount(account.account_id, account, "", is_borrowed)


def test_the_same_address_in_two_workspaces_is_told_apart() -> None:
    both = (known(ANN), known(AT_WORK))
    assert accounts.known_name(both[0]) == "ann@example.com · Plus"
    assert [accounts.known_name(one, both) for one in both] == [
        "ann@example.com · Plus · …4711",
        "ann@example.com · Plus · …0815",
    ]


def test_another_plan_tells_them_apart_as_well() -> None:
    team = Account("acct-0815", "user-1", "ann@example.com", "team")
    both = (known(ANN), known(team))
    assert accounts.known_name(both[1], both) == "ann@example.com · Team"


def test_a_borrowed_login_says_so() -> None:
    both = (known(ANN), known(ANN, is_borrowed=True))
    assert accounts.known_name(both[1], both) == "ann@example.com · Codex CLI, read only"
    assert accounts.known_name(both[0], both) == "ann@example.com · Plus"


def test_an_account_without_an_address_is_named_once() -> None:
    nameless = Account("acct-4711", plan="plus")
    assert accounts.known_name(known(nameless), (known(nameless),) * 2) == "Plus · …4711"
    assert accounts.full_name(nameless) == "Plus · …4711"
    assert accounts.full_name(ANN) == "ann@example.com · Plus · …4711"


def test_what_is_left_of_a_removed_account_can_be_removed() -> None:
    """T-43"""
    assert accounts.unremoved_entry(known(ANN)) == "Remove what is left of ann@example.com · Plus"


def test_signing_out_says_what_happens() -> None:
    """T-43"""
    alone, beside = accounts.remove_text(ANN, 0), accounts.remove_text(ANN, 1)
    assert "ann@example.com · Plus · …4711" in alone
    assert beside == f"{alone} Another account is shown then."


def test_above_its_numbers_an_account_is_told_apart_as_far_as_needed() -> None:
    assert accounts.short_name((known(ANN),), ANN) == "ann@example.com"
    assert accounts.short_name((known(ANN), known(AT_WORK)), ANN) == "ann@example.com · …4711"
    borrowed = (known(ANN), known(AT_WORK, is_borrowed=True))
    assert accounts.short_name(borrowed, ANN) == "ann@example.com"


def test_whose_numbers_these_are_is_said_where_there_are_several_accounts() -> None:
    assert accounts.whose((known(ANN),), ANN) == ""
    first, second = accounts.whose((known(ANN), known(AT_WORK)), ANN).splitlines()
    assert first == "ann@example.com · Plus · …4711"
    assert second.startswith("One of 2 accounts")
