"""Draws the tray icon: two columns filled from below, every edge on a whole pixel.

The drawing sits on a 16-unit grid. Shape carries the meaning, colour repeats it: an exhausted
window is a full column with an exclamation mark, signed out is two outlines, starting is three
points, an error a disc, offline a ring, doubt a question mark, old numbers are pale, and hollow
where contrast is high. In one colour, a lid on a column says what amber says, and a frame around
it what red says.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from app.ui import colours
from app.ui.icon_state import STEPS, Column, IconState, Mark
from app.usage.pace import Level
from app.values import dataclass

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
# By `on_dark`: 3 : 1 against white and black panels, and against whatever fills it.
_HIGH_TRACK = {False: 0.42, True: 0.36}
_NEUTRAL = QColor("#7B828C")  # seen on every panel: drawn before anybody knows which it is


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


class _Ink:
    """The colours of one icon."""

    def __init__(self, state: IconState) -> None:
        self._colours = colours.of(is_dark=state.on_dark, is_high=state.is_high)
        self._state = state

    @property
    def is_hollow(self) -> bool:
        """Whether fills are outlines."""
        return self._state.is_high and self._state.is_dim

    @property
    def ink(self) -> QColor:
        return self._colours.colour("ink")

    @property
    def track(self) -> QColor:
        if self._state.is_high:
            return _faded(self.ink, _HIGH_TRACK[self._state.on_dark])
        return _faded(self.ink, _DIM_TRACK if self._state.is_dim else _TRACK)

    @property
    def dash(self) -> QColor:
        """Of a column whose percentage nobody knows."""
        return self.ink if self._state.is_high else _faded(self.ink, _DIM_FILL)

    @property
    def alarm(self) -> QColor:
        return self.ink if self._state.is_mono else self._colours.colour("over")

    def of(self, level: Level) -> QColor:
        """The colour of a fill or a number at `level`."""
        if self._state.is_dim:
            return self.ink if self._state.is_high else _faded(self.ink, _DIM_FILL)
        return self.ink if self._state.is_mono else self._colours.colour(_LEVEL_COLOURS[level])


def draw(painter: QPainter, state: IconState, pixels: int) -> None:
    """Draw `state` over the square of `pixels` device pixels at the painter's origin."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    grid, ink = _Grid(pixels), _Ink(state)
    if state.is_starting:
        _draw_points(painter, grid)
        return
    if state.number:
        _draw_number(painter, state, grid, ink)
        return
    places = grid.columns(len(state.columns) or 2)
    for index, place in enumerate(places):
        if state.is_outline:
            _draw_frame(painter, place, ink.ink, grid.unit)
            continue
        column = state.columns[index] if state.columns else Column(0, Level.UNKNOWN)
        _draw_column(painter, column, place, ink, grid.unit)
        if state.is_mono and not state.is_dim:
            _draw_worry(painter, column.level, place, ink, grid.unit)
    if state.mark is not Mark.NONE:
        _draw_mark(painter, state.mark, grid, ink)


def _draw_column(painter: QPainter, column: Column, place: QRectF, ink: _Ink, unit: float) -> None:
    body = QPainterPath()
    body.addRoundedRect(place, 1.4 * unit, 1.4 * unit)
    painter.fillPath(body, ink.track)
    if column.is_exhausted:
        painter.fillPath(body, ink.of(column.level))
        _draw_exclamation(painter, place, unit)
    elif column.fill is None:
        thickness = max(1, round(1.2 * unit))
        middle = place.top() + (int(place.height()) - thickness) // 2
        inset = round(1.2 * unit)
        dash = QRectF(place.left() + inset, middle, place.width() - 2 * inset, thickness)
        painter.fillRect(dash, ink.dash)
    elif column.fill:
        part = _filled_part(place, column.fill, unit)
        filled = body.intersected(_rectangle(part))
        rim = _stroke(unit)
        if ink.is_hollow and part.height() > 2 * rim:  # an outline, with the column's own corners
            filled = filled.subtracted(_rectangle(part.adjusted(rim, rim, -rim, -rim)))
        painter.fillPath(filled, ink.of(column.level))


def _draw_worry(painter: QPainter, level: Level, place: QRectF, ink: _Ink, unit: float) -> None:
    """What the colour of a column would say."""
    if level is Level.OVER:
        _draw_frame(painter, place, ink.ink, unit)
    elif level is Level.CLOSE:
        body = QPainterPath()
        body.addRoundedRect(place, 1.4 * unit, 1.4 * unit)
        stroke = _stroke(unit)
        lid = _rectangle(QRectF(place.left(), place.top(), place.width(), stroke))
        below = _rectangle(QRectF(place.left(), place.top() + stroke, place.width(), stroke))
        painter.save()
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.fillPath(body.intersected(below), ink.track)  # however full it is, a gap is seen
        painter.fillPath(body.intersected(lid), ink.ink)
        painter.restore()


