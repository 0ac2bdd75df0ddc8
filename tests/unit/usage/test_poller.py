"""The polling loop and its alarm, in virtual time."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from datetime import UTC, timedelta

import pytest
from support.polling import START, Bench, Machine, Service, approx, snapshot
from support.virtual_time import run_virtually

from app.auth.tokens import Account
from app.clocks import running as real_running
from app.clocks import wall as real_wall
from app.errors import AppError, Fault, FaultKind
from app.settings import Settings
from app.usage.alarm import GLANCE_S, Alarm
from app.usage.limits import UsageSnapshot

K = FaultKind


# --- the rhythm ----------------------------------------------------------------------------------


def test_polls_at_once_and_then_at_the_active_interval() -> None:
    bench = Bench()
    bench.run(200)
    assert bench.service.asked_at == approx(0, 60, 120, 180)
    assert len(bench.heard.snapshots) == 4
    assert bench.heard.polling == [True, False] * 4
    assert bench.heard.next_at[1] == START + timedelta(seconds=60)


def test_a_spread_start_waits() -> None:
    bench = Bench(spreads_start=True)
    bench.run(20)
    assert bench.service.asked_at == approx(15)


def test_gets_slower_as_it_gets_quiet_and_faster_when_use_moves() -> None:
    bench = Bench([*[snapshot()] * 60, snapshot(11)])
    bench.run(86_400)
    gaps = [b - a for a, b in zip(bench.service.asked_at, bench.service.asked_at[1:], strict=False)]
    assert gaps[:5] == approx(60, 60, 60, 60, 60)
    assert gaps[55] == pytest.approx(300)
    assert gaps[60] == pytest.approx(60)
    assert gaps[-1] == pytest.approx(300)


def test_the_number_of_polls_in_a_day_is_the_plan() -> None:
    """Figure 32: within 1 % while the interval is fixed."""
    bench = Bench(settings=Settings(poll_active_s=300, poll_idle_s=300))
    bench.run(86_400)
    assert len(bench.service.asked_at) == pytest.approx(288, rel=0.01)


# --- wishes --------------------------------------------------------------------------------------


def test_refresh_now_bypasses_the_delay() -> None:
    bench = Bench()

    async def press() -> None:
        await asyncio.sleep(10)
        bench.poller.refresh_now()

    bench.run(75, press)
    assert bench.service.asked_at == approx(0, 10, 70)


def test_refresh_now_never_overlaps_a_poll() -> None:
    bench = Bench(takes_s=5.5)

    async def press() -> None:
        for _ in range(8):
            await asyncio.sleep(1)
            bench.poller.refresh_now()

    bench.run(12, press)
    assert bench.service.asked_at == approx(0, 6)


def test_activity_brings_back_the_active_interval() -> None:
    """From the last poll on: what is younger than the interval is not asked again at once."""
    bench = Bench()

    async def look() -> None:
        await asyncio.sleep(7210)
        bench.poller.note_activity()

    bench.run(7500, look)
    before = [at for at in bench.service.asked_at if at <= 7210][-1]
    after = [at for at in bench.service.asked_at if at > 7210]
    assert after[0] == pytest.approx(max(7210, before + 60), abs=0.01)
    assert after[1] - after[0] == pytest.approx(60)


def test_activity_does_not_shorten_a_back_off() -> None:
    bench = Bench([Fault(K.BLOCKED)])

    async def look() -> None:
        await asyncio.sleep(100)
        bench.poller.note_activity()
        bench.poller.note_activity()

    bench.run(200, look)
    assert len(bench.service.asked_at) == 1


# --- faults --------------------------------------------------------------------------------------


def test_faults_back_off_and_keep_the_last_good_data() -> None:
    bench = Bench([snapshot(), *[Fault(K.OFFLINE)] * 4, snapshot(20)], chance=0.999)
    bench.run(400)
    assert bench.heard.faults == [K.OFFLINE] * 4
    assert [s.windows[0].used_percent for s in bench.heard.snapshots][:2] == [10, 20]
    gaps = [b - a for a, b in zip(bench.service.asked_at, bench.service.asked_at[1:], strict=False)]
    assert gaps[1:5] == pytest.approx([15, 30, 60, 120], rel=0.01)


def test_retry_after_is_honoured() -> None:
    """F-H14."""
    bench = Bench([Fault(K.RATE_LIMITED, retry_after_s=500), snapshot()])
    bench.run(700)
    assert bench.service.asked_at[1] >= 500


@pytest.mark.parametrize("kind", [K.SESSION_EXPIRED, K.NOT_SIGNED_IN, K.KEYRING_LOCKED])
def test_waits_to_be_asked_when_only_a_person_can_help(kind: FaultKind) -> None:
    """F-T12, F-T17."""
    bench = Bench([Fault(kind), snapshot()])

    async def sign_in() -> None:
        await asyncio.sleep(90_000)
        bench.poller.note_activity()
        bench.poller.wake()
        await asyncio.sleep(10)
        assert len(bench.service.asked_at) == 1
        bench.poller.refresh_now()

    bench.run(90_020, sign_in)
    assert bench.heard.next_at[1] is None
    assert bench.service.asked_at == approx(0, 90_010)


def test_a_format_fault_is_told_at_the_third_in_a_row() -> None:
    """F-N11."""
    misread = Fault(K.NOT_UNDERSTOOD)
    bench = Bench([misread, misread, misread, snapshot(), misread, snapshot()])
    bench.run(300)
    assert bench.heard.faults[:4] == [K.INTERRUPTED, K.INTERRUPTED, K.NOT_UNDERSTOOD, K.INTERRUPTED]


@pytest.mark.expected_log("a poll failed unexpectedly")
def test_a_mistake_of_ours_does_not_end_the_polling() -> None:
    """F-D23."""
    bench = Bench([RuntimeError("boom"), snapshot()])
    bench.run(100)
    assert bench.heard.faults == [K.INTERNAL]
    assert len(bench.heard.snapshots) == 1


@pytest.mark.parametrize("seed", range(5))
def test_a_flapping_network_costs_no_more_than_the_plan(seed: int) -> None:
    """F-N25: down every other minute, for a day."""
    bench = Bench()
    draw = random.Random(seed).random

    class Flapping(Service):
        async def fetch(self) -> UsageSnapshot:
            now = self.machine.running()
            self.asked_at.append(now)
            bench.chance = draw()
            if int(now / 60) % 2:
                raise AppError(Fault(K.OFFLINE))
            return snapshot(now)  # moves, so that the plan is one a minute

    bench.service = Flapping(bench.machine, [])
    bench.run(86_400)
    assert len(bench.service.asked_at) <= 24 * 60


# --- what does not count -------------------------------------------------------------------------


def test_a_reply_of_another_account_is_left_out() -> None:
    """F-U24."""
    bench = Bench([snapshot(account_id="b"), snapshot(account_id="a")], account=Account("a"))
    bench.run(400)
    assert bench.heard.faults == [K.ACCOUNT_CHANGED]
    assert {s.account_id for s in bench.heard.snapshots} == {"a"}


def test_a_reply_older_than_the_last_is_left_out() -> None:
    """F-U25: so is the last one once more."""
    new = snapshot(20, served_at=START + timedelta(seconds=60))
    old = snapshot(10, served_at=START)
    bench = Bench([new, old, old, new])
    bench.run(200)
    assert [s.windows[0].used_percent for s in bench.heard.snapshots] == [20]
    assert bench.heard.faults == []


def test_doubtful_data_are_shown_and_asked_again_once() -> None:
    """F-U17."""
    bench = Bench([snapshot(is_doubtful=True)])
    bench.run(100)
    assert bench.service.asked_at == approx(0, 15, 75)
    assert bench.heard.snapshots[0].is_doubtful


# --- sleep ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("counts_sleep", [True, False])
def test_a_poll_follows_soon_after_the_machine_slept(counts_sleep: bool) -> None:
    """F-M01: eight hours of sleep, one poll, no burst; by either clock that tells."""
    bench = Bench(settings=Settings(poll_active_s=3000, poll_idle_s=3000))
    woken: list[float] = []

    async def sleep() -> None:
        await asyncio.sleep(100)
        if counts_sleep:
            bench.machine.slept_s += 8 * 3600
        else:
            bench.machine.jumped_s += 8 * 3600
        woken.append(bench.machine.running())

    bench.run(1000, sleep)
    assert len(bench.service.asked_at) == 2
    assert bench.service.asked_at[1] - woken[0] <= GLANCE_S + 6


def test_a_clock_set_back_changes_nothing() -> None:
    """F-M04."""
    bench = Bench()

    async def set_back() -> None:
        await asyncio.sleep(30)
        bench.machine.jumped_s -= 2 * 86_400

    bench.run(130, set_back)
    assert bench.service.asked_at == approx(0, 60, 120)


def test_news_of_the_network_brings_the_poll_forward() -> None:
    """F-N01, figure 19."""
    bench = Bench([snapshot(), Fault(K.OFFLINE), snapshot()], chance=0.999)

    async def come_back() -> None:
        await asyncio.sleep(70)
        bench.poller.wake()
        bench.poller.wake()

    bench.run(79, come_back)
    assert bench.service.asked_at[1] < 70
    assert 0 < bench.service.asked_at[2] - 70 <= 10


def test_a_poll_in_flight_is_not_woken_again() -> None:
    bench = Bench(takes_s=5)

    async def come_back() -> None:
        await asyncio.sleep(1)
        bench.poller.wake()
        bench.poller.note_activity()

    bench.run(50, come_back)
    assert len(bench.service.asked_at) == 1


def test_waiting_costs_few_wake_ups() -> None:
    """Budget: 0.1 wake-ups per second for the whole program."""
    assert 1 / GLANCE_S <= 0.1 / 2


def test_the_machine_has_these_clocks() -> None:
    first, moment = real_running(), real_wall()
    assert real_running() >= first
    assert moment.tzinfo is UTC


def test_an_alarm_that_is_not_set_waits_for_ever() -> None:
    async def scenario() -> None:
        alarm = Alarm(Machine().clocks, lambda _delay: None, lambda: None)
        with suppress(TimeoutError):
            async with asyncio.timeout(10**6):
                await alarm.wait()
        assert asyncio.get_running_loop().time() == pytest.approx(10**6)
        alarm.advance(5)
        alarm.advance(500)
        await alarm.wait()
        assert asyncio.get_running_loop().time() == pytest.approx(10**6 + 5)

    run_virtually(scenario())
