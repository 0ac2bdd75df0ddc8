"""`tidegauge` as a process of its own, against a simulator and a real keyring."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LIMIT_S = 30.0


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
