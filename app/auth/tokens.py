"""Tokens and the account they belong to. Pure.

Tokens come from the token endpoint over TLS, so their signature is not checked: claims are
used for display and for the `chatgpt-account-id` header only (the official client does the
same).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from app.errors import FaultKind, fail
from app.values import dataclass

REFRESH_MARGIN = timedelta(minutes=5)
REFRESH_SPREAD_S = 60
AGE_LIMIT = timedelta(days=8)  # for tokens whose expiry cannot be read
TOKEN_LIMIT = 64 << 10  # characters; PyJWT takes 1.3 s for 20 MB (F-T25)
_TEXT_LIMIT = 320
_EARLIEST_EXPIRY = 1_000_000_000  # 2001; anything before it is no expiry
_LATEST_EXPIRY = 4_102_444_800  # 2100
_AUTH_CLAIM = "https://api.openai.com/auth"
_PROFILE_CLAIM = "https://api.openai.com/profile"
_ACCOUNT_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")  # it becomes a header (F-T25)


@dataclass(frozen=True, slots=True)
class Account:
    """Who signed in. Empty strings where the claims say nothing (an account may lack e-mail)."""

    account_id: str
    user_id: str = ""
    email: str = ""
    plan: str = ""
    is_fedramp: bool = False


@dataclass(frozen=True, slots=True)
class TokenSet:
    """What the token endpoint issued. `expires_at` aware UTC or None if it cannot be read.

    `refusal` is the server's code once it refused the refresh token for good; it is kept with
    the tokens so that a restart does not ask again (F-T12). `earliest_refresh_at`: before it no
    refresh is made that nobody needs; only the partner sign-in names one.
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    account: Account
    issuer: str
    client_id: str
    expires_at: datetime | None = None
    refreshed_at: datetime | None = None
    refusal: str = ""
    earliest_refresh_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TokenReply:
    """The usable fields of a token endpoint's reply; empty where it left one out."""

    access_token: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    id_token: str = field(default="", repr=False)
    expires_in_s: float | None = None
    earliest_refresh_at: datetime | None = None


def read_claims(token: str) -> Mapping[str, Any]:
    """The claims of a JWT, signature unchecked; empty for anything that is none (F-T25)."""
    if not 0 < len(token) <= TOKEN_LIMIT:
        return {}
    import jwt  # noqa: PLC0415 - a program that starts with stored tokens never needs it

    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, RecursionError):
        return {}
    return claims


def read_account(*tokens: str) -> Account | None:
    """The account named by the first of `tokens` that names one (id token before access token).

    Claims: `https://api.openai.com/auth` and `…/profile`. An account id that could not become a
    header is no account id.
    """
    for token in tokens:
        claims = read_claims(token)
        auth, profile = _section(claims, _AUTH_CLAIM), _section(claims, _PROFILE_CLAIM)
        account_id = _text(auth.get("chatgpt_account_id"))
        if is_account_id(account_id):
            return Account(
                account_id,
                _text(auth.get("chatgpt_user_id")) or _text(auth.get("user_id")),
                _text(claims.get("email")) or _text(profile.get("email")),
                _text(auth.get("chatgpt_plan_type")),
                auth.get("chatgpt_account_is_fedramp") is True,
            )
    return None


def read_expiry(access_token: str) -> datetime | None:
    """The `exp` claim as aware UTC; None unless it is a number between 2001 and 2100 (F-T02)."""
    expiry = read_claims(access_token).get("exp")
    if isinstance(expiry, bool) or not isinstance(expiry, int | float):
        return None
    if not _EARLIEST_EXPIRY <= expiry <= _LATEST_EXPIRY:  # NaN compares false
        return None
    return datetime.fromtimestamp(expiry, UTC)


def tokens_of_sign_in(reply: TokenReply, *, issuer: str, client_id: str, now: datetime) -> TokenSet:
    """The first tokens of a sign-in. Raises `AppError(SIGN_IN_FAILED)` if one is missing (F-L07).

    A reply without a refresh token is refused like the official client does: without it the
    session would silently end when the access token does.
    """
    for name in ("access_token", "refresh_token", "id_token"):
        if not getattr(reply, name):
            raise fail(FaultKind.SIGN_IN_FAILED, f"the token reply has no {name}")
    account = read_account(reply.id_token, reply.access_token)
    if account is None:
        raise fail(FaultKind.SIGN_IN_FAILED, "the tokens name no account")
    return TokenSet(
        reply.access_token,
        reply.refresh_token,
        account,
        issuer,
        client_id,
        (expires_at := _expiry(reply, now)),
        now,
        earliest_refresh_at=_earliest_refresh(reply, expires_at),
    )


