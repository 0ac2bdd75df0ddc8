"""The usage client over real sockets: what each reply of the service comes to."""

from __future__ import annotations

import asyncio
import gzip
import logging
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
from app.errors import AppError, Fault, FaultKind
from app.http_client import HttpClient
from app.settings import Settings
from app.simulator.faults import Fault as Scripted
from app.simulator.scenario import scenario_named
from app.simulator.server import Simulator
from app.usage.client import UsageClient
from app.usage.limits import UsageSnapshot
from app.usage.poller import Poller

USAGE = "/backend-api/wham/usage"
PAGE = b"<!doctype html><title>Welcome to the hotel</title>"
K = FaultKind


def now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def usage_client(simulator: Simulator) -> AsyncIterator[UsageClient]:
    http = HttpClient(user_agent="tidegauge-tests/1")
    endpoints = Endpoints(simulator.url, simulator.url)
    session = Session(http, endpoints, MemoryVault(tokens_from(simulator, now())), now)
    await session.restore()
    try:
        yield UsageClient(AuthorizedTransport(http, session), endpoints)
    finally:
        await http.aclose()


async def fetch(simulator: Simulator) -> UsageSnapshot:
    async with usage_client(simulator) as client:
        return await client.fetch()


async def fault_of(simulator: Simulator, *scripted: Scripted) -> Fault:
    for fault in scripted:
        simulator.faults.add(USAGE, fault)
    with pytest.raises(AppError) as caught:
        await fetch(simulator)
    return caught.value.fault


async def test_a_poll_is_one_honest_request(simulator: Simulator) -> None:
    """The official client's header set, under our own name."""
    snapshot = await fetch(simulator)
    assert [w.window_id for w in snapshot.main_windows] == ["codex/18000", "codex/604800"]
    assert [w.used_percent for w in snapshot.main_windows] == [86, 31]
    assert (snapshot.plan, snapshot.email) == ("plus", "ann@example.com")
    assert (snapshot.is_partial, snapshot.is_doubtful, snapshot.unknown) == (False, False, ())
    [request] = simulator.requests_to(USAGE)
    assert request.method == "GET"
    names = {name for name, _ in request.headers}
    assert names <= {
        "host",
        "user-agent",
        "accept",
        "accept-encoding",
        "authorization",
        "chatgpt-account-id",
        "connection",
    }
    assert dict(request.headers)["user-agent"] == "tidegauge-tests/1"
    assert dict(request.headers)["accept"] == "*/*"


async def test_every_scenario_reads_without_a_remark(make_simulator: object) -> None:
    for name in ("demo", "fresh", "weekly_only", "exhausted", "monthly_free", "team"):
        snapshot = await fetch(make_simulator(name))  # type: ignore[operator]
        assert (snapshot.is_partial, snapshot.unknown) == (False, ()), name
        assert snapshot.is_exhausted == (name == "exhausted")


@pytest.mark.parametrize(
    ("scripted", "kind"),
    [
        (Scripted(400, b'{"detail": "bad"}'), K.BAD_REQUEST),  # F-H01
        (Scripted(402, b'{"detail": "deactivated_workspace"}'), K.FORBIDDEN),  # F-H04
        (Scripted(403, b'{"detail": "no"}'), K.FORBIDDEN),
        (Scripted(403, PAGE, {"cf-ray": "8f1-FRA"}, "text/html"), K.BLOCKED),
        (Scripted(404, b"{}"), K.NOT_FOUND),  # F-H05
        (Scripted(408, b""), K.TIMED_OUT),  # F-H07
        (Scripted(418, b""), K.BAD_REQUEST),  # F-H10
        (Scripted(429, b"{}"), K.RATE_LIMITED),  # F-H13
        (Scripted(500, b"oops"), K.SERVER_ERROR),  # F-H16
        (Scripted(503, PAGE, content_type="text/html"), K.SERVER_ERROR),
        (Scripted(511, PAGE, content_type="text/html"), K.PORTAL),  # F-N15
        (Scripted(200, PAGE, content_type="text/html"), K.PORTAL),
        (Scripted(200, PAGE, {"cf-ray": "8f1"}, "text/html"), K.NOT_UNDERSTOOD),
        (Scripted(302, b"", {"location": "http://captive.example/"}), K.PORTAL),
        (Scripted(302, b"", {"location": "https://other.example/"}), K.REDIRECTED),  # F-N19
        (Scripted(200, b'{"error": {"code": "x"}}'), K.NOT_UNDERSTOOD),  # F-H17
        (Scripted(200, b""), K.NOT_UNDERSTOOD),
        (Scripted(200, b"null"), K.NOT_UNDERSTOOD),
        (Scripted(204, b"", framing="raw"), K.NOT_UNDERSTOOD),
        (Scripted(200, b"[" * 100_000), K.NOT_UNDERSTOOD),  # F-U18
        (Scripted(200, b" " * 4096, repeat=600), K.TOO_LARGE),  # F-U19, F-N20
    ],
)
async def test_replies_that_cannot_be_used(
    simulator: Simulator, scripted: Scripted, kind: FaultKind
) -> None:
    if scripted.framing == "raw":
        scripted = Scripted(body=b"HTTP/1.1 204 No Content\r\n\r\n", framing="raw")  # F-N23
    fault = await fault_of(simulator, scripted)
    assert fault.kind is kind
    assert len(simulator.requests_to(USAGE)) == 1


