"""What goes in comes out: on a real file, read back by the history and by SQLite itself."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.open_history import (
    LATER,
    OpenHistory,
    content_of,
    execute,
    files_beside,
    mode_of,
    open_history,
    put,
    rows_in,
)
from support.usage_series import ACCOUNT, SESSION, START, WEEK, readings, snapshot

from app.history.curves import Change, Point, Reset
from app.private_database.status import Condition
from app.usage.limits import UsageSnapshot

T = round(START.timestamp())
MINUTE = timedelta(minutes=1)
OTHER = "f" * 16


def record(history: OpenHistory, *snapshots: UsageSnapshot, account: str = ACCOUNT) -> None:
    for one in snapshots:
        history.record(account, one)


def fail(_keeper: object) -> None:
    raise ZeroDivisionError


async def test_equal_readings_are_one_row_with_both_ends(path: Path) -> None:
    """Peers fact 27: the same history is not written again."""
    async with open_history(path) as history:
        record(history, *(snapshot(START + n * MINUTE, 5.0) for n in range(10)))
        record(history, snapshot(START + 10 * MINUTE, 7.5))
        points = await history.points()

    assert points == (
        Point(T, 500, T + 18_000),
        Point(T + 540, 500, T + 18_000),
        Point(T + 600, 750, T + 18_000),
    )
    assert len(rows_in(path)) == 3  # two runs of the session, one of the week


async def test_history_survives_the_program(path: Path) -> None:
    async with open_history(path) as history:
        record(history, snapshot(START, 5.0))
    async with open_history(path) as history:
        record(history, snapshot(START + MINUTE, 5.0))

        assert [p.at for p in await history.points()] == [T, T + 60]
        assert history.status.condition is Condition.KEEPING


async def test_nothing_is_opened_before_there_is_something_to_keep(path: Path) -> None:
    async with open_history(path) as history:
        record(history, replace(snapshot(START, 5.0), is_doubtful=True))

    assert not path.parent.exists()


async def test_windows_on_file(path: Path) -> None:
    async with open_history(path) as history:
        record(history, *readings(3))
        record(history, snapshot(START, 1.0), account=OTHER)
        windows = await history.windows(ACCOUNT)

    assert [(w.window_id, w.first_at, w.last_at) for w in windows] == [
        (SESSION, T, T + 120),
        (WEEK, T, T + 120),
    ]


async def test_a_stretch_without_readings_is_a_gap(path: Path) -> None:
    async with open_history(path) as history:
        record(history, snapshot(START, 5.0), snapshot(START + 60 * MINUTE, 5.0))
        series = await history.series(ACCOUNT, SESSION, START, LATER)
        patient = await history.series(ACCOUNT, SESSION, START, LATER, gap_s=7200)

    assert series.gaps == ((T, T + 3600),)
    assert patient.gaps == ()


async def test_a_clock_set_back_does_not_mix_the_order(path: Path) -> None:
    """F-M04: by sequence number, not by time."""
    moments = [START + timedelta(days=2), START, START + MINUTE]
    async with open_history(path) as history:
        record(history, *(snapshot(at, n) for n, at in enumerate(moments)))

        assert await history.uses() == [0, 100, 200]
        assert [p.follows_gap for p in await history.points()] == [False, True, False]


async def test_rows_hold_the_services_time_and_our_skew(path: Path) -> None:
    """F-U26: the client's clock is two days ahead."""
    ahead = replace(
        snapshot(START, 5.0), fetched_at=START + timedelta(days=2), clock_offset_s=-172_800.0
    )
    async with open_history(path) as history:
        record(history, ahead)

    assert {row[2] for row in rows_in(path)} == {T}
    assert {row[7] for row in rows_in(path)} == {-172_800}


async def test_the_same_reply_twice_is_one_row(path: Path) -> None:
    """F-U25"""
    async with open_history(path) as history:
        record(history, snapshot(START, 5.0), snapshot(START, 5.0))

    assert [row[4] for row in rows_in(path)] == [1, 1]


async def test_resets_on_time_and_early_ones(path: Path) -> None:
    second, third = START + timedelta(hours=6), START + timedelta(hours=8)
    async with open_history(path) as history:
        record(
            history,
            snapshot(START, 50.0),
            snapshot(second, 2.0, cycle=second),
            snapshot(third - MINUTE, 30.0, cycle=second),
            snapshot(third, 1.0, cycle=third),
            snapshot(third + MINUTE, 1.0, cycle=third + timedelta(seconds=90)),  # it jitters
        )
        series = await history.series(ACCOUNT, SESSION, START, LATER)
        cycles = await history.cycles(ACCOUNT, SESSION, 2)

    assert series.resets == (
        Reset(T + 18_000),
        Reset(round(third.timestamp()), is_early=True),
    )
    ends = [round((at + timedelta(hours=5)).timestamp()) for at in (second, third)]
    assert [cycle.resets_at for cycle in cycles] == ends
    assert [point.used for point in cycles[-1].points] == [100, 100]


