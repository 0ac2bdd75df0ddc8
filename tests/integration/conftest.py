"""Fixtures of the tests that run over real sockets."""

from __future__ import annotations

import sys

from support.simulator import make_simulator, simulator

__all__ = ["make_simulator", "simulator"]

if sys.platform != "linux":
    collect_ignore = ["test_clock_scenarios.py"]  # libfaketime, time namespaces
