"""Where the panel goes, on any screen and beside any edge."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, QSize

from app.ui.placement import MARGIN, near

SCREEN = QRect(0, 0, 1280, 768)  # the panel is below
RIGHT_SCREEN = QRect(1280, 0, 1920, 1050)
PANEL = QSize(360, 450)


@pytest.mark.parametrize(
    ("icon", "available", "corner"),
    [
        (QPoint(1200, 784), SCREEN, QPoint(1280 - MARGIN - 360, 768 - MARGIN - 450)),
        (QPoint(640, 784), SCREEN, QPoint(460, 768 - MARGIN - 450)),
        (QPoint(640, 10), QRect(0, 32, 1280, 768), QPoint(460, 32 + MARGIN)),
        (QPoint(5, 784), SCREEN, QPoint(MARGIN, 768 - MARGIN - 450)),
        (QPoint(1300, 1060), RIGHT_SCREEN, QPoint(1280 + MARGIN, 1050 - MARGIN - 450)),
        (QPoint(640, 700), SCREEN, QPoint(460, 700 - MARGIN - 450)),
    ],
)
def test_beside_the_icon_inside_the_screen(icon: QPoint, available: QRect, corner: QPoint) -> None:
    assert near(icon, PANEL, available) == corner


@given(
    x=st.integers(-3000, 5000),
    y=st.integers(-3000, 5000),
    left=st.integers(-2000, 2000),
    top=st.integers(-1000, 1000),
    width=st.integers(400, 4000),
    height=st.integers(480, 3000),
)
def test_always_wholly_on_the_screen(
    x: int, y: int, left: int, top: int, width: int, height: int
) -> None:
    available = QRect(left, top, width, height)
    assert available.contains(QRect(near(QPoint(x, y), PANEL, available), PANEL))


def test_a_window_larger_than_the_screen_keeps_its_heading() -> None:
    small = QRect(0, 0, 320, 200)
    assert near(QPoint(300, 190), PANEL, small) == QPoint(MARGIN, MARGIN)
