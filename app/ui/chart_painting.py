"""Paints a chart of the history: axes, gaps, resets, even pace, lines. Decides nothing.

Colours never stand alone: lines differ in width and dashes, gaps are hatched, resets carry a
mark. Where contrast is high nothing is faint.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import floor

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from app.history.chart import EvenPace, UseChart
from app.history.chart_axis import TickKind, TimeAxis
from app.history.chart_cycle import CycleChart
from app.history.chart_line import Line
from app.ui import theme
from app.ui.colours import Colours
from app.values import dataclass
from app.wording.charts import percent_mark

_LEVELS = (0.0, 25.0, 50.0, 75.0, 100.0)
_ABOVE = 12.0  # room for the marks of resets
_BELOW = 24.0  # room for the words of the time axis
_LABEL_GAP = 6.0
_HALF_LABEL = 8  # half the height of a word beside the plot
_EDGE = 6.0  # between the words and the frame of the keyboard focus
_RESET_MARK = 4.0
_PAST_SHARE = 0.8  # how much of its colour a past cycle keeps; a test checks the contrast
_FILL_SHARE = 0.12
_STRONG_GRID_SHARE = 0.5


def _crisp(place: float) -> float:
    """The middle of a pixel: a thin line there keeps its colour."""
    return floor(place) + 0.5


def mixed(colour: QColor, ground: QColor, share: float) -> QColor:
    """`colour` as it looks when only a share of it covers the ground."""

    def channel(front: int, back: int) -> int:
        return round(front * share + back * (1 - share))

    return QColor(
        channel(colour.red(), ground.red()),
        channel(colour.green(), ground.green()),
        channel(colour.blue(), ground.blue()),
    )


def past_colour(colours: Colours) -> QColor:
    """The colour of past cycles."""
    return mixed(colours.colour("faint"), colours.colour("background"), _PAST_SHARE)


@dataclass(frozen=True, slots=True)
class Plot:
    """The box the lines are drawn in, and how moments and percents map onto it."""

    box: QRectF
    axis: TimeAxis

    @classmethod
    def within(cls, width: float, height: float, axis: TimeAxis) -> Plot:
        """The plot that leaves room for its words in a widget of this size."""
        metrics = QFontMetricsF(theme.text_font(theme.CAPTION_PX, tabular=True))
        side = metrics.horizontalAdvance(percent_mark(100)) + _LABEL_GAP + _EDGE
        below = theme.scaled(_BELOW)
        box = QRectF(side, _ABOVE, max(1.0, width - 2 * side), max(1.0, height - _ABOVE - below))
        return cls(box, axis)

    def x(self, at: float) -> float:
        return self.box.left() + self.axis.share(at) * self.box.width()

    def y(self, percent: float) -> float:
        return self.box.bottom() - percent / 100 * self.box.height()

    def moment(self, x: float) -> int:
        """The moment at a place of the widget; places beside the plot mean its ends."""
        return self.axis.moment((x - self.box.left()) / self.box.width())

    def point(self, at: float, percent: float) -> QPointF:
        return QPointF(self.x(at), self.y(percent))


@dataclass(frozen=True, slots=True)
class Look:
    """What the chart is painted with."""

    colours: Colours

    @property
    def strong(self) -> bool:
        """Whether nothing may be faint."""
        return self.colours.is_high

    def pen(self, token: str, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
        pen = QPen(self.colours.colour(token), width + self.strong * 0.5, style)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        return pen

    @property
    def even(self) -> QPen:
        """The line of even pace."""
        return self.pen("secondary", 1.0, Qt.PenStyle.DashLine)

    @property
    def past(self) -> QPen:
        """The lines of past cycles."""
        colours = self.colours
        return QPen(colours.colour("secondary") if self.strong else past_colour(colours), 1.0)

    def projection(self, *, runs_out: bool) -> QPen:
        """How it would go on."""
        return self.pen("over" if runs_out else "calm", 1.5, Qt.PenStyle.DotLine)

    @property
    def grid(self) -> QPen:
        """What stays in the background, whatever the contrast."""
        colours = self.colours
        strong = mixed(colours.colour("faint"), colours.colour("background"), _STRONG_GRID_SHARE)
        return QPen(strong if self.strong else colours.colour("line"), 1.0)


def paint_chart(
    painter: QPainter,
    plot: Plot,
    chart: UseChart | CycleChart,
    look: Look,
    *,
    ticks: tuple[str, ...],
    thresholds: tuple[float, float],
) -> None:
    """Everything but the cursor. `thresholds` in used percent, `ticks` as in the content."""
    is_left = isinstance(chart, CycleChart)
    _paint_grid(painter, plot, look)
    _paint_ticks(painter, plot, ticks, look)
    _paint_thresholds(painter, plot, thresholds, look, is_left=is_left)
    painter.save()
    painter.setClipRect(plot.box.adjusted(-1, -_ABOVE, 1, 1))
    _paint_gaps(painter, plot, chart.gaps, look)
    if isinstance(chart, CycleChart):
        _paint_cycle(painter, plot, chart, look)
    else:
        _paint_use(painter, plot, chart, look)
    painter.restore()


def paint_cursor(painter: QPainter, plot: Plot, at: int, percent: float | None, look: Look) -> None:
    """The line of the readout, and a dot on the chart's line; `percent` as drawn."""
    painter.setPen(look.pen("ink", 1.0))
    x = _crisp(plot.x(at))
    painter.drawLine(QLineF(x, plot.box.top() - 4, x, plot.box.bottom()))
    if percent is not None:
        painter.setPen(QPen(look.colours.colour("background"), 2))
        painter.setBrush(look.colours.colour("ink"))
        painter.drawEllipse(plot.point(at, percent), 5, 5)
        painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_use(painter: QPainter, plot: Plot, chart: UseChart, look: Look) -> None:
    if chart.shows_cycles:
        _paint_even(painter, plot, chart.even, look, is_left=False)
        _paint_resets(painter, plot, chart.resets, look)
    for line in chart.lines:
        _paint_line(painter, plot, line, look)


