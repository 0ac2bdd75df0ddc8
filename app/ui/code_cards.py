"""The code blocks of one answer: their copy buttons in place, their colours as they grow.

Long code is coloured a few lines at a time, so that nothing waits for it.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from time import perf_counter

from PySide6.QtCore import QTimer
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QTextEdit, QWidget
from shiboken6 import isValid

from app.chat.shown_text import revealed
from app.ui import theme as tokens
from app.ui.answer_ground import AnswerGround
from app.ui.answer_style import AnswerStyle
from app.ui.answer_writer import AnswerWriter, Card, Fold
from app.ui.code_card import CardButton
from app.ui.code_colours import (
    AT_ONCE_CHARS,
    MAX_CODE_CHARS,
    ColouredLine,
    coloured_lines,
    formats,
)
from app.ui.code_lexers import code_lexers

_MAX_OPEN_COLOURED_CHARS = 3_000  # open code beyond this is coloured once it is closed
_SIDE = 6
_SLICE_S = 0.006
_PAUSE_MS = 40


@dataclass(slots=True)
class _Run:
    """A closed card that is being coloured: what its lines say, and where they stand."""

    lines: Iterator[ColouredLine]
    folds: Iterator[Fold]


class CodeCards:
    """All cards that `writer` writes into `view`."""

    def __init__(self, view: QTextEdit, writer: AnswerWriter, ground: AnswerGround) -> None:
        self._view = view
        self._writer = writer
        self._ground = ground
        self._buttons: list[CardButton] = []
        self._runs: deque[_Run] = deque()
        self._slices = QTimer(view, singleShot=True, interval=_PAUSE_MS)
        self._slices.timeout.connect(self._go_on)
        self.restart()

    def restart(self) -> None:
        """The answer is written anew."""
        for button in self._buttons:
            button.hide()
            button.deleteLater()
        self._buttons = []
        self._runs.clear()
        self._slices.stop()
        self._placed = 0
        self._lines_coloured = 0

    # --- buttons -----------------------------------------------------------------------------

    def place_buttons(self, *, everywhere: bool = False) -> None:
        """Put a button on each card that is new or may have moved, or on all of them."""
        cards = self._writer.cards
        first = 0 if everywhere else max(self._placed - 1, 0)
        self._placed = len(cards)
        while len(self._buttons) < len(cards):
            button = CardButton(self._view.viewport())
            QWidget.setTabOrder(self._buttons[-1] if self._buttons else self._view, button)
            self._buttons.append(button)
        for button in self._buttons[len(cards) :]:
            button.hide()
        for card, button in zip(cards[first:], self._buttons[first:], strict=False):
            button.show_card(card)
            frame = self._ground.card_frame(card)
            size = button.sizeHint()
            above = (AnswerStyle.card_header - size.height()) // 2 + 1
            button.move(int(frame.right()) - size.width() - _SIDE, int(frame.top()) + above)
            button.setVisible(card.start >= 0)

    # --- colours -----------------------------------------------------------------------------

    def colour(self) -> None:
        """Colour what was closed since the last time, and open code while it is short."""
        for card in reversed(self._writer.cards):
            if card.is_coloured:
                return
            self._colour(card)

    def _on_lexer(self) -> None:
        """A language is known now; which of the cards are in it shows when they are coloured."""
        if isValid(self._view):
            for card in self._writer.cards:
                if not card.is_coloured:
                    self._colour(card)

    def _colour(self, card: Card) -> None:
        if card.chars > MAX_CODE_CHARS + 1:  # the end of its last line is none of the code
            card.is_coloured = card.is_closed
            return
        if not card.is_closed:
            is_old = len(card.parts) == self._lines_coloured
            if is_old or card.chars > _MAX_OPEN_COLOURED_CHARS:
                return
        if not code_lexers().is_loaded(card.language, self._on_lexer):
            return
        card.is_coloured = card.is_closed
        self._lines_coloured = len(card.parts)
        lines = coloured_lines(revealed(card.code), card.language)  # as it is shown
        if lines is None:
            return
        run = _Run(lines, iter(card.folds))
        if card.chars <= AT_ONCE_CHARS:
            self._put_colours(run)
        else:
            self._runs.append(run)
            self._slices.start()

    def _go_on(self) -> None:
        """Colour long code for a moment, and again a little later if some is left."""
        if self._put_colours(self._runs[0], perf_counter() + _SLICE_S):
            self._runs.popleft()
        if self._runs:
            self._slices.start()

    def _put_colours(self, run: _Run, deadline: float = math.inf) -> bool:
        """Until `deadline`, a block of lines at a time; True once all of it is done."""
        document = self._view.document()
        cursor = QTextCursor(document)
        cursor.beginEditBlock()
        is_done = True
        for fold in run.folds:
            ranges = formats(islice(run.lines, fold.lines), tokens.current())
            document.findBlock(fold.position).layout().setFormats(ranges)
            if perf_counter() >= deadline:
                is_done = False
                break
        cursor.endEditBlock()
        return is_done
