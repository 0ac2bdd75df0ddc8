"""Cyclic garbage is collected on the GUI's thread and on no other.

Python collects in whichever thread happens to allocate. A closed window would then be taken
apart beside Qt, which may be sending it events just now: its widgets lose their attributes
first, and their overrides fail or the process dies.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QAbstractEventDispatcher, QObject


class GuiGarbage(QObject):
    """From `start()` to `stop()`, both on the GUI's thread: collects when the event loop has
    nothing else to do, as much as Python itself would, and never wakes it up."""

    def __init__(self) -> None:
        super().__init__()
        self._was_enabled = False
        self._dispatcher: QAbstractEventDispatcher | None = None

    def start(self) -> None:
        self._was_enabled = gc.isenabled()
        gc.disable()
        self._dispatcher = QAbstractEventDispatcher.instance()
        self._dispatcher.aboutToBlock.connect(self.collect)

    def stop(self) -> None:
        """Leave it to Python again."""
        if self._dispatcher is not None:
            self._dispatcher.aboutToBlock.disconnect(self.collect)
            self._dispatcher = None
            if self._was_enabled:
                gc.enable()

    def collect(self) -> None:
        """Look for garbage among the generations that have grown enough."""
        generation = due_generation(gc.get_count(), gc.get_threshold())
        if generation is not None:
            gc.collect(generation)


def due_generation(counts: tuple[int, int, int], thresholds: tuple[int, int, int]) -> int | None:
    """The oldest generation to look at, None if the youngest has not grown enough."""
    if counts[0] <= thresholds[0]:
        return None
    return max((age for age in range(3) if 0 < thresholds[age] < counts[age]), default=None)
