"""The resets that may be redeemed: read rarely, from the service itself, never spent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from support.signed_in import tokens_from
from support.simulator import MakeSimulator

from app.auth.bearer import AuthorizedTransport
from app.auth.session import Session
from app.auth.vault import MemoryVault
from app.endpoints import Endpoints
from app.http_client import HttpClient
from app.simulator.faults import Fault as Scripted
from app.simulator.server import Simulator
from app.transport import Transport
from app.usage.client import UsageClient
from app.usage.limits import UsageSnapshot
from app.usage.reset_credits import ResetCreditReader

DETAILS = "/backend-api/wham/rate-limit-reset-credits"
HOUR = timedelta(hours=1)


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def simulator(make_simulator: MakeSimulator) -> Simulator:
    return make_simulator("everything")


@asynccontextmanager
async def transport_to(simulator: Simulator) -> AsyncIterator[tuple[Transport, Endpoints]]:
    http = HttpClient(user_agent="tidegauge-tests/1")
    endpoints = Endpoints(simulator.url, simulator.url)
    session = Session(http, endpoints, MemoryVault(tokens_from(simulator, now())), now)
    await session.restore()
    try:
        yield AuthorizedTransport(http, session), endpoints
    finally:
        await http.aclose()


def told(count: int | None = 2, **changes: str) -> UsageSnapshot:
    return replace(
        UsageSnapshot(now(), reset_credits=count, account_id="acc", user_id="user"),
        **changes,  # type: ignore[arg-type]
    )


def later(snapshot: UsageSnapshot, by: timedelta) -> UsageSnapshot:
    return replace(snapshot, fetched_at=snapshot.fetched_at + by)


async def test_a_poll_tells_how_many_and_until_when(simulator: Simulator) -> None:
    async with transport_to(simulator) as (transport, endpoints):
        client = UsageClient(transport, endpoints)
        snapshot = await client.fetch()
        again = await client.fetch()
    assert snapshot.reset_credits == 2
    held = snapshot.reset_credit_list
    assert held is not None
    expiries = [one.expires_at for one in held if one.expires_at is not None]
    days = [(moment - snapshot.as_of).total_seconds() / 86_400 for moment in expiries]
    assert days == pytest.approx([2, 20], abs=0.01)
    assert held[0].title == "Reset of both limits"
    assert again.reset_credit_list == held
    assert [r.method for r in simulator.requests_to(DETAILS)] == ["GET"]  # once, and only read


async def test_they_are_read_anew_after_an_hour_or_when_their_number_changes(
    simulator: Simulator,
) -> None:
    async with transport_to(simulator) as (transport, endpoints):
        reader = ResetCreditReader(transport, endpoints)
        first = told()
        for snapshot, requests in [
            (first, 1),
            (later(first, HOUR - timedelta(seconds=1)), 1),
            (later(first, HOUR), 2),
            (told(1), 3),
            (later(first, -HOUR), 4),  # the clock was set back
            (told(account_id="other"), 5),
        ]:
            completed = await reader.completed(snapshot)
            assert completed.reset_credit_list is not None
            assert len(simulator.requests_to(DETAILS)) == requests


@pytest.mark.parametrize(
    ("snapshot", "known"),
    [(told(0), ()), (told(None), None), (told(account_id="", user_id=""), None)],
)
async def test_without_any_or_without_an_owner_nothing_is_asked(
    simulator: Simulator, snapshot: UsageSnapshot, known: tuple[()] | None
) -> None:
    async with transport_to(simulator) as (transport, endpoints):
        completed = await ResetCreditReader(transport, endpoints).completed(snapshot)
    assert completed.reset_credit_list == known
    assert simulator.requests_to(DETAILS) == []


@pytest.mark.parametrize(
    ("scripted", "asked_again"),
    [
        (Scripted(500, b""), True),
        (Scripted(200, b"not JSON"), True),
        (Scripted(body=b"x", cut_head=True, reset=True), True),
        (Scripted(403, b'{"detail": "no"}'), False),
        (Scripted(404, b'{"detail": "Not Found"}'), False),
        (Scripted(200, b"<html>challenge</html>", content_type="text/html"), True),
    ],
)
async def test_a_failure_costs_only_the_details(
    simulator: Simulator, scripted: Scripted, asked_again: bool
) -> None:
    """A refusal will not change while the program runs; anything else may within an hour."""
    async with transport_to(simulator) as (transport, endpoints):
        simulator.faults.add(DETAILS, scripted)
        reader = ResetCreditReader(transport, endpoints)
        first = told()
        assert (await reader.completed(first)).reset_credit_list is None
        assert (await reader.completed(later(first, HOUR / 2))).reset_credit_list is None
        assert len(simulator.requests_to(DETAILS)) == 1
        after = await reader.completed(later(first, HOUR))
    assert (after.reset_credit_list is not None) is asked_again
    assert len(simulator.requests_to(DETAILS)) == 1 + asked_again


async def test_old_details_are_better_than_none(simulator: Simulator) -> None:
    async with transport_to(simulator) as (transport, endpoints):
        reader = ResetCreditReader(transport, endpoints)
        first = await reader.completed(told())
        simulator.faults.add(DETAILS, Scripted(500, b""))
        after = await reader.completed(later(first, HOUR))
        assert after.reset_credit_list == first.reset_credit_list
        simulator.faults.add(DETAILS, Scripted(404, b""))
        other = await reader.completed(told(account_id="other"))
    assert other.reset_credit_list is None  # what is known is somebody else's


async def test_a_refusal_of_the_token_is_no_refusal_of_the_session(simulator: Simulator) -> None:
    """A 401 is answered by one refresh at most, then the details are left alone."""
    async with transport_to(simulator) as (transport, endpoints):
        for _ in range(4):
            simulator.faults.add(DETAILS, Scripted(401, b'{"detail": "Unauthorized"}'))
        reader = ResetCreditReader(transport, endpoints)
        first = told()
        for hours in range(3):
            completed = await reader.completed(later(first, hours * HOUR))
            assert completed.reset_credit_list is None
        assert (await UsageClient(transport, endpoints).fetch()).plan == "business"
    assert len(simulator.requests_to("/oauth/token", "POST")) == 1
