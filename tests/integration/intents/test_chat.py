"""Asking, stopping, asking again and beginning anew, over real sockets."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from support.person import ANSWERS, Person, PersonAt, person_at, settled, until
from support.simulator import MakeSimulator

from app.chat.conversation import Conversation, TurnStatus
from app.errors import FaultKind
from app.simulator.faults import refused
from app.simulator.state import Pace
from app.state import AppState

SLOW = Pace(first_s=0.0, between_s=0.02, delta_chars=2)


@asynccontextmanager
async def signed_in(at: PersonAt) -> AsyncIterator[Person]:
    async with at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        yield person


@pytest.fixture
def slow_at(make_simulator: MakeSimulator, private_home: Path) -> PersonAt:
    """Answers take seconds."""
    return partial(person_at, make_simulator(pace=SLOW), private_home)


def statuses(person: Person) -> list[TurnStatus]:
    return [turn.status for turn in person.state.conversation.turns]


async def until_answering(person: Person, turn: int = 0) -> None:
    """Until some text of the answer is there."""

    def has_text() -> bool:
        turns = person.state.conversation.turns
        return len(turns) > turn and bool(turns[turn].answer)

    await until(has_text, lambda: person.state.conversation)


async def until_ended(person: Person, turns: int = 1) -> None:
    def ended() -> bool:
        conversation = person.state.conversation
        return len(conversation.turns) >= turns and conversation.open_turn is None

    await until(ended, lambda: person.state.conversation)


async def test_an_answer_arrives_and_the_numbers_after_it(person_at: PersonAt) -> None:
    async with signed_in(person_at) as person:
        assert person.state.usage is not None
        before = person.state.usage.main_windows[0].used_percent
        polls = person.polls()
        person.simulator.script_answers("Because.")
        person.intents.chat.ask("Why?")
        await until_ended(person)
        turn = person.state.conversation.turns[0]
        assert (turn.question, turn.answer) == ("Why?", "Because.")
        assert turn.status is TurnStatus.COMPLETED
        await until(lambda: person.polls() == polls + 1)
        await until(lambda: used(person) != before)


def used(person: Person) -> float | None:
    usage = person.state.usage
    return usage.main_windows[0].used_percent if usage else None


async def test_a_second_question_waits_for_nobody_and_is_refused(slow_at: PersonAt) -> None:
    """F-C28: never interleaved."""
    async with signed_in(slow_at) as person:
        person.intents.chat.ask("one")
        person.intents.chat.ask("two")
        await until_answering(person)
        person.intents.chat.ask("three")
        await settled()
        assert [turn.question for turn in person.state.conversation.turns] == ["one"]
        assert len(person.simulator.requests_to(ANSWERS)) == 1


async def test_stop_keeps_what_came_and_closes_the_connection(slow_at: PersonAt) -> None:
    """F-C01"""
    async with signed_in(slow_at) as person:
        polls = person.polls()
        person.intents.chat.ask("Why?")
        await until_answering(person)
        person.intents.chat.stop()
        person.intents.chat.stop()  # a second click must not disturb the clean-up
        await until_ended(person)
        assert statuses(person) == [TurnStatus.STOPPED]
        stopped = person.state.conversation
        await until(lambda: person.simulator.disconnects)
        await settled()
        assert person.state.conversation is stopped
        assert person.polls() == polls
        assert person.crashes == []


async def test_a_question_right_after_stop_is_not_lost(slow_at: PersonAt) -> None:
    async with signed_in(slow_at) as person:
        person.intents.chat.ask("one")
        await until_answering(person)
        person.intents.chat.stop()
        person.intents.chat.ask("two")
        person.intents.chat.ask("three")  # "two" is on its way already
        await until_answering(person, turn=1)
        assert [turn.question for turn in person.state.conversation.turns] == ["one", "two"]
        assert statuses(person) == [TurnStatus.STOPPED, TurnStatus.STREAMING]
        person.intents.chat.stop()
        await until_ended(person, 2)
        assert statuses(person) == [TurnStatus.STOPPED, TurnStatus.STOPPED]
        assert person.crashes == []


async def test_stopping_again_and_again_loses_only_what_was_stopped(slow_at: PersonAt) -> None:
    async with signed_in(slow_at) as person:
        person.intents.chat.ask("one")
        await until_answering(person)
        for question in ("two", "three", "four"):
            person.intents.chat.stop()
            person.intents.chat.ask(question)
        await until_answering(person, turn=1)
        assert [turn.question for turn in person.state.conversation.turns] == ["one", "four"]
        assert person.crashes == []


async def test_a_question_stopped_before_it_was_sent_leaves_nothing(person_at: PersonAt) -> None:
    async with signed_in(person_at) as person:
        person.intents.chat.ask("Why?")
        person.intents.chat.stop()
        await settled()
        assert person.state.conversation == Conversation()
        assert person.simulator.requests_to(ANSWERS) == []


async def test_a_new_chat_is_not_filled_by_the_answer_of_the_old_one(slow_at: PersonAt) -> None:
    async with signed_in(slow_at) as person:
        person.intents.chat.ask("old")
        await until_answering(person)
        old_id = person.state.conversation.conversation_id
        shown: list[Conversation] = []
        person.store.subscribe(lambda s: s.conversation, lambda s: shown.append(s.conversation))
        person.intents.chat.new_chat()
        assert person.state.conversation == Conversation()
        await until(lambda: person.simulator.disconnects)
        await settled()
        assert shown == [Conversation()]
        person.intents.chat.ask("new")
        await until_answering(person)
        conversation = person.state.conversation
        assert [turn.question for turn in conversation.turns] == ["new"]
        assert conversation.conversation_id not in ("", old_id)


async def test_a_new_chat_and_a_question_at_once(slow_at: PersonAt) -> None:
    async with signed_in(slow_at) as person:
        person.intents.chat.ask("old")
        await until_answering(person)
        person.intents.chat.new_chat()
        person.intents.chat.ask("new")
        await until_answering(person)
        assert [turn.question for turn in person.state.conversation.turns] == ["new"]
        assert person.crashes == []


async def test_asking_again_replaces_the_failed_turn(person_at: PersonAt) -> None:
    async with signed_in(person_at) as person:
        person.simulator.script_answers("Because.")
        person.simulator.faults.add(ANSWERS, refused(403, '{"detail":"no"}'))
        person.intents.chat.ask("Why?")
        await until_ended(person)
        assert statuses(person) == [TurnStatus.FAILED]
        person.intents.chat.ask_again()
        await until(lambda: statuses(person) == [TurnStatus.COMPLETED])
        (turn,) = person.state.conversation.turns
        assert (turn.question, turn.answer, turn.fault) == ("Why?", "Because.", None)


async def test_asking_again_needs_something_that_has_ended(slow_at: PersonAt) -> None:
    async with signed_in(slow_at) as person:
        person.intents.chat.ask_again()
        assert person.state.conversation == Conversation()
        person.intents.chat.ask("Why?")
        await until_answering(person)
        person.intents.chat.ask_again()
        person.intents.chat.stop()
        person.intents.chat.ask_again()  # it is still ending
        await until_ended(person)
        assert statuses(person) == [TurnStatus.STOPPED]
        assert len(person.simulator.requests_to(ANSWERS)) == 1


async def test_an_answer_that_fails_keeps_the_session(person_at: PersonAt) -> None:
    async with signed_in(person_at) as person:
        before = person.session
        person.simulator.faults.add(ANSWERS, refused(400, '{"detail":"no"}'))
        person.intents.chat.ask("Why?")
        await until_ended(person)
        await settled()
        assert person.session == before


async def test_a_question_of_nobody_fails_in_its_turn(person_at: PersonAt) -> None:
    async with person_at() as person:
        person.intents.restore()
        await until(lambda: person.statuses)
        before = person.session
        person.intents.chat.ask("Why?")
        await until_ended(person)
        fault = person.state.conversation.turns[0].fault
        assert fault is not None
        assert fault.kind is FaultKind.NOT_SIGNED_IN
        assert person.session == before


@pytest.mark.expected_log("WARNING tidegauge.tasks: open link: browser_not_opened")
async def test_a_link_is_opened_in_the_browser_or_it_is_told(
    person_at: PersonAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with person_at() as person:
        opened: list[str] = []

        async def browser(url: str) -> bool:
            opened.append(url)
            return len(opened) == 1

        monkeypatch.setattr("app.intents.chat.open_in_browser", browser)
        person.intents.chat.open_link("https://one.invalid/")
        await until(lambda: opened)
        await settled()
        assert person.crashes == []
        person.intents.chat.open_link("https://two.invalid/")
        await until(lambda: person.crashes)
        assert person.crashes[0].kind is FaultKind.BROWSER_NOT_OPENED


async def test_who_sees_the_end_may_ask_on_at_once(person_at: PersonAt) -> None:
    """The connection of the answer before may still be closing."""
    async with signed_in(person_at) as person:
        asked: list[str] = []

        def ask_on(state: AppState) -> None:
            ended = state.conversation.turns and state.conversation.open_turn is None
            if ended and len(asked) < 3:
                asked.append(f"more {len(asked)}")
                person.intents.chat.send_question(asked[-1])

        person.store.subscribe(lambda state: state.conversation, ask_on)
        person.intents.chat.ask("one")
        await until_ended(person, 4)
        assert [turn.question for turn in person.state.conversation.turns] == ["one", *asked]


async def test_what_an_answer_moved_is_told_by_the_reading_after_it(person_at: PersonAt) -> None:
    async with signed_in(person_at) as person:
        assert person.intents.chat.desk
        before = used(person)
        person.intents.chat.ask("Why?")
        await until(lambda: person.state.desk and person.state.desk.moved)
        after = used(person)
        assert before is not None
        assert after is not None
        assert person.state.desk is not None
        (turn,) = person.state.conversation.turns
        five_hours, _week = person.state.desk.moved[turn.turn_id]
        assert five_hours.low <= after - before <= five_hours.high