def _paint_cycle(painter: QPainter, plot: Plot, chart: CycleChart, look: Look) -> None:
    painter.setPen(look.past)
    for past in chart.past:
        painter.drawPolyline(_polygon(plot, past))
    _paint_even(painter, plot, (chart.even,), look, is_left=True)
    if chart.projection:
        painter.setPen(look.projection(runs_out=chart.runs_out_at is not None))
        painter.drawPolyline(_polygon(plot, chart.projection))
    for line in chart.lines:
        _paint_line(painter, plot, line, look)


def _paint_grid(painter: QPainter, plot: Plot, look: Look) -> None:
    painter.setFont(theme.text_font(theme.CAPTION_PX, tabular=True))
    half = theme.scaled(_HALF_LABEL)
    for level in _LEVELS:
        y = _crisp(plot.y(level))
        painter.setPen(look.grid)
        painter.drawLine(QLineF(plot.box.left(), y, plot.box.right(), y))
        painter.setPen(look.colours.colour("secondary"))
        place = QRectF(0, y - half, plot.box.left() - _LABEL_GAP, 2 * half)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(place, right, percent_mark(level))


def _paint_ticks(painter: QPainter, plot: Plot, words: tuple[str, ...], look: Look) -> None:
    """A mark per tick; a word where it fits, that of a day in the middle of the day."""
    painter.setFont(theme.text_font(theme.CAPTION_PX, tabular=True))
    metrics = painter.fontMetrics()
    ticks = plot.axis.ticks
    are_days = all(tick.kind is TickKind.DAY for tick in ticks)
    free_from = 0.0
    for index, (tick, word) in enumerate(zip(ticks, words, strict=True)):
        x = _crisp(plot.x(tick.at))
        painter.setPen(look.grid)
        painter.drawLine(QLineF(x, plot.box.top(), x, plot.box.bottom() + 4))
        width = metrics.horizontalAdvance(word) + 2.0
        left = x - width / 2
        if are_days:
            end = plot.x(ticks[index + 1].at) if index + 1 < len(ticks) else plot.box.right()
            left = (x + end - width) / 2
            if index + 1 == len(ticks):
                left = max(left, x)  # today may be short: its word reaches into the margin
        left = min(max(left, 0.0), plot.box.right() + plot.box.left() - width)
        if left >= free_from and (not are_days or left >= x):
            painter.setPen(look.colours.colour("secondary"))
            place = QRectF(left, plot.box.bottom() + 4, width, theme.scaled(_BELOW) - 8)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, word)
            free_from = left + width + _LABEL_GAP


