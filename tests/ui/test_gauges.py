"""Gauges and bars as widgets."""

from __future__ import annotations

import pytest
from gallery.states import NOW, PANEL_STATES, ZONE
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QPalette
from pytestqt.qtbot import QtBot

from app.ui import theme
from app.ui.gauge_reading import BarReading, GaugeReading
from app.ui.gauges import ArcGauge
from app.ui.limit_bar import LimitBar
from app.ui.panel_content import panel_content


def _reading(name: str = "warning", index: int = 0) -> GaugeReading:
    return panel_content(PANEL_STATES[name], NOW, ZONE).gauges[index]


def _bar(index: int = 1) -> BarReading:
    return panel_content(PANEL_STATES["warning"], NOW, ZONE).bars[index]


class _Paints(QObject):
    """Counts the paint events of one widget."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


@pytest.fixture
def gauge(qtbot: QtBot) -> ArcGauge:
    widget = ArcGauge()
    qtbot.addWidget(widget)
    widget.show_reading(_reading())
    return widget


def test_words_stand_below_the_dial(gauge: ArcGauge) -> None:
    reading = _reading()
    shown = [label.text() for label in (gauge.name, gauge.countdown, gauge.clock, gauge.pace)]
    assert shown == [reading.name, reading.countdown, reading.clock, reading.pace]


def test_a_screen_reader_gets_name_value_and_sentence(gauge: ArcGauge) -> None:
    assert gauge.dial.accessibleName() == "5-hour"
    assert gauge.dial.value() == 78
    assert gauge.dial.accessibleDescription() == _reading().spoken


def test_the_arc_is_filled_in_the_colour_of_the_level(gauge: ArcGauge) -> None:
    image = gauge.dial.grab().toImage()
    colours = theme.current()
    assert image.pixelColor(70 - 54, 63) == QColor(colours.close)  # nine o'clock: a quarter in
    assert image.pixelColor(70 + 38, 63 + 38) == QColor(colours.track)  # the end of the track


def test_stale_numbers_are_grey(gauge: ArcGauge) -> None:
    gauge.show_reading(_reading("stale"))
    image = gauge.dial.grab().toImage()
    assert image.pixelColor(70 - 54, 63) == QColor(theme.current().faint)


def test_a_hidden_gauge_jumps_to_its_value(gauge: ArcGauge) -> None:
    gauge.show_reading(_reading()._replace(filled=10.0))
    assert (gauge.dial.drawn_percent, gauge.dial.is_gliding) == (10.0, False)


def test_a_seen_gauge_glides_to_its_value_and_ends_there(gauge: ArcGauge, qtbot: QtBot) -> None:
    gauge.show()
    gauge.show_reading(_reading()._replace(filled=90.0), may_glide=True)
    assert gauge.dial.is_gliding
    assert gauge.dial.drawn_percent < 90
    qtbot.waitUntil(lambda: not gauge.dial.is_gliding)
    assert gauge.dial.drawn_percent == 90.0


def test_no_motion_where_it_is_not_welcome(gauge: ArcGauge) -> None:
    gauge.show()
    gauge.show_reading(_reading()._replace(filled=90.0))
    assert (gauge.dial.drawn_percent, gauge.dial.is_gliding) == (90.0, False)


def test_a_glide_under_way_ends_at_once_where_motion_is_no_longer_welcome(gauge: ArcGauge) -> None:
    gauge.show()
    gauge.show_reading(_reading()._replace(filled=90.0), may_glide=True)
    gauge.show_reading(_reading()._replace(filled=20.0))
    assert (gauge.dial.drawn_percent, gauge.dial.is_gliding) == (20.0, False)


def test_a_click_on_the_dial_is_a_wish(gauge: ArcGauge, qtbot: QtBot) -> None:
    with qtbot.waitSignal(gauge.dial.pressed):
        qtbot.mouseClick(gauge.dial, Qt.MouseButton.LeftButton)
    with qtbot.assertNotEmitted(gauge.dial.pressed):
        qtbot.mouseClick(gauge.dial, Qt.MouseButton.RightButton)


def test_pace_is_said_in_the_colour_of_its_level(gauge: ArcGauge) -> None:
    role, colours = QPalette.ColorRole.WindowText, theme.current()
    assert gauge.pace.palette().color(role) == QColor(colours.close)
    gauge.show_reading(_reading("fresh"))
    assert gauge.pace.palette().color(role) == QColor(colours.secondary)
    gauge.show_reading(_reading("blocked"))
    assert gauge.pace.palette().color(role) == QColor(colours.over)
    gauge.show_reading(_reading("doubtful"))
    assert gauge.pace.palette().color(role) == QColor(colours.secondary)


def test_another_window_in_the_same_place_does_not_glide(gauge: ArcGauge) -> None:
    gauge.show()
    gauge.show_reading(_reading(index=1), may_glide=True)
    assert not gauge.dial.is_gliding
    assert gauge.dial.drawn_percent == 31


def test_a_tick_of_the_countdown_does_not_repaint_the_dial(gauge: ArcGauge, qtbot: QtBot) -> None:
    gauge.show()
    qtbot.wait(50)
    paints = _Paints()
    gauge.dial.installEventFilter(paints)
    gauge.show_reading(_reading()._replace(countdown="resets in 1 h 18 m"))
    qtbot.wait(50)
    assert paints.count == 0
    assert gauge.countdown.text() == "resets in 1 h 18 m"


def test_a_bar_has_name_text_and_length(qtbot: QtBot) -> None:
    bar = LimitBar()
    qtbot.addWidget(bar)
    bar.resize(328, 30)
    bar.show_reading(_bar())
    assert (bar.name.text(), bar.text.text()) == ("Spark", "96 % · resets in 41 m")
    assert (bar.bar.accessibleName(), bar.bar.value()) == ("Spark", 96)
    image = bar.bar.grab().toImage()
    colours = theme.current()
    assert image.pixelColor(100, 3) == QColor(colours.over)
    assert image.pixelColor(325, 3) == QColor(colours.track)
