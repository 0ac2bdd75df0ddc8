"""The simulator's authorization server: page, codes, token families, error bodies."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import jwt
import pytest
from support.simulator import MakeSimulator, SignInAttempt, issue_tokens

from app.simulator.accounts import BO
from app.simulator.authorization import CODEX_CLIENT, DONE_HUB_CLIENT
from app.simulator.clock import SimulatedClock
from app.simulator.server import Simulator


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as client:
        yield client


def allow(http: httpx.Client, simulator: Simulator, attempt: SignInAttempt, **form: str) -> str:
    """Submit the page's form; the address it redirects to."""
    page = http.get(attempt.address(simulator))
    assert page.status_code == 200
    page_id = re.search(r'name="page" value="([^"]+)"', page.text)
    assert page_id is not None
    fields = {"page": page_id[1], "account": "ann@example.com", "decision": "allow", **form}
    reply = http.post(f"{simulator.url}/oauth/authorize/decision", data=fields)
    assert reply.status_code == 302
    return reply.headers["location"]


def code_of(location: str) -> str:
    return parse_qs(urlsplit(location).query)["code"][0]


def exchange(
    http: httpx.Client, simulator: Simulator, attempt: SignInAttempt, code: str, /, **changes: str
) -> httpx.Response:
    form = {
        "grant_type": "authorization_code",
        "client_id": attempt.client_id,
        "code": code,
        "redirect_uri": attempt.redirect_uri,
        "code_verifier": attempt.code_verifier,
        **changes,
    }
    return http.post(f"{simulator.url}/oauth/token", data=form)


def refresh(
    http: httpx.Client, simulator: Simulator, token: str, client_id: str = CODEX_CLIENT
) -> httpx.Response:
    body = {"client_id": client_id, "grant_type": "refresh_token", "refresh_token": token}
    return http.post(f"{simulator.url}/oauth/token", json=body)


def usage_status(http: httpx.Client, simulator: Simulator, access_token: str, who: str) -> int:
    headers = {"authorization": f"Bearer {access_token}", "chatgpt-account-id": who}
    return http.get(f"{simulator.url}/backend-api/wham/usage", headers=headers).status_code


def test_page_is_a_plain_form_with_stable_names(http: httpx.Client, simulator: Simulator) -> None:
    page = http.get(SignInAttempt().address(simulator)).text
    for element in ("authorize", "account-ann", "account-bo", "account-cy", "allow", "deny"):
        assert f'id="{element}"' in page
    assert "simulator" in page
    assert "<script" not in page
    assert page.index('id="allow"') < page.index('id="deny"')


def test_allowed_request_goes_back_with_code_and_state(
    http: httpx.Client, simulator: Simulator
) -> None:
    attempt = SignInAttempt()
    location = allow(http, simulator, attempt)
    assert location.startswith(attempt.redirect_uri + "?")
    query = dict(parse_qsl(urlsplit(location).query))
    assert query["state"] == attempt.state
    assert len(query["code"]) > 40


@pytest.mark.parametrize(
    ("form", "description"),
    [
        ({"decision": "deny"}, "The request was denied."),
        ({"account": "cy@example.com"}, "missing_codex_entitlement"),
    ],
)
def test_refusals_go_back_as_access_denied(
    http: httpx.Client, simulator: Simulator, form: dict[str, str], description: str
) -> None:
    attempt = SignInAttempt()
    query = dict(parse_qsl(urlsplit(allow(http, simulator, attempt, **form)).query))
    assert query == {
        "error": "access_denied",
        "error_description": description,
        "state": attempt.state,
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"response_type": "token"},
        {"client_id": "app_other"},
        {"client_id": None},
        {"redirect_uri": "http://localhost:1456/auth/callback"},
        {"redirect_uri": "https://localhost:1455/auth/callback"},
        {"redirect_uri": "http://evil.example:1455/auth/callback"},
        {"redirect_uri": "http://localhost:1455/other"},
        {"redirect_uri": "http://localhost:1455/auth/callback?x=1"},
        {"redirect_uri": "http://localhost:port/auth/callback"},
        {"state": None},
        {"code_challenge": None},
        {"code_challenge": "short"},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": None},
        {"scope": "openid everything"},
    ],
)
def test_malformed_requests_get_a_page_and_no_redirect(
    http: httpx.Client, make_simulator: MakeSimulator, changes: dict[str, str | None]
) -> None:
    simulator = make_simulator(any_port=False)
    reply = http.get(SignInAttempt().address(simulator, **changes))
    assert reply.status_code == 400
    assert 'id="message"' in reply.text


