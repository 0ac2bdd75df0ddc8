"""Fixtures of the tests that run over real sockets, and of those with a real keyring."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.command_line import sign_in
from support.secret_service import SecretService, secret_service
from support.simulator import make_simulator, simulator

from app.simulator.server import Simulator

__all__ = ["make_simulator", "simulator"]

if sys.platform != "linux":
    collect_ignore = ["test_clock_scenarios.py"]  # libfaketime, time namespaces


@pytest.fixture
def keyring(private_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretService]:
    """A bus with an unlocked keyring."""
    with secret_service(private_home / "run") as running:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", running.address)
        running.start_keyring()
        yield running


@pytest.fixture
def signed_in(keyring: SecretService, simulator: Simulator) -> Simulator:
    """A service whose tokens are in the keyring."""
    sign_in(simulator)
    return simulator
