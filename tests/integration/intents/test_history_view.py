"""What the history window wishes, granted by the running program: read, live, per account."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from support.person import Person, PersonAt, until

from app.auth.accounts import newly_known
from app.auth.tokens import Account
from app.history.chart_axis import Span
from app.history.view import HistoryView, HistoryWish, Saving
from app.private_database.status import Condition
from app.settings import Settings
from app.simulator.accounts import BO, choice_of
from app.state import SessionStatus

WEEKLY, SESSION = "codex/604800", "codex/18000"


def shown(person: Person) -> HistoryView | None:
    """What was read, once nothing is being read any more."""
    view = person.state.history_view
    return None if view is None or view.is_loading else view


def readings(person: Person) -> int:
    view = shown(person)
    return len(view.series.points) if view and view.series else 0


async def look(person: Person, wish: HistoryWish) -> HistoryView:
    person.intents.history.look(wish)
    await until(lambda: shown(person), lambda: person.state.history_view)
    view = shown(person)
    assert view is not None
    return view


async def test_every_reading_can_be_looked_at(person_at: PersonAt) -> None:
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        view = await look(person, HistoryWish())
        assert view.window_id == WEEKLY
        assert {one.window_id for one in view.windows} >= {WEEKLY, SESSION}
        assert view.series is not None
        assert view.series.points
        assert person.state.history.condition is Condition.KEEPING


async def test_an_open_history_follows_new_readings_and_a_closed_one_costs_nothing(
    person_at: PersonAt,
) -> None:
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        await look(person, HistoryWish(SESSION, Span.DAY))
        person.simulator.set_used("codex", 97, 18_000)
        await person.poll()
        await until(lambda: _last_used(person) == 9700, lambda: person.state.history_view)
        person.intents.history.look(None)
        assert person.state.history_view is None
        await person.poll()
        assert person.state.history_view is None


async def test_another_account_has_a_history_of_its_own(person_at: PersonAt) -> None:
    """Peers, fact 21: not a point of the other, not for a moment."""
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        ann = (await look(person, HistoryWish())).account_key
        mixed: list[HistoryView] = []

        def compare() -> None:
            view, key = person.state.history_view, person.session.account_key
            if view is not None and view.account_key != key and not view.is_loading:
                mixed.append(view)

        person.store.subscribe(lambda state: state.history_view, lambda _state: compare())
        person.browser.choice = choice_of(BO)
        person.intents.sign_in()
        await person.confirm_if_asked()
        bo = newly_known(Account(BO.account_id, BO.user_id)).key
        await until(
            lambda: (view := shown(person)) and view.account_key == bo and view.windows,
            lambda: person.state.history_view,
        )
        assert ann != bo
        assert person.shows(SessionStatus.SIGNED_IN)
        assert mixed == []


@pytest.mark.expected_log("WARNING tidegauge.history: history not exported")
async def test_a_file_is_written_and_said_to_be(person_at: PersonAt, tmp_path: Path) -> None:
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        await look(person, HistoryWish())
        person.intents.history.save(str(tmp_path / "mine.json"), "json")
        await until(lambda: _saving(person) is Saving.DONE, lambda: person.state.history_view)
        assert '"window": "codex/604800"' in (tmp_path / "mine.json").read_text()
        person.intents.history.save(str(tmp_path / "nowhere" / "mine.csv"), "csv")
        await until(lambda: _saving(person) is Saving.FAILED, lambda: person.state.history_view)


async def test_switched_off_nothing_is_kept(person_at: PersonAt) -> None:
    async with person_at(stored=True, settings=Settings(keep_history=False)) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        view = await look(person, HistoryWish())
        assert view.windows == ()
        assert person.state.history.condition is Condition.OFF
        person.intents.change_setting("keep_history", True)
        person.simulator.set_used("codex", 99, 18_000)
        await person.poll()
        await until(lambda: readings(person), lambda: person.state.history_view)
        assert replace(person.state.history, rows_waiting=0).condition is Condition.KEEPING


def _last_used(person: Person) -> int | None:
    view = shown(person)
    return view.series.points[-1].used if view and view.series and view.series.points else None


def _saving(person: Person) -> Saving:
    view = person.state.history_view
    return view.saving if view else Saving.NONE
