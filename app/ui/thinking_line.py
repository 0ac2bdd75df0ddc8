"""The quiet line between question and answer: how long the model thought, and a summary of it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from app.chat.conversation import Turn, TurnStatus
from app.chat.shown_text import plain_summary
from app.ui import theme
from app.ui.labels import TextLabel
from app.wording import chat as words
from app.wording import labels

_MAX_REASONING_CHARS = 8_000


class ThinkingLine(QWidget):
    """ "Thinking… 3 s", then "thought for 3 s" with the summary of the reasoning behind it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._latest = ""
        self.button = QToolButton()
        self.button.setProperty("kind", "icon")
        self.button.setCheckable(True)
        self.button.setFixedSize(QSize(20, 18))
        self.button.setAccessibleName(words.reasoning_name())
        self.button.toggled.connect(self._unfold)
        self.caption = TextLabel(colour="faint", pixels=theme.CAPTION_PX, tabular=True)
        self.reasoning = TextLabel(colour="secondary", wrap=True, prose=True)
        self.reasoning.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.reasoning.hide()
        self._point()
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
            self._show_reasoning()
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

    def _show_reasoning(self) -> None:
        self.reasoning.show_text(plain_summary(self._latest[-_MAX_REASONING_CHARS:]))

    def restyle(self) -> None:
        """The language changed."""
        self.button.setAccessibleName(words.reasoning_name())
        self._point()

    def _unfold(self, unfolded: bool) -> None:
        self._point()
        if unfolded:
            self._show_reasoning()
        self.reasoning.setVisible(unfolded)

    def _point(self) -> None:
        """Down once unfolded; before that to where reading goes on."""
        folded = Qt.ArrowType.LeftArrow if self.isRightToLeft() else Qt.ArrowType.RightArrow
        self.button.setArrowType(Qt.ArrowType.DownArrow if self.button.isChecked() else folded)
