"""One turn on the screen: question, thinking line, answer, how it ended, what can be done."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.chat.conversation import Turn, TurnStatus
from app.ui import theme
from app.ui.answer_view import AnswerView
from app.ui.attached_files import AttachedFiles
from app.ui.chat_content import can_continue
from app.ui.ending_notice import EndingNotice
from app.ui.labels import IconButton, TextLabel, plain, push_button
from app.ui.question_bubble import QuestionBubble
from app.ui.thinking_line import ThinkingLine
from app.wording import chat as words
from app.wording import composing, labels
from app.wording.fault_words import FaultWords

_BUBBLE_SHARE = 0.86
_NOTE_SHOWN_MS = 2_500


class TurnView(QWidget):
    """Question and answer. `show_turn` is cheap; the answer appears through `answer.advance`."""

    retry_requested = Signal()
    continue_requested = Signal()
    edit_requested = Signal(str)  # the turn's id
    resized = Signal()  # something here needs more room, or less

    def __init__(self, turn: Turn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.turn = turn
        self._shown: tuple[Turn, bool] | None = None  # and whether it was the last one
        self.bubble = QuestionBubble(turn.question, self)
        self.thinking = ThinkingLine(self)
        self.answer = AnswerView(self)
        self.answer.hide()
        self.answer.written.connect(self._on_written)
        self.answer.hidden_left_out.connect(lambda: self.note(words.copied_without_hidden()))
        self.notice = EndingNotice(self)
        self.notice.hide()
        self.notice.retry_requested.connect(self.retry_requested)
        self.ending = self._make_ending()
        self._box = box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.GAP)
        box.addLayout(self._make_question_row())
        self.files = AttachedFiles(turn.attachments) if turn.attachments else None
        if self.files is not None:
            box.addWidget(self.files)
        for widget in (self.thinking, self.answer, self.notice, self.ending):
            box.addWidget(widget)

    def _make_question_row(self) -> QHBoxLayout:
        self.edit = IconButton("edit", composing.edit_question())
        self.edit.clicked.connect(lambda: self.edit_requested.emit(self.turn.turn_id))
        row = QHBoxLayout()
        row.setSpacing(theme.UNIT)
        row.addStretch(1)
        row.addWidget(self.edit, 0, Qt.AlignmentFlag.AlignBottom)
        row.addWidget(self.bubble, 0, Qt.AlignmentFlag.AlignRight)
        return row

    def _make_ending(self) -> QWidget:
        ending = QWidget(self)
        self.remark = TextLabel(colour="faint", pixels=theme.CAPTION_PX, elide=True)
        self.again: QPushButton = push_button(labels.try_again())
        self.again.setProperty("kind", "quiet")
        self.again.clicked.connect(self.retry_requested)
        self.repeat = IconButton("refresh", labels.try_again())
        self.repeat.clicked.connect(self.retry_requested)
        self.further: QPushButton = push_button(composing.continue_answer())
        self.further.setProperty("kind", "quiet")
        self.further.clicked.connect(self.continue_requested)
        self.copy = IconButton("copy", labels.copy_answer())
        self.copy.clicked.connect(self._copy_answer)
        self.formatted: QPushButton = push_button(words.show_formatted())
        self.formatted.setProperty("kind", "quiet")
        self.formatted.clicked.connect(self._show_formatted)
        self.formatted.hide()
        self._noted = QTimer(self)
        self._noted.setSingleShot(True)
        self._noted.setInterval(_NOTE_SHOWN_MS)
        self._noted.timeout.connect(self._show_remark)
        row = QHBoxLayout(ending)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        row.addWidget(self.copy)
        row.addWidget(self.repeat)
        row.addWidget(self.remark)
        row.addWidget(self.formatted)
        row.addWidget(self.further)
        row.addWidget(self.again)
        row.addStretch(1)
        ending.hide()
        return ending

    def show_turn(self, turn: Turn, now: datetime, fault: FaultWords | None, *, last: bool) -> None:
        """Show `turn`; `fault` explains a failed or cut one, `last` allows to try again."""
        shown, self._shown, self.turn = self._shown, (turn, last), turn
        only_grew = shown is not None and _only_grew(shown[0], turn) and last == shown[1]
        if only_grew:  # a hundred times a second
            self.answer.set_answer(turn.answer, is_complete=False)
            return
        self.thinking.show_turn(turn, now)
        self.answer.set_answer(turn.answer, is_complete=not turn.is_open)
        self.answer.setVisible(bool(turn.answer))
        is_over = not turn.is_open
        if fault is not None and is_over:
            is_failure = turn.status is TurnStatus.FAILED
            self.notice.show_words(
                fault, colour="over" if is_failure else "ink", with_retry=last and is_failure
            )
        else:
            self.notice.hide()
        stopped = turn.status is TurnStatus.STOPPED
        self.copy.setVisible(bool(turn.answer))
        self.again.setVisible(stopped and last)
        self.repeat.setVisible(last and turn.status is TurnStatus.COMPLETED)
        self.further.setVisible(last and can_continue(turn))
        self.edit.setVisible(is_over)
        if not self._noted.isActive():
            self._show_remark()
        self.ending.setVisible(is_over and (stopped or bool(turn.answer)))

    def _show_remark(self) -> None:
        stopped = labels.stopped() if self.turn.status is TurnStatus.STOPPED else ""
        shortened = words.rest_not_shown() if self.answer.is_shortened else ""
        said = shortened or stopped or words.answered_by(self.turn.model, self.turn.replaced_model)
        self.remark.show_text(said)
        self.remark.setVisible(bool(said))

    def _copy_answer(self) -> None:
        self.note(labels.copied())
        self.answer.copy_all()

    def note(self, text: str) -> None:
        """Say `text` for a moment."""
        self.remark.show_text(text)
        self.remark.show()
        self._noted.start()

    def _on_written(self) -> None:
        self.formatted.setVisible(self.answer.is_simplified)

    def _show_formatted(self) -> None:
        self.formatted.hide()
        self.answer.show_formatted()
        self.resized.emit()

    def restyle(self) -> None:
        """The theme, the font or the language changed: write everything anew."""
        self._shown = None
        self.bubble.restyle()
        self.bubble.fit(int(self.width() * _BUBBLE_SHARE))
        if self.files is not None:
            self.files.restyle()
        self.answer.redraw()
        self.thinking.restyle()
        self.copy.rename(labels.copy_answer())
        self.repeat.rename(labels.try_again())
        self.again.setText(plain(labels.try_again()))
        self.formatted.setText(plain(words.show_formatted()))
        self.further.setText(plain(composing.continue_answer()))
        self.edit.rename(composing.edit_question())

    # --- size and use ------------------------------------------------------------------------

    @property
    def is_in_use(self) -> bool:
        """Somebody selected or unfolded something here, or the keyboard is here."""
        focus = QApplication.focusWidget()
        has_focus = focus is not None and self.isAncestorOf(focus)
        selected = (self.answer, self.bubble)
        return (
            has_focus
            or self.thinking.button.isChecked()
            or any(one.textCursor().hasSelection() for one in selected)
        )

    def fit(self, width: int) -> int:
        """Become `width` wide and as high as everything here needs; returns that height."""
        if width != self.width():
            self.resize(width, self.height())
        self._box.activate()
        height = self._wanted_height
        if height != self.height():
            self.resize(width, height)
            self._box.activate()
        return height

    @property
    def _wanted_height(self) -> int:
        box = self._box
        wraps = box.hasHeightForWidth()
        return box.heightForWidth(self.width()) if wraps else box.sizeHint().height()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self._wanted_height != self.height():
            self.resized.emit()
        return done

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.bubble.fit(int(event.size().width() * _BUBBLE_SHARE))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.bubble.paint_ground(painter)
        painter.end()


def _only_grew(before: Turn, now: Turn) -> bool:
    """True if nothing but the answer's text may differ."""
    streams = before.status is now.status is TurnStatus.STREAMING
    return streams and bool(before.answer) and before.reasoning == now.reasoning
