"""The drawn icons, recoloured."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QColor
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
