"""A QR code as a widget: dark on white in every theme, because cameras expect it so."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui import theme

_QUIET_MODULES = 4  # the light border that the standard asks for
_SIDE = 148  # four pixels per module of the usual address


class QrPicture(QWidget):
    """Shows one text; modules fall on whole device pixels, so that none of them blurs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._rows: tuple[bytes, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """What the picture says."""
        return self._text

    def show_text(self, text: str) -> None:
        """Encode `text`; an unchanged text costs nothing."""
        if text == self._text:
            return
        import segno  # noqa: PLC0415 - only for whoever signs in on another device

        self._text = text
        self._rows = tuple(bytes(row) for row in segno.make_qr(text, error="m").matrix)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_SIDE, _SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(Qt.GlobalColor.white))
        painter.drawRoundedRect(QRectF(self.rect()), theme.CARD_RADIUS, theme.CARD_RADIUS)
        if not self._rows:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        ratio = self.devicePixelRatioF()
        side = min(self.width(), self.height()) * ratio
        module = max(1, int(side / (len(self._rows) + 2 * _QUIET_MODULES)))
        start = int((side - module * len(self._rows)) / 2)
        painter.scale(1 / ratio, 1 / ratio)
        painter.setBrush(QColor(Qt.GlobalColor.black))
        for y, row in enumerate(self._rows):
            for x, is_dark in enumerate(row):
                if is_dark:
                    painter.drawRect(start + x * module, start + y * module, module, module)
