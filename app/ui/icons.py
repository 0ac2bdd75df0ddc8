"""The drawn icons of `resources/icons`, recoloured in code for the theme in force.

Each SVG is drawn in `currentColor` on a 16-unit grid; the application icon keeps its colours.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.assets import resource

_RATIOS = (1.0, 1.5, 2.0, 3.0)
_APPLICATION_SIZES = (16, 24, 32, 48, 64, 128, 256)


def icon(name: str, colour: QColor, size: int = 16) -> QIcon:
    """The icon `name` (a file of `resources/icons` without its suffix) in one colour."""
    return _icon(name, colour.name(), size)


@lru_cache(maxsize=64)
def _icon(name: str, colour: str, size: int) -> QIcon:
    drawing = resource("icons", f"{name}.svg").read_bytes()
    source = drawing.replace(b"currentColor", colour.encode())
    result = QIcon()
    for ratio in _RATIOS:
        result.addPixmap(_pixmap(source, size, ratio))
    return result


@lru_cache(maxsize=1)
def application_icon() -> QIcon:
    """The icon of windows, task bar and notifications."""
    source = resource("icons", "tidegauge.svg").read_bytes()
    result = QIcon()
    for size in _APPLICATION_SIZES:
        result.addPixmap(_pixmap(source, size, 1.0))
    return result


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
