"""Sign-ins that nothing but this run keeps are counted on the disk, so that the next start can say
that they are lost, however this run ends (F-T22). Only their number is written: whose they are
stands in the keyring or nowhere."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from app.errors import AppError
from app.guarded_json import decode_json
from app.private_files import UnusableFileError, read_private, replace_private
from app.program import Program
from app.state import AppState, Store
from app.tasks import SingleTask, Spawn

FILE_NAME = "unsaved.json"
LAST_TRY_S = 1.0  # of the two seconds that an end may take (F-D06)
_LARGEST = 1 << 10
_MOST = 99

_LOG = logging.getLogger("tidegauge.session")


class LostSignIns:
    """`begin` once; what was lost is told until somebody puts it away."""

    def __init__(self, folder: Path, store: Store, spawn: Spawn) -> None:
        self._file = folder / FILE_NAME
        self._store = store
        self._written = 0
        self._writing = SingleTask(spawn, "note unsaved sign-ins")

    def begin(self) -> None:
        """Tell what the last run lost, then note what this one may lose."""
        self._writing.start(self._begin)

    def dismiss(self) -> None:
        """The person has read what is said of the last run."""
        self._store.update(lost_sign_ins=0)

    async def _begin(self) -> None:
        self._written = await asyncio.to_thread(_read, self._file)
        self._store.update(lost_sign_ins=self._written)
        self._store.subscribe(_at_stake, self._note)
        await self._follow()

    def _note(self, _state: AppState) -> None:
        self._writing.start(self._follow)

    async def _follow(self) -> None:
        while self._written != (count := _at_stake(self._store.state)):
            await asyncio.to_thread(_write, self._file, count)
            self._written = count
        self._writing.release()


@asynccontextmanager
async def saved_at_the_end(program: Program, store: Store) -> AsyncIterator[None]:
    """After the block nobody can be asked any more, but the keyring can, once and briefly."""
    try:
        yield
    finally:
        if store.state.erasure is None:
            await _offer_once_more(program)


async def _offer_once_more(program: Program) -> None:
    backlog = program.accounts.backlog
    if not backlog.unsaved:
        return
    with suppress(TimeoutError):
        async with asyncio.timeout(LAST_TRY_S):
            await backlog.store()
    left = len(backlog.unsaved)
    _write(program.surroundings.paths.state / FILE_NAME, left)
    if left:
        _LOG.warning("%d sign-ins end with this run: the keyring did not take them", left)


def _at_stake(state: AppState) -> int:
    return max(state.lost_sign_ins, len(state.session.unsaved))


def _read(file: Path) -> int:
    try:
        value = decode_json(read_private(file, _LARGEST)).value
    except (OSError, UnusableFileError, AppError):
        return 0
    count = value.get("unsaved") if isinstance(value, dict) else None
    return count if isinstance(count, int) and 0 < count <= _MOST else 0


def _write(file: Path, count: int) -> None:
    try:
        if count:
            replace_private(file, json.dumps({"unsaved": count}).encode())
        else:
            file.unlink(missing_ok=True)
    except (OSError, AppError) as error:
        _LOG.warning("unsaved sign-ins are not noted: %s", error)
