"""Draws the pictures of one scale in one process, and the contact sheets made of them."""

from __future__ import annotations

import sys
from pathlib import Path

from gallery.render import LANGUAGES, LEFTWARDS, SCHEMES, appearance
from gallery.states import ICON_STATES, NOW
from gallery.windows import settle, show, windows
from PySide6.QtCore import (
    QEvent,
    QMessageLogContext,
    QPointF,
    QRect,
    QRectF,
    Qt,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPainterPath
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from support.pseudo_words import speak_leftwards

from app import catalogues
from app.ui import theme, tray_icon
from app.ui.icon_state import icon_state

ICON_SIZES = (16, 22, 24, 32, 48, 64)
ICON_RATIOS = (1, 2, 3)
_BACKDROP = {"light": "#E9ECF1", "dark": "#0F1216", "high-light": "#C8C8C8", "high-dark": "#3A3A3A"}
_PANEL = {"light": "#FFFFFF", "dark": "#1D2229", "high-light": "#FFFFFF", "high-dark": "#000000"}
_COLUMNS = 6


def draw(part: str, scale: int, out: Path) -> None:
    """Draw every picture of `part` at `scale` into the folder `out`."""
    qInstallMessageHandler(_tell)
    app = QApplication([])
    app.setFont(QFont("Inter", 10))  # the platform's own 12 points would enlarge every window
    look = theme.Theme(app, "light")
    if part == "icons":
        _draw_icons(out)
        return
    for language in LANGUAGES if part != LEFTWARDS else (LEFTWARDS,):
        short = {"zh_CN": "zh"}.get(language, language)
        if part == LEFTWARDS:
            speak_leftwards()
        else:
            catalogues.activate(language, {}, [])
        for scheme in SCHEMES:
            look.follow(*appearance(scheme))
            pictures = []
            for name, window in windows(part, language, scheme):
                picture = _picture(window)
                picture.save(str(out / f"{part}-{name}-{scheme}-{short}@{scale}x.png"))
                pictures.append((name, picture))
            sheet = _sheet(pictures, scheme, scale)
            sheet.save(str(out / f"sheet-{part}-{scheme}-{short}@{scale}x.png"))


def _tell(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    if not message.startswith("This plugin does not support"):  # what "offscreen" cannot do
        print(kind.name, message, file=sys.stderr)


def _picture(widget: QWidget) -> QImage:
    show(widget)
    settle()
    image = widget.grab().toImage()
    widget.hide()
    widget.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return image if isinstance(widget, QMenu) else _rounded(image)


def _rounded(image: QImage) -> QImage:
    """The picture as the window looks on the desktop: rounded corners."""
    ratio = image.devicePixelRatio()
    result = QImage(image.size(), QImage.Format.Format_ARGB32_Premultiplied)
    result.setDevicePixelRatio(ratio)
    result.fill(Qt.GlobalColor.transparent)
    box = QRectF(0, 0, image.width() / ratio, image.height() / ratio)
    path = QPainterPath()
    path.addRoundedRect(box, theme.WINDOW_RADIUS, theme.WINDOW_RADIUS)
    painter = QPainter(result)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipPath(path)
    painter.drawImage(QPointF(0, 0), image)
    painter.end()
    return result


def _sheet(pictures: list[tuple[str, QImage]], scheme: str, scale: int) -> QImage:
    """All pictures side by side on the colour of a desktop."""
    gap, caption = 24, 24
    width = max(picture.width() for _, picture in pictures) // scale
    rows = [pictures[i : i + _COLUMNS] for i in range(0, len(pictures), _COLUMNS)]
    heights = [max(p.height() for _, p in row) // scale + caption + gap for row in rows]
    columns = min(_COLUMNS, len(pictures))
    size = (gap + columns * (width + gap), gap + sum(heights))
    sheet = QImage(size[0] * scale, size[1] * scale, QImage.Format.Format_RGB32)
    sheet.setDevicePixelRatio(scale)
    sheet.fill(QColor(_BACKDROP[scheme]))
    painter = QPainter(sheet)
    painter.setFont(theme.text_font(12))
    painter.setPen(_caption(scheme))
    y = gap
    for row, height in zip(rows, heights, strict=True):
        for column, (name, picture) in enumerate(row):
            x = gap + column * (width + gap)
            painter.drawText(x, y + 10, name)
            painter.drawImage(QPointF(x, y + caption - 4), picture)
        y += height
    painter.end()
    return sheet


def _caption(scheme: str) -> QColor:
    """The colour of words on the backdrop."""
    return QColor(
        {"light": "#5B6675", "dark": "#A9B3C0", "high-light": "#000000"}.get(scheme, "#FFFFFF")
    )


def _draw_icons(out: Path) -> None:
    for scheme in SCHEMES:
        colour_scheme, contrast = appearance(scheme)
        on_dark, is_high = colour_scheme == "dark", contrast == "high"
        for ratio in ICON_RATIOS:
            for name, state in ICON_STATES.items():
                value = icon_state(state, NOW, on_dark=on_dark, is_high=is_high)
                for size in ICON_SIZES:
                    picture = tray_icon.render(value, size, ratio)
                    picture.save(str(out / f"icon-{name}-{scheme}-{size}@{ratio}x.png"))
        _icon_sheet(scheme).save(str(out / f"sheet-icons-{scheme}.png"))


def _icon_sheet(scheme: str) -> QImage:
    """One row per state; every size at every ratio, four device pixels per pixel at 1x."""
    colour_scheme, contrast = appearance(scheme)
    on_dark, is_high = colour_scheme == "dark", contrast == "high"
    magnify, label, gap = 2, 150, 16
    cells = [(size, ratio) for ratio in ICON_RATIOS for size in ICON_SIZES]
    row_height = max(ICON_SIZES) * magnify + gap
    width = label + sum(size * magnify + gap for size, _ in cells)
    height = gap + len(ICON_STATES) * row_height
    sheet = QImage(width, height, QImage.Format.Format_RGB32)
    sheet.fill(QColor(_PANEL[scheme]))
    painter = QPainter(sheet)
    painter.setFont(theme.text_font(13))
    painter.setPen(_caption(scheme))
    for row, (name, state) in enumerate(ICON_STATES.items()):
        value = icon_state(state, NOW, on_dark=on_dark, is_high=is_high)
        x, y = label, gap + row * row_height
        painter.drawText(8, y + 20, name)
        for size, ratio in cells:
            picture = tray_icon.render(value, size, ratio)
            picture.setDevicePixelRatio(1)
            box = QRect(x, y, size * magnify, size * magnify)
            # 1x is enlarged pixel by pixel; 2x and 3x as a display of that ratio would show them.
            smooth = ratio > magnify
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
            painter.drawImage(box, picture)
            x += size * magnify + gap
    painter.end()
    return sheet
