"""The drawn icons of `resources/icons`, recoloured in code for the theme in force.

Each SVG is drawn in `currentColor` on a 16-unit grid; the application icon keeps its colours.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.assets import resource

_APPLICATION_SIZES = (16, 24, 32, 48, 64, 128, 256)


def icon(name: str, colour: QColor, size: int = 16) -> QIcon:
    """The icon `name` (a file of `resources/icons` without its suffix) in one colour."""
    return _icon(name, colour.name(), size)


@lru_cache(maxsize=64)
def _icon(name: str, colour: str, size: int) -> QIcon:
    drawing = resource("icons", f"{name}.svg").read_bytes()
    return QIcon(_Drawing(drawing.replace(b"currentColor", colour.encode()), (size,)))


@lru_cache(maxsize=1)
def application_icon() -> QIcon:
    """The icon of windows, task bar and notifications."""
    source = resource("icons", "tidegauge.svg").read_bytes()
    return QIcon(_Drawing(source, _APPLICATION_SIZES))


class _Drawing(QIconEngine):
    """Draws an SVG in the size and for the scale it is asked for, once each."""

    def __init__(self, source: bytes, sizes: tuple[int, ...]) -> None:
        super().__init__()
        self._source = source
        self._sizes = sizes
        self._drawn: dict[tuple[int, float], QPixmap] = {}

    def availableSizes(
        self, _mode: QIcon.Mode = QIcon.Mode.Normal, _state: QIcon.State = QIcon.State.Off
    ) -> list[QSize]:
        return [QSize(size, size) for size in self._sizes]

    def actualSize(self, size: QSize, _mode: QIcon.Mode, _state: QIcon.State) -> QSize:
        side = min(size.width(), size.height(), self._sizes[-1])
        return QSize(side, side)

    def isNull(self) -> bool:
        return False

    def clone(self) -> QIconEngine:
        return _Drawing(self._source, self._sizes)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(
        self, size: QSize, _mode: QIcon.Mode, _state: QIcon.State, scale: float
    ) -> QPixmap:
        key = (min(size.width(), size.height()), scale)
        if key[0] <= 0:  # a button that has no room yet
            return QPixmap()
        if key not in self._drawn:
            self._drawn[key] = _pixmap(self._source, *key)
        return self._drawn[key]

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        ratio = painter.device().devicePixelRatio()
        side = min(rect.width(), rect.height())
        place = QRect(0, 0, side, side)
        place.moveCenter(rect.center())
        painter.drawPixmap(place.topLeft(), self.scaledPixmap(place.size(), mode, state, ratio))


def _pixmap(source: bytes, size: int, ratio: float) -> QPixmap:
    pixels = round(size * ratio)
    image = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(source)).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    pixmap = QPixmap.fromImage(image)
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
