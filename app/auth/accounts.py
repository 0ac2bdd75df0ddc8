"""Which accounts have signed in here: their keys, the list's text for the keyring. Pure.

The list is written before an account's first tokens and after its last ones are gone, so that
no tokens are ever kept that nobody would find again (T-43).
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from app.auth.tokens import Account, account_key, is_account_id, is_somebody_else
from app.errors import AppError, FaultKind, fail
from app.guarded_json import decode_json
from app.values import dataclass

FIRST_ENTRY = "default"  # where the one sign-in was kept before there could be several
CODEX_KEY = "codex"  # stands for the Codex CLI's login, whoever's it is
Unsaved = tuple[tuple[str, FaultKind], ...]  # keys, and why no keyring took their tokens (F-T22)

_FORMAT = 1
_KEY = re.compile(r"[0-9a-f]{16}")
_TEXTS = ("key", "entry", "account_id", "user_id", "email", "plan")


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """An account that can be chosen. No secret is part of it.

    `key` is fixed when the account is added: a later token may tell a user id that the first
    one left out. `entry` names the account's entry in the keyring. `is_borrowed`: it is the
    Codex CLI's login, which is only read.
    """

    key: str
    account: Account
    entry: str = ""
    is_borrowed: bool = False


def newly_known(account: Account) -> KnownAccount:
    """`account` as it is added."""
    key = account_key(account)
    return KnownAccount(key, account, key)


def history_key(known: KnownAccount) -> str:
    """Under which key the history and the warnings of an account are kept.

    Of a borrowed login: that of whoever the Codex CLI has signed in.
    """
    return account_key(known.account) if known.is_borrowed else known.key


def is_key(text: str) -> bool:
    """Whether `text` could be the key of an account of ours."""
    return _KEY.fullmatch(text) is not None


def known_as(accounts: Sequence[KnownAccount], account: Account) -> KnownAccount | None:
    """Under which name `account` is known already; None for a new one."""
    same = (known for known in accounts if not is_somebody_else(known.account, account))
    return next((known for known in same if not known.is_borrowed), None)


def listed_as(accounts: Sequence[KnownAccount], key: str) -> KnownAccount:
    """The account of that key. Raises NOT_SIGNED_IN if there is none."""
    known = next((one for one in accounts if one.key == key), None)
    if known is None:
        raise fail(FaultKind.NOT_SIGNED_IN, "there is no such account")
    return known


def with_account(accounts: Sequence[KnownAccount], known: KnownAccount) -> tuple[KnownAccount, ...]:
    """The list with `known` in it, in its old place if it has one."""
    if any(one.key == known.key for one in accounts):
        return tuple(known if one.key == known.key else one for one in accounts)
    return (*accounts, known)


def without_account(accounts: Sequence[KnownAccount], key: str) -> tuple[KnownAccount, ...]:
    """The list without the account of that key."""
    return tuple(one for one in accounts if one.key != key)


def meant_by(accounts: Sequence[KnownAccount], text: str) -> tuple[KnownAccount, ...]:
    """The accounts a person may mean: by number (from 1), key, e-mail or end of the workspace."""
    wanted = text.strip().casefold()
    if not wanted:
        return ()
    if wanted.isdecimal() and 1 <= int(wanted) <= len(accounts):
        return (accounts[int(wanted) - 1],)
    return tuple(
        one
        for one in accounts
        if wanted in (one.key, one.account.email.casefold(), one.account.account_id.casefold())
    )


def to_json(accounts: Sequence[KnownAccount]) -> str:
    """The list as compact ASCII JSON. A borrowed login is not ours to keep."""
    rows = [
        {
            "key": one.key,
            "entry": one.entry,
            "account_id": one.account.account_id,
            "user_id": one.account.user_id,
            "email": one.account.email,
            "plan": one.account.plan,
            "is_fedramp": one.account.is_fedramp,
        }
        for one in accounts
        if not one.is_borrowed
    ]
    return json.dumps({"format": _FORMAT, "accounts": rows}, separators=(",", ":"))


def from_json(text: str) -> tuple[KnownAccount, ...] | None:
    """The list in a keyring's text; None for anything `to_json` did not write."""
    try:
        stored = decode_json(text.encode("utf-8", "surrogatepass")).value
    except AppError:
        return None
    if not isinstance(stored, dict) or stored.get("format") != _FORMAT:
        return None
    rows = stored.get("accounts")
    if not isinstance(rows, list):
        return None
    accounts = [_known(row) for row in rows]
    whole = tuple(one for one in accounts if one is not None)
    return whole if len(whole) == len(accounts) else None


def told_newly(known: KnownAccount, account: Account) -> KnownAccount:
    """`known` with what newer tokens say; its key stays."""
    return replace(known, account=account)


def _known(row: Any) -> KnownAccount | None:
    texts = [row.get(name) for name in _TEXTS] if isinstance(row, dict) else []
    told = [text for text in texts if isinstance(text, str)]
    if len(told) != len(_TEXTS):
        return None
    key, entry, account_id, user_id, email, plan = told
    if not (is_key(key) and entry in (key, FIRST_ENTRY) and is_account_id(account_id)):
        return None
    is_fedramp = row.get("is_fedramp") is True
    return KnownAccount(key, Account(account_id, user_id, email, plan, is_fedramp), entry)
