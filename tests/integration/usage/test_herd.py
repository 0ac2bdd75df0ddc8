"""A thousand clients with the real poller, on one virtual clock: do they meet? (figures 20, 32)

The whole figure is cheap in virtual time, so it always runs in full.
"""

from __future__ import annotations

import asyncio
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from support.polling import START, Machine, snapshot
from support.virtual_time import run_virtually

from app.auth.tokens import Account, TokenSet, needs_refresh
from app.errors import AppError, Fault, FaultKind
from app.settings import Settings
from app.usage.limits import UsageSnapshot
from app.usage.poller import Poller

CLIENTS = 1000
PEAK = 0.03 * CLIENTS  # in one second
OUTAGE_S = (900.0, 1500.0)  # ten minutes


class Herd:
    """Clients that were all started in the same second; `arrivals` of requests, in seconds."""

    def __init__(
        self,
        answer: Callable[[float], UsageSnapshot | Fault],
        *,
        clients: int = CLIENTS,
        settings: Settings | None = None,
        seed: int = 20,
    ) -> None:
        self.machine = Machine()
        self.arrivals: list[float] = []
        self.by_client: list[list[float]] = [[] for _ in range(clients)]
        self.most_in_flight = 0
        self._answer = answer
        self._settings = settings or Settings()
        self._seed = seed

    def run(self, seconds: float, *, spreads_start: bool = True) -> None:
        run_virtually(self._run(seconds, spreads_start))

    async def _run(self, seconds: float, spreads_start: bool) -> None:
        async with asyncio.TaskGroup() as group:
            running = [
                group.create_task(self._client(number, spreads_start).run())
                for number in range(len(self.by_client))
            ]
            await asyncio.sleep(seconds)
            for task in running:
                task.cancel()

    def _client(self, number: int, spreads_start: bool) -> Poller:
        draw = random.Random(f"{self._seed}/{number}")
        in_flight = 0

        async def fetch() -> UsageSnapshot:
            nonlocal in_flight
            in_flight += 1
            self.most_in_flight = max(self.most_in_flight, in_flight)
            now = self.machine.running()
            self.arrivals.append(now)
            self.by_client[number].append(now)
            await asyncio.sleep(draw.uniform(0.05, 2.0))
            in_flight -= 1
            answer = self._answer(now)
            if isinstance(answer, Fault):
                raise AppError(answer)
            return replace(answer, fetched_at=self.machine.wall())

        return Poller(
            fetch,
            settings=lambda: self._settings,
            on_snapshot=lambda _snapshot: None,
            on_fault=lambda _fault: None,
            spreads_start=spreads_start,
            clocks=self.machine.clocks,
            chance=draw.random,
        )

    def first_after(self, moment: float) -> list[float]:
        """When each client asked first, from this moment on."""
        return [next(at for at in times if at >= moment) for times in self.by_client]


def peak(times: Sequence[float]) -> int:
    """The most of them in one second, wherever the second begins."""
    ordered = sorted(times)
    most = first = 0
    for last, at in enumerate(ordered):
        while at - ordered[first] >= 1:
            first += 1
        most = max(most, last - first + 1)
    return most


def distance_from_uniform(values: Sequence[float], low: float, high: float) -> float:
    """The statistic of Kolmogorov and Smirnov, times the root of the count.

    Above 1.63 not even one sample in a hundred of uniform values would lie.
    """
    ordered = sorted((value - low) / (high - low) for value in values)
    count = len(ordered)
    gaps = [
        max(abs(place / count - value), abs((place + 1) / count - value))
        for place, value in enumerate(ordered)
    ]
    return max(gaps) * math.sqrt(count)


def outage(now: float) -> UsageSnapshot | Fault:
    is_out = OUTAGE_S[0] <= now < OUTAGE_S[1]
    return Fault(FaultKind.SERVER_ERROR) if is_out else snapshot(now // 60 % 90)


def test_the_measure_tells_even_from_uneven() -> None:
    even = [(n + 0.5) / CLIENTS for n in range(CLIENTS)]
    assert distance_from_uniform(even, 0, 1) < 0.1
    assert distance_from_uniform([value**1.2 for value in even], 0, 1) > 1.63


def test_a_thousand_clients_do_not_fall_upon_a_server_that_is_back() -> None:
    """Figure 20: at most 3 % of them come back in any second, and the load is soon as before."""
    herd = Herd(outage)
    herd.run(3600)
    gone, back = OUTAGE_S
    assert peak(herd.first_after(back)) <= PEAK
    ordinary = peak([at for at in herd.arrivals if 60 <= at < gone])
    assert peak([at for at in herd.arrivals if at >= back]) <= 1.2 * ordinary
    assert sorted(herd.first_after(back))[CLIENTS // 2] - back <= 300  # half the outage


def test_clients_that_start_together_ask_over_half_a_minute() -> None:
    """Figure 20: uniform over 30 s."""
    herd = Herd(lambda _now: snapshot())
    herd.run(45)
    assert len(herd.arrivals) == CLIENTS
    assert 29 <= max(herd.arrivals) <= 30.1
    assert distance_from_uniform(herd.arrivals, 0, 30) < 1.63


def test_windows_that_reset_in_the_same_second_are_not_asked_for_in_the_same_second() -> None:
    """Figure 20: the limits of a whole workspace may reset together."""
    reset = START + timedelta(seconds=1200)
    base = snapshot()
    window = replace(base.limits[0].windows[0], resets_at=reset)
    base = replace(base, limits=(replace(base.limits[0], windows=(window,)),))
    herd = Herd(lambda _now: base, settings=Settings(poll_active_s=3600, poll_idle_s=3600))
    herd.run(1260)
    after = [at - 1200 for at in herd.arrivals if at > 1200]
    assert len(after) == CLIENTS
    assert distance_from_uniform(after, 5, 15) < 1.63


def test_tokens_issued_together_are_refreshed_over_a_minute() -> None:
    """Figure 20: the moment depends on the token, so it is uniform over 60 s."""
    due = []
    for number in range(CLIENTS):
        tokens = TokenSet(
            access_token=f"token {number}",
            refresh_token="r",
            account=Account("a"),
            issuer="i",
            client_id="c",
            expires_at=START + timedelta(hours=1),
        )
        due.append(
            next(
                second
                for second in range(3290, 3370)
                if needs_refresh(tokens, START + timedelta(seconds=second))
            )
        )
    assert max(due) - min(due) >= 59
    spread = random.Random(60)
    smooth = [second + spread.random() for second in due]  # whole seconds, for a test of reals
    assert distance_from_uniform(smooth, min(due), min(due) + 60) < 1.63


@pytest.mark.parametrize(("quiet", "interval_s"), [(False, 60), (True, 300)])
def test_a_day_of_polls_is_the_plan(quiet: bool, interval_s: int) -> None:
    """Figure 32: within 1 % over 24 hours, never two in flight."""

    def answer(now: float) -> UsageSnapshot:
        return snapshot(10 if quiet else now // 60 % 90)

    herd = Herd(answer, clients=20)
    herd.run(86_400, spreads_start=False)
    planned = 86_400 / (interval_s + 1.025)  # a request takes 0.05…2 s
    if quiet:  # it gets quiet in 25 minutes: 300 s at 60, then a fifth of the time
        planned = 5 + math.log(1500 / 300) / math.log(1.2) + (86_400 - 1500) / (interval_s + 1.025)
    assert len(herd.arrivals) / 20 == pytest.approx(planned, rel=0.01)
    assert all(len(times) == pytest.approx(planned, rel=0.02) for times in herd.by_client)
    assert herd.most_in_flight == 1
