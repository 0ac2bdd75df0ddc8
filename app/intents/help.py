"""What helps when something is wrong or unclear: the diagnosis, and what the program is made of."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.auth.browser import open_in_browser
from app.clocks import wall
from app.errors import FaultKind, fail
from app.program import Program
from app.state import ShownDiagnosis, Store
from app.tasks import SingleTask, Spawn
from app.trail import Trail

if TYPE_CHECKING:  # loaded with the first diagnosis
    from app.alerts.looks import Look
    from app.components import Component
    from app.diagnosis.document import Facts


class HelpIntents:
    """`looks` gives the last readings that warnings were judged by."""

    def __init__(
        self,
        program: Program,
        store: Store,
        spawn: Spawn,
        trail: Trail,
        looks: Callable[[], tuple[Look, ...]],
    ) -> None:
        self._program = program
        self._store = store
        self._trail = trail
        self._looks = looks
        self._making = SingleTask(spawn, "make a diagnosis")
        self._saving = SingleTask(spawn, "save a diagnosis")
        self._reading = SingleTask(spawn, "read the components")
        self._opening = SingleTask(spawn, "open the project's page")

    def diagnose(self, qt: Mapping[str, str], *, with_identity: bool) -> None:
        """Show what is so now; `qt` is what only the windows know."""
        self._making.stop()
        self._making.start(lambda: self._make(qt, with_identity))

    def save_diagnosis(self, path: str) -> None:
        """Write what is shown to `path`, which the person chose."""
        shown = self._store.state.diagnosis
        if shown is not None:
            self._saving.start(lambda: self._save(shown.text, path))

    def drop_diagnosis(self) -> None:
        """Nobody looks at it any more."""
        self._making.stop()
        self._store.update(diagnosis=None)

    def open_project(self) -> None:
        """The project's page, in the system's browser; none without an address."""
        from app.updates.address import project_url  # noqa: PLC0415 - only when asked

        if address := project_url():
            self._opening.start(lambda: _open(address))

    def read_components(self, then: Callable[[Sequence[Component], str], None]) -> None:
        """`then` gets what the program is made of, and the bill that came with a bundle."""
        self._reading.start(lambda: self._read(then))

    async def _read(self, then: Callable[[Sequence[Component], str], None]) -> None:
        from app.components import bill, components  # noqa: PLC0415 - only when asked

        then(await asyncio.to_thread(components), await asyncio.to_thread(bill))

    async def _make(self, qt: Mapping[str, str], with_identity: bool) -> None:
        from app.diagnosis.document import document  # noqa: PLC0415 - only when asked

        facts = await self._facts(qt)
        identity = self._program.account if with_identity else None
        text = json.dumps(document(facts, identity), indent=2, ensure_ascii=False)
        self._store.update(diagnosis=ShownDiagnosis(text))

    async def _facts(self, qt: Mapping[str, str]) -> Facts:
        from app.diagnosis import machine_facts  # noqa: PLC0415 - only when asked
        from app.diagnosis.document import Facts, SignInFact  # noqa: PLC0415 - as above

        state, paths = self._store.state, self._program.surroundings.paths
        now, session = wall(), state.session
        fault, next_at = state.poll.fault, state.poll.next_at
        return Facts(
            now,
            "window",
            state.settings,
            versions=await asyncio.to_thread(machine_facts.versions),
            system=machine_facts.system(),
            qt=qt,
            services=await asyncio.to_thread(machine_facts.services),
            instance="this one",
            is_demo=state.is_demo,
            is_safe_mode=state.is_safe_mode,
            is_replaced=state.is_replaced,
            sign_in=SignInFact(
                session.status.value,
                len(session.accounts),
                is_saved=not session.unsaved,
                is_borrowed=session.is_borrowed,
                fault=session.fault.kind.value if session.fault else "",
                tokens=self._program.session.marks(),
            ),
            poll_fault=fault.kind.value if fault else "",
            next_poll_in_s=None if next_at is None else round((next_at - now).total_seconds()),
            history=state.history.condition.value,
            notes=tuple(note.kind.value for note in state.notes),
            files=await asyncio.to_thread(machine_facts.files, paths),
            steps=self._trail.steps,
            looks=self._looks(),
        )

    async def _save(self, text: str, path: str) -> None:
        is_saved = await asyncio.to_thread(_written, Path(path), text)
        shown = self._store.state.diagnosis
        if shown is not None:
            saved_to = Path(path).name if is_saved else ""
            self._store.update(diagnosis=replace(shown, saved_to=saved_to, has_failed=not is_saved))


async def _open(address: str) -> None:
    if not await open_in_browser(address):
        raise fail(FaultKind.BROWSER_NOT_OPENED)


def _written(path: Path, text: str) -> bool:
    from app.diagnosis.machine_facts import write_for_owner  # noqa: PLC0415 - only when asked

    try:
        write_for_owner(path, text)
    except OSError:
        return False
    return True
