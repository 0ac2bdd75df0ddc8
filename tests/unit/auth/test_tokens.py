"""Claims, accounts, expiry."""

from __future__ import annotations

import base64
import json
from dataclasses import astuple, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.token_sets import ACCOUNT, NOW, token_set

from app.auth.tokens import (
    AGE_LIMIT,
    TOKEN_LIMIT,
    Account,
    TokenReply,
    account_key,
    is_expired,
    needs_refresh,
    read_account,
    read_claims,
    read_expiry,
    tokens_of_refresh,
    tokens_of_sign_in,
)
from app.errors import AppError, FaultKind

AUTH = "https://api.openai.com/auth"


def jwt(payload: object, header: object = None) -> str:
    """An unsigned token; `payload` may be raw JSON text."""

    def part(value: object) -> str:
        text = value if isinstance(value, str) else json.dumps(value)
        return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()

    return f"{part(header or {'alg': 'none'})}.{part(payload)}.c2ln"


def claims(account: Account = ACCOUNT, **more: Any) -> dict[str, Any]:
    auth = {
        "chatgpt_account_id": account.account_id,
        "chatgpt_user_id": account.user_id,
        "chatgpt_plan_type": account.plan,
        "chatgpt_account_is_fedramp": account.is_fedramp,
    }
    return {"email": account.email, AUTH: auth, **more}


# --- claims -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "token",
    [
        "",
        "opaque",
        "two.parts",
        "!!!.###.$$$",
        jwt([1, 2]),
        jwt("null"),
        jwt("{"),
        jwt({}, header={"alg": "HS256", "crit": ["x"]}),
        jwt("[" * 30_000),
        "x" * (TOKEN_LIMIT + 1),
        "\N{SNOWMAN}.\ud800.x",
    ],
)
def test_what_is_no_token_has_no_claims(token: str) -> None:
    """F-T25"""
    assert read_claims(token) == {}
    assert read_account(token) is None
    assert read_expiry(token) is None


def test_a_huge_token_is_not_even_decoded() -> None:
    """F-T25: PyJWT takes 1.3 s for 20 MB."""
    assert read_claims(jwt(claims(padding="x" * 20_000_000))) == {}


@given(st.text(max_size=200))
def test_no_text_breaks_the_claims_reader(token: str) -> None:
    """F-T25"""
    assert read_account(token) is None


def test_an_account_is_read_from_its_claims() -> None:
    fedramp = replace(ACCOUNT, is_fedramp=True)
    assert read_account(jwt(claims(fedramp))) == fedramp


def test_user_id_and_email_have_a_second_place() -> None:
    token = jwt(
        {
            AUTH: {"chatgpt_account_id": "acc-1", "user_id": "user-2"},
            "https://api.openai.com/profile": {"email": "second@example.com"},
        }
    )
    assert read_account(token) == Account("acc-1", "user-2", "second@example.com", "")


def test_the_id_token_comes_before_the_access_token() -> None:
    other = replace(ACCOUNT, account_id="acc-2")
    assert read_account(jwt(claims()), jwt(claims(other))) == ACCOUNT
    assert read_account("opaque", jwt(claims(other))) == other


@pytest.mark.parametrize(
    "account_id",
    [7, None, "", "a\r\nX-Evil: 1", "ä", "a b", "x" * 129, ["acc-1"], {"id": "acc-1"}, True],
)
def test_an_account_id_that_cannot_be_a_header_is_none(account_id: Any) -> None:
    """F-T25"""
    assert read_account(jwt({AUTH: {"chatgpt_account_id": account_id}})) is None


@pytest.mark.parametrize("auth", [None, [], "text", 7])
def test_a_strange_auth_claim_names_no_account(auth: Any) -> None:
    """F-T25"""
    assert read_account(jwt({AUTH: auth})) is None


@pytest.mark.parametrize("value", [7, "x" * 400, "a\nb", None, ["plus"]])
def test_other_strange_claims_are_left_out(value: Any) -> None:
    token = jwt({AUTH: {"chatgpt_account_id": "acc-1", "chatgpt_plan_type": value}})
    assert read_account(token) == Account("acc-1")


@pytest.mark.parametrize(
    "expiry", ["NaN", "Infinity", "-Infinity", '"1800000000"', "0", "-1", "253402300799", "true"]
)
def test_an_expiry_that_is_none(expiry: str) -> None:
    """F-T02"""
    assert read_expiry(jwt(f'{{"exp":{expiry}}}')) is None


