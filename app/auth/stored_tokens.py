"""The compact text that the vault keeps of one account's tokens. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from app.auth.tokens import Account, TokenSet, is_account_id, moment_of
from app.errors import AppError
from app.guarded_json import decode_json

_FORMAT = 1


def to_json(tokens: TokenSet) -> str:
    """`tokens` as compact ASCII JSON for the vault. The id token is never part of it."""
    return json.dumps(
        {
            "format": _FORMAT,
            "access_token": tokens.access_token,
            "refresh_token": tokens.refresh_token,
            "account": asdict(tokens.account),
            "issuer": tokens.issuer,
            "client_id": tokens.client_id,
            "expires_at": _stamp(tokens.expires_at),
            "refreshed_at": _stamp(tokens.refreshed_at),
            "refusal": tokens.refusal,
            "earliest_refresh_at": _stamp(tokens.earliest_refresh_at),
        },
        separators=(",", ":"),
    )


def from_json(text: str) -> TokenSet | None:
    """The tokens in a vault's text; None for anything `to_json` did not write (F-T21)."""
    try:
        stored = decode_json(text.encode("utf-8", "surrogatepass")).value
    except AppError:
        return None
    if not isinstance(stored, dict) or stored.get("format") != _FORMAT:
        return None
    account = stored.get("account")
    named = account if isinstance(account, dict) else {}
    fields = _texts(stored, "access_token", "refresh_token", "issuer", "client_id", "refusal")
    names = _texts(named, "account_id", "user_id", "email", "plan")
    if fields is None or names is None or not all((*fields[:3], is_account_id(names[0]))):
        return None
    access_token, refresh_token, issuer, client_id, refusal = fields
    account_id, user_id, email, plan = names
    return TokenSet(
        access_token,
        refresh_token,
        Account(account_id, user_id, email, plan, named.get("is_fedramp") is True),
        issuer,
        client_id,
        moment_of(stored.get("expires_at")),
        moment_of(stored.get("refreshed_at")),
        refusal,
        moment_of(stored.get("earliest_refresh_at")),
    )


def _texts(mapping: Mapping[str, Any], *names: str) -> list[str] | None:
    """The named values, or None unless all of them are text."""
    values = [mapping.get(name) for name in names]
    texts = [value for value in values if isinstance(value, str)]
    return texts if len(texts) == len(values) else None


def _stamp(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()
