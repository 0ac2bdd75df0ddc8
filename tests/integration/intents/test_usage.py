"""Polling as the person sees it: numbers, faults beside them, and "Refresh now"."""

from __future__ import annotations

import pytest
from support.person import USAGE, PersonAt, settled, until

from app.errors import FaultKind
from app.simulator.faults import Fault, html_page, late, refused, too_many_requests
from app.state import AppState, SessionStatus


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (refused(500), FaultKind.SERVER_ERROR),
        (too_many_requests(600), FaultKind.RATE_LIMITED),
        (html_page(), FaultKind.PORTAL),
    ],
)
async def test_a_failed_poll_keeps_the_last_numbers_and_is_told(
    person_at: PersonAt, fault: Fault, kind: FaultKind
) -> None:
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        before = person.state.usage
        person.simulator.faults.add(USAGE, fault)
        await person.poll()
        poll = person.state.poll
        assert poll.fault is not None
        assert poll.fault.kind is kind
        assert poll.next_at is not None
        assert person.state.usage is before
        assert person.shows(SessionStatus.SIGNED_IN)


async def test_refresh_now_bypasses_the_delay_after_a_fault(person_at: PersonAt) -> None:
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        person.simulator.faults.add(USAGE, too_many_requests(600))
        await person.poll()
        assert person.state.poll.fault is not None
        person.simulator.set_used("codex", 99)
        await person.poll()
        after = person.state
        assert after.poll.fault is None
        assert after.usage is not None
        assert after.usage.main_windows[0].used_percent == 99


async def test_refresh_now_joins_a_poll_that_runs(person_at: PersonAt) -> None:
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        person.simulator.faults.add(USAGE, late(0.1))
        person.intents.refresh_now()
        await until(lambda: person.polls() == 2)
        for _ in range(3):
            person.intents.refresh_now()
            await settled()
        await person.until_idle()
        await settled()
        assert person.polls() == 2


@pytest.mark.parametrize("fault_first", [True, False])
async def test_nobody_signed_in_polls_nothing(person_at: PersonAt, fault_first: bool) -> None:
    async with person_at() as person:
        if fault_first:
            person.vault.fault = FaultKind.KEYRING_FAILED
        person.intents.restore()
        await person.until_status(SessionStatus.SIGNED_OUT)
        person.intents.refresh_now()
        person.intents.note_activity()
        await settled()
        assert person.simulator.requests == []


@pytest.mark.expected_log("ERROR tidegauge.tasks: poll usage failed unexpectedly")
async def test_a_crash_in_one_task_is_told_and_the_others_live(person_at: PersonAt) -> None:
    """F-D23"""
    async with person_at(stored=True) as person:

        def crash(_state: AppState) -> None:
            raise ZeroDivisionError

        leave = person.store.subscribe(lambda state: state.usage, crash)
        person.intents.restore()
        await until(lambda: person.crashes)
        assert person.crashes[0].kind is FaultKind.INTERNAL
        leave()
        person.intents.chat.ask("Why?")
        await until(lambda: person.state.conversation.turns)
        await until(lambda: person.state.conversation.open_turn is None)
        assert person.state.conversation.turns[-1].answer
        person.intents.refresh_now()
        await until(lambda: person.state.poll.next_at)
        assert person.state.usage is not None
