"""What holds for tests of widgets: the platform "offscreen" says what it cannot do."""

from __future__ import annotations

from pathlib import Path

import pytest

_NOISE = (
    "^This plugin does not support",
    "No such signal QPlatformNativeInterface::systemTrayWindowChanged",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore(*_NOISE, extend=True))
