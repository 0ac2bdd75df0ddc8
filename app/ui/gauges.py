"""A window as a gauge: a large arc with its words below.

A progress bar to a screen reader, so name, value and sentence can be read back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.colours import Colours
from app.ui.gauge_reading import GaugeReading
from app.ui.labels import TextLabel, tooltip
from app.ui.level_colours import level_colour
from app.usage.pace import Level
from app.wording import labels as words

if TYPE_CHECKING:
    from app.ui.gliding import Glide

_RADIUS = 54.0
_STROKE = 11.0
_TICK_REACH = 4.0  # how far the tick stands out on both sides of the track
_START = 225.0  # degrees, counter-clockwise from three o'clock: lower left
_SPAN = 270.0
_DIAL = QSize(140, 112)


class Dial(QProgressBar):
    """The arc, its even-pace tick and the number in the middle; `pressed` by a click on it."""

    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(0, 100)
        self.setTextVisible(False)
        self._scale = theme.text_scale()
        self.setFixedSize(_DIAL * self._scale)
        self._reading: GaugeReading | None = None
        self._drawn = 0.0  # percent of the arc that is filled right now
        self._glide: Glide | None = None  # made for the first one
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def drawn_percent(self) -> float:
        """How far the arc is filled at this moment, 0 to 100."""
        return self._drawn

    @property
    def is_gliding(self) -> bool:
        return self._glide is not None and self._glide.is_running

    def show_reading(self, reading: GaugeReading, *, may_glide: bool = False) -> None:
        """Show `reading`; an arc that is seen glides to its new value if it may."""
        before, self._reading = self._reading, reading
        self.setValue(round(reading.filled or 0))
        target = float(reading.filled or 0)
        moved = before is None or before.filled != reading.filled
        same_window = before is not None and before.window_id == reading.window_id
        if moved and same_window and may_glide and self.isVisible():
            self._start_glide(target)
        elif moved:
            if self._glide is not None:
                self._glide.stop()
            self._drawn = target
        if before is None or _look(before) != _look(reading):
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        reading = self._reading
        if reading is None:
            return
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(self._scale, self._scale)
        centre = QPointF(_DIAL.width() / 2, _RADIUS + _STROKE / 2 + _TICK_REACH)
        arc = QRectF(centre.x() - _RADIUS, centre.y() - _RADIUS, 2 * _RADIUS, 2 * _RADIUS)
        _draw_arc(painter, arc, 100.0, colours.colour("track"))
        if self._drawn > 0:
            token = "faint" if reading.is_dim else level_colour(reading.level)
            _draw_arc(painter, arc, self._drawn, colours.colour(token))
        if reading.even is not None:
            _draw_tick(painter, centre, reading.even, colours)
        _draw_number(painter, centre, reading, colours)
        painter.end()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        is_inside = self.rect().contains(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and is_inside:
            self.pressed.emit()

    def _start_glide(self, target: float) -> None:
        from app.ui.gliding import Glide  # noqa: PLC0415 - the first opening needs none

        if self._glide is None:
            self._glide = Glide(self._step, self)
        self._glide.begin(self._drawn, target)

    def _step(self, value: float) -> None:
        self._drawn = value
        self.update()


class ArcGauge(QWidget):
    """One window: the dial, and below it name, countdown, clock time and pace."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        centre = Qt.AlignmentFlag.AlignHCenter
        self.dial = Dial(self)
        self.name = TextLabel(pixels=theme.HEADING_PX, weight=QFont.Weight.DemiBold, elide=True)
        self.countdown = TextLabel(pixels=theme.HEADING_PX, tabular=True, wrap=True)
        self.clock = TextLabel(colour="secondary", pixels=theme.CAPTION_PX, tabular=True)
        self.pace = TextLabel(
            colour="secondary",
            pixels=theme.CAPTION_PX,
            weight=QFont.Weight.Medium,
            tabular=True,
            wrap=True,
        )
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        box.addWidget(self.dial, 0, centre)
        box.addSpacing(theme.WIDE_GAP)
        for label in (self.name, self.countdown, self.clock, self.pace):
            label.setAlignment(centre | Qt.AlignmentFlag.AlignVCenter)
            box.addWidget(label)
        box.addStretch(1)

    def show_reading(self, reading: GaugeReading, *, may_glide: bool = False) -> None:
        """Show `reading`; only what differs is touched."""
        self.dial.show_reading(reading, may_glide=may_glide)
        self.dial.setAccessibleName(reading.name)
        self.dial.setAccessibleDescription(reading.spoken)
        explained = words.even_pace_tooltip() if reading.even is not None else ""
        self.dial.setToolTip(tooltip(explained))
        self.name.show_text(reading.name)
        self.countdown.show_text(reading.countdown)
        self.clock.show_text(reading.clock)
        is_plain = reading.is_dim or reading.pace_level is Level.UNKNOWN
        self.pace.show_text(
            reading.pace, "secondary" if is_plain else level_colour(reading.pace_level)
        )
        self.pace.setHidden(not reading.pace)


