"""The drawn tray icon, probed pixel by pixel."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, groupby, pairwise

import pytest
from gallery.states import ICON_STATES, NOW
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap

from app.ui import icon_drawing, tray_icon
from app.ui.colours import DARK, LIGHT, contrast
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
    # One colour draws the same figures where no level is to be told by lid or frame.
    allowed = [["exhausted", "number-full"], ["stale", "mono-stale"], ["error", "mono-error"]]
    assert [names for names in ambiguous if names not in allowed] == []


@pytest.mark.parametrize("pixels", [16, 22, 24, 32, 48, 64])
@pytest.mark.parametrize("fill", [1, STEPS // 2, round(0.9 * STEPS), STEPS - 1])
def test_in_one_colour_a_level_is_a_shape(pixels: int, fill: int) -> None:
    """Calm is bare, close has a lid, over a frame, exhausted an exclamation mark: equally full,
    no two differ by less than a stroke as wide as the column."""
    drawn = {
        level: tray_icon.render(
            IconState((Column(fill, level, level is Level.EXHAUSTED),), is_mono=True), pixels
        )
        for level in (Level.CALM, Level.CLOSE, Level.OVER, Level.EXHAUSTED)
    }
    for one, other in combinations(drawn.values(), 2):
        changed = sum(
            abs(one.pixelColor(x, y).alpha() - other.pixelColor(x, y).alpha()) > 100
            for y in range(pixels)
            for x in range(pixels)
        )
        assert changed >= round(4 * pixels / 16)


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


ALL = {name: icon_state(state, NOW) for name, state in ICON_STATES.items()}


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("pixels", [16, 17, 19, 20, 22, 24, 28, 33, 36, 40, 64, 66, 96])
def test_nothing_is_cut_off_at_the_edges(name: str, pixels: int) -> None:
    """Odd sizes too: drawn with room around it, the icon has no pixel more."""
    roomy = QImage(3 * pixels, 3 * pixels, QImage.Format.Format_ARGB32_Premultiplied)
    roomy.fill(Qt.GlobalColor.transparent)
    painter = QPainter(roomy)
    painter.translate(pixels, pixels)
    icon_drawing.draw(painter, ALL[name], pixels)
    painter.end()
    inside = QImage(roomy)
    painter = QPainter(inside)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
    painter.fillRect(pixels, pixels, pixels, pixels, Qt.GlobalColor.black)
    painter.end()
    blank = QImage(inside.size(), inside.format())
    blank.fill(Qt.GlobalColor.transparent)
    assert inside == blank


@pytest.mark.parametrize("size", [16, 17, 20, 25, 33, 41])
@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0, 3.0])
def test_a_host_gets_the_very_size_it_asks_for(size: int, ratio: float) -> None:
    """Drawn, not scaled: what a painter of any ratio and `pixmap()` get is what `render` gives."""
    icon = tray_icon.tray_icon(TWO)
    wanted = tray_icon.render(TWO, size, ratio)
    given = icon.pixmap(QSize(size, size), ratio).toImage()
    assert given.convertToFormat(wanted.format()) == wanted
    painted = QImage(wanted.size(), wanted.format())
    painted.setDevicePixelRatio(ratio)
    painted.fill(Qt.GlobalColor.transparent)
    painter = QPainter(painted)
    icon.paint(painter, 0, 0, size, size)
    painter.end()
    assert painted == wanted
    assert icon.actualSize(QSize(size, size + 4)) == QSize(size, size)


def test_the_bus_is_sent_all_sizes_and_a_copy_draws_as_well() -> None:
    icon = tray_icon.tray_icon(TWO)
    assert not icon.isNull()
    assert [size.width() for size in icon.availableSizes()] == list(tray_icon.SIZES)
    copy = QIcon(icon)
    copy.addPixmap(QPixmap())  # takes a copy of the engine, should it have to
    assert not copy.pixmap(QSize(19, 19)).isNull()


@pytest.mark.parametrize("number", ["0", "7", "11", "100"])
@pytest.mark.parametrize("pixels", [16, 18, 20, 22, 24, 32, 33, 48, 64])
@pytest.mark.parametrize("full", [False, True])
def test_every_number_fits_with_open_digits(number: str, pixels: int, full: bool) -> None:
    """Even "100" at 16 pixels: every stroke lies on whole pixels, and a 0 has a hole."""
    columns = (Column(STEPS, Level.EXHAUSTED, is_exhausted=True),) if full else TWO.columns
    state = IconState(columns, number=number, number_level=Level.CALM)
    image = tray_icon.render(state, pixels)
    middle = pixels // 2 if full else pixels // 4
    row = [image.pixelColor(x, middle).alpha() for x in range(pixels)]
    assert set(row) == {0, 255}
    groups = [key for key, _ in groupby(row)]
    strokes = {"0": 2, "7": 1, "11": 2, "100": 5}
    assert groups.count(0 if full else 255) == strokes[number]


def test_one_colour_is_one_colour() -> None:
    for name in ("mono", "mono-calm", "mono-over", "mono-exhausted", "mono-stale", "mono-error"):
        for state, ink in ((ALL[name], LIGHT.ink), (replace(ALL[name], on_dark=True), DARK.ink)):
            assert _colours(tray_icon.render(state, 32)) <= {ink.lower()}, name


def test_what_starts_is_seen_on_every_panel() -> None:
    """The first picture is shown before anybody knows how light the panel is."""
    image = tray_icon.render(ALL["starting"], 32)
    assert image == tray_icon.render(replace(ALL["starting"], on_dark=True), 32)
    (colour,) = _colours(image)
    for panel in ("#F6F5F4", "#FFFFFF", "#000000", "#2A2E32"):
        assert contrast(colour.upper(), panel) >= 3
