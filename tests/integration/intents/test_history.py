"""What is polled is kept, what the history window wishes is read, and settings hold at once."""

from __future__ import annotations

from support.open_history import content_of, rows_in
from support.person import PersonAt, settled, until

from app.history.chart_axis import Span
from app.history.history import FILE_NAME
from app.history.view import HistoryView, HistoryWish, Saving
from app.private_database.status import Condition

SESSION, WEEK = "codex/18000", "codex/604800"


def view_of(person: object) -> HistoryView:
    view = person.state.history_view  # type: ignore[attr-defined]
    assert isinstance(view, HistoryView)
    return view


async def test_every_poll_is_kept_and_shown(person_at: PersonAt) -> None:
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        person.intents.history.look(HistoryWish())
        await until(lambda: view_of(person).series)
        first = view_of(person)
        assert person.state.history.condition is Condition.KEEPING
        assert first.window_id == WEEK
        assert first.account_key == person.state.session.account_key

        person.simulator.set_used("codex", 32, 604_800)
        await person.poll()
        await until(lambda: view_of(person).series not in (None, first.series))
        series = view_of(person).series
        assert series is not None
        assert series.points[-1].used == 3200


async def test_another_window_another_span_and_the_running_cycle(person_at: PersonAt) -> None:
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        person.intents.history.look(HistoryWish(SESSION, Span.DAY))
        await until(lambda: view_of(person).series)
        series = view_of(person).series
        assert series is not None
        assert (series.window_id, series.until - series.since) == (SESSION, 86_400)

        person.intents.history.look(HistoryWish(SESSION, is_cycle=True))
        await until(lambda: view_of(person).cycles)
        assert view_of(person).cycles[-1].window_seconds == 18_000

        person.intents.history.look(HistoryWish("gone/1"))
        await until(lambda: view_of(person).window_id == WEEK)

        person.intents.history.look(None)
        await person.poll()
        assert person.state.history_view is None


async def test_switched_off_nothing_is_kept(person_at: PersonAt) -> None:
    async with person_at(stored=True) as person:
        person.intents.change_setting("keep_history", False)
        person.intents.restore()
        await until(lambda: person.state.usage)
        assert person.state.history.condition is Condition.OFF
        path = person.program.surroundings.paths.state / FILE_NAME
        assert not path.exists()

        person.intents.change_setting("keep_history", True)
        assert person.state.usage is not None
        used = person.state.usage.main_windows[0].used_percent
        assert used is not None
        person.simulator.set_used("codex", used + 1)
        await person.poll()
        await until(lambda: person.state.history.condition is Condition.KEEPING)


async def test_how_long_it_is_kept_holds_at_once(person_at: PersonAt) -> None:
    async with person_at(stored=True) as person:
        assert person.program.history.retention_days == 400
        person.intents.change_setting("history_days", 0)

        assert person.program.history.retention_days == 0


async def test_signed_out_there_is_nothing_to_show(person_at: PersonAt) -> None:
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        person.intents.history.look(HistoryWish())
        await until(lambda: view_of(person).series)
        person.intents.sign_out()
        await until(lambda: not view_of(person).account_key and not view_of(person).is_loading)

        assert view_of(person).windows == ()
        assert rows_in(person.program.surroundings.paths.state / FILE_NAME)  # it is kept


async def test_a_removed_account_may_take_its_history_along(person_at: PersonAt) -> None:
    """T-29"""
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        key = person.state.session.account_key
        path = person.program.surroundings.paths.state / FILE_NAME
        await person.program.history.windows(key)
        assert key.encode() in content_of(path)
        person.intents.sign_out(forgets_history=True)
        await until(lambda: key.encode() not in content_of(path))


async def test_an_export_is_told(person_at: PersonAt) -> None:
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        person.intents.history.look(HistoryWish())
        await until(lambda: view_of(person).series)
        target = person.program.surroundings.paths.state / "mine.csv"
        person.intents.history.save(str(target), "csv")
        await until(lambda: view_of(person).saving is Saving.DONE)
        assert view_of(person).saved_to == "mine.csv"
        assert content_of(target).startswith(b"window,")


async def test_what_was_polled_last_is_there_after_the_end(person_at: PersonAt) -> None:
    """F-D06: the end waits for the last write."""
    async with person_at(stored=True) as person:
        person.intents.restore()
        await until(lambda: person.state.usage)
        path = person.program.surroundings.paths.state / FILE_NAME
        await settled()

    assert rows_in(path)
