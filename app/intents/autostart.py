"""Starting with the system: asked of the system itself whenever somebody looks, never kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from app.errors import AppError
from app.state import Store
from app.tasks import SingleTask, Spawn

if TYPE_CHECKING:
    from app.autostart.state import Autostart, Mechanism


class AutostartIntents:
    """`mechanism` makes the system's own way; None where nothing of it may be touched."""

    def __init__(
        self, store: Store, spawn: Spawn, mechanism: Callable[[], Mechanism] | None
    ) -> None:
        self._store = store
        self._mechanism = mechanism
        self._working = SingleTask(spawn, "start with the system")

    def look(self) -> None:
        """Show how it is now, after an entry of ours that lost its program was mended."""
        self._working.start(lambda: self._show(_looked))

    def switch(self, on: bool) -> None:
        self._working.start(lambda: self._show(lambda mechanism: mechanism.switch(on=on)))

    async def _show(self, work: Callable[[Mechanism], Autostart]) -> None:
        make = self._mechanism
        if make is None:
            return
        self._store.update(autostart=await asyncio.to_thread(_done, make, work))


def _looked(mechanism: Mechanism) -> Autostart:
    mechanism.heal()
    return mechanism.read()


def _done(make: Callable[[], Mechanism], work: Callable[[Mechanism], Autostart]) -> Autostart:
    from app.autostart.state import Autostart, AutostartStatus  # noqa: PLC0415 - only for it

    try:
        return work(make())
    except AppError as error:
        return Autostart(AutostartStatus.UNKNOWN, error.fault.detail)
