"""Looking for a newer version, over real sockets: who is asked, how often, with what, and told."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.person import RELEASES, Person, PersonAt, settled, until

from app.desktop.notification import Notification, Outcome
from app.intents.updates import UpdateIntents
from app.settings import Settings
from app.simulator.faults import Fault, redirect
from app.simulator.server import Simulator
from app.updates.memory import UpdateMemory
from app.updates.memory_file import UpdateMemoryFile

ON = Settings(check_updates=True)


class Desktop:
    """Shows notifications, unless it is told otherwise."""

    def __init__(self) -> None:
        self.shown: list[Notification] = []
        self.outcome = Outcome.SHOWN

    async def show(self, notification: Notification, *, insists: bool = False) -> Outcome:
        if self.outcome is Outcome.SHOWN:
            self.shown.append(notification)
        return self.outcome

    async def close(self, topic: str) -> None:
        """Nothing is closed here."""

    async def say_anew(self, notification: Notification) -> None:
        """Nor said anew."""


def memory_of(person: Person) -> UpdateMemoryFile:
    return UpdateMemoryFile(person.program.surroundings.paths.state)


def age(person: Person, days: float = 1.1) -> None:
    """As if the last request had been so long ago."""
    file = memory_of(person)
    memory = file.load()
    assert memory.asked_at is not None
    assert file.save(replace(memory, asked_at=memory.asked_at - timedelta(days=days)))


def looking(
    person: Person, desktop: Desktop | None = None, current: str = "0.1.0"
) -> UpdateIntents:
    return UpdateIntents(
        person.program, person.store, person.tasks.spawn, lambda: desktop, current=current
    )


async def look(person: Person, intents: UpdateIntents) -> None:
    intents.look()
    await until(lambda: not person.is_busy("look for updates"))


def asked(simulator: Simulator) -> int:
    return len(simulator.requests_to(RELEASES))


async def test_nobody_is_asked_unless_the_person_wishes_it(person_at: PersonAt) -> None:
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        person.intents.updates.note_look()
        await settled()
        assert asked(person.simulator) == 0
        assert not memory_of(person).load().asked_at
        person.intents.change_setting("check_updates", True)
        await until(lambda: person.state.updates and person.state.updates.asked_at)
        assert asked(person.simulator) == 1
        person.intents.change_setting("check_updates", False)
        assert person.state.updates is None


async def test_the_request_tells_nothing_of_who_asks(person_at: PersonAt) -> None:
    """No cookie, version, language or token; the service's own tag comes back."""
    async with person_at(settings=ON) as person:
        intents = looking(person)
        person.simulator.state.sets_gateway_cookie = True
        await look(person, intents)
        age(person)
        await look(person, looking(person))
        first, second = person.simulator.requests_to(RELEASES)
        assert {name.lower() for name, _ in first.headers} == {
            *("host", "user-agent", "accept", "accept-encoding", "connection")
        }
        assert first.header("user-agent") == "tidegauge"
        assert (first.query, first.body) == ("", b"")
        sent = {name.lower(): value for name, value in second.headers}
        assert sent.keys() - {name.lower() for name, _ in first.headers} == {"if-none-match"}
        assert sent["if-none-match"].startswith('W/"')


async def test_what_has_not_changed_is_answered_by_a_word(person_at: PersonAt) -> None:
    async with person_at(settings=ON) as person:
        person.simulator.state.newest_release = "0.2.0"
        await look(person, looking(person))
        age(person)
        before = memory_of(person).load()
        await look(person, looking(person))
        after = memory_of(person).load()
        assert asked(person.simulator) == 2
        assert (after.newest, after.etag) == (before.newest, before.etag)
        assert after.asked_at != before.asked_at
        assert person.state.updates is not None
        assert person.state.updates.newer == "0.2.0"


async def test_at_most_once_a_day_whatever_starts_and_ends(
    person_at: PersonAt, simulator: Simulator
) -> None:
    """Over restarts, and of several programs at once one asks."""
    async with person_at(settings=ON) as person:
        several = [looking(person) for _ in range(8)]
        for one in several:
            one.look()
        await until(lambda: not person.is_busy("look for updates"))
        assert asked(simulator) == 1
    async with person_at(settings=ON) as person:
        for _ in range(3):
            await look(person, looking(person))
        assert asked(simulator) == 1
        age(person)
        await look(person, looking(person))
        assert asked(simulator) == 2


async def test_a_request_that_fails_counts_as_one(person_at: PersonAt) -> None:
    async with person_at(settings=ON) as person:
        person.simulator.faults.add(RELEASES, Fault(503), times=None)
        await look(person, looking(person))
        assert person.state.updates is not None
        assert person.state.updates.has_failed
        await look(person, looking(person))
        assert asked(person.simulator) == 1


