"""A sign-in in the system's browser: how long its port is open, and its fate after an attack."""

from __future__ import annotations

import asyncio
import socket
import threading
import time

from bench.table import Row
from support.attacked_sign_in import Victim, send_all
from support.forged_callbacks import Target, mutations

from app.auth.sign_in import sign_in_with_browser
from app.auth.socket_owners import owner_of_port
from app.endpoints import Endpoints
from app.http_client import HttpClient
from app.simulator.server import Simulator
from app.simulator.state import INSTANT

_FORGERIES = 2000
_LOOK_S = 0.005


class _PortWatch:
    """When a port was first and last seen open, looking every five milliseconds (figure 11)."""

    def __init__(self, port: int) -> None:
        self.first = self.last = 0.0
        self._port = port
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> _PortWatch:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(_LOOK_S):
            moment = time.monotonic()
            if owner_of_port(self._port) is not None:
                self.first = self.first or moment
                self.last = moment


def measure() -> list[Row]:
    """About five seconds."""
    with Simulator("demo", pace=INSTANT, any_port=True) as simulator:
        return asyncio.run(_rows(simulator))


async def _rows(simulator: Simulator) -> list[Row]:
    http = HttpClient(user_agent="tidegauge-bench/1")
    try:
        return [*await _port_rows(simulator, http), await _attack_row(simulator, http)]
    finally:
        await http.aclose()


async def _port_rows(simulator: Simulator, http: HttpClient) -> list[Row]:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    victim, moments = Victim(_nothing), dict[str, float]()

    async def open_url(address: str) -> bool:
        moments["launch"] = time.monotonic()
        return await victim.open(address)

    def note_answer() -> None:
        moments["code"] = time.monotonic()

    endpoints = Endpoints(simulator.url, simulator.url)
    with _PortWatch(port) as watch:
        await sign_in_with_browser(
            http, endpoints, open_url, ports=(port,), on_answered=note_answer
        )
        await asyncio.sleep(0.1)
    before = max(0.0, moments["launch"] - watch.first) * 1000
    after = max(0.0, watch.last - moments["code"]) * 1000
    return [
        Row("sign-in: port open before the browser starts", before, "ms", 100),
        Row("sign-in: port open after the code", after, "ms", 1000),
    ]


async def _attack_row(simulator: Simulator, http: HttpClient) -> Row:
    async def attack(target: Target) -> None:
        await send_all(target.port, mutations(target, _FORGERIES // 2, seed=9))

    victim = Victim(attack)
    endpoints = Endpoints(simulator.url, simulator.url)
    await sign_in_with_browser(http, endpoints, victim.open, ports=(0,))
    took = (time.monotonic() - victim.begun) * 1000
    return Row(f"sign-in: the login after {_FORGERIES} forged callbacks", took, "ms", 1000)


async def _nothing(_target: Target) -> None:
    """No attack."""
