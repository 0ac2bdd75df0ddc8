"""The session against the simulator: one refresh for all, stored before use, never a loop."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from support.signed_in import Clock, tokens_from

from app.auth.session import Session
from app.auth.tokens import TokenSet
from app.auth.vault import MemoryVault, Vault
from app.endpoints import Endpoints
from app.errors import AppError, Fault, FaultKind, fail
from app.http_client import HttpClient
from app.simulator.accounts import BO
from app.simulator.faults import Fault as ServerFault
from app.simulator.faults import cut_answer, html_page, late, no_reply, refused
from app.simulator.server import Simulator
from app.transport import TOKEN_BOUNDS

DAY_S = 86400.0
REPEATS = int(os.environ.get("TIDEGAUGE_REPEATS", "20"))


class RecordingVault(MemoryVault):
    """Notes every call, and can be told to fail or to wait."""

    def __init__(self, tokens: TokenSet | None = None) -> None:
        super().__init__(tokens)
        self.calls: list[str] = []
        self.fault: FaultKind | None = None
        self.gate: asyncio.Event | None = None
        self.storing = asyncio.Event()

    async def load(self, *, unlock: bool = False) -> TokenSet | None:
        await self._pass("load")
        return await super().load()

    async def store(self, tokens: TokenSet, *, unlock: bool = False) -> None:
        await self._pass("store")
        await super().store(tokens)

    async def delete(self, *, unlock: bool = False) -> None:
        await self._pass("delete")
        await super().delete()

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Vault]:
        yield self

    async def _pass(self, call: str) -> None:
        self.calls.append(call)
        if self.gate is not None and call == "store":
            self.storing.set()
            await self.gate.wait()
        if self.fault is not None:
            raise fail(self.fault)


@pytest.fixture
def vault() -> RecordingVault:
    return RecordingVault()


@pytest.fixture
async def tokens(simulator: Simulator, session: Session, clock: Clock) -> TokenSet:
    """Tokens of Ann, adopted; they last ten days."""
    issued = tokens_from(simulator, clock())
    await session.adopt(issued)
    return issued


def refreshes(simulator: Simulator) -> int:
    return len(simulator.requests_to("/oauth/token", "POST"))


async def kind_of(call: Awaitable[Any]) -> FaultKind:
    with pytest.raises(AppError) as caught:
        await call
    return caught.value.fault.kind


async def posted(simulator: Simulator) -> None:
    """Wait until the refresh has reached the server."""
    assert await asyncio.to_thread(simulator.wait_until, lambda: refreshes(simulator) == 1)


# --- starting -----------------------------------------------------------------------------------


async def test_nobody_is_signed_in_at_first(session: Session) -> None:
    assert await session.restore() is None
    assert (session.account, session.is_saved, session.refusal) == (None, True, None)
    assert await kind_of(session.access_token()) is FaultKind.NOT_SIGNED_IN
    assert await kind_of(session.refresh_after_refusal("x")) is FaultKind.NOT_SIGNED_IN


async def test_a_stored_sign_in_is_taken_up_without_a_request(
    simulator: Simulator, session: Session, vault: RecordingVault, clock: Clock
) -> None:
    stored = tokens_from(simulator, clock())
    await vault.store(stored)
    assert await session.restore() == stored.account
    assert await session.access_token() == stored.access_token
    assert simulator.requests == []


async def test_a_locked_keyring_is_told_and_taken_up_later(
    simulator: Simulator, session: Session, vault: RecordingVault, clock: Clock
) -> None:
    """F-T17"""
    await vault.store(tokens_from(simulator, clock()))
    vault.fault = FaultKind.KEYRING_LOCKED
    assert await kind_of(session.restore()) is FaultKind.KEYRING_LOCKED
    assert session.account is None
    vault.fault = None
    assert await session.restore(unlock=True) is not None


async def test_a_late_keyring_does_not_replace_a_new_sign_in(
    session: Session, tokens: TokenSet, vault: RecordingVault
) -> None:
    await MemoryVault.store(vault, replace(tokens, access_token="old"))
    await session.restore()
    assert await session.access_token() == tokens.access_token


# --- refreshing ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("seconds_left", "posts"), [(-10, 1), (240, 1), (360, 0)])
async def test_a_token_is_refreshed_in_its_last_minutes(
    simulator: Simulator,
    session: Session,
    tokens: TokenSet,
    clock: Clock,
    seconds_left: float,
    posts: int,
) -> None:
    """F-T01"""
    assert tokens.expires_at is not None
    clock.advance((tokens.expires_at - clock()).total_seconds() - seconds_left)
    access_token = await session.access_token()
    assert refreshes(simulator) == posts
    assert (access_token != tokens.access_token) == bool(posts)
    if posts:
        sent = simulator.requests_to("/oauth/token")[0]
        assert json.loads(sent.body)["refresh_reason"] == "proactive_expiry"


async def test_new_tokens_are_stored_before_they_are_used(
    simulator: Simulator, session: Session, tokens: TokenSet, vault: RecordingVault
) -> None:
    """F-T06"""
    vault.gate = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(session.refresh_after_refusal(tokens.access_token))
        await vault.storing.wait()
        assert refreshes(simulator) == 1
        assert await session.access_token() == tokens.access_token
        vault.gate.set()
    stored = await vault.load()
    assert stored is not None
    assert stored.access_token == waiting.result()
    assert stored.refresh_token != tokens.refresh_token


async def test_a_hundred_refused_callers_cause_one_refresh(
    simulator: Simulator, session: Session, tokens: TokenSet
) -> None:
    """F-T03, figure 6"""
    results = await asyncio.gather(
        *(session.refresh_after_refusal(tokens.access_token) for _ in range(100)),
        *(session.access_token() for _ in range(10)),
    )
    assert refreshes(simulator) == 1
    assert len(set(results[:100])) == 1


async def test_again_and_again_a_hundred_callers_cause_one_refresh(
    simulator: Simulator, session: Session, tokens: TokenSet, clock: Clock
) -> None:
    """F-T03, figure 6: with a service that ends the sign-in when a token comes twice."""
    refused_token = tokens.access_token
    for number in range(1, REPEATS + 1):
        clock.advance(120)
        results = await asyncio.gather(
            *(session.refresh_after_refusal(refused_token) for _ in range(100))
        )
        (refused_token,) = set(results)
        assert refreshes(simulator) == number


async def test_a_caller_with_an_outdated_token_gets_the_new_one(
    simulator: Simulator, session: Session, tokens: TokenSet
) -> None:
    new = await session.refresh_after_refusal(tokens.access_token)
    assert await session.refresh_after_refusal(tokens.access_token) == new
    assert refreshes(simulator) == 1


async def test_a_fresh_token_that_is_refused_is_not_refreshed_again(
    simulator: Simulator, session: Session, tokens: TokenSet, clock: Clock
) -> None:
    """F-H03"""
    new = await session.refresh_after_refusal(tokens.access_token)
    assert await kind_of(session.refresh_after_refusal(new)) is FaultKind.SESSION_REFUSED
    assert refreshes(simulator) == 1
    assert session.account is not None
    clock.advance(31)
    assert await session.refresh_after_refusal(new) != new
    assert refreshes(simulator) == 2


async def test_our_clock_being_wrong_causes_no_storm(
    simulator: Simulator, session: Session, tokens: TokenSet, clock: Clock
) -> None:
    """F-T26: two weeks ahead, every token looks expired."""
    clock.advance(14 * DAY_S)
    for _ in range(50):
        await session.access_token()
        clock.advance(10)
    assert refreshes(simulator) == 1


async def test_tokens_that_last_hardly_longer_than_the_margin_cause_no_storm(
    simulator: Simulator, session: Session, tokens: TokenSet, clock: Clock
) -> None:
    """F-N16: due again at once, but only one post in thirty seconds."""
    simulator.set_access_token_seconds(305)
    new = await session.refresh_after_refusal(tokens.access_token)
    clock.advance(29)
    assert await session.access_token() == new
    clock.advance(40)
    assert await session.access_token() != new
    assert refreshes(simulator) == 2


@pytest.mark.parametrize(
    "fault",
    [
        refused(200, b"{}"),
        refused(200, b"[]"),
        refused(200, b'{"access_token":7,"refresh_token":"x"}'),
        refused(200, b'{"refresh_token":"x"}'),
        html_page(),
        html_page(403),
        refused(408),
        refused(409),
        refused(429),
        refused(500, b'{"error":{"code":"refresh_token_expired"}}'),
        no_reply(),
    ],
)
async def test_whatever_the_server_answers_it_gets_six_posts_in_ten_minutes(
    simulator: Simulator,
    session: Session,
    tokens: TokenSet,
    clock: Clock,
    vault: RecordingVault,
    fault: ServerFault,
) -> None:
    """F-T10, F-T15, F-N16, figure 7; the old tokens stay."""
    simulator.faults.add("/oauth/token", fault, times=None)
    for _ in range(120):
        kind = await kind_of(session.refresh_after_refusal(tokens.access_token))
        assert kind not in (FaultKind.SESSION_EXPIRED, FaultKind.NOT_SIGNED_IN)
        clock.advance(5)
    assert 2 <= refreshes(simulator) <= 6
    assert await vault.load() == tokens
    assert await session.access_token() == tokens.access_token
    simulator.faults.clear()
    clock.advance(600)
    assert (await session.refresh_after_refusal(tokens.access_token)) != tokens.access_token


async def test_a_token_that_still_works_is_used_while_refreshing_fails(
    simulator: Simulator, session: Session, tokens: TokenSet, clock: Clock
) -> None:
    """F-T15"""
    simulator.faults.add("/oauth/token", refused(503), times=None)
    assert tokens.expires_at is not None
    clock.advance((tokens.expires_at - clock()).total_seconds() - 120)
    assert await session.access_token() == tokens.access_token
    assert await session.access_token() == tokens.access_token
    assert refreshes(simulator) == 1
    clock.advance(121)
    assert await kind_of(session.access_token()) is FaultKind.SERVER_ERROR


async def test_a_reply_that_got_lost_is_asked_for_once_more(
    simulator: Simulator, session: Session, tokens: TokenSet, clock: Clock
) -> None:
    """F-T07: after five seconds, with the same token."""
    simulator.faults.add("/oauth/token", no_reply())
    refused_call = session.refresh_after_refusal(tokens.access_token)
    assert await kind_of(refused_call) is FaultKind.INTERRUPTED
    assert await kind_of(session.refresh_after_refusal(tokens.access_token)) is (
        FaultKind.INTERRUPTED
    )
    clock.advance(5)
    assert await session.refresh_after_refusal(tokens.access_token) != tokens.access_token
    bodies = [json.loads(r.body)["refresh_token"] for r in simulator.requests_to("/oauth/token")]
    assert bodies == [tokens.refresh_token] * 2


async def test_a_rotation_whose_reply_got_lost_ends_in_an_honest_refusal(
    simulator: Simulator, session: Session, tokens: TokenSet, clock: Clock
) -> None:
    """F-T07, figure 8: the server rotated, we never learned the new token; no loop."""
    simulator.faults.add("/oauth/token", cut_answer(20))
    refused_call = session.refresh_after_refusal(tokens.access_token)
    assert await kind_of(refused_call) is FaultKind.INTERRUPTED
    for _ in range(20):
        clock.advance(5)
        kind = await kind_of(session.refresh_after_refusal(tokens.access_token))
        assert kind is FaultKind.SESSION_EXPIRED
    assert refreshes(simulator) == 2


async def slow_refresh(
    simulator: Simulator, session: Session, tokens: TokenSet, after_s: float, delay_s: float
) -> str:
    """A refresh whose reply is on its way when that much time has gone by on the loop's clock."""
    simulator.faults.add("/oauth/token", late(delay_s))
    loop = asyncio.get_running_loop()
    async with asyncio.TaskGroup() as group:
        begun = loop.time()
        call = group.create_task(outcome_of(session.refresh_after_refusal(tokens.access_token)))
        await posted(simulator)
        is_done = after_s < TOKEN_BOUNDS.total_s  # the wait has begun at some time in between
        moment = (begun if is_done else loop.time()) + after_s
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(loop, "time", lambda: moment)  # it stands still until the outcome
            await asyncio.wait({call})
    return call.result()