def _look(reading: GaugeReading) -> tuple[object, ...]:
    """What can be seen of `reading`: the tick creeps, but not by a pixel per second."""
    return (
        reading.filled,
        None if reading.even is None else round(reading.even, 1),
        reading.level,
        reading.number,
        reading.word,
        reading.is_dim,
    )


def _draw_arc(painter: QPainter, box: QRectF, percent: float, colour: QColor) -> None:
    pen = QPen(colour, _STROKE)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    span = _SPAN * min(percent, 100.0) / 100
    painter.drawArc(box, round(_START * 16), -round(span * 16))


def _draw_tick(painter: QPainter, centre: QPointF, percent: float, colours: Colours) -> None:
    painter.save()
    painter.translate(centre)
    painter.rotate(-(_START - _SPAN * percent / 100))
    inner = _RADIUS - _STROKE / 2 - _TICK_REACH + 1
    outer = _RADIUS + _STROKE / 2 + _TICK_REACH - 1
    for colour, width in (("background", 5.0), ("ink", 2.0)):
        pen = QPen(colours.colour(colour), width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap if width < 3 else Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        reach = 0 if width < 3 else -2
        painter.drawLine(QPointF(inner - reach, 0), QPointF(outer + reach, 0))
    painter.restore()


def _draw_number(
    painter: QPainter, centre: QPointF, reading: GaugeReading, colours: Colours
) -> None:
    bold = QFont.Weight.DemiBold
    number_font = _font(theme.NUMBER_PX, bold, tabular=True)
    sign_font = _font(theme.PERCENT_PX, bold)
    sign = "%" if reading.filled is not None else ""
    number_width = QFontMetricsF(number_font).horizontalAdvance(reading.number)
    sign_width = QFontMetricsF(sign_font).horizontalAdvance(sign)
    left = centre.x() - (number_width + 1 + sign_width) / 2
    baseline = centre.y() + 6
    painter.setPen(colours.colour("secondary" if reading.is_dim else "ink"))
    painter.setFont(number_font)
    painter.drawText(QPointF(left, baseline), reading.number)
    painter.setFont(sign_font)
    painter.drawText(QPointF(left + number_width + 1, baseline), sign)
    painter.setFont(_font(theme.CAPTION_PX))
    painter.setPen(colours.colour("secondary"))
    below = QRectF(centre.x() - 40, baseline + 6, 80, 16)
    painter.drawText(below, Qt.AlignmentFlag.AlignCenter, reading.word)


def _font(
    pixels: int, weight: QFont.Weight = QFont.Weight.Normal, *, tabular: bool = False
) -> QFont:
    """The painter is scaled, so its letters are not."""
    font = theme.text_font(pixels, weight, tabular=tabular)
    font.setPixelSize(pixels)
    return font
