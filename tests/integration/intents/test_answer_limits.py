"""What a chat answer tells of the limits moves the gauges at once, whatever becomes of polls."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from support.person import USAGE, Person, PersonAt, person_at, settled, until
from support.simulator import MakeSimulator

from app.errors import FaultKind
from app.simulator.faults import refused
from app.simulator.scenario import scenario_named
from app.simulator.state import Pace
from app.usage.limits import Source, UsageSnapshot

SLOW = Pace(first_s=0.0, between_s=0.02, delta_chars=2)


def used(person: Person) -> list[float | None]:
    usage = person.state.usage
    return [] if usage is None else [window.used_percent for window in usage.main_windows]


async def until_numbers(person: Person) -> UsageSnapshot:
    person.intents.restore()
    await until(lambda: person.state.usage)
    assert person.state.usage is not None
    return person.state.usage


async def until_answered(person: Person) -> None:
    def answered() -> bool:
        conversation = person.state.conversation
        return bool(conversation.turns) and conversation.open_turn is None

    await until(answered)


async def test_the_gauges_move_when_an_answer_ends_without_a_poll(person_at: PersonAt) -> None:
    """Every poll after the first one fails, so only the answer can have told."""
    async with person_at(stored=True) as person:
        before = await until_numbers(person)
        assert used(person) == [86, 31]
        for _ in range(5):
            person.simulator.faults.add(USAGE, refused(500))
        person.intents.chat.ask("Why?")
        await until_answered(person)
        assert used(person) == [90, 32]
        await until(lambda: person.state.poll.fault is not None)
        after = person.state.usage
        assert after is not None
        assert after.source is Source.ANSWER
        told = after.limit("codex")
        assert told is not None
        assert told.source is Source.ANSWER
        # What only a poll tells is as it was, with the time it was told at.
        review, review_before = after.limit("code_review"), before.limit("code_review")
        assert review == review_before
        assert review is not None
        assert review.as_of is not None
        assert told.as_of is not None
        assert review.as_of < told.as_of
        assert after.credits == before.credits  # messages and all
        assert (after.account_id, after.email) == (before.account_id, before.email)
        # A fault of polling stays a fault of polling.
        assert person.state.poll.fault is not None
        assert person.state.poll.fault.kind is FaultKind.SERVER_ERROR


async def test_the_gauges_move_when_an_answer_begins(
    make_simulator: MakeSimulator, private_home: Path
) -> None:
    """What was used elsewhere meanwhile is told at the head of the answer."""
    at = partial(person_at, make_simulator(pace=SLOW), private_home)
    async with at(stored=True) as person:
        await until_numbers(person)
        polls = person.polls()
        person.simulator.set_used("codex", 88.5, 18_000)
        person.intents.chat.ask("Why?")
        await until(lambda: used(person) == [88.5, 31] or used(person) == [88, 31])
        assert person.state.conversation.open_turn is not None
        assert person.polls() == polls
        person.intents.chat.stop()


async def test_a_refusal_tells_that_the_limit_is_reached(person_at: PersonAt) -> None:
    """A 429 carries the headers too, and counts at once (F-U22)."""
    async with person_at(stored=True) as person:
        await until_numbers(person)
        person.simulator.set_used("codex", 100, 18_000)
        for _ in range(5):
            person.simulator.faults.add(USAGE, refused(500))
        person.intents.chat.ask("Why?")
        await until_answered(person)
        fault = person.state.conversation.turns[0].fault
        assert fault is not None
        assert fault.kind is FaultKind.LIMIT_REACHED
        usage = person.state.usage
        assert usage is not None
        assert usage.is_exhausted
        assert not usage.is_doubtful
        assert used(person) == [100, 31]


async def test_numbers_of_an_answer_that_seem_odd_are_asked_for_soon(
    person_at: PersonAt,
) -> None:
    """F-U22: a drop without a reset is shown, and a poll confirms or refutes it."""
    async with person_at(stored=True) as person:
        await until_numbers(person)
        person.simulator.set_used("codex", 5, 18_000)
        for _ in range(5):
            person.simulator.faults.add(USAGE, refused(500))
        person.intents.chat.ask("Why?")
        await until_answered(person)
        usage = person.state.usage
        assert usage is not None
        assert usage.is_doubtful
        assert used(person)[0] in (5, 9)


async def test_the_next_poll_takes_over_again(person_at: PersonAt) -> None:
    async with person_at(stored=True) as person:
        await until_numbers(person)
        person.intents.chat.ask("Why?")
        await until_answered(person)
        await until(lambda: person.state.usage and person.state.usage.source is Source.POLL)
        assert used(person) == [90, 32]
        assert person.state.usage is not None
        assert not person.state.usage.is_doubtful


async def test_a_signed_out_person_sees_no_numbers_of_an_answer(
    make_simulator: MakeSimulator, private_home: Path
) -> None:
    at = partial(person_at, make_simulator(pace=SLOW), private_home)
    async with at(stored=True) as person:
        told = await until_numbers(person)
        person.intents.chat.ask("Why?")
        await until(lambda: person.state.conversation.turns)
        person.intents.sign_out()
        person.intents._usage.note_answer(replace(told, source=Source.ANSWER))
        await settled()
        assert person.state.usage is None


@pytest.mark.parametrize("name", ["fresh", "weekly_only", "monthly_free", "everything"])
async def test_poll_and_answer_speak_of_the_same_windows(
    make_simulator: MakeSimulator, private_home: Path, name: str
) -> None:
    """Whatever windows a plan has, an answer adds none and loses none."""
    at = partial(person_at, make_simulator(scenario_named(name)), private_home)
    async with at(stored=True) as person:
        before = await until_numbers(person)
        for _ in range(5):
            person.simulator.faults.add(USAGE, refused(500))
        person.intents.chat.ask("Why?")
        await until_answered(person)
        after = person.state.usage
        assert after is not None
        assert after.source is Source.ANSWER
        assert [w.window_id for w in after.windows] == [w.window_id for w in before.windows]
        assert not after.is_doubtful