async def outcome_of(call: Awaitable[str]) -> str:
    try:
        return await call
    except AppError as error:
        return str(error.fault.kind)


async def test_a_token_endpoint_that_takes_44_seconds_is_waited_for(
    simulator: Simulator, session: Session, tokens: TokenSet
) -> None:
    """F-T16"""
    renewed = await slow_refresh(simulator, session, tokens, 44, delay_s=0.3)
    assert renewed == await session.access_token() != tokens.access_token
    assert refreshes(simulator) == 1


async def test_a_token_endpoint_that_takes_46_seconds_is_a_passing_trouble(
    simulator: Simulator, session: Session, tokens: TokenSet
) -> None:
    """F-T16: the access token is used as long as it lasts."""
    outcome = await slow_refresh(simulator, session, tokens, 46, delay_s=2.0)
    assert outcome == FaultKind.TIMED_OUT
    assert Fault(FaultKind.TIMED_OUT).is_transient
    assert await session.access_token() == tokens.access_token
    assert refreshes(simulator) == 1


async def test_no_connection_is_no_post(
    simulator: Simulator, session: Session, tokens: TokenSet
) -> None:
    simulator.stop()
    for _ in range(3):
        kind = await kind_of(session.refresh_after_refusal(tokens.access_token))
        assert kind is FaultKind.OFFLINE


