"""A changed setting: checked against its declaration, in force at once, saved off this thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from app.settings import Note, NoteKind, Settings, from_mapping, to_mapping
from app.state import Store
from app.tasks import Spawn

SaveSettings = Callable[[Settings], "asyncio.Future[bool]"]


class SettingsIntents:
    """`save` has begun to write when it returns, so that quitting at once loses nothing; its
    future says whether the file holds the settings now."""

    def __init__(self, store: Store, spawn: Spawn, save: SaveSettings) -> None:
        self._store = store
        self._spawn = spawn
        self._save = save

    def change(self, key: str, value: object) -> None:
        current = self._store.state.settings
        changed, refused = from_mapping({**to_mapping(current), key: value})
        if not refused and changed != current:
            self._store.update(settings=changed)
            self._spawn(self._tell_saved(self._save(changed)), "save settings")

    async def _tell_saved(self, saving: asyncio.Future[bool]) -> None:
        """A file that holds what is in force has nothing wrong with it any more (F-D09, F-D21)."""
        is_saved = await asyncio.shield(saving)
        self._store.update(notes=() if is_saved else (Note(NoteKind.NOT_SAVED),))
