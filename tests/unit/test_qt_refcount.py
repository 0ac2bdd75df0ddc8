"""Qt calls keep Python's reference counts (A1, F-D26).

A build of PySide6 that loses a reference to `None` or `True` per call passes every ordinary
suite, because those call too seldom; the process dies minutes into real use.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLabel, QTextBrowser

_NOISE = 50  # references that come and go with the surroundings; a leak loses one per call


class _Bell(QObject):
    rung = Signal(bool)


def _slope(singleton: object, call: Callable[[], object], times: int) -> int:
    """How many references to `singleton` appeared over `times` calls."""
    call()
    before = sys.getrefcount(singleton)
    for _ in range(times):
        call()
    return sys.getrefcount(singleton) - before


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    ("make", "name"),
    [
        (QLabel, "setText"),
        (QTextBrowser, "setPlainText"),
        (QAction, "setText"),
        (_Bell, "setObjectName"),
    ],
)
def test_a_void_qt_call_keeps_none(make: Callable[[], QObject], name: str) -> None:
    target = make()
    call = getattr(target, name)

    assert _slope(None, lambda: call("x"), 10_000) >= -_NOISE


def test_timers_and_event_processing_keep_none(qapp: QApplication) -> None:
    timer = QTimer()

    assert _slope(None, timer.stop, 10_000) >= -_NOISE
    assert _slope(None, QCoreApplication.processEvents, 10_000) >= -_NOISE


def test_an_emission_keeps_true(qapp: QApplication) -> None:
    bell = _Bell()
    bell.rung.connect(lambda _: None)

    assert _slope(True, lambda: bell.rung.emit(True), 100) >= 0


def test_a_process_survives_many_emissions() -> None:
    program = """
from PySide6.QtCore import QCoreApplication, QObject, Signal
class Bell(QObject):
    rung = Signal(bool)
app, bell = QCoreApplication([]), Bell()
bell.rung.connect(lambda _: None)
for _ in range(20_000):
    bell.rung.emit(True)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)

    assert done.returncode == 0, done.stderr.decode()
