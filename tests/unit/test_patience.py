"""One timer for many waits: limits kept, and never mistaken for somebody else's cancelling."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from support.virtual_time import in_virtual_time

from app.errors import AppError, FaultKind
from app.patience import Patience


@contextmanager
def patience(idle_s: float, total_s: float) -> Iterator[Patience]:
    own = Patience(idle_s, asyncio.get_running_loop().time() + total_s)
    try:
        yield own
    finally:
        own.end()


async def wait(own: Patience, seconds: float) -> None:
    own.begin()
    try:
        await asyncio.sleep(seconds)
    except asyncio.CancelledError:
        own.explain()
        raise
    finally:
        own.pause()


async def refusal(own: Patience, seconds: float) -> str:
    with pytest.raises(AppError) as caught:
        await wait(own, seconds)
    assert caught.value.fault.kind is FaultKind.TIMED_OUT
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0
    return caught.value.fault.detail


@in_virtual_time
async def test_short_waits_pass_however_many() -> None:
    with patience(1.0, 30) as own:
        for _ in range(30):
            await wait(own, 0.01)


@in_virtual_time
async def test_a_wait_beyond_the_idle_limit() -> None:
    with patience(0.5, 30) as own:
        await wait(own, 0.03)
        await wait(own, 0.03)
        assert await refusal(own, 5) == "idle"


@in_virtual_time
async def test_waits_beyond_the_deadline() -> None:
    with patience(20, 0.5) as own:
        for _ in range(3):
            await wait(own, 0.02)
        assert await refusal(own, 19) == "total"


@in_virtual_time
async def test_no_wait_begins_after_the_deadline() -> None:
    with patience(5, 0.02) as own:
        await asyncio.sleep(0.05)
        assert await refusal(own, 0) == "total"


@in_virtual_time
async def test_time_spent_between_waits_does_not_count_as_idle() -> None:
    with patience(0.5, 30) as own:
        await asyncio.sleep(0.7)
        await wait(own, 0.02)
        assert await refusal(own, 5) == "idle"


@in_virtual_time
async def test_between_waits_the_deadline_still_comes_closer() -> None:
    with patience(0.2, 0.3) as own:
        await asyncio.sleep(0.25)
        assert await refusal(own, 5) == "total"


@in_virtual_time
async def test_cancelling_by_others_stays_cancelling() -> None:
    with patience(5, 5) as own:
        task = asyncio.current_task()
        assert task is not None
        asyncio.get_running_loop().call_later(0.01, task.cancel)
        with pytest.raises(asyncio.CancelledError):
            await wait(own, 5)
        assert task.uncancel() == 0


@in_virtual_time
async def test_cancelling_by_others_at_the_same_moment_wins() -> None:
    with patience(0.01, 5) as own:
        task = asyncio.current_task()
        assert task is not None
        loop = asyncio.get_running_loop()
        check, cancel = own._check, task.cancel
        loop.call_later(0.02, lambda: (check(), cancel()))
        own._timer.cancel()
        with pytest.raises(asyncio.CancelledError):
            await wait(own, 5)
        assert task.uncancel() == 0


@in_virtual_time
async def test_nothing_fires_after_the_end() -> None:
    with patience(0.01, 0.02) as own:
        own.begin()
    await asyncio.sleep(0.05)
    own.pause()