FAULTS = {
    "redirect-elsewhere": redirect("https://elsewhere.invalid/latest.json"),
    "redirect-here": redirect("/releases/other.json"),
    "huge": Fault(body=b'{"version": "9.0"}' + b" " * 1024, repeat=1000),
    "endless": Fault(body=b" " * 65_536, framing="chunked", repeat=64),
    "html": Fault(body=b"<html>9.0</html>", content_type="text/html"),
    "garbage": Fault(body=json.dumps({"version": "<b>9.0</b>"}).encode()),
    "downgrade": Fault(body=b'{"version": "0.0.5"}'),
    "preview": Fault(body=b'{"version": "9.0rc1"}'),
    "empty": Fault(body=b""),
    "cut": Fault(body=b'{"version": "9.0"}', cut_after=5),
    "304-unasked": Fault(304),
    "500": Fault(500, body=b'{"version": "9.0"}'),
}


@pytest.mark.parametrize("name", FAULTS)
async def test_nothing_else_is_news_and_nobody_else_is_asked(
    person_at: PersonAt, name: str
) -> None:
    async with person_at(settings=ON) as person:
        person.simulator.faults.add(RELEASES, FAULTS[name])
        desktop = Desktop()
        await look(person, looking(person, desktop))
        assert person.state.updates is not None
        assert person.state.updates.newer == ""
        assert desktop.shown == []
        assert [one.path for one in person.simulator.requests] == [RELEASES]
        assert person.crashes == []


async def test_one_notification_per_version(person_at: PersonAt) -> None:
    async with person_at(settings=ON) as person:
        desktop = Desktop()
        person.simulator.state.newest_release = "v0.2.0"
        for _ in range(3):
            await look(person, looking(person, desktop))
            age(person)
        assert [one.title for one in desktop.shown] == ["Tidegauge 0.2.0 is available"]
        person.simulator.state.newest_release = "0.3.0"
        await look(person, looking(person, desktop))
        assert len(desktop.shown) == 2


async def test_whoever_wants_none_now_gets_it_later(person_at: PersonAt) -> None:
    hour = datetime.now().astimezone().hour
    quiet = replace(ON, quiet_hours=True, quiet_from_hour=hour, quiet_to_hour=(hour + 2) % 24)
    async with person_at(settings=replace(quiet, warnings=False)) as person:
        desktop = Desktop()
        person.simulator.state.newest_release = "0.2.0"
        await look(person, looking(person, desktop))
        person.store.update(settings=quiet)
        await look(person, looking(person, desktop))
        person.store.update(settings=ON)
        desktop.outcome = Outcome.HELD
        await look(person, looking(person, desktop))
        assert desktop.shown == []
        desktop.outcome = Outcome.SHOWN
        await look(person, looking(person, desktop))
        assert len(desktop.shown) == 1
        assert asked(person.simulator) == 1


async def test_whoever_has_the_newest_hears_nothing(person_at: PersonAt) -> None:
    async with person_at(settings=ON) as person:
        desktop = Desktop()
        person.simulator.state.newest_release = "0.2.0"
        await look(person, looking(person, desktop, current="0.2.0"))
        assert person.state.updates is not None
        assert person.state.updates.newer == ""
        assert desktop.shown == []


async def test_a_build_without_an_address_asks_nobody(
    person_at: PersonAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with person_at(settings=ON) as person:
        person.program.surroundings = replace(person.program.surroundings, releases_url="")
        await look(person, looking(person))
        assert person.state.updates is not None
        assert not person.state.updates.has_address
        assert person.simulator.requests == []


@pytest.mark.parametrize("place", ["file", "folder"])
async def test_where_nothing_can_be_noted_nobody_is_asked(person_at: PersonAt, place: str) -> None:
    """F-D09: else each start would ask again."""
    async with person_at(settings=ON) as person:
        state = person.program.surroundings.paths.state
        state.mkdir(parents=True, exist_ok=True)
        (state / ("updates.json" if place == "file" else "locks")).mkdir()
        if place == "folder":
            (state / "locks").rmdir()
            (state / "locks").write_text("in the way")
        await look(person, looking(person))
        assert asked(person.simulator) == 0


async def test_an_hour_passes_before_the_file_is_looked_at_again(person_at: PersonAt) -> None:
    async with person_at(settings=ON) as person:
        intents = looking(person)
        await look(person, intents)
        age(person)
        await look(person, intents)
        assert asked(person.simulator) == 1
        intents._next_at = asyncio.get_running_loop().time()
        await look(person, intents)
        assert asked(person.simulator) == 2


def test_a_damaged_memory_is_replaced(tmp_path: Path) -> None:
    file = UpdateMemoryFile(tmp_path)
    (tmp_path / "updates.json").write_text("{")
    assert file.load() == UpdateMemory()
    now = datetime.now(UTC)
    assert file.claim(now) == UpdateMemory(asked_at=now)
    assert file.claim(now) is None
