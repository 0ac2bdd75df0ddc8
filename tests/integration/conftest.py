"""Fixtures of the tests that run over real sockets."""

from __future__ import annotations

from support.simulator import make_simulator, simulator

__all__ = ["make_simulator", "simulator"]
