"""Background work: a crash stays alone, nothing is left running, one task of a kind at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from app.errors import Fault, FaultKind, fail
from app.tasks import GuardedTasks, SingleTask, Work


@asynccontextmanager
async def guarded(on_crash: Callable[[Fault], None]) -> AsyncIterator[GuardedTasks]:
    async with asyncio.TaskGroup() as group:
        tasks = GuardedTasks(group, on_crash)
        try:
            yield tasks
        finally:
            tasks.cancel_all()


async def turns(number: int = 10) -> None:
    for _ in range(number):
        await asyncio.sleep(0)


# --- guarded tasks ------------------------------------------------------------------------------


@pytest.mark.expected_log(
    "WARNING tidegauge.tasks: first: offline", "ERROR tidegauge.tasks: second failed unexpectedly"
)
async def test_a_crash_is_logged_and_told_and_the_others_live() -> None:
    """F-D23"""
    told: list[Fault] = []
    lived = asyncio.Event()

    async def offline() -> None:
        raise fail(FaultKind.OFFLINE)

    async def crash() -> None:
        raise ZeroDivisionError

    async def go_on() -> None:
        await turns()
        assert len(told) == 2
        lived.set()

    async with guarded(told.append) as tasks:
        tasks.spawn(go_on(), "third")
        tasks.spawn(offline(), "first")
        tasks.spawn(crash(), "second")
        await asyncio.wait_for(lived.wait(), 30)
    assert [fault.kind for fault in told] == [FaultKind.OFFLINE, FaultKind.INTERNAL]
    assert told[1].detail == "second: ZeroDivisionError"


@pytest.mark.expected_log("ERROR tidegauge.tasks: (work failed|a fault could not be told)")
async def test_a_listener_that_crashes_as_well_ends_nothing() -> None:
    """F-D23"""
    told: list[Fault] = []

    def on_crash(fault: Fault) -> None:
        told.append(fault)
        raise ZeroDivisionError

    async def crash() -> None:
        raise ZeroDivisionError

    async with guarded(on_crash) as tasks:
        other = tasks.spawn(asyncio.sleep(60), "other")
        tasks.spawn(crash(), "work")
        await turns()
        assert told
        assert not other.done()


async def test_cancelling_all_ends_every_task() -> None:
    """F-D24"""
    async with guarded(_nothing_to_tell) as tasks:
        running = [tasks.spawn(asyncio.sleep(60), str(number)) for number in range(3)]
        await turns()
        tasks.cancel_all()
    assert all(task.cancelled() for task in running)


async def test_work_that_comes_after_the_end_is_not_begun() -> None:
    """F-D24: nothing may keep the program from ending."""
    begun: list[str] = []

    async def ends_slowly(tasks: GuardedTasks) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            tasks.spawn(begin(), "late")

    async def begin() -> None:
        begun.append("late")

    async with guarded(_nothing_to_tell) as tasks:
        tasks.spawn(ends_slowly(tasks), "slow")
        await turns()
        tasks.cancel_all()
    assert begun == []


async def test_work_cancelled_before_its_first_step_is_closed() -> None:
    """Else Python warns of a coroutine that was never awaited, which fails this test."""
    async with guarded(_nothing_to_tell) as tasks:
        tasks.spawn(asyncio.sleep(60), "never begun").cancel()


def _nothing_to_tell(fault: Fault) -> None:
    raise AssertionError(fault)


# --- one task of a kind -------------------------------------------------------------------------


class Steps:
    """Work that notes when it begins and ends, and takes some turns to end."""

    def __init__(self) -> None:
        self.noted: list[str] = []
        self.cancellations = 0

    def work(self, name: str) -> Callable[[], Work]:
        async def work() -> None:
            self.noted.append(f"{name} begins")
            try:
                await asyncio.sleep(60)
            finally:
                await self._clean_up()
                self.noted.append(f"{name} ends")

        return work

    async def _clean_up(self) -> None:
        try:
            await turns(5)
        except asyncio.CancelledError:
            self.cancellations += 1
            raise


async def with_single_task(scene: Callable[[SingleTask, Steps], Awaitable[None]]) -> Steps:
    steps = Steps()
    async with guarded(_nothing_to_tell) as tasks:
        single = SingleTask(tasks.spawn, "work")
        await scene(single, steps)
        single.stop()
        await turns(60)
        assert not single.is_running
        assert single.unfinished() == []
    return steps


async def test_a_second_one_is_refused_while_one_runs() -> None:
    seen: list[bool] = []

    async def scene(single: SingleTask, steps: Steps) -> None:
        seen.append(single.is_running)
        seen.append(single.start(steps.work("a")))
        seen.append(single.is_running)
        seen.append(single.start(steps.work("b")))
        await turns()

    steps = await with_single_task(scene)
    assert seen == [False, True, True, False]
    assert steps.noted == ["a begins", "a ends"]


async def test_a_new_one_begins_once_the_stopped_ones_have_ended() -> None:
    async def scene(single: SingleTask, steps: Steps) -> None:
        single.start(steps.work("a"))
        await turns()
        for name in ("b", "c"):
            single.stop()
            assert not single.is_running
            assert single.start(steps.work(name))
            await turns(2)
        await turns(20)

    steps = await with_single_task(scene)
    assert steps.noted == ["a begins", "a ends", "c begins", "c ends"]


async def test_stopping_twice_lets_the_clean_up_end() -> None:
    async def scene(single: SingleTask, steps: Steps) -> None:
        single.start(steps.work("a"))
        await turns()
        single.stop()
        await turns(2)
        single.stop()

    steps = await with_single_task(scene)
    assert (steps.noted, steps.cancellations) == (["a begins", "a ends"], 0)


async def test_one_that_is_stopped_before_it_begins_never_does() -> None:
    async def scene(single: SingleTask, steps: Steps) -> None:
        single.start(steps.work("a"))
        single.stop()

    steps = await with_single_task(scene)
    assert steps.noted == []


async def test_stopping_nothing_is_harmless() -> None:
    async def scene(single: SingleTask, steps: Steps) -> None:
        single.stop()
        assert single.start(steps.work("a"))
        await turns()

    assert (await with_single_task(scene)).noted == ["a begins", "a ends"]


async def test_one_that_only_ends_makes_way_for_the_next() -> None:
    noted: list[str] = []

    async def scene(single: SingleTask, steps: Steps) -> None:
        async def work() -> None:
            single.release()
            noted.append(f"started: {single.start(steps.work('b'))}")
            noted.append(f"again: {single.start(steps.work('c'))}")
            await turns(3)
            noted.append("a ends")

        assert single.start(work)
        single.release()  # nobody else may say so
        assert single.is_running
        await turns(30)
        noted.extend(steps.noted)

    await with_single_task(scene)
    assert noted == ["started: True", "again: False", "a ends", "b begins"]
