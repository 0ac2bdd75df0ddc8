"""The tray icon as a `QIcon` that draws itself in whatever size a host asks for.

Hosts on the bus are sent `SIZES`; an XEmbed tray, Windows and macOS ask for their own size at
their own scale and get just that, never one scaled from another.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QImage, QPainter, QPixmap

from app.ui.icon_drawing import draw
from app.ui.icon_state import IconState

SIZES = (16, 22, 24, 32, 44, 48, 64)


@lru_cache(maxsize=16)
def tray_icon(state: IconState) -> QIcon:
    """The icon that shows `state`; equal states give the same object."""
    return QIcon(_Engine(state))


def render(state: IconState, size: int, ratio: float = 1.0) -> QImage:
    """The icon at `size` logical pixels on a display of `ratio` device pixels each."""
    pixels = max(8, round(size * ratio))
    image = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    draw(painter, state, pixels)
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image


class _Engine(QIconEngine):
    """What Qt asks for pixels: every request is drawn, none is scaled."""

    def __init__(self, state: IconState) -> None:
        super().__init__()
        self._state = state

    def availableSizes(
        self, _mode: QIcon.Mode = QIcon.Mode.Normal, _state: QIcon.State = QIcon.State.Off
    ) -> list[QSize]:
        return [QSize(size, size) for size in SIZES]

    def actualSize(self, size: QSize, _mode: QIcon.Mode, _state: QIcon.State) -> QSize:
        side = min(size.width(), size.height())
        return QSize(side, side)

    def isNull(self) -> bool:
        return False

    def clone(self) -> QIconEngine:
        return _Engine(self._state)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(
        self, size: QSize, _mode: QIcon.Mode, _state: QIcon.State, scale: float
    ) -> QPixmap:
        return QPixmap.fromImage(render(self._state, min(size.width(), size.height()), scale))

    def paint(self, painter: QPainter, rect: QRect, _mode: QIcon.Mode, _state: QIcon.State) -> None:
        ratio = painter.device().devicePixelRatio()
        side = min(rect.width(), rect.height())
        place = QRect(0, 0, side, side)
        place.moveCenter(rect.center())
        painter.drawImage(place.topLeft(), render(self._state, side, ratio))