async def test_a_reset_that_moves_while_use_goes_on_is_none(path: Path) -> None:
    """Two records of the service may disagree (peers fact 6)."""
    async with open_history(path) as history:
        record(history, snapshot(START, 27.0))
        record(history, snapshot(START + MINUTE, 30.0, cycle=START - timedelta(hours=2)))
        series = await history.series(ACCOUNT, SESSION, START, LATER)

    assert series.resets == ()


async def test_a_chart_gets_what_it_can_show_with_the_peaks(path: Path) -> None:
    async with open_history(path) as history:
        uses = [n % 7 for n in range(400)]
        uses[177], uses[234] = 99, -1
        record(history, *(snapshot(START + n * MINUTE, use) for n, use in enumerate(uses)))
        until = START + 400 * MINUTE
        thin = await history.series(ACCOUNT, SESSION, START, until, pixels=20)
        cycles = await history.cycles(ACCOUNT, SESSION, 9, pixels=10)

    assert len(thin.points) <= 20 * 4 * 2
    assert {max(p.used for p in thin.points), min(p.used for p in thin.points)} == {9900, -100}
    assert thin.points[0].at == T
    assert thin.points[-1].at == T + 399 * 60
    assert not thin.gaps
    assert len(cycles[0].points) <= 10 * 4 * 2


async def test_a_part_of_a_run_is_clipped_to_what_was_asked_for(path: Path) -> None:
    async with open_history(path) as history:
        record(history, *(snapshot(START + n * MINUTE, 5.0) for n in range(60)))
        since, until = START + 10 * MINUTE, START + 20 * MINUTE
        series = await history.series(ACCOUNT, SESSION, since, until)

    assert [p.at for p in series.points] == [T + 600, T + 1200]


async def test_nothing_is_known_of_others(path: Path) -> None:
    async with open_history(path) as history:
        record(history, *readings(3))

        assert await history.windows(OTHER) == ()
        assert (await history.series(OTHER, SESSION, START, LATER)).points == ()
        assert (await history.series(ACCOUNT, "other/1", START, LATER)).points == ()
        assert (await history.series(ACCOUNT, SESSION, LATER, START)).points == ()
        assert await history.cycles(ACCOUNT, "other/1", 3) == ()
        assert await history.changes(OTHER, START, LATER) == ()


async def test_plan_changes_are_kept_once(path: Path) -> None:
    plans = ["plus", "plus", "pro", "plus"]
    async with open_history(path) as history:
        for number, plan in enumerate(plans):
            record(history, replace(snapshot(START + number * MINUTE, 5.0), plan=plan))
        changes = await history.changes(ACCOUNT, START, LATER)

    assert changes == (
        Change(T, "plan", "plus"),
        Change(T + 120, "plan", "pro"),
        Change(T + 180, "plan", "plus"),
    )


async def test_a_limit_keeps_its_newest_name(path: Path) -> None:
    def named(name: str, at: int) -> UsageSnapshot:
        plain = snapshot(START + at * MINUTE, 5.0)
        (limit,) = plain.limits
        windows = tuple(replace(window, limit_name=name) for window in limit.windows)
        return replace(plain, limits=(replace(limit, windows=windows),))

    async with open_history(path) as history:
        record(history, named("", 0), named("Old", 1), named("New", 2), named("", 3))

        assert {w.limit_name for w in await history.windows(ACCOUNT)} == {"New"}


# --- forgetting ----------------------------------------------------------------------------------


async def test_a_forgotten_account_leaves_nothing_in_the_file(path: Path) -> None:
    """T-29: not in free pages and not in the copies either."""
    async with open_history(path) as history:
        record(history, *readings(300))
        record(history, *readings(5), account=OTHER)
        await history.settled()
        for name in ("history.version-0", "history.corrupt-2026"):
            put(path.with_name(name), content_of(path))

        assert await history.forget(ACCOUNT)

        content = content_of(path)
        assert ACCOUNT.encode() not in content
        assert (T + 60 * 150).to_bytes(4) not in content
        assert files_beside(path) == {"history.db", "history.db-journal"}
        assert await history.windows(ACCOUNT) == ()
        assert len(await history.windows(OTHER)) == 2


async def test_what_is_older_than_wanted_goes(path: Path) -> None:
    async with open_history(path) as history:
        history.retention_days = 30
        record(history, *readings(10))
        record(history, snapshot(START + timedelta(days=20), 50.0))
        assert len(await history.points()) == 11
        record(history, snapshot(START + timedelta(days=40), 60.0))

        assert await history.uses() == [5000, 6000]
        changes = await history.changes(ACCOUNT, START, LATER)
        assert [change.value for change in changes] == ["plus"]  # what still holds


