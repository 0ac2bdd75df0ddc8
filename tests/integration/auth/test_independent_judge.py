"""Our client before an authorization server that others wrote and a foundation certified.

oidc-provider reads PKCE, codes, rotation and reuse as the standards say, whatever we believe.
"""

from __future__ import annotations

import asyncio
import os
import random
import secrets
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from support.authorization_judge import PERSON, Judge, authorization_judge
from support.refreshing_process import FileVault, answer_of, ask, refreshing_process
from support.signed_in import Clock

from app.auth.client_profiles import CODEX, DONE_HUB, ClientProfile
from app.auth.oauth import (
    ENTROPY_BYTES,
    AuthorizationRequest,
    CallbackAnswer,
    authorization_request,
    read_callback,
)
from app.auth.refresh_lock import FileRefreshLock
from app.auth.session import Session
from app.auth.sign_in import sign_in_with_browser
from app.auth.token_endpoint import TokenEndpoint
from app.auth.tokens import TokenSet
from app.auth.vault import MemoryVault
from app.endpoints import Endpoints
from app.errors import AppError, FaultKind
from app.http_client import HttpClient
from app.simulator.visitor import visit

ROUNDS = int(os.environ.get("TIDEGAUGE_ROUNDS", "3"))
KILLS = int(os.environ.get("TIDEGAUGE_KILLS", "6"))
PROCESSES = 8
REDIRECT = "http://localhost:1455/auth/callback"
REUSED = "refresh token already used"

each_profile = pytest.mark.parametrize("client", [CODEX, DONE_HUB], ids=lambda c: c.name)


@pytest.fixture
def judge() -> Iterator[Judge]:
    with authorization_judge() as running:
        yield running


@pytest.fixture
def endpoints(judge: Judge) -> Endpoints:
    return Endpoints(judge.url, judge.url)


@pytest.fixture
def token_endpoint(http: HttpClient) -> TokenEndpoint:
    return TokenEndpoint(http, lambda: datetime.now(UTC))


def asked(endpoints: Endpoints, client: ClientProfile = CODEX) -> AuthorizationRequest:
    return authorization_request(endpoints, client, REDIRECT, secrets.token_bytes(ENTROPY_BYTES))


def answered(judge: Judge, request: AuthorizationRequest) -> CallbackAnswer:
    """What our client makes of the callback that the judge sends the browser to."""
    callback = urlsplit(judge.callback_of(request.url))
    assert f"{callback.scheme}://{callback.netloc}{callback.path}" == REDIRECT
    answer = read_callback(callback.query, request)
    assert answer is not None
    return answer


async def tokens_of(
    judge: Judge, endpoints: Endpoints, token_endpoint: TokenEndpoint, client: ClientProfile = CODEX
) -> TokenSet:
    request = asked(endpoints, client)
    answer = await asyncio.to_thread(answered, judge, request)
    return await token_endpoint.exchange(endpoints, client, request, answer.code)


def session_with(
    http: HttpClient, endpoints: Endpoints, clock: Clock, tokens: TokenSet
) -> tuple[Session, MemoryVault]:
    vault = MemoryVault(tokens)
    return Session(http, endpoints, vault, clock), vault


@each_profile
async def test_a_sign_in_passes(
    judge: Judge, http: HttpClient, endpoints: Endpoints, client: ClientProfile
) -> None:
    """Code, PKCE, `state` and `iss` as the standards want them, from the start page to tokens."""

    async def open_url(address: str) -> bool:
        page = await asyncio.to_thread(visit, address, PERSON)
        assert page.url.endswith("/signed-in")
        return True

    tokens = await sign_in_with_browser(http, endpoints, open_url, ports=(0,), client=client)
    assert tokens.account.email == PERSON
    assert judge.judged() == [
        {"grant": "authorization_code", "was_json": False, "outcome": "granted"}
    ]


async def test_the_issuer_is_returned_and_another_one_ends_it(
    judge: Judge, http: HttpClient, endpoints: Endpoints
) -> None:
    """T-09: nothing is exchanged with anybody."""
    request = asked(endpoints)
    callback = await asyncio.to_thread(judge.callback_of, request.url)
    assert parse_qs(urlsplit(callback).query)["iss"] == [judge.url]
    judge.mix_up()

    async def open_url(address: str) -> bool:
        page = await asyncio.to_thread(visit, address, PERSON)
        assert page.url.endswith("/failed")
        return True

    with pytest.raises(AppError) as caught:
        await sign_in_with_browser(http, endpoints, open_url, ports=(0,))
    assert caught.value.fault.kind is FaultKind.SIGN_IN_FAILED
    assert "another issuer" in caught.value.fault.detail
    assert judge.judged() == []