@pytest.mark.parametrize("expiry", ["1800000000", "1800000000.0"])
def test_an_expiry_is_read_as_utc(expiry: str) -> None:
    assert read_expiry(jwt(f'{{"exp":{expiry}}}')) == datetime(2027, 1, 15, 8, tzinfo=UTC)


# --- new tokens ---------------------------------------------------------------------------------


def reply_for(account: Account = ACCOUNT, **changes: Any) -> TokenReply:
    expiry = (NOW + timedelta(days=10)).timestamp()
    reply = TokenReply(jwt(claims(account, exp=expiry)), "new-refresh", jwt(claims(account)))
    return replace(reply, **changes)


def test_a_sign_in_keeps_everything_but_the_id_token() -> None:
    tokens = tokens_of_sign_in(reply_for(), issuer="https://i", client_id="c", now=NOW)
    assert tokens.account == ACCOUNT
    assert (tokens.issuer, tokens.client_id) == ("https://i", "c")
    assert tokens.expires_at == NOW + timedelta(days=10)
    assert tokens.refreshed_at == NOW
    assert reply_for().id_token not in repr(astuple(tokens))


@pytest.mark.parametrize("name", ["access_token", "refresh_token", "id_token"])
def test_a_sign_in_without_all_three_tokens_is_refused(name: str) -> None:
    """F-L07"""
    without: dict[str, Any] = {name: ""}
    incomplete = replace(reply_for(), **without)
    with pytest.raises(AppError) as caught:
        tokens_of_sign_in(incomplete, issuer="https://i", client_id="c", now=NOW)
    assert caught.value.fault.kind is FaultKind.SIGN_IN_FAILED
    assert name in caught.value.fault.detail


def test_a_sign_in_that_names_no_account_is_refused() -> None:
    """F-L07"""
    with pytest.raises(AppError) as caught:
        tokens_of_sign_in(TokenReply("a", "r", "i"), issuer="https://i", client_id="c", now=NOW)
    assert caught.value.fault.kind is FaultKind.SIGN_IN_FAILED


def test_a_refresh_replaces_what_came() -> None:
    business = replace(ACCOUNT, plan="business")
    tokens = tokens_of_refresh(token_set(refusal="x"), reply_for(business), NOW)
    assert tokens.refresh_token == "new-refresh"
    assert tokens.account == business
    assert tokens.refusal == ""


def test_a_refresh_without_refresh_token_keeps_the_old_one() -> None:
    """F-T09"""
    tokens = tokens_of_refresh(token_set(), reply_for(refresh_token="", id_token=""), NOW)
    assert tokens.refresh_token == "refresh"
    assert tokens.access_token != "access"


def test_a_refresh_without_access_token_changes_nothing() -> None:
    """F-T10"""
    with pytest.raises(AppError) as caught:
        tokens_of_refresh(token_set(), TokenReply("", "new-refresh"), NOW)
    assert caught.value.fault.kind is FaultKind.NOT_UNDERSTOOD


@pytest.mark.parametrize(
    "other", [replace(ACCOUNT, account_id="acc-2"), replace(ACCOUNT, user_id="user-2")]
)
def test_a_refresh_for_somebody_else_is_refused(other: Account) -> None:
    """F-T11"""
    with pytest.raises(AppError) as caught:
        tokens_of_refresh(token_set(), reply_for(other), NOW)
    assert caught.value.fault.kind is FaultKind.ACCOUNT_CHANGED


def test_a_refresh_that_says_less_about_the_account_forgets_nothing() -> None:
    assert tokens_of_refresh(token_set(), reply_for(Account("acc-1")), NOW).account == ACCOUNT
    opaque = TokenReply("opaque-token")
    assert tokens_of_refresh(token_set(), opaque, NOW).account == ACCOUNT


@pytest.mark.parametrize(
    ("expiry", "expires_in_s", "expected"),
    [
        (NOW + timedelta(days=1), 60.0, NOW + timedelta(days=1)),
        (None, 7200.0, NOW + timedelta(hours=2)),
        (NOW - timedelta(days=2), 7200.0, NOW + timedelta(hours=2)),  # our clock is ahead
        (NOW - timedelta(days=2), None, None),
        (NOW + timedelta(minutes=4), 240.0, None),
        (None, None, None),
    ],
)
def test_when_a_new_token_ends(
    expiry: datetime | None, expires_in_s: float | None, expected: datetime | None
) -> None:
    """F-T02, F-T26, F-L20"""
    access = jwt(claims(exp=expiry.timestamp())) if expiry else "opaque"
    reply = TokenReply(access, expires_in_s=expires_in_s)
    assert tokens_of_refresh(token_set(), reply, NOW).expires_at == expected


