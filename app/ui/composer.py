"""Where a question is written: grows with the text, Enter sends, the draft is never lost."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QIcon,
    QInputMethodEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from app.ui import icons, theme
from app.ui.labels import TextLabel, explain, plain, push_button
from app.wording import labels

_MAX_LINES = 6


class QuestionField(QPlainTextEdit):
    """One to six lines high. Enter emits `entered`, with Shift it starts a new line."""

    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(0)
        self._is_composing = False
        self.restyle()
        self.document().contentsChanged.connect(self._fit)

    def restyle(self) -> None:
        """Take over the words, the font and the colours now in force."""
        self.setPlaceholderText(labels.ask_anything())
        self.setAccessibleName(labels.message_name())
        self.setFont(theme.text_font(theme.HEADING_PX))
        palette = self.palette()
        colours = theme.current()
        palette.setColor(QPalette.ColorRole.Text, colours.colour("ink"))
        palette.setColor(QPalette.ColorRole.PlaceholderText, colours.colour("faint"))
        self.setPalette(palette)
        self._fit()

    def _fit(self) -> None:
        lines = max(1, min(_MAX_LINES, int(self.document().size().height())))
        height = lines * self.fontMetrics().lineSpacing() + 2
        if height != self.height():
            self.setFixedHeight(height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._is_composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            # Enter also ends the composition of an input method; that one sends nothing.
            if not self._is_composing:
                self.entered.emit()
            event.accept()
            return
        if event.key() == Qt.Key.Key_Escape:
            event.ignore()
            return
        super().keyPressEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Only text is taken; a picture or a file dropped here is not read."""
        if source.hasText():
            self.textCursor().insertText(source.text())


class Composer(QWidget):
    """The framed field with its hint and the one button, which sends or stops."""

    message_submitted = Signal(str)
    stop_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_answering = False
        self._is_open = True
        self.field = QuestionField(self)
        self.hint = TextLabel(colour="faint", pixels=theme.CAPTION_PX)
        self.button = push_button("", primary=True)
        self.button.setIconSize(QSize(12, 12))
        self.button.clicked.connect(self._on_button)
        self.field.entered.connect(self.submit)
        self.field.textChanged.connect(self._update_button)
        self.field.installEventFilter(self)
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        row.addWidget(self.hint, 1, Qt.AlignmentFlag.AlignBottom)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignBottom)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 10, 9, 8)
        box.setSpacing(4)
        box.addWidget(self.field)
        box.addLayout(row)
        self.restyle()

    def restyle(self) -> None:
        """Take over the words, the font and the colours now in force."""
        self.field.restyle()
        self.hint.show_text(labels.enter_sends())
        self._update_button()

    def show_state(self, *, is_answering: bool, is_open: bool) -> None:
        """Offer Stop while an answer comes; take no question while `is_open` is False."""
        self._is_answering = is_answering
        self._is_open = is_open
        self.field.setEnabled(is_open)
        self._update_button()

    def submit(self) -> None:
        """Send the draft, if there is one and the way is free; otherwise it stays."""
        text = self.field.toPlainText().strip()
        if text and self._is_open and not self._is_answering:
            self.field.clear()
            self.message_submitted.emit(text)

    def _on_button(self) -> None:
        if self._is_answering:
            self.stop_requested.emit()
        else:
            self.submit()

    def _update_button(self) -> None:
        stops = self._is_answering
        text = labels.stop() if stops else labels.send()
        kind = "plain" if stops else "primary"
        self.button.setText(plain(text))
        self.button.setAccessibleName(text)
        explain(self.button, text)
        if self.button.property("kind") != kind:
            self.button.setProperty("kind", kind)
            weight = QFont.Weight.Medium if stops else QFont.Weight.DemiBold
            self.button.setFont(theme.text_font(theme.BODY_PX, weight))
            self.button.style().polish(self.button)
        over = theme.current().colour("over")
        self.button.setIcon(icons.icon("stop", over, 12) if stops else QIcon())
        has_text = bool(self.field.toPlainText().strip())
        self.button.setEnabled(stops or (self._is_open and has_text))

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        has_focus = self.field.hasFocus()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(colours.colour("card"))
        width = 1.5 if has_focus else 1.0
        painter.setPen(QPen(colours.colour("calm" if has_focus else "line"), width))
        frame = QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2)
        painter.drawRoundedRect(frame, theme.FIELD_RADIUS, theme.FIELD_RADIUS)
        painter.end()
