"""Times of single widgets on a real display, printed as one JSON object.

`icon_ms`: drawing the tray icon in all its sizes. `panel_ms`: from the click to the first paint
of a panel that was open before; `first_panel_ms`: of the very first one, its import and the
style sheet included.
"""

from __future__ import annotations

import json
import statistics
import time
from typing import TYPE_CHECKING

from app.ui.qt_import import import_qt

import_qt()  # as the program does: it decides what every later import costs

from gallery.states import PANEL_STATES
from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtWidgets import QApplication, QWidget

from app.ui import tray, tray_icon
from app.ui.first_icon import TrayApplication
from app.ui.icon_state import Column, IconState
from app.ui.theme import Theme
from app.usage.pace import Level

if TYPE_CHECKING:
    from app.ui.panel import Panel  # its import is part of the first opening

_ROUNDS = 15
_PLACE = QPoint(1200, 790)


class _FirstPaint(QObject):
    """Notes when a window was painted."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.at = 0.0  # not yet
        window.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and not self.at:
            self.at = time.perf_counter()
        return False


def icon_ms() -> float:
    """Median of drawing one state nobody has drawn before."""
    times = []
    for fill in range(_ROUNDS):
        state = IconState((Column(fill, Level.CALM), Column(fill, Level.OVER)))
        started = time.perf_counter()
        icon = tray_icon.tray_icon(state)
        for size in tray_icon.SIZES:
            icon.pixmap(size, size)
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000


def panel_ms(app: QApplication, theme: Theme) -> tuple[float, float]:
    """(first opening, median of later ones), until the window has been painted."""
    started = time.perf_counter()
    theme.dress()
    from app.ui.panel import Panel

    panel = Panel()
    panel.render(PANEL_STATES["warning"])
    paint = _FirstPaint(panel)
    first = _opened(app, panel, paint, started)
    later = []
    for _ in range(_ROUNDS):
        panel.hide()
        app.processEvents()
        later.append(_opened(app, panel, paint, time.perf_counter()))
    return first, statistics.median(later)


def _opened(app: QApplication, panel: Panel, paint: _FirstPaint, started: float) -> float:
    paint.at = 0.0
    panel.show_near(_PLACE)
    while not paint.at:
        app.processEvents()
    return (paint.at - started) * 1000


def main() -> None:
    app = TrayApplication(["bench"])
    theme = Theme(app, "light", dressed=False)
    tray.Tray(theme)  # the program has its tray, and has drawn its icon, long before any panel
    icon = icon_ms()
    first, later = panel_ms(app, theme)
    print(json.dumps({"icon_ms": icon, "first_panel_ms": first, "panel_ms": later}))


if __name__ == "__main__":
    main()
