"""The list of turns: follows the end while you are there, paints at most 30 times a second.

A stream event only changes the text to be shown; a frame timer, which runs while there is
something new and the window is visible, does the work in slices (F-C04, F-C06).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from time import perf_counter

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.chat.conversation import Turn, TurnStatus
from app.ui import theme
from app.ui.labels import push_button
from app.ui.turn_view import TurnView
from app.wording import chat as words
from app.wording import labels
from app.wording.fault_words import FaultWords

FRAME_MS = 34
_SLICE_S = 0.012
_MAX_SHARE = 0.25  # of one core, for an answer whose every frame is dear
_BACKLOG_MS = 10
_END_PX = 8  # so close to the end counts as at the end
_SHOWN_TURNS = 40


class Transcript(QScrollArea):
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
        self._turns: tuple[Turn, ...] = ()
        self._views: dict[str, TurnView] = {}
        self._shown = _SHOWN_TURNS
        self._follows = True
        self._last_frame = 0.0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(labels.transcript_name())
        self._make_content()
        self._frames = QTimer(self)
        self._frames.setSingleShot(True)
        self._frames.setTimerType(Qt.TimerType.PreciseTimer)
        self._frames.timeout.connect(self._on_frame)
        self._seconds = QTimer(self)
        self._seconds.setInterval(1_000)
        self._seconds.timeout.connect(self._on_second)
        self.verticalScrollBar().rangeChanged.connect(self._on_range)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    def _make_content(self) -> None:
        content = QWidget()
        self._box = QVBoxLayout(content)
        self._box.setContentsMargins(theme.PADDING, 14, theme.PADDING, 14)
        self._box.setSpacing(20)
        self.earlier = push_button(words.show_earlier())
        self.earlier.clicked.connect(self._show_earlier)
        self.earlier.hide()
        self._box.addWidget(self.earlier, 0, Qt.AlignmentFlag.AlignHCenter)
        self._box.addStretch(1)
        self.setWidget(content)
        content.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)

    # --- turns -------------------------------------------------------------------------------

    @property
    def views(self) -> list[TurnView]:
        """The turns on the screen, oldest first."""
        return [self._views[turn.turn_id] for turn in self._visible_turns()]

    def render_turns(self, turns: tuple[Turn, ...]) -> None:
        """Show `turns`; those that did not change cost nothing."""
        asked = len(turns) > len(self._turns)
        self._turns = turns
        visible = self._visible_turns()
        self.earlier.setVisible(len(visible) < len(turns))
        kept = {turn.turn_id for turn in visible}
        for turn_id in [one for one in self._views if one not in kept]:
            view = self._views.pop(turn_id)
            self._box.removeWidget(view)
            view.hide()
            view.deleteLater()
        for place, turn in enumerate(visible, start=1):
            self._render_turn(place, turn, last=turn is turns[-1])
        if asked:
            self._follows = True  # a new question is always shown
            self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())
        self._wake()

    def _visible_turns(self) -> tuple[Turn, ...]:
        return self._turns[-self._shown :]

    def _render_turn(self, place: int, turn: Turn, *, last: bool) -> None:
        view = self._views.get(turn.turn_id)
        if view is None:
            view = TurnView(turn)
            view.retry_requested.connect(self.retry_requested)
            view.continue_requested.connect(self.continue_requested)
            view.edit_requested.connect(self.edit_requested)
            view.answer.link_activated.connect(self.link_activated)
            self._views[turn.turn_id] = view
            self._box.insertWidget(place, view)
        elif view.turn is turn and view.is_last == last:
            return
        view.is_last = last
        view.show_turn(turn, self._clock(), self._explain(turn), last=last)

    def _show_earlier(self) -> None:
        self._shown += _SHOWN_TURNS
        self._follows = False
        self.render_turns(self._turns)

    def restyle(self) -> None:
        """The theme, the font or the language changed: write everything anew."""
        self.earlier.setText(words.show_earlier())
        self.setAccessibleName(labels.transcript_name())
        for view in self._views.values():
            view.restyle()
            view.show_turn(view.turn, self._clock(), self._explain(view.turn), last=view.is_last)
        self._wake()

    # --- frames ------------------------------------------------------------------------------

    def _wake(self) -> None:
        """Let the timers run while there is something to do and somebody to see it."""
        waits = bool(self._turns) and self._turns[-1].status is TurnStatus.WAITING
        if waits and self.isVisible():
            if not self._seconds.isActive():
                self._seconds.start()
        else:
            self._seconds.stop()
        has_work = any(view.answer.has_work for view in self._views.values())
        if has_work and self.isVisible() and not self._frames.isActive():
            passed = (perf_counter() - self._last_frame) * 1_000
            self._frames.start(max(0, FRAME_MS - int(passed)))

    def _on_frame(self) -> None:
        """Show what is new, the newest answer first; nobody looks at a hidden window."""
        if not self.isVisible():
            return
        begun = perf_counter()
        left = False
        for view in reversed(self.views):
            spent = perf_counter() - begun
            if view.answer.has_work and spent < _SLICE_S:
                left = view.answer.advance(_SLICE_S - spent) or left
                self._lay_out(view)
            left = left or view.answer.has_work
        self._last_frame = perf_counter()
        cost_ms = (self._last_frame - begun) * 1_000
        if left:
            self._frames.start(max(_BACKLOG_MS, int(cost_ms)))
        elif cost_ms > FRAME_MS * _MAX_SHARE:
            # What comes next waits longer after a dear frame, so that the share stays bounded.
            self._last_frame += cost_ms / _MAX_SHARE / 1_000 - FRAME_MS / 1_000

    def _lay_out(self, view: TurnView) -> None:
        """Give the answer its room now; left to Qt, it is painted before and again after that."""
        for layout in (view.layout(), self._box):
            if layout is not None:
                layout.activate()

    def _on_second(self) -> None:
        if not self.isVisible():
            self._seconds.stop()
        for view in self._views.values():
            if view.turn.status is TurnStatus.WAITING:
                view.thinking.show_turn(view.turn, self._clock())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._on_second()
        self._wake()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:  # comes with each switch of the theme
            self.restyle()

    # --- scrolling ---------------------------------------------------------------------------

    def _on_range(self, _least: int, most: int) -> None:
        if self._follows:
            self.verticalScrollBar().setValue(most)

    def _on_scrolled(self, value: int) -> None:
        self._follows = value >= self.verticalScrollBar().maximum() - _END_PX

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        if event.key() == Qt.Key.Key_Home:
            bar.setValue(bar.minimum())
        elif event.key() == Qt.Key.Key_End:
            bar.setValue(bar.maximum())
        else:
            super().keyPressEvent(event)
