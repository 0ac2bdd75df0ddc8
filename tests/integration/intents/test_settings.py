"""Changing a setting: in force at once, saved, and told if it could not be."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from support.person import PersonAt, settled, until

from app.intents import settings
from app.settings import Note, NoteKind, Settings


async def test_a_good_value_is_in_force_at_once_and_saved(person_at: PersonAt) -> None:
    async with person_at() as person:
        shown: list[Settings] = []
        person.store.subscribe(lambda s: s.settings, lambda s: shown.append(s.settings))
        person.intents.change_setting("close_percent", 60)
        assert person.state.settings.close_percent == 60
        assert shown == person.saved == [person.state.settings]
        await settled()
        assert person.state.notes == ()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("close_percent", 101),
        ("close_percent", "60"),
        ("language", "xx"),
        ("no_such_setting", 1),
        ("close_percent", Settings().close_percent),
    ],
)
async def test_a_bad_or_equal_value_changes_nothing(
    person_at: PersonAt, key: str, value: object
) -> None:
    async with person_at() as person:
        before = person.state
        person.intents.change_setting(key, value)
        await settled()
        assert person.state is before
        assert person.saved == []


async def test_settings_that_cannot_be_saved_hold_and_are_told_until_they_can(
    person_at: PersonAt,
) -> None:
    """F-D08, F-D09"""
    async with person_at() as person:
        person.store.update(notes=(Note(NoteKind.VALUE_RESET, "clock"),))
        person.can_save = False
        person.intents.change_setting("close_percent", 60)
        await until(lambda: person.state.notes == (Note(NoteKind.NOT_SAVED),))
        assert person.state.settings.close_percent == 60
        person.can_save = True
        person.intents.change_setting("close_percent", 61)
        await until(lambda: person.state.notes == ())


async def test_a_save_that_has_begun_outlives_the_program(person_at: PersonAt) -> None:
    writing: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    async with person_at() as person:
        person.writing = writing
        person.intents.change_setting("close_percent", 60)
        person.tasks.cancel_all()
    assert person.saved
    assert not writing.cancelled()


async def test_what_somebody_else_wrote_is_in_force_at_once(person_at: PersonAt) -> None:
    async with person_at() as person:
        note = Note(NoteKind.VALUE_RESET, "clock")
        person.on_file = replace(person.state.settings, close_percent=60), (note,)
        person.intents.look_at_settings()
        await until(lambda: person.state.settings.close_percent == 60)
        assert person.state.notes == (note,)
        assert person.saved == []


async def test_a_file_that_cannot_be_read_now_changes_nothing(person_at: PersonAt) -> None:
    async with person_at() as person:
        before = person.state
        person.intents.look_at_settings()
        person.intents.look_at_settings()
        await settled()
        assert person.state is before


async def test_a_file_that_stays_unusable_is_told_until_it_is_put_right(
    person_at: PersonAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-D21: else the next change would set it aside without a word."""
    monkeypatch.setattr(settings, "_WRITING_S", 0.05)
    async with person_at() as person:
        before = person.state.settings
        person.intents.look_at_settings()
        await until(lambda: person.state.notes == (Note(NoteKind.FILE_UNUSABLE),))
        assert person.state.settings == before
        person.on_file = replace(before, clock="24h"), ()
        person.intents.look_at_settings()
        await until(lambda: person.state.settings.clock == "24h")
        assert person.state.notes == ()


async def test_a_file_in_the_middle_of_being_written_is_not_told(
    person_at: PersonAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "_WRITING_S", 60.0)
    async with person_at() as person:
        told: list[tuple[Note, ...]] = []
        person.store.subscribe(lambda s: s.notes, lambda s: told.append(s.notes))
        person.intents.look_at_settings()
        await settled()
        person.on_file = replace(person.state.settings, clock="24h"), ()
        person.intents.look_at_settings()
        await until(lambda: person.state.settings.clock == "24h")
        assert told == []


async def test_that_a_change_is_not_saved_stays_told_after_a_look(person_at: PersonAt) -> None:
    """F-D09"""
    async with person_at() as person:
        person.can_save = False
        person.intents.change_setting("close_percent", 60)
        await until(lambda: person.state.notes == (Note(NoteKind.NOT_SAVED),))
        person.on_file = replace(person.state.settings, clock="24h"), ()
        person.intents.look_at_settings()
        await until(lambda: person.state.settings.clock == "24h")
        assert person.state.notes == (Note(NoteKind.NOT_SAVED),)
