"""A poller on made-up clocks and a made-up service, in virtual time, and all that it says."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from support.virtual_time import run_virtually

from app.auth.tokens import Account
from app.clocks import Clocks
from app.errors import AppError, Fault, FaultKind
from app.settings import Settings
from app.usage.limits import RateLimit, RateLimitWindow, UsageSnapshot
from app.usage.poller import Poller

START = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


@dataclass
class Machine:
    """Clocks on the loop's time; `sleep` and `set_clock` are what happens to a laptop."""

    slept_s: float = 0.0
    jumped_s: float = 0.0

    def awake(self) -> float:
        return asyncio.get_running_loop().time()

    def running(self) -> float:
        return self.awake() + self.slept_s

    def wall(self) -> datetime:
        return START + timedelta(seconds=self.running() + self.jumped_s)

    @property
    def clocks(self) -> Clocks:
        return Clocks(self.wall, self.running, self.awake)


def snapshot(used: float = 10, **changes: object) -> UsageSnapshot:
    limit = RateLimit("codex", (RateLimitWindow("codex", used, 18_000, None),))
    return replace(UsageSnapshot(START, limits=(limit,)), **changes)  # type: ignore[arg-type]


Answer = UsageSnapshot | Fault | Exception


@dataclass
class Service:
    """Answers from a list, the last one for ever; notes when it was asked."""

    machine: Machine
    answers: list[Answer]
    takes_s: float = 0.0
    asked_at: list[float] = field(default_factory=list)
    in_flight: int = 0

    async def fetch(self) -> UsageSnapshot:
        self.asked_at.append(self.machine.running())
        self.in_flight += 1
        assert self.in_flight == 1, "two polls in flight"
        try:
            await asyncio.sleep(self.takes_s)
        finally:
            self.in_flight -= 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Fault):
            raise AppError(answer)
        if isinstance(answer, Exception):
            raise answer
        return answer


@dataclass
class Heard:
    snapshots: list[UsageSnapshot] = field(default_factory=list)
    faults: list[FaultKind] = field(default_factory=list)
    polling: list[bool] = field(default_factory=list)
    next_at: list[datetime | None] = field(default_factory=list)


@dataclass
class Bench:
    """A poller on a service, with everything it says."""

    answers: Sequence[Answer] = field(default_factory=lambda: [snapshot()])
    settings: Settings = field(default_factory=Settings)
    account: Account | None = None
    spreads_start: bool = False
    takes_s: float = 0.0
    chance: float = 0.5

    def __post_init__(self) -> None:
        self.machine = Machine()
        self.heard = Heard()
        self.service = Service(self.machine, list(self.answers), self.takes_s)

    async def poll_for(
        self, seconds: float, meanwhile: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        """Poll within a loop that runs; `run` brings its own."""
        self.poller = Poller(
            self.service.fetch,
            settings=lambda: self.settings,
            on_snapshot=self.heard.snapshots.append,
            on_fault=lambda fault: self.heard.faults.append(fault.kind),
            on_polling=self.heard.polling.append,
            on_next=self.heard.next_at.append,
            account=lambda: self.account,
            spreads_start=self.spreads_start,
            clocks=self.machine.clocks,
            chance=lambda: self.chance,
        )
        async with asyncio.TaskGroup() as group:
            polling = group.create_task(self.poller.run())
            if meanwhile is not None:
                group.create_task(self._other(meanwhile))
            await asyncio.sleep(seconds)
            polling.cancel()

    async def _other(self, meanwhile: Callable[[], Awaitable[None]]) -> None:
        await meanwhile()

    def run(self, seconds: float, meanwhile: Callable[[], Awaitable[None]] | None = None) -> None:
        run_virtually(self.poll_for(seconds, meanwhile))


def approx(*seconds: float) -> object:
    return pytest.approx(list(seconds), abs=0.01)
