"""The program without windows as a process of its own, for clocks that are not the test's.

    python clocked_program.py AUTH_AND_BACKEND_URL < tokens and commands

The first line of input is a stored sign-in (`tokens.to_json`); each further line is a command:
`poll` asks the service, `look` does not; both answer with one line of JSON about what a person
would see now. The end of the input ends it.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

_TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(_TESTS), str(_TESTS.parent)]

from support.other_clock import mend_sleep  # noqa: E402

from app.auth.accounts import newly_known  # noqa: E402
from app.auth.memory_safe import MemorySafe  # noqa: E402
from app.auth.stored_tokens import from_json  # noqa: E402
from app.clocks import SteadyClock, wall  # noqa: E402
from app.endpoints import Endpoints  # noqa: E402
from app.intents import Intents  # noqa: E402
from app.local_zone import local_zone  # noqa: E402
from app.paths import Paths  # noqa: E402
from app.program import open_program  # noqa: E402
from app.settings import Settings  # noqa: E402
from app.state import AppState, Store  # noqa: E402
from app.surroundings import Surroundings  # noqa: E402
from app.tasks import GuardedTasks  # noqa: E402
from app.usage.pace import is_stale  # noqa: E402
from app.wording.tray import spoken_summary, tray_tooltip  # noqa: E402


class ClockedProgram:
    def __init__(self, store: Store, intents: Intents, steady: SteadyClock) -> None:
        self.store = store
        self.intents = intents
        self.steady = steady
        self.statuses: list[str] = []
        store.subscribe(
            lambda s: s.session.status, lambda s: self.statuses.append(s.session.status)
        )

    async def poll(self) -> None:
        """Ask, and wait until the poll is over."""
        polls: asyncio.Queue[bool] = asyncio.Queue()
        leave = self.store.subscribe(
            lambda state: state.poll.is_polling,
            lambda state: polls.put_nowait(state.poll.is_polling),
        )
        self.intents.refresh_now()
        async with asyncio.timeout(20):
            while await polls.get():
                pass
        leave()

    async def first_numbers(self) -> None:
        """What comes by itself after the start."""
        come = asyncio.Event()
        leave = self.store.subscribe(lambda state: state.usage, lambda _state: come.set())
        async with asyncio.timeout(20):
            await come.wait()
        leave()

    def report(self) -> dict[str, Any]:
        """What would be shown now, in numbers and in words."""
        state, now = self.store.state, self.steady.now()
        usage, zone = state.usage, local_zone(os.environ)
        assert usage is not None, state.poll
        server_now = usage.server_now(now)
        lefts = {w.window_id: w.resets_in(server_now) for w in usage.windows}
        return {
            "wall": wall().timestamp(),
            "left_s": {name: left.total_seconds() for name, left in lefts.items() if left},
            "age_s": (now - usage.fetched_at) / timedelta(seconds=1),
            "is_stale": is_stale(usage.fetched_at, now, 300),
            "is_doubtful": usage.is_doubtful,
            "fault": state.poll.fault.kind if state.poll.fault else "",
            "statuses": self.statuses,
            "tooltip": tray_tooltip(state, now, zone),
            "spoken": spoken_summary(state, now),
        }


async def surroundings(url: str, tokens: str) -> Surroundings:
    stored, safe = from_json(tokens), MemorySafe()
    assert stored is not None
    await safe.vault(newly_known(stored.account)).store(stored)
    return Surroundings(
        paths=Paths.of_user(os.environ),
        settings=replace(Settings(), proxy="none", poll_active_s=3600, poll_idle_s=7200),
        endpoints=Endpoints(url, url),
        safe=safe,
    )


async def main() -> None:
    loop = asyncio.get_running_loop()

    async def line() -> str:
        read: str = await loop.run_in_executor(None, sys.stdin.readline)
        return read.strip()

    around, steady = await surroundings(sys.argv[1], await line()), SteadyClock()
    store = Store(AppState(settings=around.settings))
    async with open_program(around) as program, asyncio.TaskGroup() as group:
        tasks = GuardedTasks(group, lambda fault: sys.exit(f"a task crashed: {fault}"))
        never: asyncio.Future[bool] = loop.create_future()
        intents = Intents(program, store, tasks.spawn, lambda _settings: never, steady=steady)
        running = ClockedProgram(store, intents, steady)
        intents.restore()
        await running.first_numbers()
        while command := await line():
            if command == "poll":
                await running.poll()
            print(json.dumps(running.report()), flush=True)
        tasks.cancel_all()


if __name__ == "__main__":
    mend_sleep()
    asyncio.run(main())
