"""Gauges and bars as widgets."""

from __future__ import annotations

from dataclasses import replace

import pytest
from gallery.states import NOW, PANEL_STATES, ZONE
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QProxyStyle, QStyle, QStyleHintReturn, QStyleOption, QWidget
from pytestqt.qtbot import QtBot

from app.ui import gauges, theme
from app.ui.gauge_reading import BarReading, GaugeReading
from app.ui.gauges import ArcGauge, LimitBar
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
    gauge.show_reading(replace(_reading(), filled=10.0))
    assert (gauge.dial.drawn_percent, gauge.dial.is_gliding) == (10.0, False)


def test_a_seen_gauge_glides_to_its_value_and_ends_there(
    gauge: ArcGauge, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gauges, "motion_is_welcome", lambda widget: widget.isVisible())
    gauge.show()
    gauge.show_reading(replace(_reading(), filled=90.0))
    assert gauge.dial.is_gliding
    assert gauge.dial.drawn_percent < 90
    qtbot.waitUntil(lambda: not gauge.dial.is_gliding, timeout=2000)
    assert gauge.dial.drawn_percent == 90.0


class _Calm(QProxyStyle):
    """A desktop whose animations take `duration` milliseconds; 0: switched off."""

    def __init__(self, duration: int) -> None:
        super().__init__("Fusion")
        self._duration = duration

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returned: QStyleHintReturn | None = None,
    ) -> int:
        if hint is QStyle.StyleHint.SH_Widget_Animation_Duration:
            return self._duration
        return super().styleHint(hint, option, widget, returned)


def test_no_motion_when_the_system_asks_for_none(gauge: ArcGauge, qtbot: QtBot) -> None:
    lively, calm = _Calm(200), _Calm(0)
    gauge.show()
    qtbot.wait(50)
    gauge.setStyle(lively)
    assert gauges.motion_is_welcome(gauge)
    gauge.setStyle(calm)
    assert not gauges.motion_is_welcome(gauge)
    gauge.hide()
    gauge.setStyle(lively)
    assert not gauges.motion_is_welcome(gauge)


def test_another_window_in_the_same_place_does_not_glide(
    gauge: ArcGauge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gauges, "motion_is_welcome", lambda _widget: True)
    gauge.show_reading(_reading(index=1))
    assert not gauge.dial.is_gliding
    assert gauge.dial.drawn_percent == 31


def test_a_tick_of_the_countdown_does_not_repaint_the_dial(gauge: ArcGauge, qtbot: QtBot) -> None:
    gauge.show()
    qtbot.wait(50)
    paints = _Paints()
    gauge.dial.installEventFilter(paints)
    gauge.show_reading(replace(_reading(), countdown="resets in 1 h 18 m"))
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
