"""A changed setting: checked against its declaration, in force at once, saved off this thread."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from app.intents.network import KEYS as NETWORK_KEYS
from app.intents.network import NetworkIntents
from app.program import Program
from app.settings import Note, NoteKind, Settings, from_mapping, to_mapping
from app.state import Store
from app.tasks import Spawn

SaveSettings = Callable[[Settings], "asyncio.Future[bool]"]
_WRITING_S = 2.0  # an editor writes a small file in milliseconds
LookAtSettings = Callable[[], Awaitable[tuple[Settings, tuple[Note, ...]] | None]]


async def nobody_else_writes() -> None:
    """Where settings have no file."""


class SettingsIntents:
    """`save` has begun to write when it returns, so that quitting at once loses nothing; its
    future says whether the file holds the settings now. `look_at` tells what the file says by
    now, None if it cannot be read. The callbacks are those of `NetworkIntents`."""

    def __init__(
        self,
        program: Program,
        store: Store,
        spawn: Spawn,
        save: SaveSettings,
        look_at: LookAtSettings,
        *,
        on_unsaved: Callable[[], None],
        on_way: Callable[[], None],
    ) -> None:
        self._store = store
        self._spawn = spawn
        self._save = save
        self._look_at = look_at
        self._is_looking = False
        self._changed = asyncio.Event()
        self._network = NetworkIntents(
            program,
            store,
            spawn,
            set_=self._set,
            save=save,
            on_unsaved=on_unsaved,
            on_way=on_way,
        )
        self._network.settle_typed()

    def change(self, key: str, value: object) -> None:
        """Set it if its declaration accepts the value, and what it leads to is of use."""
        if key in NETWORK_KEYS and isinstance(value, str):
            self._network.change(key, value)
        else:
            self._set(key, value)

    def _set(self, key: str, value: object) -> None:
        current = self._store.state.settings
        changed, refused = from_mapping({**to_mapping(current), key: value})
        if not refused and changed != current:
            self._store.update(settings=changed)
            self._spawn(self._tell_saved(self._save(changed)), "save settings")

    def look(self) -> None:
        """The file may have been changed by somebody else: what it says is in force."""
        self._changed.set()
        if not self._is_looking:
            self._is_looking = True
            self._spawn(self._look(), "look at the settings")

    async def _look(self) -> None:
        try:
            while self._changed.is_set():
                self._changed.clear()
                found = await self._look_at()
                if found is not None:
                    self._store.update(settings=found[0], notes=self._unsaved + found[1])
                    self._network.settle_typed()
                elif not await self._is_being_written():
                    self._store.update(notes=(*self._unsaved, Note(NoteKind.FILE_UNUSABLE)))
        finally:
            self._is_looking = False

    async def _is_being_written(self) -> bool:
        """Whether the file changes again soon: an editor may be in the middle of it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_WRITING_S):
                await self._changed.wait()
        return self._changed.is_set()

    @property
    def _unsaved(self) -> tuple[Note, ...]:
        return tuple(n for n in self._store.state.notes if n.kind is NoteKind.NOT_SAVED)

    async def _tell_saved(self, saving: asyncio.Future[bool]) -> None:
        """A file that holds what is in force has nothing wrong with it any more (F-D09, F-D21)."""
        is_saved = await asyncio.shield(saving)
        self._store.update(notes=() if is_saved else (Note(NoteKind.NOT_SAVED),))
