"""Starting, stopping and watching the simulator; and that it shares nothing with the client."""

from __future__ import annotations

import ast
import asyncio
import gc
import http.client
import os
import re
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from support.simulator import MakeSimulator, issue_tokens
from support.stalls import Stalls

import app.simulator
from app.simulator import faults
from app.simulator.scenario import SCENARIOS
from app.simulator.server import Simulator

PACKAGE = Path(app.simulator.__path__[0])


def test_starts_and_stops_within_a_second() -> None:
    with Stalls() as stalls:
        start = time.monotonic()
        simulator = Simulator("fresh")
        simulator.start()
        assert httpx.get(f"{simulator.url}/nothing", trust_env=False).status_code == 404
        simulator.stop()
        simulator.stop()
        assert stalls.lived_s(start, time.monotonic()) < 2
    parts = urlsplit(simulator.url)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((parts.hostname or "", parts.port or 0), timeout=30).close()
    assert not [thread for thread in threading.enumerate() if thread.name == "simulator"]


def test_stops_although_clients_hang(make_simulator: MakeSimulator) -> None:
    simulator = make_simulator()
    simulator.faults.add("/", faults.late(60), times=None)
    parts = urlsplit(simulator.url)
    address = (parts.hostname or "", parts.port or 0)
    with socket.create_connection(address) as hanging, socket.create_connection(address):
        hanging.sendall(b"GET /backend-api/wham/usage HTTP/1.1\r\nhost: x\r\n\r\n")
        assert simulator.wait_until(lambda: len(simulator.requests) == 1)
        with Stalls() as stalls:
            start = time.monotonic()
            simulator.stop()
            assert stalls.lived_s(start, time.monotonic()) < 1


def test_the_port_can_be_chosen_and_may_be_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            Simulator(port=port).start()
    with Simulator(port=port) as simulator:
        assert simulator.url == f"http://127.0.0.1:{port}"


def test_speaks_ipv6() -> None:
    with Simulator(host="::1") as simulator:
        assert simulator.url.startswith("http://[::1]:")
        assert httpx.get(f"{simulator.url}/", trust_env=False).status_code == 404


def test_unknown_scenario_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match="monthly_free"):
        Simulator("unheard of")


def test_requests_are_kept_whole(simulator: Simulator) -> None:
    connection = http.client.HTTPConnection(urlsplit(simulator.url).netloc)
    connection.putrequest("POST", "/oauth/token?x=1")
    connection.putheader("X-Twice", "a")
    connection.putheader("X-Twice", "b")
    connection.putheader("Content-Type", "application/x-www-form-urlencoded")
    connection.putheader("Content-Length", "7")
    connection.endheaders(b"a=1&b=2")
    connection.getresponse().read()
    connection.request("POST", "/oauth/token", b'{"a": 1}')
    connection.getresponse().read()
    connection.close()
    first, second = simulator.requests
    assert (first.method, first.path, first.query) == ("POST", "/oauth/token", "x=1")
    assert first.header("x-twice") == "a, b"
    assert first.header("absent") is None
    assert first.form() == {"a": "1", "b": "2"}
    assert second.json() == {"a": 1}
    assert first.connection == second.connection
    assert simulator.requests_to("/oauth", "POST") == [first, second]
    assert simulator.requests_to("/oauth", "GET") == []
    simulator.forget_requests()
    assert simulator.requests == []


def test_half_a_request_is_no_request(simulator: Simulator) -> None:
    parts = urlsplit(simulator.url)
    with socket.create_connection((parts.hostname or "", parts.port or 0)) as sock:
        sock.sendall(b"POST /oauth/token HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nabc")
    assert httpx.get(f"{simulator.url}/", trust_env=False).status_code == 404
    assert [request.path for request in simulator.requests] == ["/"]


def test_what_is_not_there(simulator: Simulator) -> None:
    missing = httpx.get(f"{simulator.url}/backend-api/none", trust_env=False)
    assert (missing.status_code, missing.json()) == (404, {"detail": "Not Found"})
    wrong = httpx.post(f"{simulator.url}/backend-api/wham/usage", trust_env=False)
    assert (wrong.status_code, wrong.json()) == (405, {"detail": "Method Not Allowed"})


def test_connections_can_be_dropped(simulator: Simulator) -> None:
    headers = issue_tokens(simulator).headers
    url = f"{simulator.url}/backend-api/wham/usage"
    with httpx.Client(trust_env=False, headers=headers) as client:
        assert client.get(url).status_code == 200
        assert client.get(url).status_code == 200
        simulator.drop_connections()
        assert client.get(url).status_code == 200
    numbers = [request.connection for request in simulator.requests]
    assert numbers[0] == numbers[1] != numbers[2]
    assert simulator.disconnects == []


def test_waiting_has_an_end(simulator: Simulator) -> None:
    with Stalls() as stalls:
        start = time.monotonic()
        assert not simulator.wait_until(lambda: False, timeout_s=0.05)
        assert stalls.lived_s(start, time.monotonic()) < 1


async def test_serves_a_loop_of_another_thread(simulator: Simulator) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        replies = await asyncio.gather(
            *(client.get(f"{simulator.url}/nothing/{number}") for number in range(20))
        )
    assert [reply.status_code for reply in replies] == [404] * 20


def test_runs_alone() -> None:
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "app.simulator", "--scenario", "team"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=PACKAGE.parents[1],
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        try:
            assert process.stdout is not None
            address = re.fullmatch(r"TIDEGAUGE_AUTH_URL=(\S+)\n", process.stdout.readline())
            assert address is not None
            assert process.stdout.readline() == f"TIDEGAUGE_BACKEND_URL={address[1]}\n"
            reply = httpx.get(f"{address[1]}/codex/device", trust_env=False)
            assert "team plan" in reply.text
        finally:
            process.terminate()


def test_knows_the_promised_scenarios() -> None:
    promised = {"demo", "fresh", "weekly_only", "exhausted", "monthly_free", "team"}
    assert promised <= SCENARIOS.keys()


@pytest.mark.parametrize("module", sorted(PACKAGE.glob("*.py")), ids=lambda path: path.stem)
def test_shares_no_code_with_the_client(module: Path) -> None:
    """A mistake made in both places would hide."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        for name in names:
            assert not re.match(r"app(\.|$)(?!simulator)", name), name
            assert not name.startswith(("PySide6", "qasync", "httpx")), name


def test_stopping_while_somebody_connects_leaves_no_socket_behind() -> None:
    """Python warns of an unclosed socket, which fails the test."""
    for _ in range(10):
        _stop_under_connections()
    gc.collect()


def _stop_under_connections() -> None:
    opened: list[socket.socket] = []
    simulator = Simulator()
    simulator.start()
    address = urlsplit(simulator.url)

    def connect() -> None:
        with suppress(OSError):
            while len(opened) < 200:
                opened.append(socket.create_connection((address.hostname, address.port), 1))

    connecting = threading.Thread(target=connect)
    connecting.start()
    assert simulator.wait_until(lambda: len(opened) > 3)
    simulator.stop()
    connecting.join()
    for one in opened:
        one.close()
