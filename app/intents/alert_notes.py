"""What a diagnosis tells of warnings: the readings they were judged by, what came of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from app.alerts.looks import Look, Looks
from app.trail import Trail

if TYPE_CHECKING:  # loaded with the first reading
    from app.alerts.alert import Alert
    from app.alerts.memory import Memory
    from app.usage.limits import UsageSnapshot


class AlertNotes:
    """Of the account in front; another one's readings are forgotten."""

    def __init__(self, trail: Trail | None) -> None:
        self._trail = trail or Trail()
        self._looks = Looks()
        self._account_key = ""
        self._told = ("", "")

    @property
    def looks(self) -> tuple[Look, ...]:
        """The last readings, oldest first."""
        return self._looks.kept

    def note_look(
        self, memory: Memory, usage: UsageSnapshot | None, account_key: str, now: datetime
    ) -> None:
        """`usage` is about to be judged with what `memory` remembers."""
        if account_key != self._account_key:
            self._account_key = account_key
            self._looks.clear()
        if usage is not None:
            from app.alerts.memory import recent  # noqa: PLC0415 - with the first reading
            from app.alerts.rules import moment_of  # noqa: PLC0415 - see above

            given = len(recent(memory, moment_of(usage, now)))
            self._looks.note(Look(now, usage, memory.accounts.get(account_key), given))

    def note_outcome(self, outcome: str, alerts: Sequence[Alert]) -> None:
        """What came of an attempt to tell `alerts`. What waits is tried again: said once."""
        told = ", ".join(f"{one.kind.value} {one.window_id} {one.percent}" for one in alerts)
        if (outcome, told) != self._told:
            self._told = (outcome, told)
            self._trail.note("warning", outcome, why=told)
