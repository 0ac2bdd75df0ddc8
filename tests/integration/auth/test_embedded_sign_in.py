"""The program's side of the embedded sign-in, with a small program in the window's place."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest
from support.desktop_session import wait_until
from support.running_program import is_running

from app.auth import window_process
from app.auth.embedded_sign_in import UseBrowserInstead, sign_in_embedded
from app.auth.tokens import TokenSet
from app.embedded_window import WindowWords
from app.endpoints import Endpoints
from app.errors import AppError, FaultKind
from app.http_client import HttpClient
from app.simulator.accounts import ANN

_PERSON = """
import http.client, json, re, sys
from urllib.parse import urlencode, urlsplit
opening = json.loads(sys.stdin.readline())
parts = urlsplit(opening["url"])
def ask(method, target, body=None):
    connection = http.client.HTTPConnection(parts.hostname, parts.port)
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
    connection.request(method, target, body, headers)
    reply = connection.getresponse()
    return reply.headers.get("Location"), reply.read().decode()
_, page = ask("GET", f"{parts.path}?{parts.query}")
fields = {"page": re.search(r'name="page" value="([^"]+)"', page)[1]}
fields |= {"account": "ann@example.com", "decision": DECISION}
location, _ = ask("POST", "/oauth/authorize/decision", urlencode(fields))
print(json.dumps({"redirect": location}), flush=True)
"""
_WAITS = "import os, sys; open(PATH, 'w').write(str(os.getpid())); sys.stdin.read()"
_HANGS = "import os, time; open(PATH, 'w').write(str(os.getpid())); time.sleep(60)"


class StandIn:
    """Runs a script instead of the window."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, note: Path) -> None:
        self._monkeypatch = monkeypatch
        self._note = note

    def runs(self, script: str, **names: str) -> None:
        given = {"PATH": str(self._note), **names}
        begin = "".join(f"{name} = {value!r}\n" for name, value in given.items())
        command = [sys.executable, "-I", "-c", begin + script]
        self._monkeypatch.setattr(window_process, "window_command", lambda: command)

    async def pid(self) -> int:
        """Its process id, once it runs."""
        await asyncio.to_thread(wait_until, self._has_noted, 20, "the window's process")
        return int(self._note.read_text())

    def _has_noted(self) -> bool:
        return self._note.exists() and bool(self._note.read_text())


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> StandIn:
    return StandIn(monkeypatch, tmp_path / "pid")


async def sign_in(http: HttpClient, endpoints: Endpoints, seconds: float = 60) -> TokenSet:
    return await sign_in_embedded(http, endpoints, window_words=WindowWords(), deadline_s=seconds)


async def fault_of(http: HttpClient, endpoints: Endpoints, seconds: float = 60) -> FaultKind:
    with pytest.raises(AppError) as raised:
        await sign_in(http, endpoints, seconds)
    return raised.value.fault.kind


async def assert_gone(pid: int) -> None:
    await asyncio.to_thread(wait_until, lambda: not is_running(pid), 10, "the window's end")


async def test_the_code_is_exchanged_here(
    http: HttpClient, endpoints: Endpoints, stand_in: StandIn
) -> None:
    stand_in.runs(_PERSON, DECISION="allow")
    told: list[str] = []

    tokens = await sign_in_embedded(
        http, endpoints, window_words=WindowWords(), on_waiting=told.append
    )

    assert tokens.account.email == ANN.email
    assert told == [""]


async def test_a_refusal(http: HttpClient, endpoints: Endpoints, stand_in: StandIn) -> None:
    stand_in.runs(_PERSON, DECISION="deny")

    assert await fault_of(http, endpoints) is FaultKind.SIGN_IN_DENIED


async def test_the_browser_instead(
    http: HttpClient, endpoints: Endpoints, stand_in: StandIn
) -> None:
    stand_in.runs("""print('{"use_browser": true}')""")

    with pytest.raises(UseBrowserInstead):
        await sign_in(http, endpoints)


@pytest.mark.parametrize("script", ["", "import os; os.abort()", "print('x')"])
async def test_a_window_that_ends_early(
    http: HttpClient, endpoints: Endpoints, stand_in: StandIn, script: str
) -> None:
    """F-D25: libraries missing, the engine crashed, something else printed."""
    stand_in.runs(script)

    assert await fault_of(http, endpoints) is FaultKind.SIGN_IN_WINDOW_FAILED


async def test_a_program_that_cannot_be_started(
    http: HttpClient, endpoints: Endpoints, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(window_process, "window_command", lambda: [str(tmp_path / "none")])

    assert await fault_of(http, endpoints) is FaultKind.SIGN_IN_WINDOW_FAILED


@pytest.mark.parametrize("script", [_WAITS, _HANGS], ids=["waits", "hangs"])
async def test_too_late(
    http: HttpClient, endpoints: Endpoints, stand_in: StandIn, script: str
) -> None:
    stand_in.runs(script)
    async with asyncio.TaskGroup() as tasks:
        pid = tasks.create_task(stand_in.pid())
        kind = await fault_of(http, endpoints, 2.0)

    assert kind is FaultKind.SIGN_IN_TIMED_OUT
    await assert_gone(pid.result())


@pytest.mark.parametrize("script", [_WAITS, _HANGS], ids=["waits", "hangs"])
async def test_a_cancelled_sign_in_ends_the_window(
    http: HttpClient, endpoints: Endpoints, stand_in: StandIn, script: str
) -> None:
    stand_in.runs(script)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(sign_in(http, endpoints))
        pid = await stand_in.pid()
        running.cancel()

    assert running.cancelled()
    await assert_gone(pid)


def test_the_windows_process_is_this_programs_own(monkeypatch: pytest.MonkeyPatch) -> None:
    command = window_process.window_command()
    monkeypatch.setattr(sys, "frozen", True, raising=False)

    assert command[:2] == [sys.executable, "-I"]
    assert window_process.window_command() == [sys.executable, "--sign-in-window"]
