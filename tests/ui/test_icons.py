"""The drawn icons, recoloured."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter
from PySide6.QtWidgets import QApplication

from app.assets import resource
from app.ui import icons

NAMES = sorted(path.stem for path in resource("icons").glob("*.svg") if path.stem != "tidegauge")


@pytest.mark.parametrize("name", NAMES)
def test_every_icon_is_drawn_in_the_colour_asked_for(qapp: QApplication, name: str) -> None:
    assert qapp is not None
    image = icons.icon(name, QColor("#C8391B"), 48).pixmap(48).toImage()
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    opaque = [pixel for pixel in pixels if pixel.alpha() == 255]
    assert opaque
    for pixel in opaque:  # rounding of overlapping strokes aside
        channels = (pixel.red(), pixel.green(), pixel.blue())
        assert channels == pytest.approx((0xC8, 0x39, 0x1B), abs=3)


def test_equal_requests_give_the_same_icon(qapp: QApplication) -> None:
    assert qapp is not None
    assert icons.icon("chat", QColor("red")) is icons.icon("chat", QColor("red"))


def test_the_application_icon_has_the_sizes_of_task_bars(qapp: QApplication) -> None:
    assert qapp is not None
    sizes = {size.width() for size in icons.application_icon().availableSizes()}
    assert {16, 32, 48, 256} <= sizes


def test_drawings_take_their_colour_from_outside() -> None:
    for name in NAMES:
        text = Path(resource("icons", f"{name}.svg")).read_text(encoding="utf-8")
        assert "currentColor" in text
        assert "#" not in text


@pytest.mark.parametrize("ratio", [1.0, 1.25, 2.0, 3.0])
def test_an_icon_is_drawn_for_the_very_size_and_scale(qapp: QApplication, ratio: float) -> None:
    assert qapp is not None
    picture = icons.icon("chat", QColor("red")).pixmap(QSize(16, 16), ratio)
    assert picture.width() == round(16 * ratio)
    assert picture.devicePixelRatio() == ratio
    assert icons.icon("chat", QColor("red")).actualSize(QSize(64, 20)) == QSize(16, 16)


def test_a_button_without_room_has_no_picture_and_no_complaint(qapp: QApplication) -> None:
    assert qapp is not None
    icon = icons.icon("chat", QColor("red"))
    assert icon.pixmap(QSize(0, 0)).isNull()
    image = QImage(20, 20, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    icon.paint(painter, QRect(0, 0, 0, 0))
    icon.paint(painter, QRect(2, 0, 16, 20))  # in the middle of a place that is no square
    painter.end()
    rows = [any(image.pixelColor(x, y).alpha() for x in range(20)) for y in range(20)]
    assert rows.index(True) >= 2
    assert not icon.isNull()
    assert not QIcon(icon).pixmap(QSize(16, 16)).isNull()