def _paint_thresholds(
    painter: QPainter, plot: Plot, thresholds: tuple[float, float], look: Look, *, is_left: bool
) -> None:
    half = theme.scaled(_HALF_LABEL)
    for token, used in zip(("close", "over"), thresholds, strict=True):
        level = 100 - used if is_left else used
        y = _crisp(plot.y(level))
        painter.setPen(look.pen(token, 1.0, Qt.PenStyle.DashDotLine))
        painter.drawLine(QLineF(plot.box.left(), y, plot.box.right(), y))
        place = QRectF(plot.box.right() + _LABEL_GAP, y - half, plot.box.left(), 2 * half)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(place, left, percent_mark(level))


def _paint_gaps(painter: QPainter, plot: Plot, gaps: Iterable[tuple[int, int]], look: Look) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    token = "track" if look.strong else "faint"
    painter.setBrush(QBrush(look.colours.colour(token), Qt.BrushStyle.BDiagPattern))
    for since, until in gaps:
        box = QRectF(plot.point(since, 100), plot.point(until, 0))
        painter.setOpacity(1.0 if look.strong else 0.35)
        painter.drawRect(box)
    painter.setOpacity(1.0)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_resets(painter: QPainter, plot: Plot, resets: Iterable[int], look: Look) -> None:
    for at in resets:
        x, top = _crisp(plot.x(at)), plot.box.top()
        painter.setPen(look.pen("secondary", 1.0, Qt.PenStyle.DotLine))
        painter.drawLine(QLineF(x, top, x, plot.box.bottom()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colours.colour("secondary"))
        mark = (QPointF(x - _RESET_MARK, top - 7), QPointF(x + _RESET_MARK, top - 7))
        painter.drawPolygon(QPolygonF([*mark, QPointF(x, top - 1)]))
        painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_even(
    painter: QPainter, plot: Plot, even: Iterable[EvenPace], look: Look, *, is_left: bool
) -> None:
    painter.setPen(look.even)
    for one in even:
        first, last = one.percent(one.since), one.percent(one.until)
        if is_left:
            first, last = 100 - first, 100 - last
        painter.drawLine(QLineF(plot.point(one.since, first), plot.point(one.until, last)))


def _paint_line(painter: QPainter, plot: Plot, line: Line, look: Look) -> None:
    points = _polygon(plot, line)
    if not look.strong:
        fill = look.colours.colour("calm")
        fill.setAlphaF(_FILL_SHARE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        ends = [plot.point(line[-1].at, 0), plot.point(line[0].at, 0)]
        painter.drawPolygon(QPolygonF([*points, *ends]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
    pen = look.pen("calm", 2.0)
    if len(line) == 1:  # a single reading between two gaps
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setWidthF(5)
        painter.setPen(pen)
        painter.drawPoint(points[0])
        return
    painter.setPen(pen)
    painter.drawPolyline(QPolygonF(points))


def _polygon(plot: Plot, line: Line) -> list[QPointF]:
    return [plot.point(corner.at, corner.percent) for corner in line]
