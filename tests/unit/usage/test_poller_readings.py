"""What the poller makes of readings: doubt asked again, answers taken in, caches seen through."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from support.polling import START, Bench, approx, snapshot

from app.errors import Fault, FaultKind
from app.usage.limits import Source, UsageSnapshot

K = FaultKind


def at(seconds: float, used: float, source: Source = Source.POLL) -> UsageSnapshot:
    """A reading `seconds` after the start."""
    moment = START + timedelta(seconds=seconds)
    made = snapshot(used, served_at=moment, source=source)
    limits = tuple(replace(one, as_of=moment, source=source) for one in made.limits)
    return replace(made, fetched_at=moment, limits=limits)


def answer(seconds: float, used: float) -> UsageSnapshot:
    return at(seconds, used, Source.ANSWER)


def test_a_drop_without_a_reset_is_asked_again_soon_and_then_believed() -> None:
    """F-U22."""
    bench = Bench([at(0, 50), at(60, 0), at(75, 0), at(135, 1)])
    bench.run(136)
    assert bench.service.asked_at == approx(0, 60, 75, 135)
    assert [s.is_doubtful for s in bench.heard.snapshots] == [False, True, False, False]


def test_an_answer_is_taken_in_without_a_poll() -> None:
    bench = Bench([at(0, 50), at(60, 56)])
    known: list[UsageSnapshot | None] = []

    async def ask() -> None:
        await asyncio.sleep(30)
        known.append(bench.poller.note_answer(answer(30, 55)))
        known.append(bench.poller.note_answer(answer(20, 54)))

    bench.run(61, ask)
    assert bench.service.asked_at == approx(0, 60)
    assert known[0] is not None
    assert known[0].windows[0].used_percent == 55
    assert known[1] is None  # out of a cache: older than what is known
    assert [s.windows[0].used_percent for s in bench.heard.snapshots] == [50, 56]


def test_an_answer_that_moves_a_number_brings_the_active_rhythm_back() -> None:
    quiet = Bench([at(0, 50)])
    moved = Bench([at(0, 50)])

    async def ask() -> None:
        await asyncio.sleep(7000)
        moved.poller.note_answer(answer(7000, 55))

    quiet.run(7400)
    moved.run(7400, ask)
    assert len([t for t in moved.service.asked_at if t > 7000]) > len(
        [t for t in quiet.service.asked_at if t > 7000]
    )


def test_a_doubtful_answer_is_asked_for_soon() -> None:
    bench = Bench([at(0, 50), at(45, 0)])

    async def ask() -> None:
        await asyncio.sleep(30)
        told = bench.poller.note_answer(answer(30, 0))
        assert told is not None
        assert told.is_doubtful

    bench.run(46, ask)
    assert bench.service.asked_at == approx(0, 45)
    assert [s.is_doubtful for s in bench.heard.snapshots] == [False, False]


@pytest.mark.parametrize(
    ("fault", "asked_at"),
    [(Fault(K.BLOCKED), approx(0)), (Fault(K.SESSION_EXPIRED), approx(0))],
)
def test_an_answer_does_not_shorten_a_back_off_nor_hide_the_fault(
    fault: Fault, asked_at: object
) -> None:
    bench = Bench([fault])

    async def ask() -> None:
        await asyncio.sleep(30)
        bench.poller.note_answer(answer(30, 50))
        told = bench.poller.note_answer(answer(60, 0))
        assert told is not None
        assert told.is_doubtful

    bench.run(200, ask)
    assert bench.service.asked_at == asked_at
    assert bench.heard.faults == [fault.kind]
    assert bench.heard.snapshots == []


def test_a_doubtful_answer_during_a_poll_waits_for_that_poll() -> None:
    bench = Bench([at(0, 50), at(60, 50), at(120, 50)], takes_s=5)

    async def ask() -> None:
        await asyncio.sleep(67)  # the second poll is on its way
        bench.poller.note_answer(answer(61, 0))

    bench.run(71, ask)
    assert bench.service.asked_at == approx(0, 65)


def test_a_repeated_reply_after_a_fault_shows_that_the_fault_is_over() -> None:
    """F-U25: nothing new, but polls work again."""
    told = at(0, 50)
    bench = Bench([told, Fault(K.SERVER_ERROR), told], chance=0.0)
    bench.run(100)
    assert bench.heard.faults == [K.SERVER_ERROR]
    assert len(bench.heard.snapshots) == 2
    assert bench.heard.snapshots[0] == bench.heard.snapshots[1]
