"""Where a window goes: beside its icon, or where it stood before; wholly on one screen. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize

MARGIN = 8
TITLE_BAR = 32  # about as high as one is; what draws it does not say so beforehand


def near(point: QPoint, size: QSize, available: QRect) -> QPoint:
    """The upper left corner for a window of `size` near `point` (the icon).

    `available` is the screen without its panels. The window is centred on the icon and goes
    above it when the icon is in the lower half, else below it; then it is moved inside.
    """
    gap = MARGIN
    left = point.x() - size.width() // 2
    if point.y() > available.center().y():
        top = min(point.y() - gap - size.height(), available.bottom() + 1 - gap - size.height())
    else:
        top = max(point.y() + gap, available.top() + gap)
    return QPoint(
        _clamped(left, available.left() + gap, available.right() + 1 - gap - size.width()),
        _clamped(top, available.top() + gap, available.bottom() + 1 - gap - size.height()),
    )


def _clamped(value: int, low: int, high: int) -> int:
    return max(low, min(value, high))  # a window larger than the screen keeps its upper left


def screens_key(screens: Sequence[QRect]) -> str:
    """A set of screens by sizes and places, so that a window finds its place on each of them."""
    ordered = sorted((s.x(), s.y(), s.width(), s.height()) for s in screens)
    return ";".join(f"{width}x{height}{x:+d}{y:+d}" for x, y, width, height in ordered)


def inside(wanted: QRect, available: Sequence[QRect], least: QSize) -> QRect:
    """`wanted`, moved and shrunk until all of it is on the one screen it overlaps most.

    `available` are the screens without their panels. It never becomes smaller than `least`;
    a title bar above it keeps its room.
    """

    def overlap(screen: QRect) -> int:
        shared = screen.intersected(wanted)
        return shared.width() * shared.height() if shared.isValid() else 0

    def distance(screen: QRect) -> int:
        return (screen.center() - wanted.center()).manhattanLength()

    screen = min(available, key=lambda one: (-overlap(one), distance(one)))
    width = max(least.width(), min(wanted.width(), screen.width()))
    height = max(least.height(), min(wanted.height(), screen.height() - TITLE_BAR))
    left = _clamped(wanted.x(), screen.left(), screen.right() + 1 - width)
    top = _clamped(wanted.y(), screen.top(), screen.bottom() + 1 - height - TITLE_BAR)
    return QRect(left, top, width, height)
