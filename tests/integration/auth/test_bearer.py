"""Signed requests: headers, one refresh and one repetition after a 401, nothing more."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from support.signed_in import Clock, tokens_from

from app.auth.bearer import AuthorizedTransport
from app.auth.session import Session
from app.auth.tokens import TokenSet
from app.endpoints import Endpoints
from app.errors import AppError, FaultKind
from app.http_client import HttpClient
from app.simulator.faults import refused
from app.simulator.server import Simulator
from app.transport import STREAM_BOUNDS, USAGE_BOUNDS, Reply, Request

USAGE = "/backend-api/wham/usage"


@pytest.fixture
async def tokens(simulator: Simulator, session: Session, clock: Clock) -> TokenSet:
    issued = tokens_from(simulator, clock())
    await session.adopt(issued)
    return issued


@pytest.fixture
def transport(http: HttpClient, session: Session) -> AuthorizedTransport:
    return AuthorizedTransport(http, session)


async def get_usage(transport: AuthorizedTransport, endpoints: Endpoints, way: str) -> Reply:
    request = Request("GET", endpoints.usage, {"x-own": "kept"})
    if way == "send":
        return await transport.send(request, USAGE_BOUNDS)
    async with transport.stream(request, STREAM_BOUNDS) as stream:
        body = b"".join([chunk async for chunk in stream.chunks()])
        return Reply(stream.status, stream.headers, body, Clock()())


ways = pytest.mark.parametrize("way", ["send", "stream"])


@ways
async def test_requests_carry_token_and_account(
    simulator: Simulator,
    transport: AuthorizedTransport,
    endpoints: Endpoints,
    tokens: TokenSet,
    way: str,
) -> None:
    assert (await get_usage(transport, endpoints, way)).status == 200
    sent = simulator.requests_to(USAGE)[0]
    assert sent.header("authorization") == f"Bearer {tokens.access_token}"
    assert sent.header("chatgpt-account-id") == tokens.account.account_id
    assert sent.header("x-openai-fedramp") is None
    assert sent.header("x-own") == "kept"


async def test_a_fedramp_account_says_so(
    simulator: Simulator,
    session: Session,
    transport: AuthorizedTransport,
    endpoints: Endpoints,
    tokens: TokenSet,
) -> None:
    await session.adopt(replace(tokens, account=replace(tokens.account, is_fedramp=True)))
    await get_usage(transport, endpoints, "send")
    assert simulator.requests_to(USAGE)[0].header("x-openai-fedramp") == "true"


@ways
async def test_a_401_is_cured_by_one_refresh_and_one_repetition(
    simulator: Simulator,
    transport: AuthorizedTransport,
    endpoints: Endpoints,
    tokens: TokenSet,
    way: str,
) -> None:
    """F-H02"""
    simulator.expire_access_tokens()
    assert (await get_usage(transport, endpoints, way)).status == 200
    assert len(simulator.requests_to(USAGE)) == 2
    assert len(simulator.requests_to("/oauth/token")) == 1


@ways
async def test_a_second_401_is_final(
    simulator: Simulator,
    transport: AuthorizedTransport,
    endpoints: Endpoints,
    session: Session,
    tokens: TokenSet,
    way: str,
) -> None:
    """F-H03: the session is kept."""
    simulator.faults.add(USAGE, refused(401, b'{"detail":"Unauthorized"}'), times=None)
    with pytest.raises(AppError) as caught:
        await get_usage(transport, endpoints, way)
    assert caught.value.fault.kind is FaultKind.SESSION_REFUSED
    assert caught.value.fault.status == 401
    assert len(simulator.requests_to(USAGE)) == 2
    assert len(simulator.requests_to("/oauth/token")) == 1
    assert session.account is not None


@ways
@pytest.mark.parametrize("status", [400, 403, 404, 429, 500])
async def test_no_other_status_is_repeated_or_refreshed(
    simulator: Simulator,
    transport: AuthorizedTransport,
    endpoints: Endpoints,
    tokens: TokenSet,
    way: str,
    status: int,
) -> None:
    """F-H04"""
    simulator.faults.add(USAGE, refused(status), times=None)
    assert (await get_usage(transport, endpoints, way)).status == status
    assert len(simulator.requests_to(USAGE)) == 1
    assert simulator.requests_to("/oauth/token") == []


async def test_many_refused_requests_share_one_refresh(
    simulator: Simulator, transport: AuthorizedTransport, endpoints: Endpoints, tokens: TokenSet
) -> None:
    """F-T03, figure 6"""
    simulator.expire_access_tokens()
    replies = await asyncio.gather(*(get_usage(transport, endpoints, "send") for _ in range(20)))
    assert {reply.status for reply in replies} == {200}
    assert len(simulator.requests_to("/oauth/token")) == 1


@ways
async def test_without_sign_in_nothing_is_sent(
    simulator: Simulator, transport: AuthorizedTransport, endpoints: Endpoints, way: str
) -> None:
    with pytest.raises(AppError) as caught:
        await get_usage(transport, endpoints, way)
    assert caught.value.fault.kind is FaultKind.NOT_SIGNED_IN
    assert simulator.requests == []


@pytest.mark.parametrize("suffix", [".evil.example/x", "@evil.example/x", "0/x"])
async def test_a_token_goes_to_the_backend_only(
    simulator: Simulator,
    transport: AuthorizedTransport,
    endpoints: Endpoints,
    tokens: TokenSet,
    suffix: str,
) -> None:
    """T-38"""
    request = Request("GET", endpoints.backend_url + suffix)
    with pytest.raises(AppError) as caught:
        await transport.send(request, USAGE_BOUNDS)
    assert caught.value.fault.kind is FaultKind.INTERNAL


async def test_signing_out_before_the_request_leaves_stops_it(
    simulator: Simulator,
    session: Session,
    transport: AuthorizedTransport,
    endpoints: Endpoints,
    tokens: TokenSet,
) -> None:
    """F-T08"""
    simulator.expire_access_tokens()
    async with asyncio.TaskGroup() as group:
        asking = group.create_task(get_usage_fault(transport, endpoints))
        refreshing = lambda: bool(simulator.requests_to("/oauth/token"))  # noqa: E731
        assert await asyncio.to_thread(simulator.wait_until, refreshing)
        await session.sign_out()
    assert asking.result() in (FaultKind.NOT_SIGNED_IN, None)


async def get_usage_fault(transport: AuthorizedTransport, endpoints: Endpoints) -> FaultKind | None:
    try:
        await get_usage(transport, endpoints, "send")
    except AppError as error:
        return error.fault.kind
    return None
