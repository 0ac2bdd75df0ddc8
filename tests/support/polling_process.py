"""The program without windows as a process that polls without a pause, to be killed.

    python polling_process.py FOLDER SERVICE_URL < tokens

The first line of input is a stored sign-in (`tokens.to_json`); the end of the input ends the
process. It logs what the history acknowledges, and nothing else, to the standard output.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from dataclasses import replace
from pathlib import Path

_TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(_TESTS), str(_TESTS.parent)]

from app.auth.accounts import newly_known  # noqa: E402
from app.auth.memory_safe import MemorySafe  # noqa: E402
from app.auth.stored_tokens import from_json  # noqa: E402
from app.endpoints import Endpoints  # noqa: E402
from app.history.status import HistoryStatus  # noqa: E402
from app.intents import Intents  # noqa: E402
from app.paths import Paths  # noqa: E402
from app.program import open_program  # noqa: E402
from app.settings import Settings  # noqa: E402
from app.state import AppState, Store  # noqa: E402
from app.surroundings import Surroundings  # noqa: E402
from app.tasks import GuardedTasks  # noqa: E402


async def surroundings(folder: str, url: str, tokens: str) -> Surroundings:
    stored, safe = from_json(tokens), MemorySafe()
    assert stored is not None
    await safe.vault(newly_known(stored.account)).store(stored)
    return Surroundings(
        paths=Paths.below(Path(folder)),
        settings=replace(Settings(), proxy="none"),
        endpoints=Endpoints(url, url),
        safe=safe,
    )


def tell(status: HistoryStatus) -> None:
    print(f"status {status.condition} {status.rows_waiting}", flush=True)


async def main() -> None:
    loop = asyncio.get_running_loop()
    around = await surroundings(sys.argv[1], sys.argv[2], sys.stdin.readline())
    store = Store(AppState(settings=around.settings))
    async with open_program(around) as program, asyncio.TaskGroup() as group:
        tasks = GuardedTasks(group, lambda fault: sys.exit(f"a task crashed: {fault}"))
        never: asyncio.Future[bool] = loop.create_future()
        intents = Intents(program, store, tasks.spawn, lambda _settings: never)
        store.subscribe(lambda s: s.history, lambda s: tell(s.history))

        def again(_state: AppState) -> None:
            """The poll is over once its callbacks have run: the next one begins a turn later."""
            loop.call_soon(intents.refresh_now)

        store.subscribe(lambda s: s.poll.is_polling, again)
        intents.restore()
        await loop.run_in_executor(None, sys.stdin.read)
        tasks.cancel_all()


if __name__ == "__main__":
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger = logging.getLogger("tidegauge.history")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    asyncio.run(main())
