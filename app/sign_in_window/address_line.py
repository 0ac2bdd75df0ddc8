"""The read-only line that always says where one is: the host in bold, the rest faint (T-24)."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.sign_in_window.address import ShownAddress
from app.ui import theme

_HEIGHT = 32


class AddressLine(QWidget):
    """Of a host that is too long its end stays: that is who owns it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._shown = ShownAddress()
        self.setFixedHeight(_HEIGHT)
        self.setMinimumWidth(120)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # for screen readers
        self.setAccessibleName(name)

    def show_address(self, shown: ShownAddress) -> None:
        """Show where the window is."""
        if shown != self._shown:
            self._shown = shown
            self.setAccessibleDescription(shown.whole)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(360, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = "calm" if self.hasFocus() else "line"
        painter.setPen(QPen(colours.colour(edge), 2 if self.hasFocus() else 1))
        painter.setBrush(colours.colour("card"))
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(frame, theme.BUTTON_RADIUS, theme.BUTTON_RADIUS)
        self._paint_text(painter, frame.adjusted(10, 0, -10, 0))
        painter.end()

    def _paint_text(self, painter: QPainter, place: QRectF) -> None:
        plain = theme.text_font(theme.HEADING_PX)
        bold = theme.text_font(theme.HEADING_PX, QFont.Weight.Bold)
        left_out = Qt.TextElideMode.ElideLeft
        before, host, after = self._shown.before, self._shown.host, self._shown.after
        room = place.width()
        host_width = QFontMetricsF(bold).horizontalAdvance(host)
        if host and QFontMetricsF(plain).horizontalAdvance(before) + host_width > room:
            before, after = "", ""
        host = QFontMetricsF(bold).elidedText(host, left_out, room)
        for text, font, token in (
            (before, plain, "faint"),
            (host, bold, "ink"),
            (after, plain, "faint"),
        ):
            metrics = QFontMetricsF(font)
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, place.width())
            painter.setFont(font)
            painter.setPen(theme.current().colour(token))
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, shown)
            place.setLeft(place.left() + metrics.horizontalAdvance(shown))
            if place.width() <= 0:
                break
