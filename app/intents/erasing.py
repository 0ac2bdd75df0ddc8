"""The wish to delete everything: what has to rest first, and what is shown of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from app.intents.shown_session import ShownSession
from app.program import Program
from app.state import SessionStatus, Store
from app.tasks import SingleTask, Spawn

if TYPE_CHECKING:
    from app.erasure.outcome import Outcome


class ErasingIntents:
    """`stop` ends what works with accounts, and tells what has yet to come to its end."""

    def __init__(
        self,
        program: Program,
        store: Store,
        shown: ShownSession,
        spawn: Spawn,
        stop: Callable[[], Sequence[asyncio.Task[None]]],
    ) -> None:
        self._program = program
        self._store = store
        self._shown = shown
        self._stop = stop
        self._erasing = SingleTask(spawn, "delete everything")

    @property
    def has_begun(self) -> bool:
        """From then on nothing is kept any more."""
        return self._store.state.erasure is not None

    def begin(self, *, keeps_settings: bool) -> None:
        """Delete everything; once more what is left, if it was begun before."""
        from app.erasure.outcome import Erasure  # noqa: PLC0415 - hardly ever

        if not self._erasing.is_running:
            self._store.update(erasure=Erasure(keeps_settings))
            ending = self._stop()
            self._erasing.start(lambda: self._erase(ending, keeps_settings))

    async def _erase(self, ending: Sequence[asyncio.Task[None]], keeps_settings: bool) -> None:
        from app.erasing import erase_everything  # noqa: PLC0415 - hardly ever
        from app.erasure.outcome import Leftover, Outcome, Part  # noqa: PLC0415

        if ending:  # what is just being stored must be there to be removed
            await asyncio.wait(ending)
        try:
            outcome = await erase_everything(
                self._program, unlock=True, keeps_settings=keeps_settings, keeps_runtime=True
            )
        except Exception as error:
            self._tell(Outcome((Leftover(Part.UNKNOWN, (type(error).__name__,)),)), keeps_settings)
            raise
        self._tell(outcome, keeps_settings)

    def _tell(self, outcome: Outcome, keeps_settings: bool) -> None:
        from app.erasure.outcome import Erasure  # noqa: PLC0415 - loaded by now

        self._shown.settle(SessionStatus.SIGNED_OUT)
        self._store.update(erasure=Erasure(keeps_settings, outcome))
