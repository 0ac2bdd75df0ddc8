"""What the poller makes of sleep, networks, locked screens and clocks that are set."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from support.polling import Answer, Bench, Machine, Service, approx, snapshot
from support.virtual_time import run_virtually

from app.clocks import SteadyClock
from app.errors import AppError, Fault, FaultKind
from app.settings import Settings
from app.usage.limits import UsageSnapshot
from app.usage.poller import Poller
from app.usage.schedule import MachineState

K = FaultKind
RARELY = Settings(poll_active_s=3000, poll_idle_s=3000)
UP, DOWN, UNKNOWN = (MachineState(is_online=value) for value in (True, False, None))


class Wire(Service):
    """A network that can be down: then every poll fails at once as offline."""

    is_up = True
    answered = 0

    async def fetch(self) -> UsageSnapshot:
        if self.is_up:
            self.answered += 1
            return await super().fetch()
        self.asked_at.append(self.machine.running())
        raise AppError(Fault(K.OFFLINE))


def on_a_wire(**changes: object) -> tuple[Bench, Wire]:
    bench = Bench(**changes)  # type: ignore[arg-type]
    wire = bench.service = Wire(bench.machine, list(bench.answers))
    return bench, wire


def after(moment: float, bench: Bench) -> list[float]:
    return [at for at in bench.service.asked_at if at > moment]


# --- the network ---------------------------------------------------------------------------------


def test_without_a_network_for_certain_nobody_is_asked_until_it_is_back() -> None:
    """F-N01, figure 19: the first poll puts the system's word to the test, once."""
    bench, wire = on_a_wire(chance=0.999)

    async def scenario() -> None:
        bench.poller.note_machine(UP)
        await asyncio.sleep(30)
        wire.is_up = False
        bench.poller.note_machine(DOWN)
        await asyncio.sleep(100_000)
        assert after(30, bench) == [pytest.approx(66, abs=1)]
        assert bench.heard.next_at[-1] is None
        wire.is_up = True
        bench.poller.note_machine(UNKNOWN)  # a portal, or somebody who cannot tell
        bench.poller.note_machine(UP)

    bench.run(100_036, scenario)
    assert bench.heard.faults == [K.OFFLINE]
    assert 1 <= bench.service.asked_at[-1] - 100_030 <= 10
    assert len(bench.service.asked_at) == 3


def test_the_next_time_the_system_is_believed_at_once() -> None:
    bench, wire = on_a_wire()

    async def scenario() -> None:
        for number in range(2):
            wire.is_up = False
            bench.poller.note_machine(DOWN)
            await asyncio.sleep(600)
            wire.is_up = True
            bench.poller.note_machine(UP)
            await asyncio.sleep(600)
            assert len(bench.heard.faults) == number + 1

    bench.run(2500, scenario)
    assert [at for at in bench.service.asked_at if 1200 < at < 1800] == []
    assert bench.heard.faults == [K.OFFLINE, K.OFFLINE]  # told, without asking anybody


def test_a_system_that_knows_nothing_of_the_wire_is_not_believed() -> None:
    bench, wire = on_a_wire(answers=[snapshot(n) for n in range(99)])

    async def scenario() -> None:
        bench.poller.note_machine(DOWN)
        await asyncio.sleep(70)
        wire.is_up = False
        await asyncio.sleep(1000)
        wire.is_up = True

    bench.run(4000, scenario)
    assert len(after(1100, bench)) > 20


def test_a_person_who_looks_without_a_network_is_believed_more() -> None:
    """The panel was opened: it is tried, and the system's mistake comes to light."""
    bench, wire = on_a_wire()

    async def scenario() -> None:
        bench.poller.note_machine(UP)
        wire.is_up = False
        await asyncio.sleep(1)
        bench.poller.note_machine(DOWN)
        await asyncio.sleep(5000)
        wire.is_up = True  # by a cable that nobody manages
        before = len(bench.service.asked_at)
        bench.poller.note_watching(True)
        await asyncio.sleep(1)
        assert len(bench.service.asked_at) == before + 1

    bench.run(6000, scenario)
    assert after(5002, bench)[:2] == approx(5061, 5121)