async def test_a_fault_says_where_and_what(simulator: Simulator) -> None:
    ray = Scripted(403, PAGE, {"cf-ray": "8f1-FRA"}, "text/html")
    fault = await fault_of(simulator, ray)
    assert (fault.status, fault.host, fault.message) == (403, "127.0.0.1", "")
    assert "8f1-FRA" in fault.detail


async def test_retry_after_counts_from_the_services_clock(simulator: Simulator) -> None:
    """F-H15: the service's clock is two days ahead of ours."""
    simulator.advance(2 * 86_400)
    headers = {"retry-after": simulator.clock.http_date(90)}
    fault = await fault_of(simulator, Scripted(429, b"{}", headers))
    assert fault.retry_after_s == pytest.approx(90, abs=2)


@pytest.mark.parametrize("days", [-2, 2])
async def test_countdowns_are_right_with_a_wrong_clock(simulator: Simulator, days: int) -> None:
    """F-U26, figure 31: to two seconds."""
    simulator.end_window_in("codex", 3600, 18_000)
    before = await fetch(simulator)
    simulator.advance(days * 86_400)
    simulator.end_window_in("codex", 3600, 18_000)
    snapshot = await fetch(simulator)
    for found in (before, snapshot):
        left = found.main_windows[0].resets_in(found.server_now(now()))
        assert left is not None
        assert abs(left - timedelta(hours=1)) <= timedelta(seconds=2)
    assert snapshot.clock_offset_s == pytest.approx(days * 86_400, abs=2)


@pytest.mark.parametrize(
    "scripted",
    [
        Scripted(body=b"x", cut_head=True, reset=True),  # F-N09
        Scripted(body=b'{"plan_type": "plus"}', content_length=500),  # F-N10
        Scripted(
            body=gzip.compress(b'{"plan_type": "plus"}')[:-4],  # F-N12
            headers={"content-encoding": "gzip"},
        ),
        Scripted(421, b""),  # F-H11
    ],
)
async def test_a_broken_connection_is_tried_once_more(
    simulator: Simulator, scripted: Scripted
) -> None:
    """F-N09, F-N21: inside the same poll, once."""
    simulator.faults.add(USAGE, scripted)
    assert (await fetch(simulator)).plan == "plus"
    simulator.forget_requests()
    fault = await fault_of(simulator, scripted, scripted, scripted)
    assert fault.kind in (K.INTERRUPTED, K.SERVER_ERROR)
    assert len(simulator.requests_to(USAGE)) == 2


@pytest.mark.parametrize("content_type", ["text/plain", "text/html", ""])
async def test_the_content_type_does_not_matter(simulator: Simulator, content_type: str) -> None:
    """F-U20."""
    body = b'{"plan_type": "pro", "rate_limit": null}'
    simulator.faults.add(USAGE, Scripted(200, body, content_type=content_type))
    assert (await fetch(simulator)).plan == "pro"


async def test_blocks_this_version_does_not_know_are_logged_once_by_name(
    make_simulator: MakeSimulator, caplog: pytest.LogCaptureFixture
) -> None:
    """F-U16."""
    extras = {"brand_new": {"secret": "of ann"}, "newer": 1}
    simulator = make_simulator(replace(scenario_named("team"), extras=extras))
    caplog.set_level(logging.INFO, "tidegauge.usage")
    async with usage_client(simulator) as client:
        for _ in range(3):
            assert (await client.fetch()).unknown == ("brand_new", "newer")
    told = [record.getMessage() for record in caplog.records if "does not know" in record.msg]
    assert told == ["blocks this version does not know: brand_new, newer"]


async def test_a_name_that_is_none_of_a_field_is_counted_only(
    make_simulator: MakeSimulator, caplog: pytest.LogCaptureFixture
) -> None:
    """T-41: a service that keys a block by a person would name them in the log."""
    extras = {"newer": 1, "ann.lee@example.com": 1, "acct-4711": 1, "x" * 41: 1}
    simulator = make_simulator(replace(scenario_named("team"), extras=extras))
    caplog.set_level(logging.INFO, "tidegauge.usage")
    async with usage_client(simulator) as client:
        await client.fetch()
    told = [record.getMessage() for record in caplog.records if "does not know" in record.msg]
    assert told == ["blocks this version does not know: newer, 3 of another form"]


async def test_a_poller_on_the_real_service(simulator: Simulator) -> None:
    """Use that rises is seen at the next wish; a fault in between leaves the data alone."""
    heard: asyncio.Queue[UsageSnapshot | Fault] = asyncio.Queue()
    async with usage_client(simulator) as client, asyncio.timeout(20):
        poller = Poller(
            client.fetch, settings=Settings, on_snapshot=heard.put_nowait, on_fault=heard.put_nowait
        )
        async with asyncio.TaskGroup() as group:
            polling = group.create_task(poller.run())
            first = await heard.get()
            simulator.faults.add(USAGE, Scripted(500, b""))
            poller.refresh_now()
            failed = await heard.get()
            simulator.set_used("codex", 91, 18_000)
            poller.refresh_now()
            second = await heard.get()
            polling.cancel()
    assert isinstance(first, UsageSnapshot)
    assert isinstance(failed, Fault)
    assert failed.kind is K.SERVER_ERROR
    assert isinstance(second, UsageSnapshot)
    uses = [s.main_windows[0].used_percent for s in (first, second)]
    assert uses == [86, 91]
