from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def path(short_folder: Path) -> Path:
    """Where the conversations are to be; nothing of it exists yet."""
    return short_folder / "state" / "tidegauge" / "conversations.db"