async def test_a_challenge_is_demanded(judge: Judge, endpoints: Endpoints) -> None:
    """Without PKCE the judge refuses, and our client takes the refusal for one (F-L04)."""
    request = asked(endpoints)
    query = parse_qs(urlsplit(request.url).query)
    kept = {name: values[0] for name, values in query.items() if "challenge" not in name}
    bare = replace(request, url=f"{endpoints.authorize}?{urlencode(kept)}")
    answer = await asyncio.to_thread(answered, judge, bare)
    assert answer.fault is not None
    assert answer.fault.kind is FaultKind.SIGN_IN_FAILED
    assert answer.fault.detail == "invalid_request"


async def test_another_verifier_is_refused(
    judge: Judge, endpoints: Endpoints, token_endpoint: TokenEndpoint
) -> None:
    """A stolen code is worth nothing without the verifier, which never leaves the process."""
    request = asked(endpoints)
    answer = await asyncio.to_thread(answered, judge, request)
    stolen = replace(request, code_verifier=asked(endpoints).code_verifier)
    with pytest.raises(AppError) as caught:
        await token_endpoint.exchange(endpoints, CODEX, stolen, answer.code)
    assert caught.value.fault.kind is FaultKind.SIGN_IN_FAILED
    (verdict,) = judge.judged(outcome="refused")
    assert (verdict["error"], verdict["detail"]) == (
        "invalid_grant",
        "code_verifier does not match code_challenge",
    )


async def test_a_code_is_good_once(
    judge: Judge, endpoints: Endpoints, token_endpoint: TokenEndpoint
) -> None:
    """F-L05: the second exchange ends the whole grant, so ours is never repeated."""
    request = asked(endpoints)
    code = (await asyncio.to_thread(answered, judge, request)).code
    tokens = await token_endpoint.exchange(endpoints, CODEX, request, code)
    with pytest.raises(AppError) as caught:
        await token_endpoint.exchange(endpoints, CODEX, request, code)
    assert caught.value.fault.kind is FaultKind.SIGN_IN_FAILED
    assert judge.judged(outcome="whole grant revoked")
    with pytest.raises(AppError) as caught:
        await token_endpoint.refresh(tokens, "scheduled")
    assert caught.value.fault.kind is FaultKind.SESSION_EXPIRED


@each_profile
async def test_a_session_rotates_for_as_long_as_it_likes(
    judge: Judge,
    http: HttpClient,
    endpoints: Endpoints,
    token_endpoint: TokenEndpoint,
    clock: Clock,
    client: ClientProfile,
) -> None:
    """F-T04, F-T06: each refresh token is used once, whichever encoding the profile speaks."""
    tokens = await tokens_of(judge, endpoints, token_endpoint, client)
    session, vault = session_with(http, endpoints, clock, tokens)
    await session.restore()
    seen = {tokens.refresh_token}
    for _ in range(4):
        clock.advance(3600)
        await asyncio.gather(*(session.access_token() for _ in range(100)))
        stored = await vault.load()
        assert stored is not None
        assert stored.refresh_token not in seen
        seen.add(stored.refresh_token)
    granted = {"grant": "refresh_token", "was_json": client is CODEX, "outcome": "granted"}
    assert judge.judged(grant="refresh_token") == [granted] * 4


async def test_a_reused_refresh_token_costs_the_whole_grant(
    judge: Judge,
    http: HttpClient,
    endpoints: Endpoints,
    token_endpoint: TokenEndpoint,
    clock: Clock,
) -> None:
    """F-T12, F-T13: why one post must be one; the loss is said once and remembered."""
    first = await tokens_of(judge, endpoints, token_endpoint)
    second = await token_endpoint.refresh(first, "scheduled")
    with pytest.raises(AppError):
        await token_endpoint.refresh(first, "scheduled")
    assert judge.judged(outcome="refused")[0]["detail"] == REUSED
    assert judge.judged(outcome="whole grant revoked")

    session, vault = session_with(http, endpoints, clock, second)
    await session.restore()
    clock.advance(3600)
    before = len(judge.judged())
    for _ in range(3):
        with pytest.raises(AppError) as caught:
            await session.access_token()
        assert caught.value.fault.kind is FaultKind.SESSION_EXPIRED
    assert len(judge.judged()) == before + 1
    stored = await vault.load()
    assert stored is not None
    assert stored.refusal == "invalid_grant"


