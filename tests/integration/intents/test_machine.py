"""What the machine tells, as far as the requests and the state of the real program."""

from __future__ import annotations

from datetime import timedelta

import pytest
from support.person import TOKENS, PersonAt, settled, until
from support.simulator import start_again

from app.errors import FaultKind
from app.state import AppState
from app.usage.schedule import MachineState


async def test_a_machine_that_slept_over_expiry_and_reset_costs_one_refresh_and_one_poll(
    person_at: PersonAt,
) -> None:
    """F-M01, F-M03: soon, however often the waking is told."""
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        await person.until_idle()
        before, refreshes = person.polls(), len(person.simulator.requests_to(TOKENS))
        person.simulator.expire_access_tokens()
        person.simulator.advance(8 * 3600)
        for _ in range(3):
            person.intents.wake()
        await until(lambda: person.polls() > before)
        await person.until_idle()
        await settled()
        usage = person.state.usage
        assert usage is not None
        assert usage.main_windows[0].used_percent == 0  # it was reset meanwhile
        assert person.state.poll.fault is None
        assert len(person.simulator.requests_to(TOKENS)) - refreshes == 1
        assert person.polls() - before <= 2  # one is repeated after the refresh


async def test_a_network_that_is_back_ends_the_back_off(person_at: PersonAt) -> None:
    """F-N01, figure 19."""
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        person.intents.note_machine(MachineState(is_online=True))
        person.simulator.stop()
        person.intents.note_machine(MachineState(is_online=False))
        person.intents.refresh_now()
        await until(lambda: person.state.poll.fault is not None)
        fault = person.state.poll.fault
        assert fault is not None
        assert fault.kind is FaultKind.OFFLINE
        assert person.state.poll.next_at is None
        assert person.state.usage is not None
        start_again(person.simulator)
        person.intents.note_machine(MachineState(is_online=True))
        await until(lambda: person.state.poll.fault is None)


async def test_a_person_who_travels_sees_the_times_written_anew(
    person_at: PersonAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-M06: at the next look at the clocks, which is less than a minute away."""
    monkeypatch.setattr("app.usage.alarm.GLANCE_S", 0.02)
    monkeypatch.setenv("TZ", "Europe/Berlin")
    renders: list[AppState] = []
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.zone)
        first = person.state.zone
        leave = person.store.subscribe(lambda state: state, renders.append)
        await person.until_idle()
        monkeypatch.setenv("TZ", "America/New_York")
        await until(lambda: person.state.zone != first)
        assert renders[-1].zone == person.state.zone
        leave()


async def test_the_next_poll_is_told_on_the_clock_of_the_ages(person_at: PersonAt) -> None:
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage and person.state.poll.next_at)
        await person.until_idle()
        usage, next_at = person.state.usage, person.state.poll.next_at
        assert usage is not None
        assert next_at is not None
        assert timedelta(seconds=50) < next_at - usage.fetched_at < timedelta(seconds=70)
