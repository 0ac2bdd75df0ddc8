"""A window that says where it stands, so that it can be put there again, and that can be pinned."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QMoveEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

_SETTLED_MS = 400  # after the last move its place is told


class RememberedWindow(QWidget):
    """`moved` once it stands still; a maximised window has no place of its own."""

    moved = Signal(QPoint, int, int)  # the frame's corner, the window's width and height
    hidden = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(_SETTLED_MS)
        self._settled.timeout.connect(self._tell_place)

    def show_on_top(self, *, on_top: bool) -> None:
        """Stay above other windows, or no longer; without being hidden for a moment."""
        wanted = self.windowFlags() & ~Qt.WindowType.WindowStaysOnTopHint
        if on_top:
            wanted |= Qt.WindowType.WindowStaysOnTopHint
        if wanted == self.windowFlags():
            return
        self.overrideWindowFlags(wanted)  # setWindowFlags would hide it
        native = self.windowHandle()
        if native is not None:
            native.setFlag(Qt.WindowType.WindowStaysOnTopHint, on_top)

    def _tell_place(self) -> None:
        if not (self.isMaximized() or self.isFullScreen() or self.isMinimized()):
            self.moved.emit(self.pos(), self.width(), self.height())

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        self._note_change()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._note_change()

    def _note_change(self) -> None:
        if self.isVisible():
            self._settled.start()

    def hideEvent(self, event: QHideEvent) -> None:
        if self._settled.isActive():
            self._settled.stop()
            self._tell_place()
        super().hideEvent(event)
        self.hidden.emit()
