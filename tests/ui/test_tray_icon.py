"""The drawn tray icon, probed pixel by pixel."""

from __future__ import annotations

from itertools import pairwise

import pytest
from gallery.states import ICON_STATES, NOW
from PySide6.QtGui import QColor, QImage

from app.ui import tray_icon
from app.ui.colours import DARK, LIGHT
from app.ui.icon_state import STEPS, Column, IconState, Mark, icon_state
from app.usage.pace import Level

pytestmark = pytest.mark.usefixtures("qapp")

TWO = IconState((Column(STEPS // 2, Level.CLOSE), Column(STEPS // 4, Level.CALM)))


def _colours(image: QImage, alpha: int = 255) -> set[str]:
    return {
        image.pixelColor(x, y).name()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() >= alpha
    }


def _rows_of(image: QImage, colour: str, x: int) -> int:
    return sum(image.pixelColor(x, y) == QColor(colour) for y in range(image.height()))


@pytest.mark.parametrize("size", tray_icon.SIZES)
@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0, 3.0])
def test_every_size_and_ratio_is_drawn_whole(size: int, ratio: float) -> None:
    image = tray_icon.render(TWO, size, ratio)
    assert image.width() == image.height() == round(size * ratio)
    assert image.devicePixelRatio() == ratio
    assert {LIGHT.close.lower(), LIGHT.calm.lower()} <= _colours(image)


@pytest.mark.parametrize("pixels", [16, 22, 24, 32, 44, 48, 64, 66, 72, 96, 144, 192])
def test_columns_stand_on_whole_pixels_and_symmetric(pixels: int) -> None:
    state = IconState((Column(STEPS, Level.CALM), Column(STEPS, Level.CALM)))
    image = tray_icon.render(state, pixels)
    middle = pixels // 2
    solid = [image.pixelColor(x, middle).alpha() for x in range(pixels)]
    assert set(solid) <= {0, 255}, "an edge lies between two pixels"
    assert solid == solid[::-1]
    edges = sum(a != b for a, b in pairwise(solid))
    assert edges == 4


def test_fill_is_proportional_and_rises_from_below() -> None:
    heights = []
    for fill in (5, 10, 20, 30, 39):
        image = tray_icon.render(IconState((Column(fill, Level.CALM),)), 64)
        heights.append(_rows_of(image, LIGHT.calm, 32))
        assert image.pixelColor(32, 64 - 8) == QColor(LIGHT.calm)
    assert heights == sorted(heights)
    assert heights[2] == pytest.approx(2 * heights[1], abs=1)


def test_left_is_the_first_column_and_one_alone_stands_in_the_middle() -> None:
    image = tray_icon.render(TWO, 32)
    assert image.pixelColor(9, 26) == QColor(LIGHT.close)
    assert image.pixelColor(22, 26) == QColor(LIGHT.calm)
    alone = tray_icon.render(IconState((Column(STEPS // 2, Level.CALM),)), 32)
    assert alone.pixelColor(16, 26) == QColor(LIGHT.calm)


@pytest.mark.parametrize("pixels", [16, 22, 24, 32, 48, 64])
def test_states_can_be_told_apart_without_colour(pixels: int) -> None:
    pictures: dict[bytes, list[str]] = {}
    for name, state in ICON_STATES.items():
        image = tray_icon.render(icon_state(state, NOW), pixels)
        alpha = bytes(image.pixelColor(x, y).alpha() for y in range(pixels) for x in range(pixels))
        pictures.setdefault(alpha, []).append(name)
    ambiguous = [names for names in pictures.values() if len(names) > 1]
    # Numbers of the same height differ by nothing but their level; "expired" is an error.
    assert ambiguous in ([], [["error", "expired"]])


def test_the_exclamation_mark_is_cut_out_of_the_column() -> None:
    state = IconState((Column(STEPS, Level.EXHAUSTED, is_exhausted=True),))
    image = tray_icon.render(state, 32)
    column = [image.pixelColor(16, y).alpha() for y in range(4, 28)]
    assert 0 in column
    changes = sum(a != b for a, b in pairwise(column))
    assert changes >= 4  # bar and dot


def test_marks_stand_free_in_the_upper_right() -> None:
    error = tray_icon.render(IconState(TWO.columns, Mark.ERROR, is_dim=True), 32)
    assert error.pixelColor(25, 6) == QColor(LIGHT.over)
    offline = tray_icon.render(IconState(TWO.columns, Mark.OFFLINE, is_dim=True), 32)
    assert offline.pixelColor(25, 6).alpha() == 0
    assert error.pixelColor(25, 13).alpha() == 0  # a gap below the dot


def test_on_a_dark_panel_the_dark_colours_are_used() -> None:
    state = IconState(TWO.columns, on_dark=True)
    assert {DARK.close.lower(), DARK.calm.lower()} <= _colours(tray_icon.render(state, 48))


def test_unknown_percentage_is_a_dash_not_an_empty_column() -> None:
    unknown = tray_icon.render(IconState((Column(None, Level.UNKNOWN),)), 32)
    empty = tray_icon.render(IconState((Column(0, Level.CALM),)), 32)
    assert unknown != empty


def test_equal_states_give_the_same_icon_object() -> None:
    again = IconState((Column(STEPS // 2, Level.CLOSE), Column(STEPS // 4, Level.CALM)))
    assert tray_icon.tray_icon(TWO) is tray_icon.tray_icon(again)
