"""The tray icon where contrast is high: every part stands out, on the panel and from the next."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from gallery.states import ICON_STATES, NOW
from PySide6.QtGui import QColor, QImage, QPainter

from app.state import AppState
from app.ui import colours
from app.ui.colours import contrast
from app.ui.icon_state import Column, IconState, icon_state
from app.ui.tray_icon import render
from app.usage.pace import Level

_PANELS = {False: "#FFFFFF", True: "#000000"}
_SIZE = 22
both = pytest.mark.parametrize("on_dark", [False, True], ids=["light", "dark"])


def on_panel(icon: IconState, size: int = _SIZE) -> QImage:
    """The icon as it is seen on a panel of the desktop."""
    picture = QImage(size, size, QImage.Format.Format_RGB32)
    picture.fill(QColor(_PANELS[icon.on_dark]))
    painter = QPainter(picture)
    painter.drawImage(0, 0, render(icon, size))
    painter.end()
    return picture


@both
@pytest.mark.parametrize("is_mono", [False, True], ids=["colour", "mono"])
@pytest.mark.parametrize("level", [Level.CALM, Level.CLOSE, Level.OVER])
def test_a_column_stands_out_and_so_does_what_fills_it(
    level: Level, is_mono: bool, on_dark: bool
) -> None:
    """WCAG 1.4.11."""
    columns = (Column(20, level),)
    icon = IconState(columns, on_dark=on_dark, is_mono=is_mono, is_high=True)
    picture, middle = on_panel(icon), _SIZE // 2
    panel = _PANELS[on_dark]
    fill = picture.pixelColor(middle, _SIZE * 3 // 4).name()
    track = picture.pixelColor(middle, _SIZE * 3 // 8).name()
    assert contrast(track, panel) >= 3
    assert contrast(fill, panel) >= 3
    assert contrast(fill, track) >= 3


@both
def test_old_numbers_are_told_by_shape(on_dark: bool) -> None:
    fresh = IconState((Column(30, Level.CALM),), on_dark=on_dark, is_high=True, is_mono=True)
    old = replace(fresh, is_dim=True)
    middle, lower = _SIZE // 2, _SIZE * 5 // 8
    filled = on_panel(fresh).pixelColor(middle, lower).name()
    hollow = on_panel(old).pixelColor(middle, lower).name()
    assert contrast(filled, hollow) >= 3


@both
@pytest.mark.parametrize("fill", [1, 5, 30])
@pytest.mark.parametrize("size", [16, 22, 24, 32])
def test_an_outline_has_the_shape_of_what_it_outlines(on_dark: bool, fill: int, size: int) -> None:
    """However low it is: it fills its column from side to side, up to where a fill would."""
    icon = IconState((Column(fill, Level.CALM),), on_dark=on_dark, is_high=True, is_mono=True)
    ink = QColor(colours.of(is_dark=on_dark, is_high=True).ink).lightness()

    def inked(one: IconState) -> set[tuple[int, int]]:
        picture = on_panel(one, size)
        spots = ((x, y) for x in range(size) for y in range(size))
        return {spot for spot in spots if abs(picture.pixelColor(*spot).lightness() - ink) < 32}

    full, outline = inked(icon), inked(replace(icon, is_dim=True))
    assert outline <= full
    for axis in (0, 1):
        assert {spot[axis] for spot in outline} == {spot[axis] for spot in full}


@both
def test_every_state_looks_different(on_dark: bool) -> None:
    def of(state: AppState) -> IconState:
        return icon_state(state, NOW, on_dark=on_dark, is_high=True)

    icons = {name: of(state) for name, state in ICON_STATES.items()}
    for (name, icon), (other_name, other) in combinations(icons.items(), 2):
        if icon != other and icon.is_mono == other.is_mono:
            assert on_panel(icon, 32) != on_panel(other, 32), (name, other_name)