def test_doubled_parameter_is_malformed(http: httpx.Client, simulator: Simulator) -> None:
    assert http.get(SignInAttempt().address(simulator) + "&state=other").status_code == 400


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
@pytest.mark.parametrize("port", [1455, 1457])
@pytest.mark.parametrize("client_id", [CODEX_CLIENT, DONE_HUB_CLIENT])
def test_registered_callbacks(
    http: httpx.Client, make_simulator: MakeSimulator, host: str, port: int, client_id: str
) -> None:
    attempt = SignInAttempt(f"http://{host}:{port}/auth/callback", client_id)
    assert http.get(attempt.address(make_simulator(any_port=False))).status_code == 200


def test_a_page_answers_once(http: httpx.Client, simulator: Simulator) -> None:
    fields = {"page": "unknown", "account": "ann@example.com", "decision": "allow"}
    reply = http.post(f"{simulator.url}/oauth/authorize/decision", data=fields)
    assert reply.status_code == 400
    assert "location" not in reply.headers


@pytest.mark.parametrize("as_json", [False, True])
def test_code_becomes_tokens(http: httpx.Client, simulator: Simulator, as_json: bool) -> None:
    attempt = SignInAttempt()
    form = {
        "grant_type": "authorization_code",
        "client_id": CODEX_CLIENT,
        "code": code_of(allow(http, simulator, attempt, account="bo@example.com")),
        "redirect_uri": attempt.redirect_uri,
        "code_verifier": attempt.code_verifier,
    }
    url = f"{simulator.url}/oauth/token"
    reply = http.post(url, json=form) if as_json else http.post(url, data=form)
    assert reply.status_code == 200
    assert reply.headers["cache-control"] == "no-store"
    tokens = reply.json()
    assert tokens["token_type"] == "Bearer"
    assert tokens["expires_in"] == 10 * 24 * 3600
    for name in ("id_token", "access_token"):
        claims = jwt.decode(tokens[name], options={"verify_signature": False})
        assert claims["https://api.openai.com/auth"]["chatgpt_account_id"] == BO.account_id
        assert claims["https://api.openai.com/auth"]["chatgpt_plan_type"] == "pro"
        assert claims["https://api.openai.com/auth"]["chatgpt_user_id"] == BO.user_id
        assert claims["exp"] > time.time()
    access = jwt.decode(tokens["access_token"], options={"verify_signature": False})
    assert access["https://api.openai.com/profile"]["email"] == "bo@example.com"
    assert usage_status(http, simulator, tokens["access_token"], BO.account_id) == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "x" * 43},
        {"code_verifier": "short"},
        {"redirect_uri": "http://127.0.0.1:1455/auth/callback"},
        {"client_id": DONE_HUB_CLIENT},
        {"code": "ac_unknown"},
    ],
)
def test_code_does_not_fit(
    http: httpx.Client, simulator: Simulator, changes: dict[str, str]
) -> None:
    attempt = SignInAttempt()
    code = code_of(allow(http, simulator, attempt))
    reply = exchange(http, simulator, attempt, code, **changes)
    assert reply.status_code == 400
    assert reply.json()["error"] == "invalid_grant"


def test_code_expires(http: httpx.Client, simulator: Simulator) -> None:
    attempt = SignInAttempt()
    code = code_of(allow(http, simulator, attempt))
    simulator.advance(61)
    assert exchange(http, simulator, attempt, code).json()["error"] == "invalid_grant"


def test_reused_code_revokes_what_it_bought(http: httpx.Client, simulator: Simulator) -> None:
    attempt = SignInAttempt()
    code = code_of(allow(http, simulator, attempt, account="bo@example.com"))
    first = exchange(http, simulator, attempt, code).json()
    second = exchange(http, simulator, attempt, code)
    assert (second.status_code, second.json()["error"]) == (400, "invalid_grant")
    assert usage_status(http, simulator, first["access_token"], BO.account_id) == 401
    refused = refresh(http, simulator, first["refresh_token"]).json()
    assert refused["error"]["code"] == "refresh_token_invalidated"


@pytest.mark.parametrize(
    ("fields", "status", "error"),
    [
        ({"grant_type": "password", "client_id": CODEX_CLIENT}, 400, "unsupported_grant_type"),
        ({"grant_type": "refresh_token", "client_id": "other"}, 401, "invalid_client"),
        ({"grant_type": "refresh_token"}, 401, "invalid_client"),
    ],
)
def test_token_request_that_makes_no_sense(
    http: httpx.Client, simulator: Simulator, fields: dict[str, str], status: int, error: str
) -> None:
    reply = http.post(f"{simulator.url}/oauth/token", data=fields)
    assert (reply.status_code, reply.json()["error"]) == (status, error)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"client_id=a&client_id=b", "application/x-www-form-urlencoded"),
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"grant_type=refresh_token", "text/plain"),
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
    ],
)
def test_token_request_that_cannot_be_read(
    http: httpx.Client, simulator: Simulator, content: bytes, kind: str
) -> None:
    url = f"{simulator.url}/oauth/token"
    reply = http.post(url, content=content, headers={"content-type": kind})
    assert (reply.status_code, reply.json()["error"]) == (400, "invalid_request")


