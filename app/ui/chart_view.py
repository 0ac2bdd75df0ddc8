"""The chart as a widget: paints it, and a cursor that pointer and keyboard move.

To a screen reader it is one chart whose description is what it shows in words; what the cursor
points at is announced.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleInterface,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAccessibleWidget, QSizePolicy, QWidget

from app.history.chart import next_stop
from app.history.chart_cycle import CycleChart
from app.ui import theme
from app.ui.chart_painting import Look, Plot, paint_chart, paint_cursor
from app.ui.history_content import Chart

_LEAST = QSize(320, 160)
_USUAL = QSize(640, 260)
_PAGE = 10  # a page key goes over a tenth of the axis
_WIDTH_STEP = 160  # a window that is dragged wider is not read anew for each pixel


class ChartView(QWidget):
    """`pointed` carries the moment below the cursor, None when there is no cursor any more;
    `widened` that the chart needs more points for its width (`pixels`)."""

    pointed = Signal(object)
    widened = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        _name_role()
        self._chart: Chart | None = None
        self._ticks: tuple[str, ...] = ()
        self._thresholds = (75.0, 90.0)
        self._cursor_at: int | None = None
        self._pixels = _USUAL.width()
        # Time runs from left to right in every language, as on printed charts, and so do numbers.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(_LEAST)

    @property
    def pixels(self) -> int:
        """How many columns the chart has, in coarse steps."""
        return self._pixels

    @property
    def cursor_at(self) -> int | None:
        """The moment below the cursor."""
        return self._cursor_at

    def sizeHint(self) -> QSize:
        return _USUAL

    def show_chart(
        self, chart: Chart | None, ticks: tuple[str, ...], thresholds: tuple[float, float]
    ) -> None:
        """Show another chart; the cursor stays at its moment as long as that is on the axis."""
        self._chart, self._ticks, self._thresholds = chart, ticks, thresholds
        at = self._cursor_at
        if at is not None and (chart is None or not chart.axis.since <= at <= chart.axis.until):
            self.point_at(None)
        self.update()

    def point_at(self, at: int | None) -> None:
        """Move the cursor."""
        if at != self._cursor_at:
            self._cursor_at = at
            self.pointed.emit(at)
            self.update()

    def announce(self, text: str) -> None:
        """Let a screen reader say `text`."""
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    # --- painting ------------------------------------------------------------------------------

    def plot(self) -> Plot | None:
        """Where the chart is drawn now."""
        if self._chart is None:
            return None
        return Plot.within(self.width(), self.height(), self._chart.axis)

    def paintEvent(self, _event: QPaintEvent) -> None:
        plot, chart = self.plot(), self._chart
        if plot is None or chart is None:
            return
        look = Look(theme.current())
        painter = QPainter(self)
        painter.setLayoutDirection(self.layoutDirection())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_chart(painter, plot, chart, look, ticks=self._ticks, thresholds=self._thresholds)
        if self._cursor_at is not None:
            readout = chart.readout(self._cursor_at)
            percent = readout.percent
            if percent is not None and isinstance(chart, CycleChart):
                percent = 100 - percent
            paint_cursor(painter, plot, self._cursor_at, percent, look)
        if self.hasFocus():
            painter.setPen(QPen(look.colours.colour("calm"), 2))
            box = self.rect().toRectF().adjusted(1, 1, -1, -1)
            painter.drawRoundedRect(box, theme.BUTTON_RADIUS, theme.BUTTON_RADIUS)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        needed = -(-self.width() // _WIDTH_STEP) * _WIDTH_STEP
        if needed > self._pixels:
            self._pixels = needed
            self.widened.emit()

    # --- pointer and keyboard ------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        plot = self.plot()
        if plot is not None:
            inside = plot.box.adjusted(-2, -20, 2, 20).contains(event.position())
            self.point_at(plot.moment(event.position().x()) if inside else None)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.point_at(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.point_at(None)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        chart = self._chart
        at = None if chart is None else self._target(chart, Qt.Key(event.key()))
        if at is None:
            super().keyPressEvent(event)
        else:
            self.point_at(at)

    def _target(self, chart: Chart, key: Qt.Key) -> int | None:
        """Where a key leads, None if it leads nowhere."""
        stops, at = chart.stops, self._cursor_at
        if not stops:
            return None
        page = (chart.axis.until - chart.axis.since) // _PAGE
        match key:
            case Qt.Key.Key_Left:
                return next_stop(stops, at, -1)
            case Qt.Key.Key_Right:
                return next_stop(stops, at, 1)
            case Qt.Key.Key_Home:
                return stops[0]
            case Qt.Key.Key_End:
                return stops[-1]
            case Qt.Key.Key_PageUp:
                return max(stops[0], (stops[-1] if at is None else at) - page)
            case Qt.Key.Key_PageDown:
                return min(stops[-1], (stops[-1] if at is None else at) + page)
            case _:
                return None


@cache
def _name_role() -> None:
    """Let screen readers hear "chart": a plain widget has no role they would speak of."""
    QAccessible.installFactory(_accessible)


def _accessible(_class_name: str, widget: QObject | None) -> QAccessibleInterface | None:
    if isinstance(widget, ChartView):
        return QAccessibleWidget(widget, QAccessible.Role.Chart)
    return None  # whoever is asked next knows it