# --- refused for good ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (Simulator.revoke_all, "refresh_token_invalidated"),
        (Simulator.expire_refresh_tokens, "refresh_token_expired"),
    ],
)
async def test_a_refusal_for_good_is_remembered_over_a_restart(
    simulator: Simulator,
    session: Session,
    tokens: TokenSet,
    vault: RecordingVault,
    http: HttpClient,
    endpoints: Endpoints,
    clock: Clock,
    make: Callable[[Simulator], None],
    code: str,
) -> None:
    """F-T12"""
    make(simulator)
    refused_call = session.refresh_after_refusal(tokens.access_token)
    assert await kind_of(refused_call) is FaultKind.SESSION_EXPIRED
    clock.advance(3600)
    restarted = Session(http, endpoints, vault, clock)
    assert await restarted.restore() == tokens.account
    for ended in (session, restarted):
        assert await kind_of(ended.access_token()) is FaultKind.SESSION_EXPIRED
        assert ended.refusal is not None
        assert ended.refusal.detail == code
    assert refreshes(simulator) == 1


async def test_signing_in_again_ends_the_refusal(
    simulator: Simulator, session: Session, tokens: TokenSet, clock: Clock
) -> None:
    simulator.revoke_all()
    await kind_of(session.refresh_after_refusal(tokens.access_token))
    await session.adopt(tokens_from(simulator, clock()))
    assert session.refusal is None
    assert await session.access_token()


