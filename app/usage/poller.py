"""The loop that polls: obeys the schedule, tells what came, never has two polls in flight."""

from __future__ import annotations

import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

from app.auth.tokens import Account
from app.clocks import Clocks, SteadyClock
from app.errors import AppError, Fault, FaultKind
from app.settings import Settings
from app.usage.alarm import Alarm
from app.usage.limits import UsageSnapshot
from app.usage.readings import Judged, Readings, Verdict
from app.usage.schedule import (
    MachineState,
    Plan,
    Situation,
    Why,
    as_reported,
    has_moved,
    interval_s,
    is_of_the_way,
    next_poll_delay,
    planned_poll,
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
    `on_reply` for every good one, news or not, `on_fault` for every failed poll, `on_polling`
    around each poll, `on_plan` after each with when the next is due and why, `on_next` with its
    time whenever that changes, None if it waits to be asked, `on_glance` at least once a minute.

    `steady` is the clock of ages and countdowns: it follows the wall clock with each snapshot.
    """

    def __init__(
        self,
        fetch: Callable[[], Awaitable[UsageSnapshot]],
        *,
        settings: Callable[[], Settings],
        on_snapshot: Callable[[UsageSnapshot], None],
        on_fault: Callable[[Fault], None],
        on_reply: Callable[[], None] = lambda: None,
        on_polling: Callable[[bool], None] = lambda _polling: None,
        on_plan: Callable[[Plan], None] = lambda _plan: None,
        on_next: Callable[[datetime | None], None] = lambda _at: None,
        on_glance: Callable[[], None] = lambda: None,
        account: Callable[[], Account | None] = lambda: None,
        spreads_start: bool = False,
        clocks: Clocks | None = None,
        steady: SteadyClock | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._fetch = fetch
        self._settings = settings
        self._on_snapshot = on_snapshot
        self._on_fault = on_fault
        self._on_reply = on_reply
        self._on_polling = on_polling
        self._on_plan = on_plan
        self._on_next = on_next
        self._account = account
        self._spreads_start = spreads_start
        self._clocks = clocks or Clocks()
        self._steady = steady or SteadyClock(self._clocks)
        self._chance = chance
        self._alarm = Alarm(self._clocks, self._tell_next, self.wake, on_glance)
        self._machine = MachineState()
        self._is_link_trusted: bool | None = None  # None: its word was not put to the test yet
        self._is_watched = False
        self._is_polling = False
        self._brought_back_at = float("-inf")  # the poll that followed the network's return
        self._forget()

    async def run(self) -> None:
        """Poll at once, then by the schedule. Starts afresh when it is run again.

        With `spreads_start` the very first poll is spread: many computers are switched on at
        the same hour, but a person who signs in waits for numbers.
        """
        self._forget()
        self._alarm.set(start_delay(self._chance()) if self._spreads_start else 0.0)
        self._spreads_start = False
        while True:
            await self._alarm.wait()
            if self._is_surely_offline and not self._is_asked:
                self._note_fault(Fault(FaultKind.OFFLINE, "no network, says the system"))
            else:
                await self._poll()
            plan = self._plan()
            self._on_plan(plan)
            self._alarm.set(plan.delay_s)

    # --- what brings the next poll forward ---------------------------------------------------

    def refresh_now(self) -> None:
        """Poll at once, whatever the schedule says; a poll that runs already is the answer."""
        if not self._is_polling:
            self._is_asked = True
            self._alarm.set(0.0)

    def note_activity(self) -> None:
        """Somebody looks or works: go on at the active interval, counted from the last poll.

        Without a network it is tried all the same: the system may be mistaken about it.
        """
        self._quiet_since = self._clocks.running()
        if self._is_surely_offline:
            self.refresh_now()
        else:
            self._advance_to_interval()

    def note_watching(self, is_watched: bool) -> None:
        """The panel was opened, or closed; whoever opens it has no locked screen before them."""
        self._is_watched = is_watched
        if is_watched:
            self._machine = replace(self._machine, is_locked=False)
            self.note_activity()

    def note_machine(self, machine: MachineState) -> None:
        """The system told something of itself: network, lock, power."""
        before, self._machine = self._machine, machine
        if machine.is_online is not False and before.is_online is not machine.is_online:
            self._on_network()
        elif before.is_locked and not machine.is_locked:
            self._quiet_since = self._clocks.running()
            self._advance_to_interval()

    def note_answer(self, told: UsageSnapshot) -> UsageSnapshot | None:
        """A chat answer told limits: what is known now, None if that is nothing new.

        It proves nothing of polling, so a fault stays; a doubtful one is asked for soon.
        """
        judged = self._readings.accept(told, self._account())
        if not judged.is_news:
            return None
        self._take(judged)
        if judged.verdict is Verdict.DOUBTFUL and self._fault is None and not self._is_polling:
            delay_s = next_poll_delay(self._situation(), self._chance())
            if delay_s is not None and self._alarm.is_set:
                self._alarm.advance(delay_s)
        return judged.snapshot

    def wake(self) -> None:
        """The machine has slept: poll soon, once (F-M01). What the service forbade stays so."""
        self._brought_back_at = float("-inf")  # a network that returns now is no flapping one
        if self._is_polling:
            self._has_slept = True
        elif self._alarm.is_overdue:
            self._alarm.set(wake_delay(self._chance()))
        elif self._alarm.is_set and (self._fault is None or is_of_the_way(self._fault)):
            self._alarm.advance(wake_delay(self._chance()))

    def _on_network(self) -> None:
        """The network came back (F-N01), if it comes and goes not more often than polls do."""
        if self._is_polling or self._fault is None or not is_of_the_way(self._fault):
            return
        now, gap_s = self._clocks.running(), float(self._settings().poll_active_s)
        delay_s = max(wake_delay(self._chance()), self._brought_back_at + gap_s - now)
        self._brought_back_at = now + delay_s
        self._alarm.advance(delay_s)

    def _advance_to_interval(self) -> None:
        """Unless a back-off is on, the next poll comes an interval after the last at the latest."""
        if self._alarm.is_set and self._fault is None and not self._is_polling:
            since_poll_s = self._clocks.running() - self._polled_at
            self._alarm.advance(max(0.0, interval_s(self._situation()) - since_poll_s))

    # --- the plan ----------------------------------------------------------------------------

    def _forget(self) -> None:
        self._readings = Readings()
        self._last: UsageSnapshot | None = None
        self._fault: Fault | None = None
        self._misread = 0  # replies in a row that could not be parsed
        self._strain = 0  # failures, forgotten one by one (F-N25)
        self._was_confirmed = False
        self._is_asked = False  # somebody waits for the next poll
        self._has_slept = False  # while a poll was on its way
        self._polled_at = self._quiet_since = self._clocks.running()

    @property
    def _is_surely_offline(self) -> bool:
        return self._machine.is_online is False and self._is_link_trusted is True

    def _plan(self) -> Plan:
        plan = planned_poll(self._situation(), self._chance())
        has_slept, self._has_slept = self._has_slept, False
        if has_slept and plan.delay_s is not None and self._fault and is_of_the_way(self._fault):
            return Plan(min(plan.delay_s, wake_delay(self._chance())), Why.SLEPT)
        return plan

    def _situation(self) -> Situation:
        return Situation(
            now=self._steady.now(),
            settings=self._settings(),
            snapshot=self._last,
            fault=self._fault,
            failures=self._strain,
            quiet_s=self._clocks.running() - self._quiet_since,
            was_confirmed=self._was_confirmed,
            is_surely_offline=self._is_surely_offline,
            is_watched=self._is_watched,
            machine=self._machine,
        )

    def _tell_next(self, delay_s: float | None) -> None:
        now = self._steady.now()
        self._on_next(None if delay_s is None else now + timedelta(seconds=delay_s))

    # --- one poll ----------------------------------------------------------------------------

    async def _poll(self) -> None:
        self._is_polling = True
        self._is_asked = False
        was_told_offline = self._machine.is_online is False
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
        if was_told_offline and self._machine.is_online is False:
            self._test_link()

    def _test_link(self) -> None:
        """The system said "no network" all along: was it right? Once wrong, it is not believed.

        It may know nothing of the wire that the requests take.
        """
        if self._fault is None:
            self._is_link_trusted = False
        elif self._fault.kind is FaultKind.OFFLINE and self._is_link_trusted is None:
            self._is_link_trusted = True

    def _note_fault(self, fault: Fault) -> None:
        self._strain += 1
        self._misread = self._misread + 1 if fault.kind is FaultKind.NOT_UNDERSTOOD else 0
        self._fault = fault
        self._on_fault(as_reported(fault, self._misread))

    def _note_reply(self, snapshot: UsageSnapshot) -> None:
        judged = self._readings.accept(snapshot, self._account())
        if judged.verdict is Verdict.OTHER_ACCOUNT:
            self._note_fault(Fault(FaultKind.ACCOUNT_CHANGED, "the reply names another account"))
            return
        had_fault = self._fault is not None
        self._fault = None
        self._misread = 0
        self._strain = max(0, min(self._strain, _STRAIN_KEPT) - 1)
        if judged.is_news:
            self._take(judged)
        else:
            log.info("a reply was left out: %s", judged.verdict)
        if judged.snapshot is not None and (judged.is_news or had_fault):
            self._on_snapshot(judged.snapshot)
        self._on_reply()

    def _take(self, judged: Judged) -> None:
        assert judged.snapshot is not None  # noqa: S101 - news has one
        if judged.verdict is not Verdict.ACCEPTED:
            log.info(
                "a reading is %s: %s", judged.verdict, ", ".join(judged.snapshot.doubts) or "-"
            )
        self._steady.follow()  # not for what is left out: what stays was read by the clock before
        if has_moved(self._last, judged.snapshot):
            self._quiet_since = self._clocks.running()
        self._was_confirmed = self._last is not None and self._last.is_doubtful
        self._last = judged.snapshot
