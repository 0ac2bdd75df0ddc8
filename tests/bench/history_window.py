"""Times of the history window on a real display, printed as one JSON object.

`first_history_ms`: from the wish to the first paint of the very first one, its import included.
`history_read_ms`: what the file takes for 30 days out of a year of one-minute readings, in its
own thread; `history_built_ms` and `history_painted_ms`: what these take on the GUI thread.
`history_bytes`: the size of that file.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.ui.qt_import import import_qt

import_qt()  # as the program does: it decides what every later import costs

from gallery.states import PANEL_STATES
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from app.history.curves import Series, WindowOnFile
from app.history.opening import open_history
from app.history.queries import series_of
from app.history.runs import GAP_S
from app.history.schema import SCHEMA
from app.ui.theme import Theme

_NOW = datetime(2026, 11, 22, 12, 41, tzinfo=UTC)
_YEAR_MINUTES = 365 * 24 * 60
_WINDOW = "codex/604800"
_PIXELS = 640
_ROUNDS = 7


class _FirstPaint(QObject):
    """Notes when a window was painted."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.at = 0.0
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and not self.at:
            self.at = time.perf_counter()
        return False


def first_opening_ms(app: QApplication, theme: Theme) -> float:
    """Until the window with its first, empty state has been painted."""
    started = time.perf_counter()
    theme.dress()
    from app.ui.history_window import HistoryWindow

    window = HistoryWindow(clock=lambda: _NOW, zone=UTC)
    window.render(PANEL_STATES["fresh"])
    paint = _FirstPaint(window)
    window.show()
    while not paint.at:
        app.processEvents()
    window.close()
    return (paint.at - started) * 1000


def year_on_file(path: Path) -> None:
    """A reading for every minute of a year, each another value: nothing can be compacted."""
    end = round(_NOW.timestamp())
    with closing(open_history(path, SCHEMA, _NOW).connection) as file:
        file.execute("BEGIN IMMEDIATE")
        file.execute("INSERT INTO windows VALUES (1, 'account', ?, '')", (_WINDOW,))
        file.executemany("INSERT INTO runs VALUES (1, ?, ?, ?, 1, ?, ?, 0)", _rows(end))
        file.execute("COMMIT")


def _rows(end: int) -> list[tuple[int, int, int, int, int]]:
    week = 7 * 86_400
    rows = []
    for number in range(_YEAR_MINUTES):
        at = end - (_YEAR_MINUTES - 1 - number) * 60
        resets_at = end - (end - at) // week * week + week // 2
        rows.append((number + 1, at, at, 9900 - (resets_at - at) // 100 % 9900, resets_at))
    return rows


def median_ms(work: Callable[[], object]) -> float:
    times = []
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000


def chart_figures(path: Path) -> dict[str, float]:
    """Reading, building and painting 30 days."""
    from PySide6.QtGui import QPainter

    from app.history.chart import use_chart
    from app.history.chart_axis import axis_between
    from app.ui.chart_painting import Look, Plot, paint_chart
    from app.ui.colours import LIGHT

    since, until = round((_NOW - timedelta(days=30)).timestamp()), round(_NOW.timestamp())
    with closing(open_history(path, SCHEMA, _NOW).connection) as file:

        def read() -> Series:
            return series_of(file, "account", _WINDOW, since, until, pixels=_PIXELS, gap_s=GAP_S)

        read_ms = median_ms(read)
        series = read()
    axis = axis_between(since, until, UTC)
    window = WindowOnFile(_WINDOW, "", since, until)
    build_ms = median_ms(lambda: use_chart(series, axis, window.window_seconds, GAP_S))
    chart = use_chart(series, axis, window.window_seconds, GAP_S)
    image = QImage(_PIXELS, 300, QImage.Format.Format_RGB32)
    plot = Plot.within(_PIXELS, 300, axis)

    def paint() -> None:
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        words = ("22 Nov",) * len(axis.ticks)
        paint_chart(painter, plot, chart, Look(LIGHT), ticks=words, thresholds=(75, 90))
        painter.end()

    return {
        "history_read_ms": read_ms,
        "history_built_ms": build_ms,
        "history_painted_ms": median_ms(paint),
        "history_points": len(series.points),
    }


def main() -> None:
    app = QApplication([])
    figures = {"first_history_ms": first_opening_ms(app, Theme(app, "light", dressed=False))}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tidegauge" / "history.db"
        year_on_file(path)
        figures |= chart_figures(path)
        figures["history_bytes"] = path.stat().st_size
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