async def test_what_another_process_stored_is_used_instead_of_a_post(
    simulator: Simulator,
    session: Session,
    tokens: TokenSet,
    vault: RecordingVault,
    http: HttpClient,
    endpoints: Endpoints,
    clock: Clock,
) -> None:
    """F-T13, F-H02"""
    other = Session(http, endpoints, vault, clock)
    await other.restore()
    new = await other.refresh_after_refusal(tokens.access_token)
    assert await session.refresh_after_refusal(tokens.access_token) == new
    assert refreshes(simulator) == 1


async def test_a_rotation_by_somebody_else_during_the_post_is_no_end(
    simulator: Simulator, session: Session, tokens: TokenSet, vault: RecordingVault
) -> None:
    """F-T13: `refresh_token_reused`, and the vault already holds the newer token."""
    body = b'{"error":{"code":"refresh_token_reused"}}'
    simulator.faults.add("/oauth/token", replace(refused(401, body), delay_s=0.2))
    newer = replace(tokens, access_token="newer", refresh_token="rotated elsewhere")
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(session.refresh_after_refusal(tokens.access_token))
        await posted(simulator)
        await MemoryVault.store(vault, newer)
    assert waiting.result() == "newer"
    assert session.refusal is None


async def test_a_refresh_token_used_twice_with_nothing_newer_ends_the_session(
    simulator: Simulator, session: Session, tokens: TokenSet
) -> None:
    """F-T13, F-T12"""
    body = b'{"error":{"code":"refresh_token_reused"}}'
    simulator.faults.add("/oauth/token", refused(401, body))
    refused_call = session.refresh_after_refusal(tokens.access_token)
    assert await kind_of(refused_call) is FaultKind.SESSION_EXPIRED


