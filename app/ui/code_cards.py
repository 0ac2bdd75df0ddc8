"""The code blocks of one answer: their copy buttons in place, their colours as they grow."""

from __future__ import annotations

from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QTextEdit, QWidget
from shiboken6 import isValid

from app.chat.shown_text import revealed
from app.ui import theme as tokens
from app.ui.answer_ground import AnswerGround
from app.ui.answer_style import AnswerStyle
from app.ui.answer_writer import AnswerWriter, Card
from app.ui.code_card import CardButton
from app.ui.code_colours import MAX_CODE_CHARS, ColouredLine, colour, formats
from app.ui.code_lexers import code_lexers

_MAX_OPEN_COLOURED_CHARS = 3_000  # open code beyond this is coloured once it is closed
_SIDE = 6


class CodeCards:
    """All cards that `writer` writes into `view`."""

    def __init__(self, view: QTextEdit, writer: AnswerWriter, ground: AnswerGround) -> None:
        self._view = view
        self._writer = writer
        self._ground = ground
        self._buttons: list[CardButton] = []
        self.restart()

    def restart(self) -> None:
        """The answer is written anew."""
        for button in self._buttons:
            button.hide()
            button.deleteLater()
        self._buttons = []
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
        if card.chars > MAX_CODE_CHARS:
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
        found = colour(revealed(card.code), card.language)  # as it is shown
        if found is not None:
            self._put_colours(card, found)

    def _put_colours(self, card: Card, lines: list[ColouredLine]) -> None:
        document = self._view.document()
        cursor = QTextCursor(document)
        cursor.beginEditBlock()
        first = 0
        for fold in card.folds:
            ranges = formats(lines[first : first + fold.lines], tokens.current())
            first += fold.lines
            document.findBlock(fold.position).layout().setFormats(ranges)
        cursor.endEditBlock()
