"""Work that outlives its cancelled caller for a while."""

from __future__ import annotations

import asyncio
import time

import pytest

from app.auth.daemon_thread import in_daemon_thread
from app.auth.grace import finish_within_grace
from app.errors import AppError, FaultKind, fail


async def test_results_and_faults_come_through() -> None:
    async def work() -> int:
        return 7

    async def failing() -> int:
        raise fail(FaultKind.OFFLINE)

    assert await finish_within_grace(work()) == 7
    with pytest.raises(AppError):
        await finish_within_grace(failing())


async def test_a_second_cancellation_ends_the_patience() -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    async with asyncio.TaskGroup() as group:
        caller = group.create_task(finish_within_grace(work(), grace_s=60))
        await begun.wait()
        caller.cancel()
        await asyncio.sleep(0)
        assert not ended.is_set()
        caller.cancel()
    assert caller.cancelled()
    assert ended.is_set()


async def test_a_machine_that_stands_still_uses_up_no_patience() -> None:
    """F-T06, F-D06: tokens that were just rotated are stored by whoever goes on afterwards."""
    begun, is_stored = asyncio.Event(), False

    async def work() -> None:
        nonlocal is_stored
        begun.set()
        await asyncio.sleep(0.05)  # the patience has begun
        time.sleep(1.2)  # noqa: ASYNC251 - nobody can work
        await asyncio.sleep(0.01)
        is_stored = True

    async with asyncio.TaskGroup() as group:
        caller = group.create_task(finish_within_grace(work(), grace_s=1.0))
        await begun.wait()
        caller.cancel()
    assert caller.cancelled()
    assert is_stored


async def test_patience_ends() -> None:
    begun = asyncio.Event()

    async def work() -> None:
        begun.set()
        await asyncio.Event().wait()

    async with asyncio.TaskGroup() as group:
        caller = group.create_task(finish_within_grace(work(), grace_s=0.3))
        await begun.wait()
        caller.cancel()
    assert caller.cancelled()


async def test_a_threads_error_reaches_its_caller() -> None:
    def work() -> None:
        message = "from the thread"
        raise OSError(message)

    with pytest.raises(OSError, match="from the thread"):
        await in_daemon_thread(work, "test")


def test_a_thread_that_ends_after_its_loop_is_no_trouble() -> None:
    import threading

    gate, done = threading.Event(), threading.Event()

    def work() -> None:
        gate.wait(10)
        threading.Timer(0.05, done.set).start()

    async def abandon() -> None:
        async with asyncio.timeout(0.05):
            await in_daemon_thread(work, "test")

    with pytest.raises(TimeoutError):
        asyncio.run(abandon())
    gate.set()
    assert done.wait(10)


async def test_a_result_nobody_waits_for_is_dropped() -> None:
    import threading

    gate = threading.Event()
    async with asyncio.TaskGroup() as group:
        caller = group.create_task(in_daemon_thread(gate.wait, "test"))
        await asyncio.sleep(0)
        caller.cancel()
        await asyncio.sleep(0)
        gate.set()
        await in_daemon_thread(lambda: None, "test")
    assert caller.cancelled()
