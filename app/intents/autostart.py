"""Starting with the system: asked of the system itself whenever somebody looks, never kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
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
        self._next: Callable[[Mechanism], Autostart] | None = None  # to be done, the newest wish
        self._working = SingleTask(spawn, "start with the system")

    def look(self) -> None:
        """Show how it is now, after an entry of ours that lost its program was mended."""
        if self._next is None:  # else it is shown after the wish, anyway
            self._do(_looked)

    def switch(self, on: bool) -> None:
        """Switch it, also while another answer is waited for: the newest wish counts."""
        self._do(lambda mechanism: mechanism.switch(on=on))

    def _do(self, work: Callable[[Mechanism], Autostart]) -> None:
        if self._mechanism is not None:
            self._next = work
            self._working.start(self._work)

    async def _work(self) -> None:
        make = self._mechanism
        while make is not None and (work := self._next) is not None:
            self._next = None
            self._store.update(autostart=await asyncio.to_thread(_done, make, work))
        self._working.release()


def _looked(mechanism: Mechanism) -> Autostart:
    mechanism.heal()
    return mechanism.read()


def _done(make: Callable[[], Mechanism], work: Callable[[Mechanism], Autostart]) -> Autostart:
    mechanism = make()
    try:
        return work(mechanism)
    except AppError as error:
        return replace(mechanism.read(), refusal=error.fault.detail)
