"""Importing Qt does not make every later import keep the source of its module in memory."""

from __future__ import annotations

import subprocess
import sys

_PROGRAM = """
import linecache
import PySide6  # the check of the versions has done it by then
from app.ui.qt_import import import_qt
import_qt()
import PySide6.QtWidgets, PySide6.QtSvg, app.ui.panel, wave
print(len(linecache.cache))
"""


def test_no_source_is_kept_after_import_qt() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True, timeout=30
    )
    assert done.stdout.strip() == "0"
