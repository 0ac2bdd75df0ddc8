"""The list of turns: follows the end while you are there, paints at most 20 times a second.

A stream event only changes the text to be shown; a frame timer, which runs while there is
something new and the window is visible, does the work in slices (F-C04, F-C06). Only what can
be seen has widgets, and a window hidden for a while has none (F-C10).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from functools import partial
from time import perf_counter

from PySide6.QtCore import QEvent, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QPalette,
    QResizeEvent,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QWidget

from app.chat.conversation import Conversation, Turn, TurnStatus
from app.chat.shown_text import copied_markdown
from app.local_zone import local_zone
from app.ui import clipboard
from app.ui.answer_view import AnswerView
from app.ui.end_button import EndButton
from app.ui.turn_column import TurnColumn
from app.ui.turn_view import TurnView
from app.ui.viewports import clear_viewport
from app.wording import labels
from app.wording.fault_words import FaultWords

FRAME_MS = 50
RELEASE_MS = 3_000  # so long after it was hidden the window gives its answers' memory back
_SLICE_S = 0.012
_MAX_SHARE = 0.25  # of one core, for an answer whose every frame is dear
_BACKLOG_MS = 10
_END_PX = 8  # so close to the end counts as at the end
_STEP_PX = 20
_REVEAL_PX = 12


class Transcript(QAbstractScrollArea):
    """Shows turns. `explain` puts a fault into words; `clock` gives the time, in UTC."""

    retry_requested = Signal()
    continue_requested = Signal()
    edit_requested = Signal(str)  # the id of a turn
    link_activated = Signal(object)  # app.chat.links.Link

    def __init__(
        self,
        explain: Callable[[Turn], FaultWords | None],
        clock: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._explain = explain
        self._clock = clock
        self._follows = True
        self._is_arranging = False
        self._arranged_width = 0
        self._last_frame = 0.0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(labels.transcript_name())
        self._viewport = clear_viewport(self)
        self.viewport().setBackgroundRole(QPalette.ColorRole.NoRole)  # else labels lose their ink
        self.verticalScrollBar().setSingleStep(_STEP_PX)
        self._column = TurnColumn(self.viewport(), self._new_view, self._show_turn)
        self.to_end = EndButton(self)
        self.to_end.clicked.connect(self.go_to_end)
        self._frames = self._timer(0, self._on_frame)
        self._frames.setTimerType(Qt.TimerType.PreciseTimer)
        self._leaving = self._timer(RELEASE_MS, self._column.release)
        self._seconds = self._timer(1_000, self._on_second)
        self._seconds.setSingleShot(False)
        QShortcut(QKeySequence("Ctrl+Shift+C"), self).activated.connect(self.copy_conversation)

    def _timer(self, ms: int, told: Callable[[], object]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(ms)
        timer.timeout.connect(told)
        return timer

    # --- turns -------------------------------------------------------------------------------

    @property
    def views(self) -> list[TurnView]:
        """The turns that have widgets, oldest first."""
        return self._column.views

    def render_turns(self, turns: tuple[Turn, ...]) -> None:
        """Show `turns`; those that did not change cost nothing."""
        before = self._column.turns
        if turns is before:
            return
        is_due = self._column.show_turns(turns)
        if turns and (not before or turns[-1].turn_id != before[-1].turn_id):
            self._follows = True  # a new question is always shown, and a conversation's end
        if is_due:
            self._arrange()
        self._wake()

    def _new_view(self, turn: Turn) -> TurnView:
        view = TurnView(turn, self.viewport())
        view.retry_requested.connect(self.retry_requested)
        view.continue_requested.connect(self.continue_requested)
        view.edit_requested.connect(self.edit_requested)
        view.answer.link_activated.connect(self.link_activated)
        view.answer.conversation_wanted.connect(self.copy_conversation)
        view.answer.link_reached.connect(partial(self._reveal, view.answer))
        view.resized.connect(self._rearrange)
        return view

    def _show_turn(self, view: TurnView, turn: Turn, last: bool) -> None:
        view.show_turn(turn, self._clock(), self._explain(turn), last=last)

    def restyle(self) -> None:
        """The theme, the font or the language changed: write everything anew."""
        self.setAccessibleName(labels.transcript_name())
        self.to_end.restyle()
        for view in self.views:
            view.restyle()
        self._column.show_again()
        self._arrange()
        self._wake()

    def copy_conversation(self) -> None:
        """Put all turns on the clipboard, as Markdown without what cannot be seen (T-58)."""
        from app.conversations.export_forms import to_markdown  # noqa: PLC0415 - seldom
        from app.wording.conversations import markdown_words  # noqa: PLC0415

        turns = self._column.turns
        if turns:
            words = markdown_words(self._clock(), local_zone(os.environ))
            clipboard.copy(copied_markdown(to_markdown(Conversation(turns=turns), words)))
            for view in self.views[-1:]:
                view.note(labels.copied())

    # --- frames ------------------------------------------------------------------------------

    def _wake(self) -> None:
        """Let the timers run while there is something to do and somebody to see it."""
        turns = self._column.turns
        waits = bool(turns) and turns[-1].status is TurnStatus.WAITING
        if waits and self.isVisible():
            if not self._seconds.isActive():
                self._seconds.start()
        else:
            self._seconds.stop()
        has_work = any(view.answer.has_work for view in self.views)
        if has_work and self.isVisible() and not self._frames.isActive():
            passed = (perf_counter() - self._last_frame) * 1_000
            self._frames.start(max(0, FRAME_MS - int(passed)))

    def _on_frame(self) -> None:
        """Show what is new, the newest answer first; nobody looks at a hidden window."""
        if not self.isVisible():
            return
        begun = perf_counter()
        for view in reversed(self.views):
            spent = perf_counter() - begun
            if view.answer.has_work and spent < _SLICE_S:
                view.answer.advance(_SLICE_S - spent)
        self._arrange(budget_s=0)
        self._last_frame = perf_counter()
        cost_ms = (self._last_frame - begun) * 1_000
        if any(view.answer.has_work for view in self.views):
            self._frames.start(max(_BACKLOG_MS, int(cost_ms)))
        elif cost_ms > FRAME_MS * _MAX_SHARE:
            # What comes next waits longer after a dear frame, so that the share stays bounded.
            self._last_frame += cost_ms / _MAX_SHARE / 1_000 - FRAME_MS / 1_000

    def _on_second(self) -> None:
        if not self.isVisible():
            self._seconds.stop()
        for view in self.views:
            if view.turn.status is TurnStatus.WAITING:
                view.thinking.show_turn(view.turn, self._clock())

    # --- places ------------------------------------------------------------------------------

    def _arrange(self, *, budget_s: float = _SLICE_S) -> None:
        """Give what is seen its widgets and places now, in one step with the scroll bar."""
        if self._is_arranging or not self.isVisible():
            return
        self._is_arranging = True
        self._arrange_once(budget_s)
        if self.viewport().width() != self._arranged_width:  # the scroll bar came or went
            self._arrange_once(budget_s)
        self._is_arranging = False
        bar = self.verticalScrollBar()
        self.to_end.show_if(bar.maximum() - bar.value() > self.viewport().height() // 2)

    def _arrange_once(self, budget_s: float) -> None:
        bar, room = self.verticalScrollBar(), self.viewport().height()
        self._arranged_width = self.viewport().width()
        offset = self._column.arrange(bar.value(), follows_end=self._follows, budget_s=budget_s)
        bar.setRange(0, max(self._column.height - room, 0))
        bar.setPageStep(room)
        bar.setValue(offset)

    def _rearrange(self) -> None:
        self._arrange()
        self._wake()

    def go_to_end(self) -> None:
        """Show what is newest, and what is to come."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.maximum())
        self.setFocus()  # the button goes; the keyboard stays with the turns

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        if not self._is_arranging:
            bar = self.verticalScrollBar()
            self._follows = bar.value() >= bar.maximum() - _END_PX
            self._rearrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._rearrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        if event.key() == Qt.Key.Key_Home:
            bar.setValue(bar.minimum())
        elif event.key() == Qt.Key.Key_End:
            bar.setValue(bar.maximum())
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, following: bool) -> bool:
        moved = super().focusNextPrevChild(following)
        focus = QApplication.focusWidget()
        if moved and focus is not None and self.viewport().isAncestorOf(focus):
            self._reveal(focus)
        return moved

    def _reveal(self, widget: QWidget) -> None:
        """Scroll as little as shows `widget`, or of a tall one the line the keyboard is on."""
        place = widget.rect()
        if isinstance(widget, AnswerView) and widget.textCursor().hasSelection():
            place = widget.cursorRect()
        at = QRect(widget.mapTo(self.viewport(), place.topLeft()), place.size())
        room = self.viewport().rect()
        bar = self.verticalScrollBar()
        if at.top() < 0 and (at.height() < room.height() or at.bottom() < _REVEAL_PX):
            bar.setValue(bar.value() + at.top() - _REVEAL_PX)
        elif at.bottom() > room.bottom():
            fully = at.bottom() - room.bottom() + _REVEAL_PX
            bar.setValue(bar.value() + min(fully, max(at.top() - _REVEAL_PX, 0)))

    # --- seen or not -------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._leaving.stop()
        self._on_second()
        self._rearrange()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._leaving.start()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:  # comes with each switch of the theme
            self.restyle()