async def test_a_sign_out_ends_it_at_the_service(
    judge: Judge,
    http: HttpClient,
    endpoints: Endpoints,
    token_endpoint: TokenEndpoint,
    clock: Clock,
) -> None:
    """T-43: the refresh token is worth nothing afterwards."""
    tokens = await tokens_of(judge, endpoints, token_endpoint)
    session, vault = session_with(http, endpoints, clock, tokens)
    await session.restore()
    assert await session.sign_out()
    assert await vault.load() is None
    with pytest.raises(AppError) as caught:
        await token_endpoint.refresh(tokens, "scheduled")
    assert caught.value.fault.kind is FaultKind.SESSION_EXPIRED


async def test_eight_processes_at_once_survive_the_judge(
    judge: Judge, endpoints: Endpoints, token_endpoint: TokenEndpoint, tmp_path: Path
) -> None:
    """F-T04, figure 6: one post per expiry, or the grant would be gone."""
    tokens = await tokens_of(judge, endpoints, token_endpoint)
    assert tokens.expires_at is not None
    await FileVault(tmp_path / "vault.json").store(tokens)
    moment = tokens.expires_at
    with ExitStack() as stack:
        running = [
            stack.enter_context(refreshing_process(tmp_path, judge.url, "file"))
            for _ in range(PROCESSES)
        ]
        assert [answer_of(process) for process in running] == ["ready"] * PROCESSES
        for number in range(1, ROUNDS + 1):
            moment += timedelta(hours=1, seconds=1)
            for process in running:
                ask(process, moment.timestamp())
            answers = {answer_of(process) for process in running}
            assert len(answers) == 1
            assert len(judge.judged(grant="refresh_token", outcome="granted")) == number
    assert judge.judged(outcome="refused") == []


def wait_for_verdict(judge: Judge, before: int) -> None:
    """Until the judge has decided on one more refresh; asking it is pause enough."""
    deadline = time.monotonic() + 60
    while len(judge.judged(grant="refresh_token")) == before:
        assert time.monotonic() < deadline


async def test_a_death_in_a_refresh_ends_new_or_honest(
    judge: Judge,
    http: HttpClient,
    endpoints: Endpoints,
    token_endpoint: TokenEndpoint,
    tmp_path: Path,
) -> None:
    """F-T05, F-T06, figure 8: killed as soon as the judge has rotated, or a little later."""
    dice = random.Random(8)
    outcomes = {"new": 0, "sign-in needed": 0}
    for number in range(KILLS):
        folder = tmp_path / str(number)
        folder.mkdir()
        vault = FileVault(folder / "vault.json")
        tokens = await tokens_of(judge, endpoints, token_endpoint)
        await vault.store(tokens)
        assert tokens.expires_at is not None
        before = len(judge.judged(grant="refresh_token"))
        with refreshing_process(folder, judge.url, "file") as process:
            assert answer_of(process) == "ready"
            ask(process, (tokens.expires_at + timedelta(seconds=1)).timestamp())
            await asyncio.to_thread(wait_for_verdict, judge, before)
            await asyncio.sleep(dice.uniform(0, 0.01))
            process.kill()
            process.wait()
        later = Clock()
        later.moment = tokens.expires_at + timedelta(seconds=7)
        found: set[str | FaultKind] = set()
        for _ in range(3):  # three starts, a minute apart
            lock = FileRefreshLock(folder / "locks")
            session = Session(http, endpoints, vault, later, lock=lock)
            await session.restore()
            try:
                found.add(await session.access_token())
            except AppError as error:
                found.add(error.fault.kind)
            later.advance(60)
        (outcome,) = found
        stored = await vault.load()
        assert stored is not None
        is_lost = outcome is FaultKind.SESSION_EXPIRED
        assert is_lost == (stored.refusal == "invalid_grant")
        assert is_lost or outcome == stored.access_token != tokens.access_token
        assert len(judge.judged(grant="refresh_token")) - before <= 2
        outcomes["sign-in needed" if is_lost else "new"] += 1
    print(outcomes)
