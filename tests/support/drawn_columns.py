"""Where something is to be seen in the picture of a widget, whatever room the widget takes."""

from __future__ import annotations

from PySide6.QtGui import QColor, QImage

from app.ui import theme


def drawn_columns(picture: QImage) -> list[int]:
    """The columns of pixels, in pixels of the screen, in which something clearly stands out."""
    ground = theme.current().colour("background")

    def stands_out(colour: QColor) -> bool:
        return abs(colour.lightness() - ground.lightness()) > 40

    return [
        x
        for x in range(picture.width())
        if any(stands_out(picture.pixelColor(x, y)) for y in range(picture.height()))
    ]