def test_refresh_rotates_and_reuse_ends_the_family(
    http: httpx.Client, simulator: Simulator
) -> None:
    tokens = issue_tokens(simulator)
    renewed = refresh(http, simulator, tokens.refresh_token).json()
    assert renewed["refresh_token"] != tokens.refresh_token
    assert usage_status(http, simulator, renewed["access_token"], tokens.account_id) == 200

    reused = refresh(http, simulator, tokens.refresh_token)
    assert reused.status_code == 400
    assert reused.json()["error"]["code"] == "refresh_token_reused"
    assert reused.json()["error"]["message"]
    assert usage_status(http, simulator, renewed["access_token"], tokens.account_id) == 401
    last = refresh(http, simulator, renewed["refresh_token"]).json()
    assert last["error"]["code"] == "refresh_token_invalidated"


def test_refresh_in_the_form_encoding_of_the_notes(
    http: httpx.Client, simulator: Simulator
) -> None:
    form = {
        "grant_type": "refresh_token",
        "client_id": CODEX_CLIENT,
        "refresh_token": issue_tokens(simulator).refresh_token,
    }
    assert http.post(f"{simulator.url}/oauth/token", data=form).status_code == 200


def test_refresh_tokens_are_bound_to_their_client(http: httpx.Client, simulator: Simulator) -> None:
    tokens = issue_tokens(simulator)
    other = refresh(http, simulator, tokens.refresh_token, DONE_HUB_CLIENT)
    assert (other.status_code, other.json()["error"]) == (400, "invalid_grant")
    assert refresh(http, simulator, tokens.refresh_token).status_code == 200
    assert refresh(http, simulator, "rt_unknown").json()["error"] == "invalid_grant"


@pytest.mark.parametrize("status", [400, 401])
def test_refused_refresh_names_the_reason(
    http: httpx.Client, simulator: Simulator, status: int
) -> None:
    simulator.state.refresh_refusal_status = status
    expired, revoked = issue_tokens(simulator), issue_tokens(simulator)
    simulator.expire_refresh_tokens()
    reply = refresh(http, simulator, expired.refresh_token)
    assert reply.status_code == status
    assert reply.json()["error"]["code"] == "refresh_token_expired"
    simulator.revoke_all()
    reply = refresh(http, simulator, revoked.refresh_token)
    assert reply.status_code == status
    assert reply.json()["error"]["code"] == "refresh_token_invalidated"


def test_access_tokens_end_when_they_say(http: httpx.Client, make_simulator: MakeSimulator) -> None:
    simulator = make_simulator(clock=SimulatedClock(speed=0))
    simulator.set_access_token_seconds(10)
    tokens = issue_tokens(simulator)
    claims = jwt.decode(tokens.access_token, options={"verify_signature": False})
    assert claims["exp"] == int(simulator.clock.now()) + 10
    assert usage_status(http, simulator, tokens.access_token, tokens.account_id) == 200
    simulator.advance(11)
    assert usage_status(http, simulator, tokens.access_token, tokens.account_id) == 401
    assert refresh(http, simulator, tokens.refresh_token).json()["expires_in"] == 10


def test_access_tokens_can_end_before_they_say(http: httpx.Client, simulator: Simulator) -> None:
    tokens = issue_tokens(simulator)
    simulator.expire_access_tokens()
    assert usage_status(http, simulator, tokens.access_token, tokens.account_id) == 401
    renewed = refresh(http, simulator, tokens.refresh_token).json()["access_token"]
    assert usage_status(http, simulator, renewed, tokens.account_id) == 200


def test_revocation(http: httpx.Client, simulator: Simulator) -> None:
    url = f"{simulator.url}/oauth/revoke"
    tokens, other = issue_tokens(simulator), issue_tokens(simulator)
    body = {"token": tokens.refresh_token, "token_type_hint": "refresh_token"}
    assert http.post(url, json=body).json()["error"] == "invalid_client"
    assert http.post(url, json={**body, "client_id": CODEX_CLIENT}).status_code == 200
    assert usage_status(http, simulator, tokens.access_token, tokens.account_id) == 401

    body = {"token": other.access_token, "token_type_hint": "access_token"}
    assert http.post(url, json=body).status_code == 200
    assert usage_status(http, simulator, other.access_token, other.account_id) == 401
    assert refresh(http, simulator, other.refresh_token).status_code == 200

    assert http.post(url, json={"token": "unknown"}).status_code == 200
    assert http.post(url, json={}).json()["error"] == "invalid_request"


def test_tokens_cannot_be_guessed(simulator: Simulator) -> None:
    issued = [issue_tokens(simulator) for _ in range(20)]
    assert len({tokens.access_token for tokens in issued}) == 20
    assert len({tokens.refresh_token for tokens in issued}) == 20
    assert all(len(tokens.refresh_token) >= 64 for tokens in issued)
