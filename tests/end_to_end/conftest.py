"""What the tests share that start the real program on a private desktop."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from support.desktop_session import DesktopSession
from support.running_program import Shoot
from support.simulator import make_simulator, simulator

__all__ = ["make_simulator", "simulator"]

_SHOTS = os.environ.get("TIDEGAUGE_SHOTS", "")  # read before each test gets a clean environment

if sys.platform != "linux":
    collect_ignore_glob = ["test_*.py"]  # X displays, session buses and the Secret Service


@pytest.fixture
def shoot() -> Shoot:
    """`shoot(session, name)` keeps a picture of the screen if TIDEGAUGE_SHOTS names a folder."""

    def shoot(session: DesktopSession, name: str) -> None:
        if _SHOTS:
            session.screenshot(Path(_SHOTS) / f"{name}.png")

    return shoot
