"""`tidegauge` as a process of its own, against a simulator and a real keyring."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from support.far_browser import last_address
from support.signed_in import tokens_from

from app.auth.vault import KeyringVault
from app.simulator.accounts import SimulatedAccount, choice_of
from app.simulator.server import Simulator

ROOT = Path(__file__).parents[2]
LIMIT_S = 30.0
_CASES = ROOT / "tests" / "support" / "usage-cases.json"


@dataclass(frozen=True, slots=True)
class Ended:
    """What a finished command left."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def environment(service_url: str, **changes: str) -> dict[str, str]:
    """The test's own environment, pointed at the simulator."""
    return {
        **os.environ,
        "TIDEGAUGE_AUTH_URL": service_url,
        "TIDEGAUGE_BACKEND_URL": service_url,
        "PYTHONWARNINGS": "error",
        "PYTHONDEVMODE": "",
        **changes,
    }


def tidegauge(service_url: str, *arguments: str, given: str = "", **changes: str) -> Ended:
    """Run a command to its end; `given` is its standard input."""
    done = subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        input=given.encode(),
        capture_output=True,
        cwd=ROOT,
        env=environment(service_url, **changes),
        timeout=LIMIT_S,
        check=False,
    )
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


@contextmanager
def started(
    service_url: str, *arguments: str, is_fed: bool = False, **changes: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A command that runs on; killed at the end if it still does. `is_fed`: by its `stdin`."""
    process = subprocess.Popen(
        [sys.executable, "-m", "app", *arguments],
        stdin=subprocess.PIPE if is_fed else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=environment(service_url, **changes),
    )
    try:
        with process:
            yield process
    finally:
        process.kill()


# --- what is there before a command --------------------------------------------------------------


def sign_in(simulator: Simulator) -> None:
    """Leave in the keyring what an earlier sign-in would have left there."""
    tokens = tokens_from(simulator, datetime.now(UTC))
    asyncio.run(KeyringVault(simulator.url).store(tokens))


def recorded(case: str) -> str:
    """A recorded reply about usage, by its name in `usage-cases.md`."""
    cases = {entry["case"]: entry for entry in json.loads(_CASES.read_text(encoding="utf-8"))}
    return json.dumps(cases[case]["input"])


# --- signing in by pasting -----------------------------------------------------------------------


def paste_into(login: subprocess.Popen[bytes], account: SimulatedAccount) -> None:
    """Visit the address that `login` prints, as `account`: an answer of somebody else's, then the
    right one."""
    assert login.stdout is not None
    assert login.stdin is not None
    address = login.stdout.readline().decode().strip()
    login.stdin.write(b"http://localhost:1455/auth/callback?code=x&state=guess\n")
    login.stdin.write(last_address(address, choice_of(account)).encode() + b"\n")
    login.stdin.flush()


def add_account(simulator: Simulator, account: SimulatedAccount, *command: str) -> Ended:
    """Run a command that signs in, such as `accounts add`, as `account`."""
    with started(simulator.url, *command, "--paste", is_fed=True) as login:
        paste_into(login, account)
        code = login.wait(LIMIT_S)
        assert login.stdout is not None
        assert login.stderr is not None
        return Ended(code, login.stdout.read().decode(), login.stderr.read().decode())