def _filled_part(place: QRectF, steps: int, unit: float) -> QRectF:
    """The lower part of a column: whole pixels, never nothing, never all unless it is."""
    least = max(2, round(1.2 * unit))
    height = round(place.height() * steps / STEPS)
    if steps < STEPS:
        height = min(max(height, least), int(place.height()) - max(1, round(0.8 * unit)))
    return QRectF(place.left(), place.bottom() - height, place.width(), height)


def _rectangle(place: QRectF) -> QPainterPath:
    path = QPainterPath()
    path.addRect(place)
    return path


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
    cut = QPainterPath()
    cut.addRect(QRectF(left, place.top() + margin, stroke, bar))
    cut.addRect(QRectF(left, place.bottom() - margin - dot, stroke, dot))
    _cut_out(painter, cut)


def _draw_frame(painter: QPainter, place: QRectF, colour: QColor, unit: float) -> None:
    stroke = _stroke(unit)
    half = stroke / 2
    painter.save()
    painter.setPen(QPen(colour, stroke))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    radius = 1.2 * unit
    painter.drawRoundedRect(place.adjusted(half, half, -half, -half), radius, radius)
    painter.restore()


def _stroke(unit: float) -> int:
    """How thick frames and lids are, in whole pixels."""
    return max(1, round(1.1 * unit))


def _draw_points(painter: QPainter, grid: _Grid) -> None:
    """Three points in a row: something is on its way."""
    gap = max(1, round(1.8 * grid.unit))
    side = (grid.pixels - 2 * gap) // 3
    side -= (grid.pixels - side) % 2  # an odd rest would put it half a pixel off
    pitch = side + gap
    middle = (grid.pixels - side) // 2
    painter.setBrush(_NEUTRAL)
    for step in (-1, 0, 1):
        painter.drawEllipse(QRectF(middle + step * pitch, middle, side, side))


def _draw_mark(painter: QPainter, mark: Mark, grid: _Grid, ink: _Ink) -> None:
    """Stands in the upper right, cut free from what lies below."""
    unit = grid.unit
    radius = 3.1 * unit
    centre = QPointF(grid.pixels - radius - 0.2 * unit, radius + 0.2 * unit)
    painter.save()
    if mark is Mark.DOUBT:
        _draw_question(painter, grid, ink)
    else:
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
        painter.setBrush(Qt.GlobalColor.black)
        painter.drawEllipse(centre, radius + unit, radius + unit)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        if mark is Mark.ERROR:
            painter.setBrush(ink.alarm)
            painter.drawEllipse(centre, radius, radius)
        else:
            stroke = 1.5 * unit
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(ink.ink, stroke))
            painter.drawEllipse(centre, radius - stroke / 2, radius - stroke / 2)
    painter.restore()


def _draw_question(painter: QPainter, grid: _Grid, ink: _Ink) -> None:
    unit = grid.unit
    width, height = round(5 * unit), round(8 * unit)
    rim = max(1, round(unit))
    box = QRectF(grid.pixels - width, 0, width, height)
    hole = QPainterPath()
    hole.addRoundedRect(box.adjusted(-rim, -rim, rim, rim), unit, unit)
    _cut_out(painter, hole)
    from app.ui.icon_digits import fill, question_path  # noqa: PLC0415 - seldom wanted

    painter.setBrush(ink.ink)
    fill(painter, question_path(box, max(1, round(1.4 * unit))))


def _draw_number(painter: QPainter, state: IconState, grid: _Grid, ink: _Ink) -> None:
    """The digits, and below them a bar per window; all of it a plate once one is exhausted."""
    from app.ui.icon_digits import digits_path, fill  # noqa: PLC0415 - a wish of few

    pixels, unit = grid.pixels, grid.unit
    if state.is_exhausted:
        inset = max(1, round(unit))
        plate = QPainterPath()
        plate.addRoundedRect(QRectF(0, inset, pixels, pixels - 2 * inset), 2.4 * unit, 2.4 * unit)
        painter.fillPath(plate, ink.of(Level.EXHAUSTED))
        margin = max(3, round(3 * unit))
        room = QRectF(inset, margin, pixels - 2 * inset, pixels - 2 * margin)
        _cut_out(painter, digits_path(state.number, room))
        return
    thickness, gap = max(2, round(1.8 * unit)), max(1, round(unit))
    top = pixels - len(state.columns) * (thickness + gap)
    painter.setBrush(ink.of(state.number_level))
    fill(painter, digits_path(state.number, QRectF(0, 0, pixels, top)))
    for index, column in enumerate(state.columns):
        place = QRectF(0, top + gap + index * (thickness + gap), pixels, thickness)
        painter.fillRect(place, ink.track)
        if column.fill:
            width = max(2, round(pixels * column.fill / STEPS))
            painter.fillRect(QRectF(0, place.top(), width, thickness), ink.of(column.level))


def _cut_out(painter: QPainter, path: QPainterPath) -> None:
    painter.save()
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOut)
    path.setFillRule(Qt.FillRule.WindingFill)
    painter.fillPath(path, Qt.GlobalColor.black)
    painter.restore()


def _faded(colour: QColor, alpha: float) -> QColor:
    result = QColor(colour)
    result.setAlphaF(alpha)
    return result
