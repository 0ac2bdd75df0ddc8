"""`--demo`: the whole product on the stand-in service, without an account or a trace."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from app.auth.vault import MemoryVault
from app.endpoints import Endpoints
from app.paths import Paths
from app.program import Surroundings
from app.settings import Settings


@contextmanager
def demo_surroundings(settings: Settings) -> Iterator[Surroundings]:
    """Start the simulator with the `demo` scenario; settings and tokens live in memory and a
    temporary folder that is removed at the end. The first sign-in happens by itself."""
    from app.simulator.server import Simulator  # noqa: PLC0415 - only the demo pays for it
    from app.simulator.visitor import visit  # noqa: PLC0415

    async def open_as_visitor(url: str) -> bool:
        await asyncio.to_thread(visit, url)
        return True

    folder = Path(tempfile.mkdtemp(prefix="tidegauge-demo-"))
    try:
        with Simulator(scenario="demo", any_port=True) as simulator:
            yield Surroundings(
                paths=Paths.below(folder),
                settings=replace(settings, poll_active_s=30, proxy="none"),
                endpoints=Endpoints(simulator.url, simulator.url),
                vault=MemoryVault(),
                open_url=open_as_visitor,
                callback_ports=(0,),
                signs_in_by_itself=True,
            )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
