"""The loop that polls: obeys the schedule, tells what came, never has two polls in flight."""

from __future__ import annotations

import logging
import random
from collections.abc import Awaitable, Callable
from datetime import datetime

from app.auth.tokens import Account
from app.clocks import Clocks
from app.errors import AppError, Fault, FaultKind
from app.settings import Settings
from app.usage.alarm import Alarm
from app.usage.continuity import belongs_to, is_older
from app.usage.limits import UsageSnapshot
from app.usage.schedule import (
    Situation,
    as_reported,
    has_moved,
    interval_s,
    next_poll_delay,
    start_delay,
    wake_delay,
)

log = logging.getLogger("tidegauge.usage")

# So many failures are remembered over a success: a network that comes and goes each minute
# must not make more polls than one that stays.
_STRAIN_KEPT = 4


class Poller:
    """Polls until its task is cancelled. All methods belong to the loop's thread.

    The callbacks: `on_snapshot` for every reply that counts (a doubtful one is marked so),
    `on_fault` for every failed poll, `on_polling` around each poll, `on_next` with the time of
    the next one, None if it waits to be asked.
    """

    def __init__(
        self,
        fetch: Callable[[], Awaitable[UsageSnapshot]],
        *,
        settings: Callable[[], Settings],
        on_snapshot: Callable[[UsageSnapshot], None],
        on_fault: Callable[[Fault], None],
        on_polling: Callable[[bool], None] = lambda _polling: None,
        on_next: Callable[[datetime | None], None] = lambda _at: None,
        account: Callable[[], Account | None] = lambda: None,
        spreads_start: bool = False,
        clocks: Clocks | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._fetch = fetch
        self._settings = settings
        self._on_snapshot = on_snapshot
        self._on_fault = on_fault
        self._on_polling = on_polling
        self._account = account
        self._spreads_start = spreads_start
        self._clocks = clocks or Clocks()
        self._chance = chance
        self._alarm = Alarm(self._clocks, on_next, lambda: wake_delay(self._chance()))
        self._is_polling = False
        self._forget()

    async def run(self) -> None:
        """Poll at once, then by the schedule. Starts afresh when it is run again."""
        self._forget()
        self._alarm.set(start_delay(self._chance()) if self._spreads_start else 0.0)
        while True:
            await self._alarm.wait()
            await self._poll()
            self._alarm.set(next_poll_delay(self._situation(), self._chance()))

    def refresh_now(self) -> None:
        """Poll at once, whatever the schedule says; a poll that runs already is the answer."""
        if not self._is_polling:
            self._alarm.set(0.0)

    def note_activity(self) -> None:
        """Somebody looks or works: go on at the active interval, counted from the last poll."""
        self._quiet_since = self._clocks.running()
        if not self._is_polling and self._alarm.is_set and self._fault is None:
            since_poll_s = self._quiet_since - self._polled_at
            self._alarm.advance(max(0.0, interval_s(self._settings(), 0.0) - since_poll_s))

    def wake(self) -> None:
        """The machine woke up, or the network came back: poll soon."""
        if not self._is_polling and self._alarm.is_set:
            self._alarm.advance(wake_delay(self._chance()))

    def _forget(self) -> None:
        self._last: UsageSnapshot | None = None
        self._fault: Fault | None = None
        self._misread = 0  # replies in a row that could not be parsed
        self._strain = 0  # failures, forgotten one by one (F-N25)
        self._was_confirmed = False
        self._polled_at = self._quiet_since = self._clocks.running()

    def _situation(self) -> Situation:
        return Situation(
            now=self._clocks.wall(),
            settings=self._settings(),
            snapshot=self._last,
            fault=self._fault,
            failures=self._strain,
            quiet_s=self._clocks.running() - self._quiet_since,
            was_confirmed=self._was_confirmed,
        )

    # --- one poll ----------------------------------------------------------------------------

    async def _poll(self) -> None:
        self._is_polling = True
        self._on_polling(True)
        try:
            snapshot = await self._fetch()
        except AppError as error:
            self._note_fault(error.fault)
        except Exception as error:
            log.exception("a poll failed unexpectedly")
            self._note_fault(Fault(FaultKind.INTERNAL, type(error).__name__))
        else:
            self._note_reply(snapshot)
        finally:
            self._is_polling = False
            self._polled_at = self._clocks.running()
            self._on_polling(False)

    def _note_fault(self, fault: Fault) -> None:
        self._strain += 1
        self._misread = self._misread + 1 if fault.kind is FaultKind.NOT_UNDERSTOOD else 0
        self._fault = fault
        self._on_fault(as_reported(fault, self._misread))

    def _note_reply(self, snapshot: UsageSnapshot) -> None:
        if not belongs_to(snapshot, self._account()):
            self._note_fault(Fault(FaultKind.ACCOUNT_CHANGED, "the reply names another account"))
            return
        self._fault = None
        self._misread = 0
        self._strain = max(0, min(self._strain, _STRAIN_KEPT) - 1)
        if is_older(snapshot, self._last):
            log.info("a reply older than the last one was left out")
            return
        if has_moved(self._last, snapshot):
            self._quiet_since = self._clocks.running()
        self._was_confirmed = self._last is not None and self._last.is_doubtful
        self._last = snapshot
        self._on_snapshot(snapshot)
