"""A journey while the program runs: times are told in the new zone within a minute (F-M06)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

import pytest
from gallery.states import NOW, PANEL_STATES
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QSystemTrayIcon
from pytestqt.qtbot import QtBot

from app.ui import theme
from app.ui.panel import Panel
from app.ui.tray import Tray


class _Journey(tzinfo):
    """The zone of somebody who travels."""

    def __init__(self) -> None:
        self.hours = 1

    def utcoffset(self, _moment: datetime | None) -> timedelta:
        return timedelta(hours=self.hours)

    def dst(self, _moment: datetime | None) -> timedelta:
        return timedelta()

    def tzname(self, _moment: datetime | None) -> str:
        return f"{self.hours:+d}"


def test_an_open_panel_tells_the_new_times_with_the_next_tick(
    look: theme.Theme, qtbot: QtBot
) -> None:
    assert not look.colours.is_dark
    zone = _Journey()
    panel = Panel(clock=lambda: NOW, zone=zone)
    qtbot.addWidget(panel)
    panel.render(PANEL_STATES["warning"])
    panel.show_near(QPoint(700, 790))
    assert panel.parts.numbers is not None
    five, week = panel.parts.numbers.gauges
    assert (five.clock.text(), week.clock.text()) == ("today 15:00", "Thu 12:12")
    zone.hours = 12
    qtbot.waitUntil(lambda: five.clock.text() == "today 02:00")
    assert week.clock.text() == "Thu 23:12"
    assert five.pace.text().startswith("runs out 01:43")
    assert five.countdown.text() == "resets in 1 h 19 m"  # no time passed
    panel.hide()


def test_the_tooltip_tells_the_new_times_once_the_zone_is_seen_to_differ(
    look: theme.Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: True)
    zone = _Journey()
    tray = Tray(look, clock=lambda: NOW, zone=zone)
    tray.start()
    state = replace(PANEL_STATES["warning"], zone="+01")
    tray.render(state)
    icon = tray.findChild(QSystemTrayIcon)
    assert icon is not None
    assert "resets at 15:00" in icon.toolTip()
    zone.hours = -7
    tray.render(replace(state, zone="-07"))
    assert "resets at 07:00" in icon.toolTip()
    tray.stop()