async def test_tokens_of_another_account_are_refused(
    simulator: Simulator, session: Session, tokens: TokenSet, vault: RecordingVault, clock: Clock
) -> None:
    """F-T11"""
    foreign = json.dumps(simulator.issue_tokens(BO)).encode()
    simulator.faults.add("/oauth/token", refused(200, foreign))
    refused_call = session.refresh_after_refusal(tokens.access_token)
    assert await kind_of(refused_call) is FaultKind.ACCOUNT_CHANGED
    clock.advance(3600)
    assert await kind_of(session.access_token()) is FaultKind.ACCOUNT_CHANGED
    assert session.account == tokens.account
    stored = await vault.load()
    assert stored is not None
    assert stored.access_token == tokens.access_token
    assert refreshes(simulator) == 1


async def test_the_sign_in_of_another_process_is_not_written_over(
    simulator: Simulator, session: Session, tokens: TokenSet, vault: RecordingVault, clock: Clock
) -> None:
    """F-T08, F-T11: somebody else is signed in by now, and that is said."""
    others = tokens_from(simulator, clock(), BO)
    await MemoryVault.store(vault, others)
    refused_call = session.refresh_after_refusal(tokens.access_token)
    assert await kind_of(refused_call) is FaultKind.ACCOUNT_CHANGED
    assert await vault.load() == others
    assert refreshes(simulator) == 0
    assert session.account == tokens.account


async def test_a_refusal_another_process_met_is_taken_over(
    simulator: Simulator, session: Session, tokens: TokenSet, vault: RecordingVault
) -> None:
    """F-T12: no process asks again."""
    await MemoryVault.store(vault, replace(tokens, refusal="refresh_token_invalidated"))
    refused_call = session.refresh_after_refusal(tokens.access_token)
    assert await kind_of(refused_call) is FaultKind.SESSION_EXPIRED
    assert session.refusal is not None
    assert refreshes(simulator) == 0


# --- a keyring that fails -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind", [FaultKind.KEYRING_LOCKED, FaultKind.KEYRING_FAILED, FaultKind.KEYRING_MISSING]
)
async def test_rotated_tokens_that_cannot_be_stored_stay_in_memory(
    simulator: Simulator, session: Session, tokens: TokenSet, vault: RecordingVault, kind: FaultKind
) -> None:
    """F-T22"""
    vault.fault = kind
    new = await session.refresh_after_refusal(tokens.access_token)
    assert (await session.save(), session.is_saved) == (False, False)
    assert await session.access_token() == new
    vault.fault = None
    assert (await session.save(), session.is_saved) == (True, True)
    stored = await vault.load()
    assert stored is not None
    assert stored.access_token == new
    calls = len(vault.calls)
    assert await session.save()
    assert len(vault.calls) == calls


async def test_an_outdated_vault_is_not_believed(
    session: Session, tokens: TokenSet, vault: RecordingVault, clock: Clock
) -> None:
    """F-T22: the vault still holds the token from before the rotation."""
    vault.fault = FaultKind.KEYRING_FAILED
    first = await session.refresh_after_refusal(tokens.access_token)
    vault.fault = None
    clock.advance(60)
    assert await session.refresh_after_refusal(first) not in (first, tokens.access_token)
    assert session.is_saved


async def test_a_sign_in_without_keyring_works_for_this_run(
    simulator: Simulator, session: Session, vault: RecordingVault, clock: Clock
) -> None:
    """F-L08, T-31"""
    vault.fault = FaultKind.KEYRING_MISSING
    await session.adopt(tokens_from(simulator, clock()))
    assert not session.is_saved
    assert await session.access_token()


# --- ending -------------------------------------------------------------------------------------


