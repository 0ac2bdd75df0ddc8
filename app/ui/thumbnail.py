"""A small picture of a file that goes, or went, with a question."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from app.chat.attachments import Attachment
from app.ui import icons, pictures, theme


class Thumbnail(QWidget):
    """A small picture of an image; a sheet of paper for text."""

    def __init__(
        self, attachment: Attachment, side: int = 28, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setFixedSize(QSize(side, side))
        self._picture = QImage()
        if attachment.data is not None:
            wanted = self.size() * 2  # sharp at twice the scale, too
            pictures.thumbnail_later(attachment.data, attachment.media_type, wanted, self._show)

    def _show(self, picture: QImage) -> None:
        if isValid(self):  # the question may be out of sight by now
            self._picture = picture
            self.update()

    @property
    def has_picture(self) -> bool:
        """Whether the picture has been decoded."""
        return not self._picture.isNull()

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(self.rect())
        shape = QPainterPath()
        shape.addRoundedRect(box, 5, 5)
        painter.setClipPath(shape)
        painter.fillRect(box, colours.colour("track"))
        if self.has_picture:
            size = self._picture.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRectF(0, 0, size.width(), size.height())
            place.moveCenter(box.center())
            painter.drawImage(place, self._picture)
        else:
            inner = self.rect().adjusted(6, 6, -6, -6)
            icons.icon("file", colours.colour("secondary")).paint(painter, inner)
        painter.end()