@pytest.mark.parametrize(
    "fault", [Fault(K.RATE_LIMITED, retry_after_s=900), Fault(K.SERVER_ERROR, retry_after_s=900)]
)
def test_what_the_service_forbade_stays_so_over_sleep_and_networks(fault: Fault) -> None:
    """F-H14."""
    bench = Bench([fault])

    async def scenario() -> None:
        await asyncio.sleep(10)
        bench.poller.wake()
        bench.poller.note_machine(DOWN)
        bench.poller.note_machine(UP)

    bench.run(890, scenario)
    assert len(bench.service.asked_at) == 1


@pytest.mark.parametrize("moves", [True, False])
@pytest.mark.parametrize("is_told", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_a_flapping_network_costs_no_more_polls_than_one_that_stays(
    seed: int, is_told: bool, moves: bool
) -> None:
    """F-N25: a VPN up and down each minute, for an hour; whether or not the system tells."""
    answers: list[Answer] = [snapshot(n % 90) for n in range(100)] if moves else [snapshot()]
    settings = Settings(poll_active_s=60, poll_idle_s=300)
    steady = Bench(answers, settings=settings)
    steady.run(3600)
    bench, wire = on_a_wire(answers=answers, settings=settings)
    draw = random.Random(seed).random

    async def flap() -> None:
        if is_told:
            bench.poller.note_machine(UP)
        await asyncio.sleep(draw() * 60)
        while True:
            for is_up in (False, True):
                bench.chance = draw()
                wire.is_up = is_up
                if is_told:
                    bench.poller.note_machine(UP if is_up else DOWN)
                await asyncio.sleep(60)

    run_virtually(_an_hour_of(bench, flap))
    planned = len(steady.service.asked_at)
    assert wire.answered <= planned + 1
    assert len(wire.asked_at) <= planned + 2 or not is_told  # tries that reach nobody


def test_a_link_that_trembles_does_not_make_polls() -> None:
    """F-N25: a plug with a loose contact, up for a moment each ten seconds, for half an hour."""
    bench, wire = on_a_wire(chance=0.999)

    async def tremble() -> None:
        bench.poller.note_machine(UP)
        wire.is_up = False
        for _ in range(180):
            bench.poller.note_machine(UNKNOWN)
            await asyncio.sleep(9)
            bench.poller.note_machine(UP)
            await asyncio.sleep(1)

    bench.run(1800, tremble)
    assert len(bench.service.asked_at) <= 1800 / 60 + 7  # and those of the back-off


async def _an_hour_of(bench: Bench, flap: Callable[[], Awaitable[None]]) -> None:
    async def forever() -> None:
        await flap()

    async with asyncio.TaskGroup() as group:
        running = group.create_task(bench.poll_for(3600))
        flapping = group.create_task(forever())
        await running
        flapping.cancel()
    left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    assert left == []  # 0 tasks leaked


# --- sleep ---------------------------------------------------------------------------------------


@given(st.floats(0, 0.999), st.floats(1, 200), st.booleans())
@hypothesis_settings(max_examples=60)
def test_eight_hours_of_sleep_are_followed_by_one_poll_within_ten_seconds(
    chance: float, fell_asleep_s: float, is_twice: bool
) -> None:
    """F-M01, F-M09, figure 19: told by the login service; no burst of what was missed."""
    bench = Bench(chance=chance)
    woken: list[float] = []

    async def scenario() -> None:
        await asyncio.sleep(fell_asleep_s)
        bench.machine.slept_s += 8 * 3600
        bench.poller.wake()
        if is_twice:
            bench.poller.wake()
        woken.append(bench.machine.running())
        await asyncio.sleep(10)
        assert len(after(woken[0], bench)) == 1

    bench.run(240, scenario)
    assert after(woken[0], bench)[0] - woken[0] <= 10


def test_a_lid_that_is_opened_twice_in_a_minute_is_answered_twice() -> None:
    """Figure 19: each time the network is there a few seconds after the waking only."""
    bench, wire = on_a_wire(chance=0.999)

    async def scenario() -> None:
        bench.poller.note_machine(UP)
        for _ in range(3):
            wire.is_up = False
            bench.poller.note_machine(DOWN)
            await asyncio.sleep(1)
            bench.machine.slept_s += 10
            bench.poller.wake()
            await asyncio.sleep(8)
            wire.is_up = True
            bench.poller.note_machine(UP)
            back = bench.machine.running()
            await asyncio.sleep(10)
            assert [at for at in after(back, bench) if at <= back + 10]

    bench.run(100, scenario)


def test_a_poll_that_broke_with_the_sleep_is_made_anew_soon() -> None:
    """F-M02: at the waking its deadline is over; what it had to say would be old."""
    bench = Bench([Fault(K.TIMED_OUT), snapshot()], takes_s=10, chance=0.999)

    async def scenario() -> None:
        await asyncio.sleep(5)
        bench.poller.wake()

    bench.run(30, scenario)
    assert bench.service.asked_at[1] - 10 <= 6


def test_after_a_blocked_loop_the_next_poll_is_now_and_one() -> None:
    """F-M09: the loop stood still for half an hour."""
    bench = Bench()

    async def scenario() -> None:
        await asyncio.sleep(30)
        loop = asyncio.get_running_loop()
        loop._jumping.now += 1800  # type: ignore[attr-defined]

    bench.run(1900, scenario)
    assert len([at for at in bench.service.asked_at if 1800 <= at < 1880]) == 1


# --- screen, power, panel ------------------------------------------------------------------------


def count(machine: MachineState, *, is_watched: bool = False) -> int:
    bench = Bench([snapshot(n % 90) for n in range(1000)])

    async def tell() -> None:
        bench.poller.note_machine(machine)
        bench.poller.note_watching(is_watched)

    bench.run(36_000, tell)
    return len(bench.service.asked_at)


def test_it_polls_less_when_nobody_looks_or_power_is_saved() -> None:
    """Numbers that move all the time: ten hours at 60 s or at 300 s."""
    ordinary = count(MachineState())
    assert count(MachineState(is_locked=True)) == pytest.approx(ordinary / 5, rel=0.03)
    assert count(MachineState(saves_power=True)) == pytest.approx(ordinary / 5, rel=0.03)
    assert count(MachineState(saves_power=True), is_watched=True) == pytest.approx(
        ordinary, rel=0.03
    )


def test_an_open_panel_keeps_the_active_rhythm_until_it_is_closed() -> None:
    bench = Bench()

    async def scenario() -> None:
        bench.poller.note_watching(True)
        await asyncio.sleep(3600)
        bench.poller.note_watching(False)

    bench.run(7200, scenario)
    while_open = [at for at in bench.service.asked_at if at <= 3600]
    assert len(while_open) == 61
    assert len(bench.service.asked_at) - len(while_open) <= 20


def test_whoever_unlocks_the_screen_finds_fresh_numbers() -> None:
    bench = Bench()

    async def scenario() -> None:
        bench.poller.note_machine(MachineState(is_locked=True))
        await asyncio.sleep(7300)
        bench.poller.note_machine(MachineState())

    bench.run(7500, scenario)
    before = [at for at in bench.service.asked_at if at <= 7300][-1]
    assert after(7300, bench)[0] == pytest.approx(max(7300, before + 60), abs=0.1)


def test_a_panel_that_is_open_can_be_seen_whatever_the_lock_says() -> None:
    """A session that nobody can lock may still be told to."""
    bench = Bench()

    async def scenario() -> None:
        bench.poller.note_machine(MachineState(is_locked=True))
        bench.poller.note_watching(True)

    bench.run(3600, scenario)
    assert len(bench.service.asked_at) >= 60


# --- clocks that are set -------------------------------------------------------------------------


@given(st.floats(-60 * 365 * 86_400, 60 * 365 * 86_400), st.floats(0, 3600))
def test_ages_do_not_care_for_a_clock_that_is_set(jump_s: float, later_s: float) -> None:
    """F-M04, F-M05: never negative, never a jump; the next reading follows the clock."""

    async def scenario() -> None:
        machine = Machine()
        steady = SteadyClock(machine.clocks)
        began = steady.now()
        machine.jumped_s += jump_s
        await asyncio.sleep(later_s)
        assert (steady.now() - began).total_seconds() == pytest.approx(later_s, abs=1e-3)
        steady.follow()
        assert abs(steady.now() - machine.wall()) < timedelta(milliseconds=1)

    run_virtually(scenario())


def test_each_reply_sets_the_steady_clock() -> None:
    bench = Bench(settings=RARELY)
    steady: list[SteadyClock] = []

    async def scenario() -> None:
        poller: Poller = bench.poller
        steady.append(poller._steady)
        bench.machine.jumped_s = -86_400
        assert steady[0].now() - bench.machine.wall() >= timedelta(seconds=86_399)
        poller.refresh_now()
        await asyncio.sleep(1)
        assert abs(steady[0].now() - bench.machine.wall()) < timedelta(seconds=1)

    bench.run(10, scenario)
