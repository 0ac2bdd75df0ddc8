"""The wish to delete everything, with a service, a keyring and a disk that may fail."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from support.accounts_of_person import add
from support.person import Person, PersonAt, settled, until

from app.erasure.outcome import Erasure, Outcome, Part
from app.errors import FaultKind
from app.settings import Settings
from app.simulator.accounts import BO
from app.simulator.faults import Fault, late
from app.state import SessionStatus

REVOKE = "/oauth/revoke"


async def erased(person: Person, *, keeps_settings: bool = False) -> Outcome:
    person.intents.erase_everything(keeps_settings=keeps_settings)
    assert person.state.erasure == Erasure(keeps_settings)
    await until(lambda: person.state.erasure and person.state.erasure.outcome)
    erasure = person.state.erasure
    assert erasure is not None
    assert erasure.outcome is not None
    return erasure.outcome


def files(person: Person) -> list[Path]:
    paths = person.program.surroundings.paths
    folders = (paths.config, paths.state, paths.cache, paths.logs)
    return [one for folder in folders for one in folder.rglob("*") if one.is_file()]


def running() -> set[str]:
    return {task.get_name() for task in asyncio.all_tasks()}


async def test_every_account_is_signed_out_and_nothing_is_kept(person_at: PersonAt) -> None:
    """T-43"""
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        await add(person, BO)
        person.intents.chat.ask("Why?")
        await until(lambda: person.state.conversation.turns)
        await until(lambda: files(person))
        assert await erased(person) == Outcome()
        assert len(person.simulator.requests_to(REVOKE)) == 2
        assert person.session.status is SessionStatus.SIGNED_OUT
        assert person.session.accounts == ()
        assert (person.state.usage, person.state.conversation.turns) == (None, ())
        assert files(person) == []
        polls = person.polls()
        person.intents.refresh_now()
        await settled()
        assert person.polls() == polls
        assert person.crashes == []


async def test_afterwards_no_setting_is_kept_any_more(person_at: PersonAt) -> None:
    async with person_at() as person:
        await erased(person)
        person.on_file = (Settings(clock="12h"), ())
        person.intents.change_setting("clock", "24h")
        person.intents.look_at_settings()
        await settled()
        assert person.saved == []
        assert person.state.settings.clock == "system"


async def test_a_service_that_cannot_be_told_holds_nothing_back(person_at: PersonAt) -> None:
    """T-43, F-T28: gone here, and said that it is not gone there."""
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        person.simulator.faults.add(REVOKE, Fault(503))
        outcome = await erased(person)
        assert outcome.is_whole
        assert outcome.untold == 1


@pytest.mark.parametrize(
    ("fault", "part"),
    [
        (FaultKind.KEYRING_FAILED, Part.KEYRING_FAILED),
        (FaultKind.KEYRING_LOCKED, Part.KEYRING_LOCKED),
    ],
)
async def test_what_the_keyring_keeps_is_told_and_goes_with_the_next_try(
    person_at: PersonAt, fault: FaultKind, part: Part
) -> None:
    """T-43: the marks by which it is found again stay until then."""
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        person.vault.fault = fault
        outcome = await erased(person)
        assert [one.part for one in outcome.left] == [part]
        assert {file.name for file in files(person)} == {"account.json"}
        person.vault.fault = None
        assert await erased(person) == Outcome()
        assert files(person) == []
        assert await person.vault.load() is None


async def test_nothing_is_finished_beside_it(person_at: PersonAt) -> None:
    """T-43: whoever still tries to empty the keyring would write what was just deleted."""
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        person.vault.fault = FaultKind.KEYRING_LOCKED
        await erased(person)
        person.vault.gate = slow = asyncio.Event()
        await until(lambda: person.vault.is_waiting)
        assert "offer to the keyring again" in running()
        person.vault.gate = person.vault.fault = None
        assert await erased(person) == Outcome()
        assert "offer to the keyring again" not in running()
        assert not slow.is_set()
        assert files(person) == []


async def test_a_second_wish_meanwhile_changes_nothing(person_at: PersonAt) -> None:
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        person.simulator.faults.add(REVOKE, late(0.3))
        person.intents.erase_everything(keeps_settings=False)
        person.intents.erase_everything(keeps_settings=True)
        await until(lambda: person.state.erasure and person.state.erasure.outcome)
        assert person.state.erasure == Erasure(False, Outcome())
        assert len(person.simulator.requests_to(REVOKE)) == 1


@pytest.mark.expected_log("ERROR tidegauge.tasks: delete everything failed unexpectedly")
async def test_deleting_that_fails_unexpectedly_is_told(
    person_at: PersonAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-D23: never is somebody left waiting before a window without a button."""
    async with person_at() as person:

        async def fail() -> None:
            raise RuntimeError

        with monkeypatch.context() as patch:
            patch.setattr(person.program, "let_go", fail)
            outcome = await erased(person)
        assert [(one.part, one.names) for one in outcome.left] == [
            (Part.UNKNOWN, ("RuntimeError",))
        ]
        await until(lambda: person.crashes)
        assert await erased(person) == Outcome()
