"""Deletes everything of ours from this computer: what is done, and in which order.

Sign-ins first, because ending them at the service needs what the keyring holds; then the keyring,
the entry that starts the program with the system, and the files last, because the names of what a
keyring would not give up must outlive a failure. Every step is done whatever became of the one
before, and all of it may be done again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from app import logs
from app.account_clients import AccountClients
from app.erasure.outcome import Leftover, Outcome, Part
from app.erasure.sweep import Swept, sweep
from app.errors import AppError, FaultKind
from app.program import Program
from app.surroundings import Surroundings


async def erase_everything(
    program: Program,
    *,
    unlock: bool,
    keeps_settings: bool = False,
    keeps_runtime: bool = False,
) -> Outcome:
    """What has become of it. Never raises `AppError`.

    `unlock`: somebody is there whom the system may ask for the keyring's password. The service
    has 10 s to take note of the sign-ins' ends, all of them at once (T-43).
    """
    untold = await _sign_out(program, unlock=unlock)
    with suppress(AppError):  # else it could be stored again when the keyring is unlocked
        await program.surroundings.proxy_password.forget()
    left = [*await _clear_keyring(program), *await _forget_start(program.surroundings)]
    await program.let_go()
    logs.close_files()
    paths = program.surroundings.paths
    swept = await asyncio.to_thread(
        lambda: sweep(
            paths,
            keeps_settings=keeps_settings,
            keeps_accounts=keeps_accounts(left),
            keeps_runtime=keeps_runtime,
        )
    )
    return outcome_of(left, swept, untold)


def outcome_of(left: Sequence[Leftover], swept: Swept, untold: int) -> Outcome:
    """All steps in one."""
    files = [Leftover(Part.FILES, swept.left)] if swept.left else []
    return Outcome((*left, *files), swept.foreign, untold)


def keeps_accounts(left: Sequence[Leftover]) -> bool:
    """Whether the keyring holds something that the next try must find again."""
    return any(one.part in (Part.KEYRING_LOCKED, Part.KEYRING_FAILED) for one in left)


async def _sign_out(program: Program, *, unlock: bool) -> int:
    """End every sign-in, here and at the service; how many the service was not told of."""
    accounts = program.accounts
    with suppress(AppError):  # what cannot be read now is told by the next step
        await accounts.restore(unlock=unlock)
    keys = [one.key for one in (*accounts.known, *accounts.backlog.unremoved)]
    if accounts.unreadable is not None:
        keys.append(accounts.unreadable.key)
    left = [accounts.leave()] if accounts.front.key else []
    gone = {one.key for one in left}
    for key in dict.fromkeys(keys):
        if key not in gone:
            left.append(accounts.take_away(key))
    told = await asyncio.gather(*(_end(program, one) for one in left))
    await program.end_unused_sessions()
    return told.count(False)


async def _end(program: Program, left: AccountClients) -> bool:
    try:
        return await program.accounts.backlog.end(left, unlock=False)  # it is open by now, or not
    except AppError:  # the service was told all the same; the next step tells of the keyring
        return True


async def _clear_keyring(program: Program) -> list[Leftover]:
    try:
        await program.surroundings.safe.clear()
    except AppError as error:
        is_locked = error.fault.kind is FaultKind.KEYRING_LOCKED
        part = Part.KEYRING_LOCKED if is_locked else Part.KEYRING_FAILED
        return [Leftover(part, (error.fault.detail,) if error.fault.detail else ())]
    return []


async def _forget_start(surroundings: Surroundings) -> list[Leftover]:
    make = surroundings.autostart
    if make is None:
        return []
    try:
        await asyncio.to_thread(lambda: make().forget())
    except AppError as error:
        return [Leftover(Part.AUTOSTART, (error.fault.detail,))]
    return []
