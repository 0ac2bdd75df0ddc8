"""Digits and signs of the tray icon as strokes: crisp at 16 pixels, where no font is."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPainterPathStroker

_Point = tuple[float, float]

# Strokes as points: x 0 (left) to 1 (right), y 0 (top), 1 (middle), 2 (bottom).
_STROKES: dict[str, tuple[tuple[_Point, ...], ...]] = {
    "0": (((0, 0), (1, 0), (1, 2), (0, 2), (0, 0)),),
    "1": (((0, 0), (1, 0), (1, 2)),),
    "2": (((0, 0), (1, 0), (1, 1), (0, 1), (0, 2), (1, 2)),),
    "3": (((0, 0), (1, 0), (1, 2), (0, 2)), ((0, 1), (1, 1))),
    "4": (((0, 0), (0, 1), (1, 1)), ((1, 0), (1, 2))),
    "5": (((1, 0), (0, 0), (0, 1), (1, 1), (1, 2), (0, 2)),),
    "6": (((1, 0), (0, 0), (0, 2), (1, 2), (1, 1), (0, 1)),),
    "7": (((0, 0), (1, 0), (1, 2)),),
    "8": (((0, 0), (1, 0), (1, 2), (0, 2), (0, 0)), ((0, 1), (1, 1))),
    "9": (((1, 1), (0, 1), (0, 0), (1, 0), (1, 2), (0, 2)),),
}


def digits_path(text: str, box: QRectF) -> QPainterPath:
    """`text` (digits) centred in `box`, as large as fits; strokes lie on whole pixels."""
    height = int(box.height())
    stroke = max(2, round(height * (0.18 if len(text) < 3 else 0.16)))
    gap = max(1, stroke // 2)
    widths = _widths(text, int(box.width()), gap, stroke, height)
    left = int(box.left()) + (int(box.width()) - sum(widths) - gap * (len(text) - 1)) // 2
    path = QPainterPath()
    for digit, width in zip(text, widths, strict=True):
        path = path.united(glyph_path(digit, QRectF(left, box.top(), width, height), stroke))
        left += width + gap
    return path


def glyph_path(digit: str, box: QRectF, stroke: int) -> QPainterPath:
    """One digit that fills `box`, drawn with a line of `stroke` pixels."""
    half = stroke / 2
    left, right = box.left() + half, box.right() - half
    top, bottom = box.top() + half, box.bottom() - half
    middle = box.top() + (int(box.height()) - stroke) // 2 + half
    rows = (top, middle, bottom)
    lines = QPainterPath()
    for points in _STROKES[digit]:
        places = [QPointF(right if x else left, rows[int(y)]) for x, y in points]
        lines.moveTo(places[0])
        for place in places[1:]:
            lines.lineTo(place)
    return _stroked(lines, stroke)


def question_path(box: QRectF, stroke: int) -> QPainterPath:
    """A question mark that fills `box`."""
    half = stroke / 2
    left, right = box.left() + half, box.right() - half
    centre = box.left() + (int(box.width()) - stroke) // 2 + half
    bend = box.top() + round(0.42 * box.height()) + half
    foot = box.bottom() - 2 * stroke - half
    lines = QPainterPath(QPointF(left, box.top() + half))
    for x, y in ((right, box.top() + half), (right, bend), (centre, bend), (centre, foot)):
        lines.lineTo(QPointF(x, max(y, bend) if x == centre else y))
    path = _stroked(lines, stroke)
    path.addRect(QRectF(centre - half, box.bottom() - stroke, stroke, stroke))
    return path


def _widths(text: str, room: int, gap: int, stroke: int, height: int) -> list[int]:
    """The width of each digit: a 1 is narrow, and a mere line if a 0 would close without it."""
    ones = text.count("1")
    others = len(text) - ones
    room -= gap * (len(text) - 1)
    one = each = stroke + max(1, stroke // 2)
    if others:
        if (room - ones * one) // others <= 2 * stroke:
            one = stroke
        each = min(round(0.68 * height), (room - ones * one) // others)
    return [one if digit == "1" else each for digit in text]


def _stroked(lines: QPainterPath, stroke: int) -> QPainterPath:
    stroker = QPainterPathStroker()
    stroker.setWidth(stroke)
    stroker.setCapStyle(Qt.PenCapStyle.SquareCap)
    stroker.setJoinStyle(Qt.PenJoinStyle.RoundJoin if stroke > 2 else Qt.PenJoinStyle.MiterJoin)
    return stroker.createStroke(lines).simplified()


def fill(painter: QPainter, path: QPainterPath) -> None:
    """Fill `path` with the brush in force, whatever way its lines turn."""
    path.setFillRule(Qt.FillRule.WindingFill)
    painter.drawPath(path)
