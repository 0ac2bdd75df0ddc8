"""Several processes share one rotating refresh token: one post each time, and deaths in it.

`TIDEGAUGE_REPEATS`, `TIDEGAUGE_KILLS` and `TIDEGAUGE_STORES` set how often; tests/README.md
names the full runs.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.refreshing_process import FileVault, answer_of, ask, refreshing_process
from support.secret_service import SecretService
from support.signed_in import Clock, tokens_from

from app.auth.refresh_lock import FileRefreshLock
from app.auth.session import Session
from app.auth.tokens import TokenSet
from app.auth.vault import KeyringVault, Vault
from app.endpoints import Endpoints
from app.errors import AppError, FaultKind
from app.http_client import HttpClient
from app.simulator.faults import late
from app.simulator.server import Simulator
from app.transport import Bounds, Reply, ReplyStream, Request

REPEATS = int(os.environ.get("TIDEGAUGE_REPEATS", "1"))
KILLS = int(os.environ.get("TIDEGAUGE_KILLS", "6"))
STORES = int(os.environ.get("TIDEGAUGE_STORES", "10"))
PROCESSES, ROUNDS, KEYRING_ROUNDS = 8, 25, 2
TEN_DAYS_S = 864000.0  # an access token's life: everybody's is over at the same moment

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="Secret Service is Linux's")


def posts(simulator: Simulator) -> int:
    return len(simulator.requests_to("/oauth/token", "POST"))


def rounds_of(simulator: Simulator, folder: Path, kind: str, rounds: int) -> None:
    """All processes find their token over at the same moment, again and again."""
    with ExitStack() as stack:
        running = [
            stack.enter_context(refreshing_process(folder, simulator.url, kind))
            for _ in range(PROCESSES)
        ]
        assert [answer_of(process) for process in running] == ["ready"] * PROCESSES
        seen: set[str] = set()
        for _ in range(rounds):
            simulator.forget_requests()
            simulator.advance(TEN_DAYS_S)
            for process in running:
                ask(process, simulator.clock.now())
            answers = {answer_of(process) for process in running}
            assert posts(simulator) == 1, answers
            assert len(answers) == 1
            assert not answers & seen
            seen |= answers


@pytest.mark.parametrize("repeat", range(REPEATS))
async def test_eight_processes_post_once_per_expiry(
    simulator: Simulator, tmp_path: Path, clock: Clock, repeat: int
) -> None:
    """F-T04, A6, figure 6: the simulator ends the whole sign-in when a token is used twice."""
    await FileVault(tmp_path / "vault.json").store(tokens_from(simulator, clock()))
    rounds_of(simulator, tmp_path, "file", ROUNDS)


@on_linux
async def test_eight_processes_share_one_keyring(
    simulator: Simulator, service: SecretService, tmp_path: Path, clock: Clock
) -> None:
    """F-T04, figure 6"""
    await KeyringVault(simulator.url).store(tokens_from(simulator, clock()))
    rounds_of(simulator, tmp_path, "keyring", KEYRING_ROUNDS)


def session_at(
    folder: Path, http: HttpClient, simulator: Simulator, vault: Vault, clock: Clock
) -> Session:
    endpoints = Endpoints(simulator.url, simulator.url)
    return Session(http, endpoints, vault, clock, lock=FileRefreshLock(folder / "locks"))


async def test_a_holder_that_dies_in_the_post_is_followed_once(
    simulator: Simulator, http: HttpClient, tmp_path: Path, clock: Clock
) -> None:
    """F-T05: the lock is free at once; the successor waits five seconds, asks once, is honest."""
    vault = FileVault(tmp_path / "vault.json")
    await vault.store(tokens_from(simulator, clock()))
    simulator.faults.add("/oauth/token", late(20))
    clock.advance(TEN_DAYS_S)
    with refreshing_process(tmp_path, simulator.url, "file") as holder:
        assert answer_of(holder) == "ready"
        ask(holder, clock().timestamp())
        assert simulator.wait_until(lambda: posts(simulator) == 1, 20)
        holder.kill()
        holder.wait()
    successor = session_at(tmp_path, http, simulator, vault, clock)
    await successor.restore()
    with pytest.raises(AppError) as caught:
        await successor.access_token()
    assert caught.value.fault.kind is FaultKind.INTERRUPTED
    assert caught.value.fault.retry_after_s == pytest.approx(5, abs=0.1)
    assert posts(simulator) == 1
    clock.advance(5)
    assert await successor.access_token()
    assert posts(simulator) == 2


@on_linux
async def test_a_death_between_sent_and_stored_never_ends_in_a_loop(
    simulator: Simulator,
    service: SecretService,
    http: HttpClient,
    tmp_path: Path,
    clock: Clock,
) -> None:
    """F-T06, figure 8: killed at any moment; the new tokens hold, or their loss is said."""
    dice = random.Random(8)
    vault = KeyringVault(simulator.url)
    outcomes = {"new": 0, "sign-in needed": 0}
    for number in range(KILLS):
        folder = tmp_path / str(number)
        old = tokens_from(simulator, clock())
        await vault.store(old)
        assert old.expires_at is not None
        moment = old.expires_at.timestamp() + 1
        simulator.forget_requests()
        # Alone, or with its keyring process, as at a power cut.
        die_within(simulator, folder, moment, dice.uniform(0, 0.12), together=number % 2 == 0)
        outcomes[await outcome_of(simulator, folder, http, vault, moment)] += 1
    print(outcomes)
    assert sum(outcomes.values()) == KILLS


@on_linux
async def test_the_time_in_which_a_death_costs_the_session_is_short(
    simulator: Simulator, service: SecretService, http: HttpClient, tmp_path: Path, clock: Clock
) -> None:
    """F-T06, figure 8: from the new tokens' arrival to their being in the keyring."""

    timing = Timing(http)
    vault = TimedVault(KeyringVault(simulator.url), timing)
    tokens = tokens_from(simulator, clock())
    await vault.store(tokens)
    endpoints = Endpoints(simulator.url, simulator.url)
    session = Session(timing, endpoints, vault, clock, lock=FileRefreshLock(tmp_path / "locks"))
    await session.restore()
    timing.taken_s.clear()
    refused = tokens.access_token
    for _ in range(STORES):
        clock.advance(120)
        refused = await session.refresh_after_refusal(refused)
    assert len(timing.taken_s) == STORES
    taken_ms = sorted(round(1000 * seconds) for seconds in timing.taken_s)
    print(f"p50 {taken_ms[STORES // 2]} ms, p99 {taken_ms[STORES * 99 // 100]} ms of {STORES}")


