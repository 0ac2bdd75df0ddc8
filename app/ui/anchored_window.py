"""A window that stands beside the tray icon without a frame, or as one of its own.

Anchored, it has round corners, is hidden when something else takes the focus, and a click on
the icon toggles it. On Wayland nobody may place windows: there it always is one of its own.
"""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QBitmap,
    QCloseEvent,
    QColor,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QWidget

from app.ui import icons, placement, theme

_REOPEN_MS = 300  # the click that hid it by taking its focus must not show it again


class AnchoredWindow(QWidget):
    """What it shows is up to who inherits: `prepare` fills in, `focus_start` takes the keyboard."""

    closed = Signal()  # by the user, while it stood as a window of its own

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._anchor: QPoint | None = None
        self._is_anchored = False
        self._hidden_for = QElapsedTimer()
        self._edge = QRegion()  # one pixel wide, along the round corners as well
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    @property
    def is_anchored(self) -> bool:
        """True while it stands beside the tray icon, without a frame."""
        return self._is_anchored

    @property
    def screen_room(self) -> QRect:
        """What of its screen it may cover."""
        screen = QGuiApplication.screenAt(self._anchor) if self._anchor else self.screen()
        return (screen or QGuiApplication.primaryScreen()).availableGeometry()

    def show_near(self, point: QPoint | None) -> None:
        """Show beside `point` (the icon); None, or where nobody may place windows: as a window."""
        wayland = QGuiApplication.platformName().startswith("wayland")
        self._anchor = None if wayland else point
        self._set_anchored(self._anchor is not None)
        self.prepare()
        self.place()
        self.show()
        self.raise_()
        self.activateWindow()
        self.focus_start()

    def toggle_near(self, point: QPoint | None) -> None:
        """What a click on the icon means: show, or hide if it was there a moment ago."""
        if self.isVisible():
            self.hide()
        elif not self._hidden_for.isValid() or self._hidden_for.elapsed() > _REOPEN_MS:
            self.show_near(point)

    def prepare(self) -> None:
        """Fill in what is to be seen, before it is."""

    def focus_start(self) -> None:
        """Give the keyboard to where it starts."""
        self.setFocus()

    def place(self) -> None:
        """Stand beside the icon, with all of it on the screen; a window of its own stays where
        it is, but for what would not be seen of one that grew."""
        room = self.screen_room
        if self._anchor is not None:
            size = QSize(self.width(), self.height())
            self.move(placement.near(self._anchor, size, room))
        elif self.isVisible():
            hidden = self.frameGeometry().bottom() - room.bottom()
            if hidden > 0:
                self.move(self.x(), max(room.top(), self.y() - hidden))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_anchored:
            self._round_corners()

    def _round_corners(self) -> None:
        # A mask works with and without a compositor; a see-through window shows black corners
        # where there is none, and nobody tells which of the two holds.
        mask = QBitmap(self.size())
        mask.clear()
        painter = QPainter(mask)
        painter.setBrush(Qt.GlobalColor.color1)
        painter.setPen(Qt.GlobalColor.color1)
        box = self.rect().adjusted(0, 0, -1, -1)
        painter.drawRoundedRect(box, theme.WINDOW_RADIUS, theme.WINDOW_RADIUS)
        painter.end()
        shape = inside = QRegion(mask)
        for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            inside = inside.intersected(shape.translated(x, y))
        self._edge = shape.subtracted(inside)
        self.setMask(shape)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours.background))
        if self._is_anchored:
            painter.setClipRegion(self._edge)  # a smooth line would lie half beyond the mask
            painter.fillRect(self.rect(), colours.colour("line"))
        painter.end()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_anchored:
            self._round_corners()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        lost_focus = event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow()
        if lost_focus and self._is_anchored and self.isVisible():
            self._hidden_for.start()
            self.hide()

    def _set_anchored(self, anchored: bool) -> None:
        if anchored == self._is_anchored and self.windowFlags() & Qt.WindowType.Window:
            return
        self._is_anchored = anchored
        if not anchored:
            self.setWindowIcon(icons.application_icon())  # beside the icon nothing shows it
            self.clearMask()  # first: the native window outlives the change of flags, mask and all
        flags = Qt.WindowType.Window
        if anchored:
            flags = (
                Qt.WindowType.Tool
                | Qt.WindowType.FramelessWindowHint
                | Qt.WindowType.WindowStaysOnTopHint
            )
        self.setWindowFlags(flags)
