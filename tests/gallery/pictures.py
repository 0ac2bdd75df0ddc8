"""Draws the pictures of one scale in one process, and the contact sheets made of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from gallery.render import LANGUAGES, SCHEMES
from gallery.states import CHAT_STATES, ICON_STATES, MODEL_STATES, NOW, PANEL_STATES, ZONE
from PySide6.QtCore import (
    QDeadlineTimer,
    QMessageLogContext,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    Qt,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPainterPath
from PySide6.QtWidgets import QApplication, QWidget

from app import catalogues
from app.state import AppState
from app.ui import theme, tray_icon
from app.ui.icon_state import icon_state
from app.ui.panel import Panel

ICON_SIZES = (16, 22, 24, 32, 48, 64)
ICON_RATIOS = (1, 2, 3)
_BACKDROP = {"light": "#E9ECF1", "dark": "#0F1216"}
_COLUMNS = 6
_SETTLE_MS = 80  # an answer is drawn at most thirty times per second


def draw(part: str, scale: int, out: Path) -> None:
    """Draw every picture of `part` at `scale` into the folder `out`."""
    qInstallMessageHandler(_tell)
    app = QApplication([])
    app.setFont(QFont("Inter"))
    look = theme.Theme(app, "light")
    if part == "icons":
        _draw_icons(out)
        return
    for language in LANGUAGES:
        catalogues.activate(language, {}, [])
        for scheme in SCHEMES:
            look.follow(scheme)
            pictures = []
            for name, window in _windows(part, language, scheme):
                picture = _picture(window)
                short = "zh" if language.startswith("zh") else "en"
                picture.save(str(out / f"{part}-{name}-{scheme}-{short}@{scale}x.png"))
                pictures.append((name, picture))
            sheet = _sheet(pictures, scheme, scale)
            sheet.save(str(out / f"sheet-{part}-{scheme}-{short}@{scale}x.png"))


def _tell(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    if not message.startswith("This plugin does not support"):  # what "offscreen" cannot do
        print(kind.name, message, file=sys.stderr)


def _in(state: AppState, language: str, scheme: str) -> AppState:
    settings = replace(state.settings, language=language, colour_scheme=scheme)
    return replace(state, settings=settings)


def _windows(part: str, language: str, scheme: str) -> Iterator[tuple[str, QWidget]]:
    """The windows of one part by the name of their state, not yet shown."""
    if part == "dialogs":
        from gallery.chat_states import dialog_windows
        from gallery.help_states import help_windows

        yield from dialog_windows(NOW).items()
        yield from help_windows(NOW)
    elif part == "history":
        from gallery.history_states import history_states

        from app.ui.history_window import HistoryWindow

        for name, state in history_states():
            window = HistoryWindow(clock=lambda: NOW, zone=ZONE)
            window.render(_in(state, language, scheme))
            yield name, window
    elif part == "conversations":
        from gallery.conversation_states import conversation_states, conversation_window

        for name, state in conversation_states().items():
            yield name, conversation_window(_in(state, language, scheme))
    elif part == "panel":
        for name, state in PANEL_STATES.items():
            panel = Panel(clock=lambda: NOW, zone=ZONE)
            panel.render(_in(state, language, scheme))
            yield name, panel
    else:
        from app.ui.chat_window import ChatWindow
        from app.ui.code_lexers import code_lexers

        assert all(code_lexers()[one] for one in ("sh", "python"))  # colours at once
        for name, state in CHAT_STATES.items():
            chat = ChatWindow(clock=lambda: NOW, zone=ZONE)
            chat.mount_list(QWidget())  # its button stands in the heading
            chat.render(_in(state, language, scheme))
            chat.resize(400, 520)
            yield name, chat
        from app.ui.model_picker import ModelPicker

        for name, (models, settings) in MODEL_STATES.items():
            picker = ModelPicker()
            picker.render(models, settings)
            yield name, picker


def _picture(widget: QWidget) -> QImage:
    if isinstance(widget, Panel):
        widget.show_near(QPoint(700, 590))
    else:
        widget.show()
    settled = QDeadlineTimer(_SETTLE_MS)
    while not settled.hasExpired():
        QApplication.processEvents()
    image = widget.grab().toImage()
    widget.hide()
    widget.deleteLater()
    return _rounded(image)


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
    painter.setPen(QColor("#5B6675" if scheme == "light" else "#A9B3C0"))
    y = gap
    for row, height in zip(rows, heights, strict=True):
        for column, (name, picture) in enumerate(row):
            x = gap + column * (width + gap)
            painter.drawText(x, y + 10, name)
            painter.drawImage(QPointF(x, y + caption - 4), picture)
        y += height
    painter.end()
    return sheet


def _draw_icons(out: Path) -> None:
    for scheme in SCHEMES:
        on_dark = scheme == "dark"
        for ratio in ICON_RATIOS:
            for name, state in ICON_STATES.items():
                value = icon_state(state, NOW, on_dark=on_dark)
                for size in ICON_SIZES:
                    picture = tray_icon.render(value, size, ratio)
                    picture.save(str(out / f"icon-{name}-{scheme}-{size}@{ratio}x.png"))
        _icon_sheet(scheme).save(str(out / f"sheet-icons-{scheme}.png"))


def _icon_sheet(scheme: str) -> QImage:
    """One row per state; every size at every ratio, four device pixels per pixel at 1x."""
    magnify, label, gap = 2, 150, 16
    cells = [(size, ratio) for ratio in ICON_RATIOS for size in ICON_SIZES]
    row_height = max(ICON_SIZES) * magnify + gap
    width = label + sum(size * magnify + gap for size, _ in cells)
    height = gap + len(ICON_STATES) * row_height
    sheet = QImage(width, height, QImage.Format.Format_RGB32)
    sheet.fill(QColor("#FFFFFF" if scheme == "light" else "#1D2229"))
    painter = QPainter(sheet)
    painter.setFont(theme.text_font(13))
    painter.setPen(QColor("#5B6675" if scheme == "light" else "#A9B3C0"))
    for row, (name, state) in enumerate(ICON_STATES.items()):
        value = icon_state(state, NOW, on_dark=scheme == "dark")
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
