"""What holds for every command: exit codes, and that none of them imports Qt."""

from __future__ import annotations

import subprocess
import sys

import pytest
from support.command_line import LIMIT_S, ROOT, environment, recorded, sign_in, tidegauge
from support.secret_service import SecretService
from support.simulator import MakeSimulator

from app.simulator.faults import Fault
from app.simulator.server import Simulator

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Secret Service is Linux's")

USAGE = "/backend-api/wham/usage"


@pytest.mark.parametrize("command", [["status"], ["ask", "hello"], ["watch"]])
@pytest.mark.usefixtures("keyring")
def test_3_when_nobody_is_signed_in(simulator: Simulator, command: list[str]) -> None:
    ended = tidegauge(simulator.url, *command)
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.endswith("ChatGPT account. Sign in with “tidegauge login”.\n")  # once
    assert simulator.requests == []


@pytest.mark.parametrize("command", [["status"], ["ask", "hello"]])
def test_4_when_the_service_cannot_be_reached(signed_in: Simulator, command: list[str]) -> None:
    """F-N02."""
    signed_in.stop()
    ended = tidegauge(signed_in.url, *command)
    assert ended.code == 4
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("command", [["status"], ["ask", "hello"]])
@pytest.mark.usefixtures("keyring")
def test_5_when_the_limit_is_reached(make_simulator: MakeSimulator, command: list[str]) -> None:
    simulator = make_simulator("exhausted")
    sign_in(simulator)
    assert tidegauge(simulator.url, *command).code == 5


def test_6_when_the_reply_is_not_understood(signed_in: Simulator) -> None:
    signed_in.faults.add(USAGE, Fault(200, b'{"surprise": 1}'))
    ended = tidegauge(signed_in.url, "status", "--json")
    assert (ended.code, ended.out) == (6, "")


@pytest.mark.parametrize("command", [["status"], ["ask", "hello"], ["watch"]])
def test_7_without_a_keyring(simulator: Simulator, command: list[str]) -> None:
    """F-T19: the bus leads nowhere."""
    ended = tidegauge(simulator.url, *command)
    assert (ended.code, ended.out) == (7, "")


def test_7_with_a_locked_keyring(keyring: SecretService, signed_in: Simulator) -> None:
    """F-T17: nobody sits at a terminal, so nobody is prompted."""
    keyring.lock()
    assert tidegauge(signed_in.url, "status").code == 7


def test_2_for_a_bad_address() -> None:
    assert tidegauge("http://service.example", "status").code == 2


# --- what it drags in ----------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["status", "ask hello", "status --from -", "logout"])
def test_no_command_imports_qt(signed_in: Simulator, command: str) -> None:
    script = (
        "import sys\n"
        "from app.cli import parse, run\n"
        "code = run(parse(sys.argv[1:]))\n"
        "windows = any(name.startswith(('PySide6', 'qasync')) for name in sys.modules)\n"
        "sys.exit(99 if windows else code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *command.split()],
        input=recorded("seed_example").encode(),
        stdout=subprocess.DEVNULL,
        cwd=ROOT,
        env=environment(signed_in.url),
        timeout=LIMIT_S,
        check=False,
    )
    assert done.returncode == 0
