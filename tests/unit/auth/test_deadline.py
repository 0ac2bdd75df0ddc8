"""Limits that run on while the machine sleeps."""

from __future__ import annotations

import asyncio

import pytest

from app.auth import deadline as module
from app.auth.deadline import Deadline
from app.clocks import Clocks


class Boottime:
    """A clock that a sleep moves on."""

    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def boottime() -> Boottime:
    return Boottime()


@pytest.fixture
def limit(boottime: Boottime, monkeypatch: pytest.MonkeyPatch) -> Deadline:
    """Three hundred seconds, looked at often."""
    monkeypatch.setattr(module, "_LOOK_S", 0.001)
    return Deadline(300, Clocks(running=boottime))


async def test_what_comes_in_time_is_taken(limit: Deadline, boottime: Boottime) -> None:
    async with limit.kept():
        boottime.seconds += 299
        await asyncio.sleep(0.01)
    assert not limit.is_over()


async def test_what_waits_ends_when_a_sleep_was_too_long(
    limit: Deadline, boottime: Boottime
) -> None:
    """F-L16: the loop's own clock has not moved."""

    async def sleep_on() -> None:
        async with limit.kept():
            boottime.seconds += 300
            await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        await sleep_on()


async def test_what_comes_too_late_does_not_count(limit: Deadline, boottime: Boottime) -> None:
    """F-L16: it came before anybody looked at the clock."""
    with pytest.raises(TimeoutError):
        async with limit.kept():
            boottime.seconds += 300
    assert limit.is_over()


async def test_a_limit_that_is_over_lets_nothing_begin(limit: Deadline, boottime: Boottime) -> None:
    boottime.seconds += 301
    with pytest.raises(TimeoutError):
        async with limit.kept():
            await asyncio.Event().wait()


async def test_other_ends_stay_what_they_are(limit: Deadline) -> None:
    with pytest.raises(KeyError):
        async with limit.kept():
            raise KeyError
