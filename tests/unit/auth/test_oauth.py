"""Authorization URL, callback query and the requests to the token endpoint."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, parse_qsl, quote, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.auth.client_profiles import CODEX, DONE_HUB, PROFILES, client_of
from app.auth.oauth import (
    ENTROPY_BYTES,
    AuthorizationRequest,
    authorization_request,
    code_challenge,
    read_callback,
    read_pasted_address,
    redirect_uri,
    refresh_request,
    revoke_request,
    token_request,
)
from app.auth.tokens import Account, TokenSet
from app.endpoints import DEFAULT_AUTH_URL, Endpoints
from app.errors import FaultKind

ENTROPY = bytes(range(ENTROPY_BYTES))
STATE = "the-state-of-this-sign-in"
EXPECTED = AuthorizationRequest(
    "https://auth.openai.com/oauth/authorize?x=1",
    STATE,
    "verifier",
    "http://localhost:1455/auth/callback",
    DEFAULT_AUTH_URL,
)


def tokens(client_id: str = CODEX.client_id, issuer: str = DEFAULT_AUTH_URL) -> TokenSet:
    return TokenSet("access", "rt-tst-1", Account("acc-1"), issuer, client_id)


def test_the_authorization_url_has_the_parameters_of_todays_client_in_their_order() -> None:
    """captures/http/authorize-url.txt"""
    redirect = redirect_uri("127.0.0.1", 1455)
    request = authorization_request(Endpoints(), CODEX, redirect, ENTROPY)
    assert request.url.startswith("https://auth.openai.com/oauth/authorize?response_type=code&")
    assert parse_qsl(urlsplit(request.url).query) == [
        ("response_type", "code"),
        ("client_id", "app_EMoamEEZ73f0CkXaXp7hrann"),
        ("redirect_uri", "http://127.0.0.1:1455/auth/callback"),
        ("code_challenge", code_challenge(request.code_verifier)),
        ("code_challenge_method", "S256"),
        ("state", request.state),
        (
            "scope",
            "openid profile email offline_access api.connectors.read api.connectors.invoke",
        ),
        ("id_token_add_organizations", "true"),
        ("codex_cli_simplified_flow", "true"),
        ("originator", "codex_cli_rs"),
    ]
    assert "scope=openid+profile" in request.url  # blanks as the client writes them
    assert (len(request.code_verifier), len(request.state)) == (86, 43)


def test_the_done_hub_profile_asks_for_the_scopes_of_the_notes() -> None:
    redirect = redirect_uri("localhost", 1455)
    query = parse_qs(
        urlsplit(authorization_request(Endpoints(), DONE_HUB, redirect, ENTROPY).url).query
    )
    assert query["client_id"] == ["pdlLIX2Y72MIl2rhLhTE9VV9bN905kBh"]
    assert query["scope"] == ["openid profile email offline_access"]
    assert "originator" not in query
    assert set(PROFILES) == {"codex", "done-hub"}


def test_the_challenge_is_that_of_rfc_7636_appendix_b() -> None:
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert code_challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


@given(st.binary(min_size=ENTROPY_BYTES, max_size=ENTROPY_BYTES))
def test_verifier_and_state_use_the_unreserved_alphabet(entropy: bytes) -> None:
    request = authorization_request(Endpoints(), CODEX, redirect_uri("localhost", 1455), entropy)
    assert not set(request.code_verifier + request.state) - set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    )
    assert request.code_verifier not in request.url


@pytest.mark.parametrize("length", [0, ENTROPY_BYTES - 1, ENTROPY_BYTES + 1])
def test_a_sign_in_takes_exactly_its_random_bytes(length: int) -> None:
    with pytest.raises(ValueError, match="random bytes"):
        authorization_request(Endpoints(), CODEX, "http://localhost:1455/x", bytes(length))


def test_secrets_of_a_sign_in_are_not_in_its_repr() -> None:
    request = authorization_request(Endpoints(), CODEX, redirect_uri("localhost", 1), ENTROPY)
    assert request.state not in repr(request)
    assert request.code_verifier not in repr(request)
    answer = read_callback(f"code=ac-1&state={STATE}", EXPECTED)
    assert "ac-1" not in repr(answer)


@pytest.mark.parametrize("state", [STATE, STATE + ".onboarding_entrypoint=life_sciences"])
def test_the_right_state_and_a_code_are_an_answer(state: str) -> None:
    answer = read_callback(urlencode({"code": "ac-1", "scope": "openid", "state": state}), EXPECTED)
    assert answer is not None
    assert (answer.code, answer.fault) == ("ac-1", None)


@pytest.mark.parametrize("issuer", [DEFAULT_AUTH_URL, f"{DEFAULT_AUTH_URL}/"])
def test_our_own_issuer_may_be_named(issuer: str) -> None:
    answer = read_callback(urlencode({"code": "c", "state": STATE, "iss": issuer}), EXPECTED)
    assert answer is not None
    assert answer.code == "c"


@pytest.mark.parametrize(
    "query",
    [
        "",
        "code=x",  # T-06
        "code=x&state=",
        "code=x&state=wrong",
        f"code=x&state={STATE}x",
        f"code=x&state={STATE[:-1]}",
        f"code=x&state={STATE}&state={STATE}",
        f"code=x&state=wrong&state={STATE}",
        f"code=x&code=y&state={STATE}",
        f"code=x&state={STATE.upper()}",
        f"code=x&state={STATE}%00",
        f"code=x&state=%ff{STATE}",  # not UTF-8
        "code=x&state=" + quote("\N{PILE OF POO}"),
        "error=access_denied",  # T-07
        "error=access_denied&state=guess",
        f"code=x&state={STATE}&" + "&".join(f"p{n}=1" for n in range(40)),
    ],
)
def test_anything_without_exactly_the_state_is_no_answer(query: str) -> None:
    """T-06, T-07, F-L03"""
    assert read_callback(query, EXPECTED) is None


@given(st.text(max_size=80))
def test_no_invented_query_is_an_answer(query: str) -> None:
    """T-06"""
    assert read_callback(query, EXPECTED) is None


@given(st.text(max_size=80).filter(lambda state: state != STATE))
def test_no_other_state_is_an_answer(state: str) -> None:
    """T-06"""
    query = urlencode({"code": "x", "state": state}, errors="surrogatepass")
    assert read_callback(query, EXPECTED) is None


@pytest.mark.parametrize(
    ("more", "kind", "detail"),
    [
        ({"error": "access_denied"}, FaultKind.SIGN_IN_DENIED, "access_denied"),
        (
            {"error": "access_denied", "error_description": "missing_codex_entitlement"},
            FaultKind.SIGN_IN_NOT_ENTITLED,
            "access_denied",
        ),
        ({"error": "login_required"}, FaultKind.SIGN_IN_FAILED, "login_required"),
        ({"error": "never heard of"}, FaultKind.SIGN_IN_FAILED, "never heard of"),
        ({"error": "server_error", "code": "x"}, FaultKind.SIGN_IN_FAILED, "server_error"),
        ({}, FaultKind.SIGN_IN_FAILED, "the answer carries no code"),  # F-L05
        ({"code": ""}, FaultKind.SIGN_IN_FAILED, "the answer carries no code"),
        ({"code": "x" * 10_000}, FaultKind.SIGN_IN_FAILED, "the code is not usable"),
        ({"code": "a\r\nb"}, FaultKind.SIGN_IN_FAILED, "the code is not usable"),
        (
            {"code": "x", "iss": "https://evil.example"},  # T-09
            FaultKind.SIGN_IN_FAILED,
            "the answer came from another issuer",
        ),
    ],
)
def test_with_the_right_state_everything_else_ends_the_sign_in(
    more: dict[str, str], kind: FaultKind, detail: str
) -> None:
    """F-L04, F-L05, T-09"""
    answer = read_callback(urlencode({**more, "state": STATE}), EXPECTED)
    assert answer is not None
    assert answer.code == ""
    assert answer.fault is not None
    assert (answer.fault.kind, answer.fault.detail) == (kind, detail)


def test_a_hostile_description_is_short_and_harmless() -> None:
    """T-08"""
    text = "<script>\r\n\u202egnp.exe\x00" + "x" * 1_000_000
    query = urlencode({"error": "bad\x1b[2J", "error_description": text, "state": STATE})
    answer = read_callback(query, EXPECTED)
    assert answer is not None
    assert answer.fault is not None
    assert len(answer.fault.message) <= 300
    assert not set("\r\n\x00\x1b\u202e") & set(answer.fault.message + answer.fault.detail)


def test_the_code_is_exchanged_with_the_byte_identical_redirect_address() -> None:
    """captures/http/login-code-exchange.http"""
    redirect = redirect_uri("127.0.0.1", 1457)
    sign_in = authorization_request(Endpoints(), CODEX, redirect, ENTROPY)
    post = token_request(Endpoints(), CODEX, sign_in, "ac-tst-1")
    assert (post.method, post.url) == ("POST", "https://auth.openai.com/oauth/token")
    assert post.headers["content-type"] == "application/x-www-form-urlencoded"
    assert post.body.decode() == (
        "grant_type=authorization_code&client_id=app_EMoamEEZ73f0CkXaXp7hrann&code=ac-tst-1"
        "&redirect_uri=http%3A%2F%2F127.0.0.1%3A1457%2Fauth%2Fcallback"
        f"&code_verifier={sign_in.code_verifier}"
    )


def test_a_refresh_is_json_as_todays_client_sends_it() -> None:
    """captures/http/refresh.http"""
    post = refresh_request(tokens(), "proactive_expiry")
    assert (post.method, post.url) == ("POST", "https://auth.openai.com/oauth/token")
    assert post.headers["content-type"] == "application/json"
    assert post.headers["originator"] == "codex_cli_rs"
    assert post.body == (
        b'{"client_id":"app_EMoamEEZ73f0CkXaXp7hrann","grant_type":"refresh_token",'
        b'"refresh_reason":"proactive_expiry","refresh_token":"rt-tst-1"}'
    )


@pytest.mark.parametrize(
    ("issuer", "url"),
    [
        (DEFAULT_AUTH_URL, "https://auth0.openai.com/oauth/token"),
        ("http://127.0.0.1:9", "http://127.0.0.1:9/oauth/token"),  # an override stays one
    ],
)
def test_done_hub_refreshes_with_a_form_at_the_address_of_the_notes(issuer: str, url: str) -> None:
    post = refresh_request(tokens(DONE_HUB.client_id, issuer), "scheduled")
    assert post.url == url
    assert post.body.decode() == (
        "grant_type=refresh_token&client_id=pdlLIX2Y72MIl2rhLhTE9VV9bN905kBh&refresh_token=rt-tst-1"
    )


def test_a_refresh_goes_to_the_issuer_and_client_that_issued_the_token() -> None:
    own = tokens("app_of_somebody_else", "https://issuer.example")
    assert client_of(own).client_id == "app_of_somebody_else"
    post = refresh_request(own, "scheduled")
    assert post.url == "https://issuer.example/oauth/token"
    assert json.loads(post.body)["client_id"] == "app_of_somebody_else"


def test_signing_out_revokes_the_refresh_token() -> None:
    """captures/http/revoke.http"""
    post = revoke_request(tokens())
    assert (post.method, post.url) == ("POST", "https://auth.openai.com/oauth/revoke")
    assert post.headers["originator"] == "codex_cli_rs"
    assert post.body == (
        b'{"token":"rt-tst-1","token_type_hint":"refresh_token",'
        b'"client_id":"app_EMoamEEZ73f0CkXaXp7hrann"}'
    )
    assert "originator" not in revoke_request(tokens(DONE_HUB.client_id)).headers


QUERY = urlencode({"code": "ac-1", "state": STATE})
REDIRECT = "http://localhost:1455/auth/callback"


@pytest.mark.parametrize(
    "text",
    [
        f"{REDIRECT}?{QUERY}",
        f"  {REDIRECT}?{QUERY}\n",
        f"<{REDIRECT}?{QUERY}>",
        f'"{REDIRECT}?{QUERY}"',
        f"{REDIRECT}?{QUERY}#",
    ],
)
def test_the_address_a_browser_ended_on_may_be_pasted(text: str) -> None:
    answer = read_pasted_address(text, EXPECTED)
    assert answer is not None
    assert answer.code == "ac-1"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ac-1",
        QUERY,
        REDIRECT,
        f"{REDIRECT}?",
        f"{REDIRECT}?code=ac-1",
        f"{REDIRECT}?code=ac-1&state=guess",
        f"{REDIRECT}?{QUERY}&state={STATE}",
        f"{REDIRECT}?{QUERY}#x",
        f"{REDIRECT}/?{QUERY}",
        f"http://127.0.0.1:1455/auth/callback?{QUERY}",
        f"http://localhost:1457/auth/callback?{QUERY}",
        f"https://localhost:1455/auth/callback?{QUERY}",
        f"http://x@localhost:1455/auth/callback?{QUERY}",
        f"{REDIRECT}?{QUERY} {QUERY}",
        f"{REDIRECT}?{QUERY}&x={'y' * (16 << 10)}",
        "x" * (1 << 20),
    ],
)
def test_no_other_text_is_an_answer(text: str) -> None:
    """T-06, T-07: nothing else than the redirect URI with the answer to this very question."""
    assert read_pasted_address(text, EXPECTED) is None


def test_a_pasted_refusal_or_foreign_issuer_ends_the_sign_in() -> None:
    """T-09, F-L04"""
    denied = read_pasted_address(f"{REDIRECT}?error=access_denied&state={STATE}", EXPECTED)
    foreign = read_pasted_address(f"{REDIRECT}?{QUERY}&iss=https%3A%2F%2Fevil.example", EXPECTED)
    assert denied is not None
    assert denied.fault is not None
    assert denied.fault.kind is FaultKind.SIGN_IN_DENIED
    assert foreign is not None
    assert foreign.fault is not None
    assert foreign.fault.kind is FaultKind.SIGN_IN_FAILED


def test_the_page_can_be_told_to_ask_who_signs_in() -> None:
    """F-L13"""
    request = authorization_request(Endpoints(), CODEX, REDIRECT, ENTROPY, asks_account=True)
    assert parse_qs(urlsplit(request.url).query)["prompt"] == ["login"]
