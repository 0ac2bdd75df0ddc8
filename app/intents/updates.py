"""Looking for a newer version, if the person wishes it: told in the panel, and once by the desktop.

No timer: polls, and windows that open, are the occasions. Nothing of it is loaded while it is
switched off, as it is for most.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from app import COMMAND, VERSION
from app.clocks import wall
from app.program import Program
from app.state import AppState, Store
from app.tasks import SingleTask, Spawn

if TYPE_CHECKING:
    from app.desktop.notification import Notifier
    from app.updates.memory import UpdateMemory
    from app.updates.memory_file import UpdateMemoryFile

_LOOK_AGAIN_S = 3600.0  # at the file, which says whether a day is over
_TOPIC = "update"


class UpdateIntents:
    """`notifier` shows notifications, once there is one."""

    def __init__(
        self,
        program: Program,
        store: Store,
        spawn: Spawn,
        notifier: Callable[[], Notifier | None],
        *,
        current: str = VERSION,
    ) -> None:
        self._program = program
        self._store = store
        self._notifier = notifier
        self._current = current
        self._working = SingleTask(spawn, "look for updates")
        self._next_at = 0.0  # by the loop's clock
        store.subscribe(lambda state: state.settings.check_updates, self._on_switch)
        store.subscribe(lambda state: state.poll.next_at, lambda _state: self.look())

    def look(self) -> None:
        """An occasion: look at what is known, and ask if a day is over."""
        state = self._store.state
        if not state.settings.check_updates or state.is_demo or state.erasure is not None:
            return
        now = asyncio.get_running_loop().time()
        if now >= self._next_at:
            self._next_at = now + _LOOK_AGAIN_S
            self._working.start(self._look)

    def note_look(self) -> None:
        """Somebody comes to the settings: say there whether this build could ask anybody."""
        from app.updates.status import Updates  # noqa: PLC0415 - with the settings window

        if self._store.state.settings.check_updates:
            self.look()
        else:
            has_address = bool(self._program.surroundings.releases_url)
            self._store.update(updates=Updates(has_address=has_address))

    def _on_switch(self, state: AppState) -> None:
        self._next_at = 0.0
        if state.settings.check_updates:
            self.look()
        else:
            self._working.stop()
            self._store.update(updates=None)

    async def _look(self) -> None:
        from app.updates.memory_file import UpdateMemoryFile  # noqa: PLC0415 - few wish it
        from app.updates.status import Updates  # noqa: PLC0415 - as above

        address = self._program.surroundings.releases_url
        if not address:
            self._store.update(updates=Updates(has_address=False))
            return
        file = UpdateMemoryFile(self._program.surroundings.paths.state)
        memory = await asyncio.to_thread(file.load)
        if memory.address == address and self._store.state.updates is None:
            self._show(memory, has_failed=False)
        claimed = await asyncio.to_thread(file.claim, wall())
        if claimed is not None:
            memory = await self._ask(address, claimed, file)
        await self._tell_once(memory, file)

    async def _ask(
        self, address: str, claimed: UpdateMemory, file: UpdateMemoryFile
    ) -> UpdateMemory:
        from app.updates.look import asked  # noqa: PLC0415 - few wish it

        http = self._program.accounts.clients.new_http(COMMAND)
        try:
            found = await asked(http, address, claimed)
        finally:
            await http.aclose()
        if found is not None:
            await asyncio.to_thread(file.save, found)
        memory = found or claimed
        self._show(memory, has_failed=found is None)
        return memory

    def _show(self, memory: UpdateMemory, *, has_failed: bool) -> None:
        from app.updates.status import Updates  # noqa: PLC0415 - few wish it

        self._store.update(
            updates=Updates(self._newer(memory), memory.asked_at, has_failed=has_failed)
        )

    def _newer(self, memory: UpdateMemory) -> str:
        from app.updates.versions import is_newer  # noqa: PLC0415 - few wish it

        return memory.newest if is_newer(memory.newest, self._current) else ""

    async def _tell_once(self, memory: UpdateMemory, file: UpdateMemoryFile) -> None:
        """By the desktop, unless the person wants no warnings, or none now.

        Noted first: rather no notification than two of one version.
        """
        from app.alerts.quiet_hours import is_quiet  # noqa: PLC0415 - few wish it
        from app.desktop.notification import Notification, Outcome  # noqa: PLC0415 - as above
        from app.local_zone import local_zone  # noqa: PLC0415 - loaded by now
        from app.wording.updates import available, how_to_get_it  # noqa: PLC0415 - few wish it

        newer, settings, notifier = (
            self._newer(memory),
            self._store.state.settings,
            self._notifier(),
        )
        is_welcome = settings.warnings and not is_quiet(settings, wall(), local_zone(os.environ))
        if not newer or memory.told == newer or not is_welcome or notifier is None:
            return
        if not await asyncio.to_thread(file.save, replace(memory, told=newer)):
            return
        notification = Notification(_TOPIC, available(newer), how_to_get_it())
        if await notifier.show(notification) is not Outcome.SHOWN:
            await asyncio.to_thread(file.save, memory)
