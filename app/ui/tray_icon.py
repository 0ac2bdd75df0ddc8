"""Draws the tray icon: two columns filled from below, every edge on a whole pixel.

The drawing sits on a 16-unit grid. Shape carries the meaning, colour repeats it: an exhausted
window is a full column with an exclamation mark, signed out is two outlines, error a dot,
offline a ring, old numbers are pale.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPainterPath, QPen, QPixmap

from app.ui.colours import DARK, LIGHT, Colours
from app.ui.icon_state import STEPS, Column, IconState, Mark
from app.usage.pace import Level

SIZES = (16, 22, 24, 32, 44, 48, 64)

_LEVEL_COLOURS = {
    Level.CALM: "calm",
    Level.CLOSE: "close",
    Level.OVER: "over",
    Level.EXHAUSTED: "over",
    Level.UNKNOWN: "secondary",
}
_TRACK = 0.28
_DIM_TRACK = 0.16
_DIM_FILL = 0.55


@lru_cache(maxsize=16)
def tray_icon(state: IconState) -> QIcon:
    """The icon in all sizes hosts ask for; equal states give the same object."""
    icon = QIcon()
    for size in SIZES:
        icon.addPixmap(QPixmap.fromImage(render(state, size)))
    return icon


def render(state: IconState, size: int, ratio: float = 1.0) -> QImage:
    """The icon at `size` logical pixels on a display of `ratio` device pixels each."""
    pixels = max(8, round(size * ratio))
    image = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    _draw(painter, state, pixels)
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image


@dataclass(frozen=True, slots=True)
class _Grid:
    """The 16-unit grid on `pixels` device pixels, snapped."""

    pixels: int

    @property
    def unit(self) -> float:
        return self.pixels / 16

    def columns(self, count: int) -> list[QRectF]:
        """Equal columns, centred, on whole pixels."""
        top = max(1, round(1.75 * self.unit))
        height = self.pixels - 2 * top
        width = round((5 if count > 1 else 7) * self.unit)
        gap = max(1, round(1.75 * self.unit)) if count > 1 else 0
        total = count * width + gap
        if (self.pixels - total) % 2:  # an odd rest would put every edge on half a pixel
            if gap:
                gap += 1 if gap < 2 * self.unit else -1
            else:
                width += 1
            total = count * width + gap
        left = (self.pixels - total) // 2
        return [QRectF(left + i * (width + gap), top, width, height) for i in range(count)]


def _draw(painter: QPainter, state: IconState, pixels: int) -> None:
    colours = DARK if state.on_dark else LIGHT
    grid = _Grid(pixels)
    places = grid.columns(len(state.columns) or 2)
    for index, place in enumerate(places):
        if state.is_outline:
            _draw_outline(painter, place, colours, grid.unit)
        else:
            column = state.columns[index] if state.columns else Column(0, Level.UNKNOWN)
            _draw_column(painter, column, place, colours, grid.unit, dim=state.is_dim)
    if state.mark is not Mark.NONE:
        _draw_mark(painter, state.mark, colours, grid)


def _draw_column(
    painter: QPainter, column: Column, place: QRectF, colours: Colours, unit: float, *, dim: bool
) -> None:
    ink = colours.colour("ink")
    body = QPainterPath()
    body.addRoundedRect(place, 1.4 * unit, 1.4 * unit)
    painter.fillPath(body, _faded(ink, _DIM_TRACK if dim else _TRACK))
    colour = _faded(ink, _DIM_FILL) if dim else colours.colour(_LEVEL_COLOURS[column.level])
    if column.is_exhausted:
        painter.fillPath(body, colour)
        _draw_exclamation(painter, place, unit)
    elif column.fill is None:
        thickness = max(1, round(1.2 * unit))
        middle = place.top() + (int(place.height()) - thickness) // 2
        inset = round(1.2 * unit)
        dash = QRectF(place.left() + inset, middle, place.width() - 2 * inset, thickness)
        painter.fillRect(dash, _faded(ink, _DIM_FILL))
    elif column.fill:
        level = QPainterPath()
        level.addRect(_filled_part(place, column.fill, unit))
        painter.fillPath(body.intersected(level), colour)


def _filled_part(place: QRectF, fill: int, unit: float) -> QRectF:
    """The lower part of a column: whole pixels, never nothing, never all unless it is."""
    least = max(2, round(1.2 * unit))
    height = round(place.height() * fill / STEPS)
    if fill < STEPS:
        height = min(max(height, least), int(place.height()) - max(1, round(0.8 * unit)))
    return QRectF(place.left(), place.bottom() - height, place.width(), height)


def _draw_exclamation(painter: QPainter, place: QRectF, unit: float) -> None:
    """Cut out of the column, so that it reads on any panel and in one colour."""
    stroke = max(2, round(1.5 * unit))
    if (int(place.width()) - stroke) % 2:
        stroke += 1 if stroke <= 1.5 * unit else -1
    stroke = max(1, stroke)
    left = place.left() + (int(place.width()) - stroke) // 2
    margin = max(2, round(2.2 * unit))
    dot = max(stroke, round(1.5 * unit))
    gap = max(1, round(1.2 * unit))
    bar = place.height() - 2 * margin - dot - gap
    painter.save()
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOut)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.fillRect(QRectF(left, place.top() + margin, stroke, bar), Qt.GlobalColor.black)
    painter.fillRect(QRectF(left, place.bottom() - margin - dot, stroke, dot), Qt.GlobalColor.black)
    painter.restore()


def _draw_outline(painter: QPainter, place: QRectF, colours: Colours, unit: float) -> None:
    stroke = max(1, round(1.1 * unit))
    half = stroke / 2
    painter.save()
    painter.setPen(QPen(colours.colour("ink"), stroke))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    radius = 1.2 * unit
    painter.drawRoundedRect(place.adjusted(half, half, -half, -half), radius, radius)
    painter.restore()


def _draw_mark(painter: QPainter, mark: Mark, colours: Colours, grid: _Grid) -> None:
    """A dot (error) or a ring (offline) in the upper right, cut free from what lies below."""
    radius = 3.1 * grid.unit
    centre = QPointF(grid.pixels - radius - 0.2 * grid.unit, radius + 0.2 * grid.unit)
    painter.save()
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
    painter.setBrush(Qt.GlobalColor.black)
    painter.drawEllipse(centre, radius + 1.0 * grid.unit, radius + 1.0 * grid.unit)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
    if mark is Mark.ERROR:
        painter.setBrush(colours.colour("over"))
        painter.drawEllipse(centre, radius, radius)
    else:
        stroke = 1.5 * grid.unit
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colours.colour("ink"), stroke))
        painter.drawEllipse(centre, radius - stroke / 2, radius - stroke / 2)
    painter.restore()


def _faded(colour: QColor, alpha: float) -> QColor:
    result = QColor(colour)
    result.setAlphaF(alpha)
    return result
