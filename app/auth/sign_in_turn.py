"""One sign-in at a time among all programs of the user; the newest may ask for the turn (F-L09).

The turn is a `file_lock`, so it is free the moment its holder dies. Whoever wants it leaves a
mark in the file; the holder looks for one twice a second, for as long as its sign-in takes, and
gives way.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

from app.auth.file_lock import held
from app.errors import AppError, FaultKind, fail
from app.file_lock import Claim

LOOK_EVERY_S = 0.5
_GIVING_WAY_S = 5.0
_MARK = b"please"


@asynccontextmanager
async def sign_in_turn(
    path: Path, may_replace: Callable[[], Awaitable[bool]]
) -> AsyncIterator[None]:
    """The turn for the duration of the block.

    If another sign-in has it, `may_replace()` asks the person whether that one shall end. Raises
    `AppError(SIGN_IN_ELSEWHERE)` if it shall not or does not, and in place of the block if a
    newer sign-in asks for the turn. A folder that cannot be written to stops nobody.
    """
    async with AsyncExitStack() as stack:
        claim = await _claim(stack, path, may_replace)
        if claim is not None:
            await stack.enter_async_context(_until_asked(claim))
        yield


async def _claim(
    stack: AsyncExitStack, path: Path, may_replace: Callable[[], Awaitable[bool]]
) -> Claim | None:
    try:
        return await _taken(stack, path, 0.0)
    except AppError as error:
        if error.fault.kind is FaultKind.CONFIGURATION:
            return None
    if not await may_replace():
        raise fail(FaultKind.SIGN_IN_ELSEWHERE)
    _ask(path)
    try:
        return await _taken(stack, path, _GIVING_WAY_S)
    except AppError:
        raise fail(FaultKind.SIGN_IN_ELSEWHERE, "it does not give way") from None


async def _taken(stack: AsyncExitStack, path: Path, patience_s: float) -> Claim:
    """The lock, with no mark in its file."""
    claim = await stack.enter_async_context(held(path, patience_s))
    if claim.file is not None:
        with suppress(OSError):
            os.ftruncate(claim.file, 0)
    return claim


@asynccontextmanager
async def _until_asked(claim: Claim) -> AsyncIterator[None]:
    loop, limit = asyncio.get_running_loop(), asyncio.timeout(None)

    timers: list[asyncio.TimerHandle] = []

    def look() -> None:
        if _is_asked(claim):
            limit.reschedule(loop.time())
        else:
            timers[:] = [loop.call_later(LOOK_EVERY_S, look)]

    try:
        async with limit:
            timers[:] = [loop.call_later(LOOK_EVERY_S, look)]
            yield
    except TimeoutError:
        if not limit.expired():
            raise
        raise fail(FaultKind.SIGN_IN_ELSEWHERE, "a newer one was begun") from None
    finally:
        for timer in timers:
            timer.cancel()


def _is_asked(claim: Claim) -> bool:
    try:
        return claim.file is not None and os.fstat(claim.file).st_size > 0
    except OSError:
        return False


def _ask(path: Path) -> None:
    flags = os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with suppress(OSError):
        file = os.open(path, flags)
        try:
            os.write(file, _MARK)
        finally:
            os.close(file)
