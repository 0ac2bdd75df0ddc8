"""The one motion of the interface: a value that glides to where it belongs."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QAbstractAnimation, QEasingCurve, QObject, QVariantAnimation

GLIDE_MS = 250


class Glide(QVariantAnimation):
    """Tells `step` every value on the way, the last one is the target."""

    def __init__(self, step: Callable[[float], None], parent: QObject) -> None:
        super().__init__(parent)
        self.setDuration(GLIDE_MS)
        self.setEasingCurve(QEasingCurve.Type.OutCubic)
        self.valueChanged.connect(step)

    @property
    def is_running(self) -> bool:
        return self.state() is QAbstractAnimation.State.Running

    def begin(self, start: float, target: float) -> None:
        """Glide from `start` to `target`, from where an earlier glide stands."""
        self.stop()
        self.setStartValue(start)
        self.setEndValue(target)
        self.start()
