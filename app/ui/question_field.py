"""The field for a question: grows with the text, one key sends it, Up recalls earlier ones."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal
from PySide6.QtGui import (
    QImage,
    QInputMethodEvent,
    QKeyEvent,
    QPalette,
    QResizeEvent,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from app.ui import theme
from app.ui.viewports import clear_viewport
from app.wording import labels

_MAX_LINES = 6


class QuestionField(QPlainTextEdit):
    """One to six lines high. Which key emits `entered`, and which begins a line, is a setting.

    Files and pictures that are pasted or dropped are only offered; nothing is read here.
    """

    entered = Signal()
    files_offered = Signal(list)  # of paths
    picture_offered = Signal(QImage)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._viewport = clear_viewport(self)
        self.document().setDocumentMargin(0)
        self._is_composing = False
        self._shift_sends = False
        self._earlier: tuple[str, ...] = ()
        self._recalled: int | None = None  # which of `_earlier` is shown
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

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        # A new style sheet puts back the palette it found: the own colours come after it.
        if event.type() == QEvent.Type.StyleChange:
            self.restyle()

    def show_send_key(self, *, with_shift: bool) -> None:
        """Whether Shift+Enter sends and Enter begins a line, or the other way round."""
        self._shift_sends = with_shift

    def show_earlier(self, questions: tuple[str, ...]) -> None:
        """What Up brings back, oldest first."""
        if questions != self._earlier:
            self._earlier = questions
            self._recalled = None

    def fill(self, text: str) -> None:
        """Put `text` there instead, with the cursor behind it."""
        if text != self.toPlainText():
            self.setPlainText(text)
            self.moveCursor(QTextCursor.MoveOperation.End)
            self.horizontalScrollBar().setValue(0)  # filled before it had its width

    # --- size --------------------------------------------------------------------------------

    def _fit(self) -> None:
        lines = max(1, min(_MAX_LINES, int(self.document().size().height())))
        height = lines * self.fontMetrics().lineSpacing() + 2
        if height != self.height():
            self.setFixedHeight(height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.horizontalScrollBar().setValue(0)
        self._fit()

    # --- keys --------------------------------------------------------------------------------

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._is_composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_enter(event)
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        elif not self._recalls(event):
            super().keyPressEvent(event)

    def _on_enter(self, event: QKeyEvent) -> None:
        event.accept()
        if self._is_composing:
            return  # it ends the composition of an input method
        with_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        with_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if with_control or with_shift == self._shift_sends:
            self.entered.emit()
        else:
            self.insertPlainText("\n")
            self.ensureCursorVisible()

    def _recalls(self, event: QKeyEvent) -> bool:
        """Up and Down walk through earlier questions while nothing else stands in the field."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        text, shown = self.toPlainText(), self._recalled
        if shown is not None and text != self._earlier[shown]:
            shown = None  # it has been changed: a draft of its own now
        if shown is None and (text or step > 0 or not self._earlier):
            return False
        place = len(self._earlier) if shown is None else shown
        place = max(0, place + step)
        self._recalled = place if place < len(self._earlier) else None
        self.fill("" if self._recalled is None else self._earlier[place])
        return True

    # --- what is pasted or dropped -----------------------------------------------------------

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText() or source.hasImage() or bool(local_files(source))

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Text goes in as plain text; what offers text and a picture of it is text."""
        if files := local_files(source):
            self.files_offered.emit(files)
        elif source.hasText():
            self.textCursor().insertText(source.text())
        elif source.hasImage():
            picture = source.imageData()
            if isinstance(picture, QImage) and not picture.isNull():
                self.picture_offered.emit(picture)


def local_files(source: QMimeData) -> list[str]:
    """The paths of files on this computer that are pasted or dropped."""
    return [url.toLocalFile() for url in source.urls() if url.isLocalFile()]