@pytest.mark.parametrize(
    ("wish", "expiry", "expected"),
    [
        (NOW + timedelta(minutes=40), NOW + timedelta(hours=1), NOW + timedelta(minutes=40)),
        (NOW + timedelta(minutes=56), NOW + timedelta(hours=1), None),  # it would run out first
        (NOW + timedelta(days=2), None, NOW + timedelta(days=2)),
        (None, NOW + timedelta(hours=1), None),
    ],
)
def test_the_servers_earliest_moment_is_kept_if_it_makes_sense(
    wish: datetime | None, expiry: datetime | None, expected: datetime | None
) -> None:
    access = jwt(claims(exp=expiry.timestamp())) if expiry else "opaque"
    reply = TokenReply(access, earliest_refresh_at=wish)
    assert tokens_of_refresh(token_set(), reply, NOW).earliest_refresh_at == expected
    before = token_set(earliest_refresh_at=NOW + timedelta(days=1))
    assert tokens_of_refresh(before, TokenReply("opaque"), NOW).earliest_refresh_at is None


# --- when to refresh ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expires_at", "refreshed_at", "expected"),
    [
        (NOW - timedelta(hours=1), NOW, True),
        (NOW + timedelta(minutes=4), NOW, True),
        (NOW + timedelta(minutes=6), NOW, False),
        (NOW + timedelta(days=1), NOW - timedelta(days=30), False),
        (None, NOW - AGE_LIMIT, True),
        (None, NOW - AGE_LIMIT + timedelta(seconds=1), False),
        (None, None, True),
    ],
)
def test_when_a_refresh_is_due(
    expires_at: datetime | None, refreshed_at: datetime | None, expected: bool
) -> None:
    """F-T01, F-T02"""
    tokens = token_set(expires_at=expires_at, refreshed_at=refreshed_at)
    assert needs_refresh(tokens, NOW) is expected


def test_no_refresh_is_due_before_the_moment_the_server_named() -> None:
    """F-T01: after it the usual rule holds."""
    tokens = token_set(expires_at=NOW + timedelta(minutes=2))
    assert needs_refresh(tokens, NOW)
    assert not needs_refresh(replace(tokens, earliest_refresh_at=NOW + timedelta(seconds=1)), NOW)
    assert needs_refresh(replace(tokens, earliest_refresh_at=NOW), NOW)


def test_refreshes_of_many_programs_spread_over_a_minute() -> None:
    """F-T01, figure 20"""
    due = {
        next(
            s
            for s in range(230, 310)
            if not needs_refresh(
                token_set(access_token=f"t{n}", expires_at=NOW + timedelta(seconds=s)), NOW
            )
        )
        for n in range(500)
    }
    assert min(due) > 240
    assert max(due) <= 301
    assert len(due) > 50


def test_expired_means_known_to_be_over() -> None:
    assert is_expired(token_set(expires_at=NOW), NOW)
    assert not is_expired(token_set(expires_at=NOW + timedelta(seconds=1)), NOW)
    assert not is_expired(token_set(expires_at=None), NOW)


# --- what is told of them ------------------------------------------------------------------------


def test_no_repr_shows_a_token() -> None:
    """T-35"""
    told = repr(token_set()).replace("refreshed_at", "").replace("earliest_refresh_at", "")
    assert "refresh" not in told
    assert "'access'" not in repr(token_set())
    assert "secret" not in repr(TokenReply("secret", "secret", "secret"))


def test_what_is_kept_per_account_tells_users_of_one_workspace_apart() -> None:
    # One e-mail may be in two workspaces, and one workspace has many users.
    keys = {
        account_key(Account(workspace, user, "ann@example.com"))
        for workspace in ("acc-1", "acc-2")
        for user in ("user-1", "user-2")
    }
    assert len(keys) == 4
    assert account_key(ACCOUNT) == account_key(Account("acc-1", "user-1", "new@example.com", "pro"))
    assert not {"acc-1", "user-1"} & keys
