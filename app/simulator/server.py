"""Runs the simulator on loopback in a thread of its own, with controls for any other thread."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from types import TracebackType

import uvicorn

from app.simulator.accounts import ANN, SimulatedAccount
from app.simulator.authorization import CODEX_CLIENT, FULL_SCOPE
from app.simulator.clock import SimulatedClock
from app.simulator.faults import FaultScript
from app.simulator.front import Front
from app.simulator.recorder import Disconnect, RecordedRequest
from app.simulator.scenario import Scenario, scenario_named
from app.simulator.state import Pace, ServiceState
from app.simulator.wire import WireProtocol

START_S = 10.0
STOP_S = 1.0


class Simulator:
    """A running stand-in: `with Simulator("demo") as simulator: … simulator.url …`.

    All methods may be called from any thread. `url` is the base of both the authorization
    server and the backend.
    """

    def __init__(
        self,
        scenario: str | Scenario = "demo",
        port: int = 0,
        host: str = "127.0.0.1",
        *,
        clock: SimulatedClock | None = None,
        pace: Pace | None = None,
        any_port: bool = False,
    ) -> None:
        if isinstance(scenario, str):
            scenario = scenario_named(scenario)
        if any_port:
            scenario = replace(scenario, any_port=True)
        self.clock = clock or SimulatedClock()
        self.state = ServiceState.begin(scenario, self.clock, pace or Pace())
        self._address = (host, port)
        self._runner: _Runner | None = None

    def __enter__(self) -> Simulator:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Listen. Raises `OSError` if the port is taken."""
        host, port = self._address
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family)
        port = listener.getsockname()[1]
        self.state.url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        self._runner = _Runner(Front(self.state), listener)
        self._runner.start()

    def stop(self) -> None:
        """End all connections and the thread, within a second. Harmless if not running."""
        runner, self._runner = self._runner, None
        if runner is not None:
            runner.stop()

    @property
    def url(self) -> str:
        return self.state.url

    @property
    def faults(self) -> FaultScript:
        return self.state.faults

    # --- what was seen --------------------------------------------------------------------------

    @property
    def requests(self) -> list[RecordedRequest]:
        """Every request so far, oldest first."""
        return self.state.recorder.requests

    @property
    def disconnects(self) -> list[Disconnect]:
        """Every client that left before its answer was complete."""
        return self.state.recorder.disconnects

    def requests_to(self, path: str, method: str | None = None) -> list[RecordedRequest]:
        """The requests whose path begins with `path`."""
        return [
            request
            for request in self.requests
            if request.path.startswith(path) and method in {None, request.method}
        ]

    def forget_requests(self) -> None:
        self.state.recorder.clear()

    def wait_until(self, is_met: Callable[[], bool], timeout_s: float = 30.0) -> bool:
        """Block until `is_met()` holds; False if it did not in time."""
        return self.state.recorder.wait_until(is_met, timeout_s)

    # --- controls -------------------------------------------------------------------------------

    def set_used(
        self,
        limit_id: str,
        percent: float,
        window_seconds: int | None = None,
        account: SimulatedAccount | None = None,
    ) -> None:
        """Set a window's used percent (default: the limit's first window, of all accounts)."""
        for account_id, meter in self.state.meters.items():
            if account is None or account.account_id == account_id:
                meter.set_used(limit_id, percent, window_seconds)

    def end_window_in(
        self, limit_id: str, seconds: float, window_seconds: int | None = None
    ) -> None:
        """Let a window reset `seconds` from now."""
        for meter in self.state.meters.values():
            meter.end_window_in(limit_id, seconds, window_seconds)

    def advance(self, seconds: float) -> None:
        """Move the simulator's clock."""
        self.clock.advance(seconds)

    def script_answers(self, *answers: str) -> None:
        """The next answers, one per chat request."""
        self.state.answers.script(*answers)

    def set_pace(self, pace: Pace) -> None:
        self.state.pace = pace

    def set_access_token_seconds(self, seconds: float) -> None:
        """Lifetime of the access tokens issued from now on."""
        self.state.tokens.access_token_s = seconds

    def issue_tokens(self, account: SimulatedAccount = ANN) -> dict[str, object]:
        """A token reply as after a sign-in, without the pages."""
        plan = self.state.meter_of(account).plan
        return self.state.tokens.start_family(account, CODEX_CLIENT, FULL_SCOPE, plan)[1]

    def revoke_all(self) -> None:
        """Every token is dead; refreshing answers `refresh_token_invalidated`."""
        self.state.tokens.revoke_all()

    def expire_access_tokens(self) -> None:
        """Issued access tokens answer 401 although their `exp` lies ahead; refreshing works."""
        self.state.tokens.expire_access_tokens()

    def expire_refresh_tokens(self) -> None:
        """Refreshing answers `refresh_token_expired`."""
        self.state.tokens.expire_refresh_tokens()

    def drop_connections(self) -> None:
        """Abort every open connection, as a lost network does; they are gone on return."""
        if self._runner is not None:
            self._runner.drop_connections()


class _Server(uvicorn.Server):
    """uvicorn without its signal handling and polling: it ends when told to."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._finished = asyncio.Event()

    async def main_loop(self) -> None:
        await self._finished.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._stop_accepting()
        for _ in range(4):  # one accepted a moment ago takes some turns to be known, and to end
            await asyncio.sleep(0)
            self.drop_connections()
        for listening in self.servers:
            listening.close()
        if self.server_state.tasks:  # they see that their connection is gone, and end
            await asyncio.wait(self.server_state.tasks, timeout=STOP_S / 2)

    def _stop_accepting(self) -> None:
        """Closing the listeners at once would lose connections that are just being set up."""
        loop = asyncio.get_running_loop()
        with contextlib.suppress(NotImplementedError):  # Windows: its loop has no readers
            for listening in self.servers:
                for one in listening.sockets:
                    loop.remove_reader(one)

    def finish(self) -> None:
        self.should_exit = self.force_exit = True
        self.drop_connections()
        self._finished.set()

    def drop_connections(self) -> None:
        for protocol in list(self.server_state.connections):
            if isinstance(protocol, WireProtocol) and protocol.connection is not None:
                protocol.connection.abort()


class _Runner:
    """The server's thread and loop."""

    def __init__(self, front: Front, listener: socket.socket) -> None:
        self._listener = listener
        self._config = uvicorn.Config(
            front,
            http=WireProtocol,
            ws="none",
            lifespan="off",
            loop="asyncio",
            interface="asgi3",
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            timeout_keep_alive=60,
        )
        self._thread = threading.Thread(target=self._run, name="simulator", daemon=True)
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: _Server | None = None

    def start(self) -> None:
        self._thread.start()
        if not self._ready.wait(START_S):
            message = "the simulator did not start"
            raise RuntimeError(message)

    def stop(self) -> None:
        if self._loop is not None and self._server is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended by itself
                self._loop.call_soon_threadsafe(self._server.finish)
        self._thread.join(STOP_S)
        self._listener.close()

    def drop_connections(self) -> None:
        loop, server, dropped = self._loop, self._server, threading.Event()
        if loop is None or server is None:
            return

        def drop() -> None:
            server.drop_connections()
            loop.call_soon(dropped.set)  # the sockets close on the loop's next turn

        loop.call_soon_threadsafe(drop)
        dropped.wait(STOP_S)

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._server = _Server(self._config)
        self._loop.call_soon(self._ready.set)
        await self._server.serve(sockets=[self._listener])
