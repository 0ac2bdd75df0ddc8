"""The switch of the settings window: a check box that says its state by shape."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from app.ui import theme
from app.ui.switch import Switch


@pytest.mark.parametrize("direction", Qt.LayoutDirection.__members__.values())
def test_the_knob_stands_on_the_side_of_its_state(
    qtbot: QtBot, direction: Qt.LayoutDirection
) -> None:
    switch = Switch()
    switch.setLayoutDirection(direction)
    qtbot.addWidget(switch)
    switch.show()
    colours = theme.current()

    def colour_at(x: int) -> QColor:
        return switch.grab().toImage().pixelColor(x, switch.height() // 2)

    left, right = 12, 28
    off, on = (left, right) if not switch.isRightToLeft() else (right, left)
    assert colour_at(off) == colours.colour("secondary")
    assert colour_at(on) == colours.colour("card")
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton, pos=QPoint(1, 1))
    assert switch.isChecked()
    assert colour_at(on) == colours.colour("on_accent")
    assert colour_at(off) == colours.colour("calm")


def test_it_shows_that_it_has_the_keyboard(qtbot: QtBot) -> None:
    switch = Switch()
    qtbot.addWidget(switch)
    switch.show()
    before = switch.grab().toImage()
    switch.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(switch.hasFocus)
    assert switch.grab().toImage() != before