def tokens_of_refresh(old: TokenSet, reply: TokenReply, now: datetime) -> TokenSet:
    """`old` with what a refresh changed; a reply without refresh token keeps the old one (F-T09).

    Raises `AppError(NOT_UNDERSTOOD)` without an access token (F-T10) and
    `AppError(ACCOUNT_CHANGED)` if the reply is for somebody else (F-T11).
    """
    if not reply.access_token:
        raise fail(FaultKind.NOT_UNDERSTOOD, "the token reply has no access_token")
    account = read_account(reply.id_token, reply.access_token)
    if account is not None and is_somebody_else(old.account, account):
        raise fail(FaultKind.ACCOUNT_CHANGED, "the refreshed tokens belong to another account")
    expires_at = _expiry(reply, now)
    return replace(
        old,
        access_token=reply.access_token,
        refresh_token=reply.refresh_token or old.refresh_token,
        account=_newer(old.account, account) if account else old.account,
        expires_at=expires_at,
        refreshed_at=now,
        refusal="",
        earliest_refresh_at=_earliest_refresh(reply, expires_at),
    )


def is_somebody_else(old: Account, new: Account) -> bool:
    """Whether two accounts differ by workspace or, where both are known, by user."""
    if old.account_id != new.account_id:
        return True
    return bool(old.user_id and new.user_id and old.user_id != new.user_id)


def account_key(account: Account) -> str:
    """A short name for user and workspace, without telling either: 16 hex digits.

    What is kept per account (sign-in, history, given warnings) is kept under it. It is taken once,
    when an account signs in: a later token may tell a user id that the first one left out.
    """
    told = f"{account.user_id}\0{account.account_id}"
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def needs_refresh(tokens: TokenSet, now: datetime) -> bool:
    """Whether the access token is within its last minutes (F-T01, F-T02).

    The margin is 5 minutes less up to 60 s that depend on the token, so that programs which
    got their tokens together do not refresh together (figure 20). Never before the moment the
    server named, if it named one.
    """
    if tokens.earliest_refresh_at is not None and now < tokens.earliest_refresh_at:
        return False
    if tokens.expires_at is None:
        return tokens.refreshed_at is None or now - tokens.refreshed_at >= AGE_LIMIT
    digest = hashlib.sha256(tokens.access_token.encode()).digest()
    spread = timedelta(seconds=int.from_bytes(digest[:2]) % REFRESH_SPREAD_S)
    return tokens.expires_at - now <= REFRESH_MARGIN - spread


def is_expired(tokens: TokenSet, now: datetime) -> bool:
    """Whether the access token is known to be useless by now."""
    return tokens.expires_at is not None and tokens.expires_at <= now


def _expiry(reply: TokenReply, now: datetime) -> datetime | None:
    """When the new access token ends by our clock; None leaves the judgement to a 401.

    A token that looks expired on arrival says that our clock is wrong, not that it is useless:
    believing it would refresh again and again.
    """
    candidates = [read_expiry(reply.access_token)]
    if reply.expires_in_s is not None:
        candidates.append(now + timedelta(seconds=reply.expires_in_s))
    plausible = (moment for moment in candidates if moment and moment - now > REFRESH_MARGIN)
    return next(plausible, None)


def _earliest_refresh(reply: TokenReply, expires_at: datetime | None) -> datetime | None:
    """The server's wish; one that lies past the token's end would let it run out unrenewed."""
    wish = reply.earliest_refresh_at
    if wish is None or (expires_at is not None and wish > expires_at - REFRESH_MARGIN):
        return None
    return wish


def _newer(old: Account, new: Account) -> Account:
    """`new`, with what only `old` knew: a refresh may come without an id token."""
    return replace(
        new,
        user_id=new.user_id or old.user_id,
        email=new.email or old.email,
        plan=new.plan or old.plan,
    )


def _section(mapping: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = mapping.get(name)
    return value if isinstance(value, dict) else {}


def is_account_id(text: str) -> bool:
    """Whether `text` may become the header `chatgpt-account-id` (F-T25)."""
    return _ACCOUNT_ID.fullmatch(text) is not None


def _text(value: object) -> str:
    """A claim as text; "" unless it is one short printable line."""
    if isinstance(value, str) and len(value) <= _TEXT_LIMIT and value.isprintable():
        return value
    return ""


def moment_of(stamp: object) -> datetime | None:
    """Epoch seconds between 2001 and 2100 as aware UTC; None for anything else."""
    if isinstance(stamp, bool) or not isinstance(stamp, int | float):
        return None
    if not _EARLIEST_EXPIRY <= stamp <= _LATEST_EXPIRY:
        return None
    return datetime.fromtimestamp(stamp, UTC)
