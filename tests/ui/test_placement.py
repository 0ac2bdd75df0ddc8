"""Where the panel goes, on any screen and beside any edge."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, QSize

from app.ui.placement import MARGIN, inside, near, screens_key

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


# --- where it stood before ------------------------------------------------------------------------

LEFT, RIGHT = QRect(0, 0, 1280, 768), QRect(1280, 0, 1920, 1080)
LEAST = QSize(360, 360)


@pytest.mark.parametrize(
    ("wanted", "placed"),
    [
        (QRect(100, 50, 400, 560), QRect(100, 50, 400, 560)),  # all of it is there
        (QRect(1500, 900, 400, 560), QRect(1500, 488, 400, 560)),
        (QRect(-300, -50, 400, 560), QRect(0, 0, 400, 560)),
        (QRect(9000, 9000, 400, 560), QRect(2800, 488, 400, 560)),  # a screen that is gone
        (QRect(0, 0, 4000, 3000), QRect(1280, 0, 1920, 1048)),
        (QRect(1200, 100, 400, 560), QRect(1280, 100, 400, 560)),  # across two
    ],
)
def test_a_remembered_window_is_wholly_on_one_screen(wanted: QRect, placed: QRect) -> None:
    assert inside(wanted, [LEFT, RIGHT], LEAST) == placed


def test_a_window_never_becomes_smaller_than_it_can_be() -> None:
    tiny = QRect(0, 0, 200, 200)
    assert inside(QRect(50, 50, 400, 560), [tiny], LEAST) == QRect(0, 0, 360, 360)


def test_a_set_of_screens_is_known_in_any_order() -> None:
    assert (
        screens_key([RIGHT, LEFT])
        == screens_key([LEFT, RIGHT])
        == ("1280x768+0+0;1920x1080+1280+0")
    )
