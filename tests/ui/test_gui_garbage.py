"""Where cyclic garbage is collected: on the GUI's thread, whoever allocates."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.ui.gui_garbage import GuiGarbage, due_generation


@pytest.fixture
def garbage(qtbot: QtBot) -> Iterator[GuiGarbage]:
    was_enabled = gc.isenabled()
    gc.enable()
    made = GuiGarbage()
    made.start()
    yield made
    made.stop()
    assert gc.isenabled()
    if not was_enabled:
        gc.disable()


class _Window(QWidget):
    """Garbage as closed windows are: it holds itself. `ended` hears where it is taken apart."""

    def __init__(self, ended: list[threading.Thread]) -> None:
        super().__init__()
        self.itself = self
        self.ended = ended

    def __del__(self) -> None:
        self.ended.append(threading.current_thread())


def _allocate() -> None:
    """Enough for several collections of every generation."""
    held = [[number] for number in range(200_000)]
    assert len(held) == 200_000


@pytest.mark.usefixtures("garbage")
def test_another_thread_takes_no_window_apart(qtbot: QtBot) -> None:
    ended: list[threading.Thread] = []
    _Window(ended)
    for _ in range(3):
        worker = threading.Thread(target=_allocate)
        worker.start()
        worker.join()
    assert ended == []
    gc.collect()
    assert ended == [threading.main_thread()]


def test_the_event_loop_collects_when_it_has_nothing_else_to_do(
    garbage: GuiGarbage, qtbot: QtBot
) -> None:
    ended: list[threading.Thread] = []
    _Window(ended)
    held = [[number] for number in range(3 * gc.get_threshold()[0])]
    qtbot.waitUntil(lambda: ended != [])
    assert ended == [threading.main_thread()]
    assert held
    assert isinstance(garbage, QObject)


def test_stopped_twice_it_stays_stopped() -> None:
    was_enabled = gc.isenabled()
    unused = GuiGarbage()
    unused.stop()
    assert gc.isenabled() is was_enabled


@pytest.mark.parametrize(
    ("counts", "generation"),
    [
        ((700, 50, 50), None),
        ((701, 0, 0), 0),
        ((701, 10, 10), 0),
        ((701, 11, 10), 1),
        ((701, 0, 11), 2),
        ((9000, 11, 11), 2),
    ],
)
def test_as_much_as_python_itself_would(
    counts: tuple[int, int, int], generation: int | None
) -> None:
    assert due_generation(counts, (700, 10, 10)) == generation


def test_a_threshold_of_nothing_is_never_passed() -> None:
    assert due_generation((2001, 0, 5), (2000, 10, 0)) == 0
    assert due_generation((5, 5, 5), (0, 0, 0)) is None
