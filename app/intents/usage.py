"""The numbers: polls while somebody is signed in; the last good snapshot stays with its age."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from app.clocks import SteadyClock
from app.errors import Fault
from app.local_zone import local_zone
from app.program import Program
from app.state import PollState, SessionStatus, Store
from app.tasks import SingleTask, Spawn
from app.trail import Trail
from app.usage.limits import UsageSnapshot
from app.usage.poller import Poller
from app.usage.schedule import MachineState, Plan


class UsageIntents:
    """`on_reply` follows every good poll, `on_fault` every failed one.

    `steady` is the clock that ages and countdowns are shown by.
    """

    def __init__(
        self,
        program: Program,
        store: Store,
        spawn: Spawn,
        *,
        on_reply: Callable[[], None],
        on_fault: Callable[[Fault], None],
        trail: Trail,
        steady: SteadyClock | None = None,
        spreads_start: bool = False,
    ) -> None:
        self._store = store
        self._trail = trail
        self._steady = steady or SteadyClock()
        self._told_fault = on_fault
        self._polling = SingleTask(spawn, "poll usage")
        self._poller = Poller(
            program.usage.fetch,
            settings=lambda: store.state.settings,
            on_snapshot=self._on_snapshot,
            on_fault=self._on_fault,
            on_reply=on_reply,
            on_polling=lambda polling: self._set_poll(is_polling=polling),
            on_plan=self._note_plan,
            on_next=lambda at: self._set_poll(next_at=at),
            on_glance=self._look_at_zone,
            account=lambda: program.session.account,
            spreads_start=spreads_start,
            steady=self._steady,
        )

    def start(self) -> None:
        """Poll from now on, for whoever is signed in now: a poll on its way is given up."""
        self._polling.stop()
        self._set_poll(fault=None)
        self._polling.start(self._poller.run)

    def forget(self) -> None:
        """Poll no more, and show no numbers."""
        self._polling.stop()
        self._store.update(usage=None, poll=PollState())

    def refresh_now(self) -> None:
        if self._store.state.session.status is not SessionStatus.SIGNED_IN:
            return
        if self._polling.is_running:
            self._poller.refresh_now()
        else:
            self.start()

    def note_activity(self) -> None:
        self._poller.note_activity()

    def note_watching(self, is_watched: bool) -> None:
        self._poller.note_watching(is_watched)

    def note_machine(self, machine: MachineState) -> None:
        self._poller.note_machine(machine)

    def wake(self) -> None:
        self._poller.wake()

    def note_answer(self, told: UsageSnapshot) -> None:
        """A chat answer told limits: the gauges move with it, whatever becomes of polls."""
        known = self._poller.note_answer(told) if self._polling.is_running else None
        if known is not None:
            self._store.update(usage=known)

    def _note_plan(self, plan: Plan) -> None:
        fault, usage = self._store.state.poll.fault, self._store.state.usage
        good = "doubtful" if usage is not None and usage.is_doubtful else "accepted"
        self._trail.note(
            "poll",
            good if fault is None else fault.kind.value,
            status=(fault.status or 0) if fault else 200,
            wait_s=-1.0 if plan.delay_s is None else plan.delay_s,
            why=plan.why.value,
        )

    def _on_snapshot(self, snapshot: UsageSnapshot) -> None:
        self._store.update(usage=snapshot, poll=replace(self._store.state.poll, fault=None))

    def _on_fault(self, fault: Fault) -> None:
        self._set_poll(fault=fault)
        self._told_fault(fault)

    def _set_poll(self, **changes: Any) -> None:
        self._store.update(poll=replace(self._store.state.poll, **changes))

    def _look_at_zone(self) -> None:
        """Somebody who travels sees every time written anew within a minute (F-M06)."""
        local = self._steady.now().astimezone(local_zone(os.environ))
        self._store.update(zone=f"{local:%Z%z}")
