"""Where a small window goes: beside the icon it belongs to, wholly on one screen. Pure."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize

MARGIN = 8


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
