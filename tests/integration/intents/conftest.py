"""`async with person_at(stored=True) as person:` a running program without windows."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from support.person import PersonAt
from support.person import person_at as at

from app.simulator.server import Simulator


@pytest.fixture
def person_at(simulator: Simulator, private_home: Path) -> PersonAt:
    return partial(at, simulator, private_home)