class Timing:
    """A transport that notes when the last reply arrived."""

    def __init__(self, http: HttpClient) -> None:
        self._http = http
        self.arrived = 0.0
        self.taken_s: list[float] = []

    async def send(self, request: Request, bounds: Bounds) -> Reply:
        reply = await self._http.send(request, bounds)
        self.arrived = time.perf_counter()
        return reply

    def stream(self, request: Request, bounds: Bounds) -> AbstractAsyncContextManager[ReplyStream]:
        return self._http.stream(request, bounds)


class TimedVault:
    """A vault that notes how long after that reply each store has ended."""

    def __init__(self, vault: Vault, timing: Timing) -> None:
        self._vault = vault
        self._timing = timing
        self.load = vault.load
        self.delete = vault.delete

    async def store(self, tokens: TokenSet, *, unlock: bool = False) -> None:
        await self._vault.store(tokens, unlock=unlock)
        self._timing.taken_s.append(time.perf_counter() - self._timing.arrived)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Vault]:
        async with self._vault.opened() as vault:
            yield TimedVault(vault, self._timing)


def die_within(
    simulator: Simulator, folder: Path, moment: float, delay_s: float, *, together: bool
) -> None:
    """Kill a process `delay_s` after its refresh has reached the server."""
    with refreshing_process(folder, simulator.url, "keyring") as process:
        assert answer_of(process) == "ready"
        ask(process, moment)
        is_posted = simulator.wait_until(lambda: posts(simulator) == 1, 60)
        time.sleep(delay_s)
        if together:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        assert is_posted, answer_of(process)
        process.wait()


async def outcome_of(
    simulator: Simulator, folder: Path, http: HttpClient, vault: Vault, moment: float
) -> str:
    """What the next starts of the program find; fails if it is anything but new or honest."""
    later = Clock()
    later.moment = datetime.fromtimestamp(moment + 6, UTC)
    found: list[str | FaultKind] = []
    for _ in range(3):  # three starts, a minute apart
        session = session_at(folder, http, simulator, vault, later)
        await session.restore()
        try:
            found.append(await session.access_token())
        except AppError as error:
            found.append(error.fault.kind)
        later.advance(60)
    assert len(set(found)) == 1
    assert posts(simulator) <= 2
    stored = await vault.load()
    assert stored is not None
    if found[0] is FaultKind.SESSION_EXPIRED:
        assert stored.refusal == "refresh_token_reused"
        return "sign-in needed"
    assert found[0] == stored.access_token
    return "new"
