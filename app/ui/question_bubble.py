"""The user's own message: plain text in a bubble on the right."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QMimeData, QRectF, QSignalBlocker, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPalette, QTextOption, QWheelEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit, QWidget

from app.chat.shown_text import with_plain_line_ends, without_controls
from app.ui import theme
from app.ui.viewports import clear_viewport
from app.wording import labels

_MAX_SHOWN_CHARS = 20_000
_ENDLESS_CHARS = 500
_SIDE = 14
_ABOVE = 9


class QuestionBubble(QTextEdit):
    """As wide as its text, up to the width given to `fit`; can be selected and copied."""

    def __init__(self, question: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setAcceptRichText(False)
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._viewport = clear_viewport(self)
        self.setViewportMargins(_SIDE, _ABOVE, _SIDE, _ABOVE)
        self.document().setDocumentMargin(0)
        self.setTabChangesFocus(True)
        self._set_text(question)

    def _set_text(self, question: str) -> None:
        shown = without_controls(with_plain_line_ends(question[:_MAX_SHOWN_CHARS]))
        if len(question) > _MAX_SHOWN_CHARS:
            shown += "…"
        endless = any(len(word) > _ENDLESS_CHARS for word in shown.split())
        self.setWordWrapMode(
            QTextOption.WrapMode.WrapAnywhere
            if endless
            else QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere
        )
        self.restyle()
        self.setPlainText(shown)

    def restyle(self) -> None:
        """Take over the words, the font and the colours now in force."""
        self.setAccessibleName(labels.question_name())
        self.setFont(theme.text_font(theme.HEADING_PX))
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Text, theme.current().colour("ink"))
        self.setPalette(palette)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        # A new style sheet puts back the palette it found: the own colours come after it.
        if event.type() == QEvent.Type.StyleChange:
            self.restyle()

    def fit(self, most: int) -> None:
        """Take the room the text needs, at most `most` pixels wide."""
        document = self.document()
        with QSignalBlocker(document.documentLayout()):  # else the edit wraps it again at once
            document.setTextWidth(-1)
            wanted = math.ceil(document.idealWidth()) + 1
            width = max(min(wanted, most - 2 * _SIDE), 24)
            document.setTextWidth(width)
            height = math.ceil(document.size().height())
        self.setFixedSize(width + 2 * _SIDE, height + 2 * _ABOVE)

    def createMimeDataFromSelection(self) -> QMimeData:
        data = QMimeData()
        data.setText(self.textCursor().selection().toPlainText())
        return data

    def paint_ground(self, painter: QPainter) -> None:
        """Fill the bubble; called by the frame around the text."""
        colours = theme.current()
        painter.setPen(QColor(colours.edge("bubble")))
        painter.setBrush(colours.colour("bubble"))
        box = QRectF(self.geometry()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, theme.FIELD_RADIUS, theme.FIELD_RADIUS)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Escape):
            event.ignore()
            return
        super().keyPressEvent(event)
