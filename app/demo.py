"""`--demo`: the whole product on the stand-in service, without an account or a trace."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.auth.memory_safe import MemorySafe
from app.auth.tokens import Account, account_key
from app.endpoints import Endpoints
from app.errors import FaultKind, fail
from app.paths import Paths
from app.settings import Settings
from app.surroundings import Surroundings

if TYPE_CHECKING:
    from app.history.runs import Record


@contextmanager
def demo_surroundings(settings: Settings) -> Iterator[Surroundings]:
    """Start the simulator with the `demo` scenario; settings and tokens live in memory and a
    temporary folder that is removed at the end. The first sign-in happens by itself, and some
    weeks of history are there already. Raises `AppError(DEMO_MISSING)` without the extra `demo`."""
    try:
        from app.simulator.server import Simulator  # noqa: PLC0415 - only the demo pays for it
        from app.simulator.visitor import visit  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise fail(FaultKind.DEMO_MISSING, f"no module {error.name}") from error

    async def open_as_visitor(url: str) -> bool:
        await asyncio.to_thread(filling.join)  # readings are kept from the sign-in on
        await asyncio.to_thread(visit, url)
        return True

    folder = Path(tempfile.mkdtemp(prefix="tidegauge-demo-"))
    paths = Paths.below(folder)
    filling = threading.Thread(target=_fill_history, args=(paths,), name="fill history")
    filling.start()
    try:
        with Simulator(scenario="demo", any_port=True) as simulator:
            yield Surroundings(
                paths=paths,
                settings=replace(settings, poll_active_s=30, proxy="none"),
                endpoints=Endpoints(simulator.url, simulator.url),
                safe=MemorySafe(),
                open_url=open_as_visitor,
                callback_ports=(0,),
                signs_in_by_itself=True,
            )
    finally:
        filling.join()
        shutil.rmtree(folder, ignore_errors=True)


def past_records(owner: str, now: datetime) -> Iterator[Record]:
    """A plausible past of the demo's limits, as the history keeps it, oldest first.

    `owner` is an account key; `now` is aware, its zone tells when people work.
    """
    from app.history.runs import Reading, Record  # noqa: PLC0415 - only the demo pays for it
    from app.simulator.past import past_of  # noqa: PLC0415 - as above
    from app.simulator.scenario import DEMO  # noqa: PLC0415 - as above

    offset = now.utcoffset()
    east_s = int(offset.total_seconds()) if offset else 0
    for polled in past_of(DEMO, now.timestamp(), east_s=east_s):
        readings = tuple(
            Reading(
                window_id=f"{one.limit}/{one.seconds}",
                title=one.name,
                at=one.at,
                used=one.used * 100,
                resets_at=one.ends_at,
                skew=0,
                is_sliding=one.ends_at is None,
            )
            for one in polled
        )
        yield Record(owner, readings[0].at, readings, (), is_dated=True)


def _fill_history(paths: Paths) -> None:
    from app.history.filling import fill  # noqa: PLC0415 - only the demo pays for it
    from app.history.history import FILE_NAME  # noqa: PLC0415 - as above
    from app.simulator.accounts import ANN  # noqa: PLC0415 - as above

    now = datetime.now().astimezone()
    key = account_key(Account(ANN.account_id, ANN.user_id))
    fill(paths.state / FILE_NAME, past_records(key, now), now)
