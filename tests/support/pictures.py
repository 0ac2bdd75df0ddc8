"""Pictures compared pixel by pixel."""

from __future__ import annotations

from PySide6.QtGui import QImage


def differing_pixels(first: QImage, second: QImage) -> int:
    """How many pixels of two pictures of one size differ."""
    assert first.size() == second.size()
    if first == second:
        return 0
    one, other = (
        memoryview(image.convertToFormat(QImage.Format.Format_RGB32).constBits()).cast("I")
        for image in (first, second)
    )
    return sum(a != b for a, b in zip(one, other, strict=True))