async def test_less_is_kept_as_soon_as_the_person_says_so(path: Path) -> None:
    async with open_history(path) as history:
        history.retention_days = 400
        record(history, snapshot(START, 10.0), snapshot(START + timedelta(days=20), 20.0))
        await history.settled()
        history.retention_days = 5
        record(history, snapshot(START + timedelta(days=20, minutes=1), 30.0))

        assert await history.uses() == [2000, 3000]


async def test_a_clock_in_the_far_future_deletes_nothing(path: Path) -> None:
    """F-M04: only the service's own time decides what is old."""
    async with open_history(path) as history:
        history.retention_days = 30
        record(history, *readings(10))
        record(history, replace(snapshot(START + timedelta(days=9000), 50.0), served_at=None))

        assert len(await history.points()) == 11


# --- the file ------------------------------------------------------------------------------------


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("open_umask")
async def test_nobody_else_can_read_it_from_the_first_moment(path: Path) -> None:
    """T-29: folder 0700, file and journal 0600, whatever the umask says."""
    async with open_history(path) as history:
        record(history, snapshot(START, 5.0))
        await history.settled()
        modes = {name: mode_of(path.with_name(name)) for name in files_beside(path)}

    assert modes == {"history.db": 0o600, "history.db-journal": 0o600}
    assert mode_of(path.parent) == 0o700


async def test_a_file_that_others_can_read_is_closed_to_them(path: Path) -> None:
    async with open_history(path) as history:
        record(history, snapshot(START, 5.0))
    put(path, content_of(path), 0o644)
    async with open_history(path) as history:
        await history.windows(ACCOUNT)

    assert mode_of(path) == 0o600


async def test_no_name_of_a_person_is_in_the_file(path: Path) -> None:
    """T-29: the account's key tells nobody who it is."""
    told = replace(
        snapshot(START, 5.0), email="me@example.com", account_id="acc-1234", user_id="user-9876"
    )
    async with open_history(path) as history:
        record(history, told)

    content = content_of(path)
    assert not any(s in content for s in (b"me@example.com", b"acc-1234", b"user-9876"))


async def test_it_is_written_without_a_write_ahead_log_and_to_the_disk(path: Path) -> None:
    """A11: the rollback journal; `synchronous=FULL` is a matter of the connection."""
    async with open_history(path) as history:
        record(history, snapshot(START, 5.0))

        def settings(keeper: object) -> list[object]:
            file = keeper._file._connection  # type: ignore[attr-defined]
            names = (
                "journal_mode",
                "synchronous",
                "trusted_schema",
                "cell_size_check",
                "mmap_size",
            )
            return [file.execute(f"PRAGMA {name}").fetchone() for name in names]

        found = await history._thread.answer(settings)

    assert [value[0] if value else 0 for value in found] == ["truncate", 2, 0, 1, 0]  # type: ignore[index]


async def test_another_program_reads_while_this_one_writes(path: Path) -> None:
    async with open_history(path) as history:
        record(history, *readings(100))
        await history.settled()

        assert len(rows_in(path)) == 101


async def test_the_end_waits_for_what_was_recorded(path: Path) -> None:
    history = OpenHistory(path)
    record(history, *readings(20))
    await history.close()

    assert len(rows_in(path)) == 21


def test_an_end_without_a_beginning(path: Path) -> None:
    asyncio.run(OpenHistory(path).close())

    assert not path.exists()


async def test_a_question_given_up_holds_nothing_up(path: Path) -> None:
    async with open_history(path) as history:
        record(history, *readings(100))
        asking = asyncio.ensure_future(history.windows(ACCOUNT))
        await asyncio.sleep(0)
        asking.cancel()

        assert len(await history.windows(ACCOUNT)) == 2


@pytest.mark.expected_log("the history failed unexpectedly|ZeroDivisionError")
async def test_a_mistake_in_a_question_does_not_end_the_thread(path: Path) -> None:
    async with open_history(path) as history:
        with pytest.raises(ZeroDivisionError):
            await history._thread.answer(lambda _keeper: 1 // 0)
        history._thread.post(fail)
        record(history, snapshot(START, 5.0))

        assert (await history.settled()).condition is Condition.KEEPING


async def test_text_in_a_file_is_bound_never_run(path: Path) -> None:
    """T-49: names that would be SQL."""
    hostile = "codex'; DROP TABLE runs; --/18000"
    async with open_history(path) as history:
        record(history, snapshot(START, 5.0))
        await history.series(ACCOUNT, hostile, START, LATER)
        await history.forget("' OR 1=1 --")
        await history.settled()
        execute(path, "UPDATE windows SET title = '</b>\"'''")

        assert len(await history.points()) == 1


def test_sqlite_is_loaded_with_the_first_reading_only() -> None:
    """Half a megabyte that the start and the command line do without."""
    script = "import sys; import app.history.history; print('sqlite3' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert done.stdout == "False\n"
