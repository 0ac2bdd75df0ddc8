"""One turn on the screen: question, thinking line, answer, how it ended, what can be done."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.chat.conversation import Turn, TurnStatus
from app.ui import theme
from app.ui.answer_view import AnswerView
from app.ui.chat_content import can_continue
from app.ui.labels import IconButton, TextLabel, plain, push_button
from app.ui.question_bubble import QuestionBubble
from app.wording import chat as words
from app.wording import composing, labels
from app.wording.fault_words import FaultWords

_BUBBLE_SHARE = 0.86
_MAX_REASONING_CHARS = 8_000
_COPIED_SHOWN_MS = 1_500


class Notice(QFrame):
    """How an answer ended, in words, with "Try again" where that helps."""

    retry_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.title = TextLabel(pixels=theme.HEADING_PX, weight=QFont.Weight.DemiBold, wrap=True)
        self.meaning = TextLabel(colour="secondary", wrap=True)
        self.action = TextLabel(wrap=True)
        self.retry = push_button(labels.try_again())
        self.retry.clicked.connect(self.retry_requested)
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 10, 12, 12)
        box.setSpacing(4)
        for label in (self.title, self.meaning, self.action):
            box.addWidget(label)
        box.addSpacing(4)
        box.addWidget(self.retry, 0, Qt.AlignmentFlag.AlignLeft)

    def show_words(self, fault: FaultWords, *, colour: str, with_retry: bool) -> None:
        """Show title, meaning and action; empty ones take no room."""
        self.title.show_text(fault.title, colour)
        for label, text in ((self.meaning, fault.meaning), (self.action, fault.action)):
            label.show_text(text)
            label.setVisible(bool(text))
        self.retry.setText(plain(labels.try_again()))
        self.retry.setVisible(with_retry)
        self.show()


class ThinkingLine(QWidget):
    """ "Thinking… 3 s", then "thought for 3 s" with the summary of the reasoning behind it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._latest = ""
        self.button = QToolButton()
        self.button.setProperty("kind", "icon")
        self.button.setCheckable(True)
        self.button.setArrowType(Qt.ArrowType.RightArrow)
        self.button.setFixedSize(QSize(20, 18))
        self.button.setAccessibleName(words.reasoning_name())
        self.button.toggled.connect(self._unfold)
        self.caption = TextLabel(colour="faint", pixels=theme.CAPTION_PX, tabular=True)
        self.reasoning = TextLabel(colour="secondary", wrap=True)
        self.reasoning.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.reasoning.hide()
        row = QHBoxLayout()
        row.setSpacing(2)
        row.addWidget(self.caption)
        row.addWidget(self.button)
        row.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addLayout(row)
        box.addWidget(self.reasoning)

    def show_turn(self, turn: Turn, now: datetime) -> None:
        """Show how long the model has been, or was, thinking."""
        text = self._text(turn, now)
        self.caption.show_text(text)
        self.button.setVisible(bool(turn.reasoning))
        self._latest = turn.reasoning
        if self.button.isChecked():
            self.reasoning.show_text(self._latest[-_MAX_REASONING_CHARS:])
        self.setVisible(bool(text or turn.reasoning))

    def _text(self, turn: Turn, now: datetime) -> str:
        if turn.asked_at is None:
            return ""
        if turn.status is TurnStatus.WAITING:
            waited = now - turn.asked_at
            return words.thinking_for(waited) if waited.total_seconds() >= 1 else labels.thinking()
        if turn.first_text_at is None:
            return ""
        thought = turn.first_text_at - turn.asked_at
        return labels.thought_for(thought) if thought.total_seconds() >= 1 else ""

    def _unfold(self, unfolded: bool) -> None:
        arrow = Qt.ArrowType.DownArrow if unfolded else Qt.ArrowType.RightArrow
        self.button.setArrowType(arrow)
        if unfolded:
            self.reasoning.show_text(self._latest[-_MAX_REASONING_CHARS:])
        self.reasoning.setVisible(unfolded)


class TurnView(QWidget):
    """Question and answer. `show_turn` is cheap; the answer appears through `answer.advance`."""

    retry_requested = Signal()
    continue_requested = Signal()
    edit_requested = Signal(str)  # the turn's id

    def __init__(self, turn: Turn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.turn = turn
        self.is_last = True
        self.bubble = QuestionBubble(turn.question, self)
        self.thinking = ThinkingLine(self)
        self.answer = AnswerView(self)
        self.answer.hide()
        self.notice = Notice(self)
        self.notice.hide()
        self.notice.retry_requested.connect(self.retry_requested)
        self.ending = self._make_ending()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.GAP)
        box.setDirection(QBoxLayout.Direction.TopToBottom)
        box.addLayout(self._make_question_row())
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
        self.further: QPushButton = push_button(composing.continue_answer())
        self.further.setProperty("kind", "quiet")
        self.further.clicked.connect(self.continue_requested)
        self.copy = IconButton("copy", labels.copy_answer())
        self.copy.clicked.connect(self._copy_answer)
        self._copied = QTimer(self)
        self._copied.setSingleShot(True)
        self._copied.setInterval(_COPIED_SHOWN_MS)
        self._copied.timeout.connect(self._show_remark)
        row = QHBoxLayout(ending)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        row.addWidget(self.copy)
        row.addWidget(self.remark)
        row.addWidget(self.further)
        row.addWidget(self.again)
        row.addStretch(1)
        ending.hide()
        return ending

    def show_turn(self, turn: Turn, now: datetime, fault: FaultWords | None, *, last: bool) -> None:
        """Show `turn`; `fault` explains a failed or cut one, `last` allows to try again."""
        self.turn = turn
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
        self.further.setVisible(last and can_continue(turn))
        self.edit.setVisible(is_over)
        if not self._copied.isActive():
            self._show_remark()
        self.ending.setVisible(is_over and (stopped or bool(turn.answer)))

    def _show_remark(self) -> None:
        stopped = labels.stopped() if self.turn.status is TurnStatus.STOPPED else ""
        shortened = words.rest_not_shown() if self.answer.is_shortened else ""
        self.remark.show_text(shortened or stopped)

    def _copy_answer(self) -> None:
        self.answer.copy_all()
        self.remark.show_text(labels.copied())
        self._copied.start()

    def restyle(self) -> None:
        """The theme, the font or the language changed: write everything anew."""
        self.bubble.restyle()
        self.bubble.fit(int(self.width() * _BUBBLE_SHARE))
        self.answer.redraw()
        self.copy.rename(labels.copy_answer())
        self.again.setText(plain(labels.try_again()))
        self.further.setText(plain(composing.continue_answer()))
        self.edit.rename(composing.edit_question())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.bubble.fit(int(event.size().width() * _BUBBLE_SHARE))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.bubble.paint_ground(painter)
        painter.end()
