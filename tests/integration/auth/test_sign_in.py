"""Signing in through a browser, from the start page to the tokens."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from support.raw_http import exchange, get, is_open, status_of

from app.auth import callback_port
from app.auth.callback_port import claim_port
from app.auth.client_profiles import DONE_HUB
from app.auth.sign_in import sign_in_with_browser
from app.auth.tokens import TokenSet
from app.clocks import Clocks, running, wall
from app.endpoints import Endpoints
from app.errors import AppError, FaultKind
from app.http_client import HttpClient
from app.simulator.accounts import ANN, BO, CY
from app.simulator.faults import late, no_reply, refused
from app.simulator.server import Simulator
from app.simulator.visitor import LastPage, visit

SignIn = Callable[..., Coroutine[Any, Any, TokenSet]]


class Visitor:
    """A person with a browser; `page` is what they see at the end."""

    def __init__(self, account: str = ANN.email, decision: str = "allow") -> None:
        self.account = account
        self.decision = decision
        self.address = ""
        self.page: LastPage | None = None

    async def open(self, address: str) -> bool:
        self.address = address
        self.page = await asyncio.to_thread(visit, address, self.account, self.decision)
        return True


@pytest.fixture
def sign_in(http: HttpClient, endpoints: Endpoints) -> SignIn:
    async def run(open_url: Callable[[str], Any], **more: Any) -> TokenSet:
        options = {"ports": (0,), "deadline_s": 20.0, **more}
        return await sign_in_with_browser(http, endpoints, open_url, **options)

    return run


async def fault_of(call: Awaitable[TokenSet]) -> FaultKind:
    with pytest.raises(AppError) as caught:
        await call
    return caught.value.fault.kind


def port_of(address: str) -> int:
    port = urlsplit(address).port
    assert port is not None
    return port


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
async def test_a_sign_in_brings_tokens_and_account(
    simulator: Simulator, sign_in: SignIn, host: str
) -> None:
    """T-12, T-13, F-T01"""
    visitor = Visitor(BO.email)
    tokens = await sign_in(visitor.open, redirect_host=host)
    assert (tokens.account.account_id, tokens.account.email) == (BO.account_id, BO.email)
    assert tokens.account.plan == BO.plan
    assert tokens.issuer == simulator.url
    assert visitor.page is not None
    assert visitor.page.status == 200
    end = urlsplit(visitor.page.url)
    assert (end.path, end.query) == ("/signed-in", "")
    assert not await is_open(port_of(visitor.address))
    sent = simulator.requests_to("/oauth/token")[0].form()
    assert sent["redirect_uri"] == f"http://{host}:{port_of(visitor.address)}/auth/callback"


@pytest.mark.parametrize("days", [-2, 2])
async def test_a_clock_that_is_days_off_does_not_matter(sign_in: SignIn, days: int) -> None:
    """F-L20"""
    clocks = Clocks(wall=lambda: wall() + timedelta(days=days))
    assert (await sign_in(Visitor().open, clocks=clocks)).account.email == ANN.email


async def test_the_registered_port_is_the_default(http: HttpClient, endpoints: Endpoints) -> None:
    visitor = Visitor()
    await sign_in_with_browser(http, endpoints, visitor.open)
    assert port_of(visitor.address) in (1455, 1457)


async def test_nothing_secret_is_in_the_address_a_browser_is_given(
    simulator: Simulator, sign_in: SignIn
) -> None:
    """T-03, T-34, T-42: it stands in the arguments of the opener and of the browser."""
    visitor = Visitor()
    await sign_in(visitor.open)
    authorize = simulator.requests_to("/oauth/authorize")[0]
    query = parse_qs(authorize.query)
    for name in ("state", "code_challenge"):
        assert query[name][0] not in visitor.address


async def test_a_callback_without_the_browsers_cookie_fails(
    simulator: Simulator, sign_in: SignIn
) -> None:
    """T-03: the right state, injected by somebody who could read it."""
    seen: list[int] = []

    async def open_and_inject(address: str) -> bool:
        port = port_of(address)
        reply = await exchange(port, get(urlsplit(address).path, port))
        location = next(
            line.partition(b": ")[2].decode()
            for line in reply.split(b"\r\n")
            if line.startswith(b"Location")
        )
        state = parse_qs(urlsplit(location).query)["state"][0]
        injected = get(f"/auth/callback?code=theirs&state={state}", port)
        seen.append(status_of(await exchange(port, injected)))
        return True

    assert await fault_of(sign_in(open_and_inject, deadline_s=0.5)) is FaultKind.SIGN_IN_TIMED_OUT
    assert seen == [400]
    assert simulator.requests_to("/oauth/token") == []


async def test_hostile_requests_change_nothing_and_the_sign_in_goes_on(
    simulator: Simulator, sign_in: SignIn
) -> None:
    """T-04, T-05, T-06, T-07, T-15, figure 9"""
    visitor = Visitor()

    async def open_after_attacks(address: str) -> bool:
        port = port_of(address)
        for raw in (
            get("/cancel", port),
            get("/success", port),
            get("/auth/callback?error=access_denied", port),
            get("/auth/callback?code=x&state=guess", port),
            get("/auth/callback?code=x&state=guess", port, host="evil.example"),
            b"POST /auth/callback HTTP/1.1\r\n\r\n",
        ):
            assert status_of(await exchange(port, raw)) >= 400
        return await visitor.open(address)

    assert (await sign_in(open_after_attacks)).account.email == ANN.email
    assert len(simulator.requests_to("/oauth/token")) == 1


async def test_an_answer_that_comes_fifty_times_is_exchanged_once(
    simulator: Simulator, sign_in: SignIn
) -> None:
    """T-10, F-L10"""

    async def open_many_times(address: str) -> bool:
        port = port_of(address)
        start = await exchange(port, get(urlsplit(address).path, port))
        lines = dict(line.decode().split(": ", 1) for line in start.split(b"\r\n") if b": " in line)
        cookie = lines["Set-Cookie"].partition(";")[0]
        state = parse_qs(urlsplit(lines["Location"]).query)["state"][0]
        raw = get(f"/auth/callback?code=wrong&state={state}", port, f"Cookie: {cookie}")
        await asyncio.gather(*(exchange(port, raw) for _ in range(50)), return_exceptions=True)
        return True

    assert await fault_of(sign_in(open_many_times)) is FaultKind.SIGN_IN_FAILED
    assert len(simulator.requests_to("/oauth/token")) == 1


@pytest.mark.parametrize(
    ("visitor", "kind", "page"),
    [
        (Visitor(decision="deny"), FaultKind.SIGN_IN_DENIED, "/denied"),
        (Visitor(CY.email), FaultKind.SIGN_IN_NOT_ENTITLED, "/denied"),
    ],
)
async def test_a_refusal_has_its_own_kind_and_page(
    simulator: Simulator, sign_in: SignIn, visitor: Visitor, kind: FaultKind, page: str
) -> None:
    """F-L04"""
    assert await fault_of(sign_in(visitor.open)) is kind
    assert visitor.page is not None
    assert urlsplit(visitor.page.url).path == page
    assert simulator.requests_to("/oauth/token") == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{}", FaultKind.SIGN_IN_FAILED),
        (b'{"access_token":"a","id_token":"b"}', FaultKind.SIGN_IN_FAILED),
        (b'{"access_token":"a","id_token":"b","refresh_token":"c"}', FaultKind.SIGN_IN_FAILED),
        (b"<html>", FaultKind.PORTAL),
        (b"[]", FaultKind.NOT_UNDERSTOOD),
    ],
)
async def test_an_incomplete_token_reply_is_refused(
    simulator: Simulator, sign_in: SignIn, body: bytes, kind: FaultKind
) -> None:
    """F-L07"""
    simulator.faults.add("/oauth/token", refused(200, body))
    assert await fault_of(sign_in(Visitor().open)) is kind


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, b'{"error":"invalid_grant"}', FaultKind.SIGN_IN_FAILED),
        (429, b"", FaultKind.RATE_LIMITED),
        (503, b"", FaultKind.SERVER_ERROR),
    ],
)
async def test_a_refused_exchange_is_not_repeated(
    simulator: Simulator, sign_in: SignIn, status: int, body: bytes, kind: FaultKind
) -> None:
    """F-L05, F-L06"""
    simulator.faults.add("/oauth/token", refused(status, body), times=None)
    assert await fault_of(sign_in(Visitor().open)) is kind
    assert len(simulator.requests_to("/oauth/token")) == 1


async def test_a_code_that_may_have_arrived_is_not_sent_again(
    simulator: Simulator, sign_in: SignIn
) -> None:
    """F-L06"""
    simulator.faults.add("/oauth/token", no_reply())
    assert await fault_of(sign_in(Visitor().open)) is FaultKind.INTERRUPTED
    assert len(simulator.requests_to("/oauth/token")) == 1


async def test_a_server_that_is_gone_is_tried_twice_and_said(
    simulator: Simulator, sign_in: SignIn
) -> None:
    """F-L06"""
    visitor = Visitor()

    async def open_and_stop(address: str) -> bool:
        await visitor.open(address)
        await asyncio.to_thread(simulator.stop)
        return True

    simulator.faults.add("/oauth/token", late(5))
    kind = await fault_of(sign_in(open_and_stop))
    assert kind in (FaultKind.OFFLINE, FaultKind.INTERRUPTED)


async def test_nobody_answers_in_time(simulator: Simulator, sign_in: SignIn) -> None:
    """F-L02, T-12"""
    addresses: list[str] = []
    call = sign_in(lambda _url: False, deadline_s=0.2, on_waiting=addresses.append)
    assert await fault_of(call) is FaultKind.SIGN_IN_TIMED_OUT
    assert not await is_open(port_of(addresses[0]))


async def test_an_answer_after_a_long_sleep_comes_too_late(
    simulator: Simulator, sign_in: SignIn
) -> None:
    """F-L16: right in every way, but the machine slept for five minutes meanwhile."""
    slept_s = 0.0
    seen: list[int] = []

    async def open_and_sleep(address: str) -> bool:
        nonlocal slept_s
        port = port_of(address)
        start = await exchange(port, get(urlsplit(address).path, port))
        lines = dict(line.decode().split(": ", 1) for line in start.split(b"\r\n") if b": " in line)
        cookie = lines["Set-Cookie"].partition(";")[0]
        state = parse_qs(urlsplit(lines["Location"]).query)["state"][0]
        slept_s = 300
        late = get(f"/auth/callback?code=late&state={state}", port, f"Cookie: {cookie}")
        seen.append(status_of(await exchange(port, late)))
        return True

    clocks = Clocks(running=lambda: running() + slept_s)
    call = sign_in(open_and_sleep, deadline_s=300.0, clocks=clocks)
    assert await fault_of(call) is FaultKind.SIGN_IN_TIMED_OUT
    assert seen == [403]
    assert simulator.requests_to("/oauth/token") == []


async def test_without_a_browser_a_person_opens_the_address(
    simulator: Simulator, sign_in: SignIn
) -> None:
    """F-L12"""
    shown: asyncio.Queue[str] = asyncio.Queue()
    visitor = Visitor()
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(sign_in(lambda _url: False, on_waiting=shown.put_nowait))
        await visitor.open(await shown.get())
    assert waiting.result().account.email == ANN.email


async def test_cancelling_closes_the_port_at_once(sign_in: SignIn) -> None:
    """F-L02, T-12"""
    shown: asyncio.Queue[str] = asyncio.Queue()
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(sign_in(lambda _url: True, on_waiting=shown.put_nowait))
        port = port_of(await shown.get())
        assert await is_open(port)
        waiting.cancel()
    assert waiting.cancelled()
    assert not await is_open(port)


async def test_cancelling_during_the_exchange_closes_the_port_at_once(
    simulator: Simulator, sign_in: SignIn
) -> None:
    """F-L02"""
    simulator.faults.add("/oauth/token", late(20))
    visitor = Visitor()
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(sign_in(visitor.open))
        exchanging = lambda: bool(simulator.requests_to("/oauth/token"))  # noqa: E731
        assert await asyncio.to_thread(simulator.wait_until, exchanging)
        waiting.cancel()
    assert waiting.cancelled()
    assert not await is_open(port_of(visitor.address))


async def test_no_port_no_browser(
    simulator: Simulator, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T-01, F-L01"""
    monkeypatch.setattr(callback_port, "_PAUSE_S", 0.01)
    opened: list[str] = []
    claimed = await claim_port((0,), "localhost")
    try:
        call = sign_in(opened.append, ports=(claimed.port,))
        assert await fault_of(call) is FaultKind.CALLBACK_PORTS_TAKEN
    finally:
        for sock in claimed.sockets:
            sock.close()
    assert opened == []


async def test_the_done_hub_profile_signs_in_too(simulator: Simulator, sign_in: SignIn) -> None:
    tokens = await sign_in(Visitor().open, client=DONE_HUB)
    assert tokens.client_id == DONE_HUB.client_id
