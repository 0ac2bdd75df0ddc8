"""Work that a cancelled caller does not tear apart."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from app.errors import AppError

T = TypeVar("T")

GRACE_S = 1.5  # below the two seconds in which the program has to be gone (F-D06)
_LOOK_S = 0.25


async def finish_within_grace(work: Awaitable[T], grace_s: float = GRACE_S) -> T:
    """Await `work`; if the caller is cancelled meanwhile, let it go on for up to `grace_s`.

    Then the cancellation goes on. A second one ends the patience at once. Nothing is left
    running either way. While the machine stands still or sleeps nobody could work: of such a
    time only half a second counts.
    """
    async with asyncio.TaskGroup() as group:
        task = group.create_task(_outcome(work))
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:
            await _wait(task, grace_s)
            raise
    outcome = task.result()
    if isinstance(outcome, AppError):
        raise outcome
    return outcome


async def _wait(task: asyncio.Task[T | AppError], grace_s: float) -> None:
    loop = asyncio.get_running_loop()
    while grace_s > 0 and not task.done():
        began = loop.time()
        await asyncio.wait({task}, timeout=min(grace_s, _LOOK_S))
        grace_s -= min(loop.time() - began, 2 * _LOOK_S)


async def _outcome(work: Awaitable[T]) -> T | AppError:
    """An error as a value: raised inside the group it would come out as an ExceptionGroup."""
    try:
        return await work
    except AppError as error:
        return error
