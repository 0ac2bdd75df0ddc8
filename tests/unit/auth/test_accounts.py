"""The list of accounts as a value: added to, searched, kept as text."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from app.auth.accounts import (
    CODEX_KEY,
    KnownAccount,
    from_json,
    history_key,
    is_key,
    known_as,
    listed_as,
    meant_by,
    newly_known,
    to_json,
    told_newly,
    with_account,
    without_account,
)
from app.auth.tokens import Account, account_key
from app.errors import AppError, FaultKind

ANN = Account("acct-1", "user-1", "ann@example.com", "plus")
AT_WORK = Account("acct-2", "user-1", "ann@example.com", "team", is_fedramp=True)
BO = Account("acct-3", "user-3", "bo@example.com", "pro")
LISTED = tuple(map(newly_known, (ANN, AT_WORK, BO)))
BORROWED = KnownAccount(CODEX_KEY, BO, is_borrowed=True)


def test_what_is_kept_comes_back() -> None:
    assert from_json(to_json(LISTED)) == LISTED
    assert from_json(to_json(())) == ()
    assert to_json(LISTED).isascii()


def test_a_borrowed_login_is_not_kept() -> None:
    """F-T27"""
    assert from_json(to_json((*LISTED, BORROWED))) == LISTED


def test_an_account_is_found_by_its_key() -> None:
    assert listed_as(LISTED, LISTED[1].key) is LISTED[1]
    with pytest.raises(AppError) as caught:
        listed_as(LISTED, CODEX_KEY)
    assert caught.value.fault.kind is FaultKind.NOT_SIGNED_IN


def test_the_key_is_fixed_when_an_account_is_added() -> None:
    """A later token may tell a user id that the first one left out."""
    first = newly_known(replace(ANN, user_id=""))
    later = told_newly(first, ANN)
    assert later.key == first.key != account_key(ANN)
    assert known_as((later,), ANN) == later
    assert from_json(to_json((later,))) == (later,)


def test_the_same_account_is_known_and_anybody_else_is_not() -> None:
    assert known_as(LISTED, ANN) == LISTED[0]
    assert known_as(LISTED, replace(ANN, plan="pro", email="")) == LISTED[0]
    assert known_as(LISTED, replace(ANN, user_id="user-9")) is None
    assert known_as(LISTED, Account("acct-9", "user-1")) is None
    assert known_as((BORROWED,), BO) is None


def test_an_account_is_added_once_and_in_its_place() -> None:
    newer = replace(LISTED[0], account=replace(ANN, plan="pro"))
    assert with_account(LISTED, newer) == (newer, *LISTED[1:])
    assert with_account(LISTED[:1], LISTED[1]) == LISTED[:2]
    assert without_account(LISTED, LISTED[1].key) == (LISTED[0], LISTED[2])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1", LISTED[:1]),
        (" 3 ", LISTED[2:]),
        ("0", ()),
        ("4", ()),
        (LISTED[1].key, LISTED[1:2]),
        ("BO@example.com", LISTED[2:]),
        ("ann@example.com", LISTED[:2]),
        ("acct-2", LISTED[1:2]),
        ("nobody", ()),
        ("", ()),
    ],
)
def test_a_person_names_an_account(text: str, found: tuple[KnownAccount, ...]) -> None:
    assert meant_by(LISTED, text) == found


def test_no_address_is_no_name() -> None:
    nameless = newly_known(Account("acct-1"))
    assert meant_by((nameless,), "") == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"format":2,"accounts":[]}',
        '{"format":1}',
        '{"format":1,"accounts":{}}',
        '{"format":1,"accounts":[1]}',
        '{"format":1,"accounts":[{}]}',
    ],
)
def test_anything_else_is_no_list(text: str) -> None:
    """F-T21"""
    assert from_json(text) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("key", "accounts"),
        ("key", ""),
        ("entry", "accounts"),
        ("account_id", "a\r\nb"),
        ("account_id", None),
        ("email", 1),
    ],
)
def test_one_row_that_cannot_be_ours_spoils_the_list(name: str, value: object) -> None:
    """F-T25: what becomes a name of an entry, or a header, is checked."""
    stored = json.loads(to_json(LISTED))
    stored["accounts"][1][name] = value
    assert from_json(json.dumps(stored)) is None


def test_the_entry_of_earlier_versions_stays_where_it_is() -> None:
    old = replace(LISTED[0], entry="default")
    assert from_json(to_json((old,))) == (old,)


def test_what_is_kept_of_a_borrowed_login_is_kept_as_its_persons() -> None:
    assert history_key(LISTED[2]) == LISTED[2].key
    assert history_key(BORROWED) == LISTED[2].key


def test_keys_are_sixteen_digits() -> None:
    assert is_key(LISTED[0].key)
    assert not is_key(CODEX_KEY)
    assert not is_key(LISTED[0].key.upper() + "\n")