async def test_signing_out_revokes_and_forgets(
    simulator: Simulator, session: Session, tokens: TokenSet, vault: RecordingVault
) -> None:
    """T-43"""
    assert await session.sign_out()
    assert session.account is None
    assert await vault.load() is None
    sent = simulator.requests_to("/oauth/revoke", "POST")
    assert [json.loads(r.body)["token"] for r in sent] == [tokens.refresh_token]
    assert not await session.sign_out()


@pytest.mark.parametrize("fault", [refused(500), no_reply()])
async def test_a_server_that_cannot_be_told_changes_nothing_here(
    simulator: Simulator,
    session: Session,
    tokens: TokenSet,
    vault: RecordingVault,
    fault: ServerFault,
) -> None:
    """F-T28"""
    simulator.faults.add("/oauth/revoke", fault)
    assert not await session.sign_out()
    assert session.account is None
    assert await vault.load() is None


async def test_a_keyring_that_will_not_forget_is_said(
    simulator: Simulator, session: Session, tokens: TokenSet, vault: RecordingVault
) -> None:
    vault.fault = FaultKind.KEYRING_LOCKED
    assert await kind_of(session.sign_out()) is FaultKind.KEYRING_LOCKED
    assert session.account is None
    assert len(simulator.requests_to("/oauth/revoke")) == 1


async def test_signing_out_during_a_refresh_drops_its_reply(
    simulator: Simulator, session: Session, tokens: TokenSet, vault: RecordingVault
) -> None:
    """F-T08"""
    simulator.faults.add("/oauth/token", late(0.3))
    async with asyncio.TaskGroup() as group:
        refreshing = group.create_task(kind_of(session.refresh_after_refusal(tokens.access_token)))
        await posted(simulator)
        await session.sign_out()
    assert refreshing.result() is FaultKind.NOT_SIGNED_IN
    assert session.account is None
    assert await vault.load() is None


async def test_signing_out_while_the_reply_is_being_stored_leaves_nothing(
    session: Session, tokens: TokenSet, vault: RecordingVault
) -> None:
    """F-T08"""
    vault.gate = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        refreshing = group.create_task(kind_of(session.refresh_after_refusal(tokens.access_token)))
        await vault.storing.wait()
        group.create_task(session.sign_out())
        await asyncio.sleep(0)
        vault.gate.set()
    assert refreshing.result() is FaultKind.NOT_SIGNED_IN
    assert await vault.load() is None


async def test_a_sign_in_during_a_refresh_wins(
    simulator: Simulator, session: Session, tokens: TokenSet, vault: RecordingVault, clock: Clock
) -> None:
    """F-T08"""
    simulator.faults.add("/oauth/token", late(0.3))
    others = tokens_from(simulator, clock(), BO)
    async with asyncio.TaskGroup() as group:
        refreshing = group.create_task(session.refresh_after_refusal(tokens.access_token))
        await posted(simulator)
        await session.adopt(others)
    assert refreshing.result() == others.access_token
    assert await vault.load() == others


async def test_a_cancelled_caller_does_not_tear_the_refresh_apart(
    simulator: Simulator, session: Session, tokens: TokenSet, vault: RecordingVault
) -> None:
    """F-T06, F-D06"""
    simulator.faults.add("/oauth/token", late(0.3))
    async with asyncio.TaskGroup() as group:
        refreshing = group.create_task(session.refresh_after_refusal(tokens.access_token))
        await posted(simulator)
        refreshing.cancel()
    assert refreshing.cancelled()
    stored = await vault.load()
    assert stored is not None
    assert stored.refresh_token != tokens.refresh_token
    assert await session.access_token() == stored.access_token


async def test_a_cancelled_caller_does_not_wait_for_a_dead_server(
    simulator: Simulator, session: Session, tokens: TokenSet
) -> None:
    """F-D06: what was posted may have rotated the tokens, so it has its five seconds, no more."""
    simulator.faults.add("/oauth/token", late(30))
    loop = asyncio.get_running_loop()
    async with asyncio.TaskGroup() as group:
        refreshing = group.create_task(session.refresh_after_refusal(tokens.access_token))
        await posted(simulator)
        start = loop.time()
        refreshing.cancel()
    assert loop.time() - start < 5
