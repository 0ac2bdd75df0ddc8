"""Sign-ins that only one run keeps: noted for the next one, offered once more at the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from support.person import PersonAt, until

from app.errors import FaultKind
from app.intents import lost_sign_ins
from app.intents.lost_sign_ins import FILE_NAME, LostSignIns, saved_at_the_end
from app.state import SessionStatus, Store
from app.tasks import GuardedTasks

UNSAVED = (("a" * 16, FaultKind.KEYRING_LOCKED), ("b" * 16, FaultKind.KEYRING_FAILED))


@asynccontextmanager
async def noting(file: Path) -> AsyncIterator[tuple[LostSignIns, Store]]:
    store = Store()
    async with asyncio.TaskGroup() as group:
        lost = LostSignIns(file.parent, store, GuardedTasks(group, print).spawn)
        lost.begin()
        yield lost, store


def set_unsaved(store: Store, count: int) -> None:
    store.update(session=replace(store.state.session, unsaved=UNSAVED[:count]))


async def test_their_number_is_on_the_disk_as_long_as_they_may_be_lost(tmp_path: Path) -> None:
    """F-T22: also for a run that is killed. Nothing tells whose they are."""
    file = tmp_path / "state" / FILE_NAME
    async with noting(file) as (_, store):
        set_unsaved(store, 1)
        await until(file.exists)
        set_unsaved(store, 2)
        await until(lambda: file.read_text() == '{"unsaved": 2}')
        set_unsaved(store, 0)
        await until(lambda: not file.exists())


async def test_the_next_run_says_so_until_somebody_has_read_it(tmp_path: Path) -> None:
    """F-T22"""
    file = tmp_path / FILE_NAME
    file.write_text('{"unsaved": 2}')
    async with noting(file) as (lost, store):
        await until(lambda: store.state.lost_sign_ins == 2)
    async with noting(file) as (lost, store):  # nobody has looked so far
        await until(lambda: store.state.lost_sign_ins == 2)
        set_unsaved(store, 1)
        lost.dismiss()
        assert store.state.lost_sign_ins == 0
        await until(lambda: file.read_text() == '{"unsaved": 1}')


@pytest.mark.parametrize("content", ["", "[]", '{"unsaved": "x"}', '{"unsaved": 1000}', "{" * 2000])
async def test_a_note_that_makes_no_sense_says_nothing(tmp_path: Path, content: str) -> None:
    file = tmp_path / FILE_NAME
    file.write_text(content)
    async with noting(file) as (_, store):
        pass
    assert store.state.lost_sign_ins == 0


@pytest.mark.expected_log("WARNING tidegauge.session: unsaved sign-ins are not noted*")
async def test_a_disk_that_takes_nothing_stops_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """F-D09"""
    (tmp_path / "state").write_text("a file")
    async with noting(tmp_path / "state" / FILE_NAME) as (_, store):
        set_unsaved(store, 1)
    assert "unsaved sign-ins are not noted" in caplog.text


async def test_a_keyring_that_takes_it_by_now_has_it_at_the_end(person_at: PersonAt) -> None:
    """F-T22, F-D06: no poll, no question, only the end."""
    async with person_at() as person:
        file = person.program.surroundings.paths.state / FILE_NAME
        person.intents.restore()
        await person.until_status(SessionStatus.SIGNED_OUT)
        person.vault.fault = FaultKind.KEYRING_FAILED
        await person.sign_in()
        await until(file.exists)
        person.vault.fault = None
        async with saved_at_the_end(person.program, person.store):
            pass
        assert await person.vault.load() is not None
        assert not file.exists()


@pytest.mark.expected_log("WARNING tidegauge.session: 1 sign-ins end with this run*")
@pytest.mark.parametrize("hangs", [True, False])
async def test_a_keyring_that_still_refuses_does_not_hold_the_end_back(
    person_at: PersonAt, monkeypatch: pytest.MonkeyPatch, hangs: bool
) -> None:
    """F-T22, F-D06"""
    monkeypatch.setattr(lost_sign_ins, "LAST_TRY_S", 0.2)
    async with person_at() as person:
        person.intents.restore()
        await person.until_status(SessionStatus.SIGNED_OUT)
        person.vault.fault = FaultKind.KEYRING_FAILED
        await person.sign_in()
        await until(lambda: not person.is_busy("offer to the keyring again"))
        if hangs:
            person.vault.gate = asyncio.Event()
        async with saved_at_the_end(person.program, person.store):
            pass
        note = person.program.surroundings.paths.state / FILE_NAME
        assert note.read_text() == '{"unsaved": 1}'
        if person.vault.gate is not None:
            person.vault.gate.set()
