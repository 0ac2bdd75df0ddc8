"""Replies that contradict the ones before, over real sockets and by the service's own clock.

The service's `Date` moves on by what the script says, so that nothing has to be waited for; its
clock is two days behind ours.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from support.fault_server import FaultServer, Peer

from app.auth.tokens import Account
from app.endpoints import Endpoints
from app.errors import Fault, FaultKind
from app.http_client import HttpClient
from app.settings import Settings
from app.usage.client import UsageClient
from app.usage.limits import UsageSnapshot
from app.usage.poller import Poller

SERVED = datetime.now(UTC).replace(microsecond=0) - timedelta(days=2)
ANN = Account("acc", "u")


@dataclass(frozen=True)
class Told:
    """One reply: seconds since the first, used percent, seconds to the reset from the first."""

    at_s: int
    used: float
    resets_s: int = 9000
    reached: bool = False
    account: str = "acc"
    extra: str = ""

    def send(self, peer: Peer) -> None:
        served = SERVED + timedelta(seconds=self.at_s)
        value: dict[str, Any] = {
            "account_id": self.account,
            "user_id": "u",
            "plan_type": "plus",
            "rate_limit": {
                "allowed": not self.reached,
                "limit_reached": self.reached,
                "primary_window": {
                    "used_percent": self.used,
                    "limit_window_seconds": 18_000,
                    "reset_after_seconds": self.resets_s - self.at_s,
                    "reset_at": int(SERVED.timestamp()) + self.resets_s,
                },
                "secondary_window": None,
            },
        }
        body = self.extra + json.dumps(value)[len(self.extra) and 1 :]
        peer.reply(body.encode(), date=served.strftime("%a, %d %b %Y %H:%M:%S GMT"))


async def heard_of(*replies: Told) -> list[UsageSnapshot | Fault]:
    """What a poller makes of the replies, one poll after the other."""
    heard: list[UsageSnapshot | Fault] = []
    waiting: Iterator[Told] = iter(replies)
    polled = asyncio.Event()
    http = HttpClient(user_agent="tidegauge-tests/1", proxy="none")

    def on_polling(is_polling: bool) -> None:
        if not is_polling:
            polled.set()

    try:
        with FaultServer(lambda peer: next(waiting).send(peer)) as server:
            client = UsageClient(http, Endpoints(server.url, server.url))
            poller = Poller(
                client.fetch,
                settings=Settings,
                on_snapshot=heard.append,
                on_fault=heard.append,
                on_polling=on_polling,
                account=lambda: ANN,
            )
            async with asyncio.timeout(20), asyncio.TaskGroup() as group:
                polling = group.create_task(poller.run())
                for _ in replies:
                    await polled.wait()
                    polled.clear()
                    poller.refresh_now()
                polling.cancel()
    finally:
        await http.aclose()
    return heard


def summary(heard: list[UsageSnapshot | Fault]) -> list[tuple[float | None, bool] | FaultKind]:
    return [
        one.kind if isinstance(one, Fault) else (one.windows[0].used_percent, one.is_doubtful)
        for one in heard
    ]


@pytest.mark.parametrize(
    ("replies", "expected"),
    [
        # F-U22: a fall without a reset, confirmed by the second one
        ([Told(0, 40), Told(60, 0), Told(75, 0)], [(40, False), (0, True), (0, False)]),
        # peers fact 7: a zero in passing
        ([Told(0, 40), Told(60, 0), Told(75, 41)], [(40, False), (0, True), (41, False)]),
        # F-U22: from nothing to all, and the same with the service's own word for it
        ([Told(0, 0), Told(60, 100), Told(75, 100)], [(0, False), (100, True), (100, False)]),
        ([Told(0, 0), Told(60, 100, reached=True)], [(0, False), (100, False)]),
        # peers fact 6: two records in turn
        (
            [Told(0, 27), Told(60, 99, 2000), Told(120, 27), Told(180, 99, 2000)],
            [(27, False), (99, True), (27, False), (99, True)],
        ),
        # peers fact 8: a reset before its time
        (
            [Told(0, 90), Told(60, 0, 18_060), Told(75, 1, 18_060)],
            [(90, False), (0, True), (1, False)],
        ),
        # a usual reset
        ([Told(0, 90, 100), Told(110, 0, 18_110)], [(90, False), (0, False)]),
        # F-U25: the same reply once more, then an older one, out of some cache
        ([Told(60, 40), Told(60, 40), Told(0, 35), Told(120, 41)], [(40, False), (41, False)]),
        # F-U24
        ([Told(0, 40), Told(60, 5, account="other")], [(40, False), FaultKind.ACCOUNT_CHANGED]),
        # F-U17: a key that stands twice
        (
            [Told(0, 40), Told(60, 50, extra='{"plan_type": "pro", '), Told(120, 45)],
            [(40, False), (50, True), (45, False)],
        ),
    ],
)
async def test_doubtful_replies(
    replies: list[Told], expected: list[tuple[float, bool] | FaultKind]
) -> None:
    """F-U17, F-U22…F-U26."""
    heard = await heard_of(*replies)
    assert summary(heard) == expected
    for one in heard:
        if isinstance(one, UsageSnapshot):
            assert one.clock_offset_s == pytest.approx(-2 * 86_400, abs=3600)
