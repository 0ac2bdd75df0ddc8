"""Writes the pieces of one answer into a QTextDocument; only the tail is ever written twice.

Code and plain text are folded: some dozen lines share one text block, because a block costs
Qt four kilobytes, whatever stands in it (F-C04).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass, field

from PySide6.QtGui import (
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)

from app.chat.answer_bounds import USUAL, AnswerBounds
from app.chat.links import Link
from app.chat.markdown_blocks import MAX_RUN_CHARS
from app.chat.markdown_pieces import CodeEnd, CodeStart, CodeText, Piece, PlainText, Prose, Tail
from app.chat.shown_text import in_lengths_of, revealed
from app.ui.answer_style import AnswerStyle
from app.ui.markdown_copy import copy_markdown
from app.ui.table_copy import Columns

_IS_ODD = QTextFormat.Property.UserProperty + 4
IS_CONTINUED = QTextFormat.Property.UserProperty + 3  # no line end before this block

_LINE_SEPARATOR = "\u2028"
_FOLD_LINES = 40
_ITEM_CHARS = 250


@dataclass(slots=True)
class Fold:
    """One text block of a card and how many lines of code it holds."""

    position: int
    lines: int = 1


@dataclass(slots=True)
class Card:
    """One code block: where it stands in the document and what it says."""

    language: str
    start: int = -1
    end: int = 0
    parts: list[str] = field(default_factory=list)
    chars: int = 0
    folds: list[Fold] = field(default_factory=list)
    is_closed: bool = False
    is_coloured: bool = False

    @property
    def code(self) -> str:
        """The code as it came, without the line end of its last line."""
        return "".join(self.parts).removesuffix("\n")


@dataclass(slots=True)
class _Spot:
    """Where writing goes on."""

    position: int = 0
    is_fresh: bool = True  # the last block is empty and may be used
    continues: bool = False  # the last line was not ended
    room_lines: int = 0  # how much the last block may still take
    room_chars: int = 0
    cards: int = 0
    in_card: bool = False


class AnswerWriter:
    """One answer's document: closed pieces stay, the tail is replaced with every update."""

    def __init__(self, document: QTextDocument, style: AnswerStyle) -> None:
        document.setUndoRedoEnabled(False)
        document.setDocumentMargin(0)
        document.setIndentWidth(20)
        self._document = document
        self.restart(style)

    def restart(self, style: AnswerStyle, bounds: AnswerBounds = USUAL) -> None:
        """Empty the document and write in `style` from now on."""
        self._document.clear()
        self.style = style
        self.bounds = bounds
        self.columns = Columns()
        self.is_simplified = False  # something is shown as it was written
        self.cursor = QTextCursor(self._document)
        self._spot = _Spot()
        self._kept = _Spot()
        self._kept_format = QTextBlockFormat()
        self._has_tail = False
        self.cards: list[Card] = []
        self.links: dict[str, Link] = {}

    @property
    def closed_end(self) -> int:
        """The position up to which the document never changes again."""
        return self._kept.position

    def update(self, pieces: Iterable[Piece], tail: Tail | None) -> None:
        """Append final `pieces` and show `tail` after them."""
        self.cursor.beginEditBlock()
        self._cut_tail()
        for piece in pieces:
            self._write(piece)
        self.cursor.movePosition(QTextCursor.MoveOperation.End)
        self._spot.position = self.cursor.position()
        self._spot.cards = len(self.cards)
        self._kept = copy(self._spot)
        self._kept_format = self.cursor.blockFormat()
        if isinstance(tail, CodeText):
            self._fold(revealed(tail.text), self._code_shape, self.style.code())
            self.cards[-1].end = self.cursor.position()
        elif tail is not None:
            self._write(tail)
        self._has_tail = tail is not None
        self.cursor.endEditBlock()

    def _cut_tail(self) -> None:
        if not self._has_tail:
            return
        self._spot = copy(self._kept)
        self.cursor.setPosition(self._kept.position)
        self.cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        self.cursor.removeSelectedText()
        if not self.cursor.block().text():
            # Qt gives an emptied block the format of what was removed after it.
            self.cursor.setBlockFormat(self._kept_format)
        del self.cards[self._kept.cards :]
        if self._spot.in_card:
            self.cards[-1].end = self._kept.position

    def _write(self, piece: Piece) -> None:
        match piece:
            case Prose():
                self._write_prose(piece)
            case PlainText(text, ends_line):
                self._write_plain(text)
                self._spot.continues = not ends_line
            case CodeStart(language):
                self._end_fold()
                self.cards.append(Card(language, end=self.cursor.position()))
                self._spot.in_card = True
            case CodeText(text, ends_line):
                self._write_code(text, ends_line=ends_line)
            case CodeEnd():
                self._end_code()

    # --- blocks ------------------------------------------------------------------------------

    @property
    def is_below_card(self) -> bool:
        """Whether a code card ends right above."""
        return bool(self.cards) and self.cards[-1].end == self.cursor.position()

    def begin_block(self, shape: QTextBlockFormat, style: QTextCharFormat) -> None:
        """Start a paragraph at the end of the document."""
        if self._spot.is_fresh:
            self.cursor.setBlockFormat(shape)
            self.cursor.setBlockCharFormat(style)
            self._spot.is_fresh = False
        else:
            self.cursor.insertBlock(shape, style)

    def leave_frame(self) -> None:
        """Go on after a table: Qt keeps an empty block there, which the next paragraph uses."""
        self.cursor.movePosition(QTextCursor.MoveOperation.End)
        self.cursor.setBlockFormat(QTextBlockFormat())
        self.cursor.setBlockCharFormat(self.style.tiny())
        self._spot.is_fresh = True

    def write_card(self, language: str, lines: Iterable[str]) -> None:
        """A whole code card, for code that was not fenced at the top level."""
        self._write(CodeStart(language))
        for line in lines:
            for text in in_lengths_of(line, MAX_RUN_CHARS):
                self._write_code(text, ends_line=True)
        self._end_code()

    def _write_prose(self, prose: Prose) -> None:
        if self._document.blockCount() < self.bounds.blocks:
            self._end_fold()
            if copy_markdown(prose, self):
                return
        self.is_simplified = True
        for line in (*prose.markdown.split("\n"), ""):
            self._write_plain(line)
            self._spot.continues = False

    # --- folded lines ------------------------------------------------------------------------

    def _fold(
        self, text: str, make_shape: Callable[[], QTextBlockFormat], style: QTextCharFormat
    ) -> bool:
        """Write one line; False if it went into the block of the line before it."""
        spot = self._spot
        if spot.room_lines and spot.room_chars >= len(text) and not spot.continues:
            self._insert(_LINE_SEPARATOR + text, style)
            spot.room_lines -= 1
            spot.room_chars -= len(text) + 1
            return False
        shape = make_shape()
        if spot.continues:
            shape.setProperty(IS_CONTINUED, True)
            shape.setTopMargin(0)
        self.begin_block(shape, style)
        self._insert(text, style)
        spot.room_lines = _FOLD_LINES
        spot.room_chars = MAX_RUN_CHARS - len(text)
        return True

    def _insert(self, text: str, style: QTextCharFormat) -> None:
        """Qt keeps fifty bytes for each character of the longest run in one format."""
        if len(text) <= _ITEM_CHARS:
            self.cursor.insertText(text, style)
            return
        odd = QTextCharFormat(style)
        odd.setProperty(_IS_ODD, True)
        for n, part in enumerate(in_lengths_of(text, _ITEM_CHARS)):
            self.cursor.insertText(part, odd if n % 2 else style)

    def _end_fold(self) -> None:
        self._spot.room_lines = 0
        self._spot.continues = False

    def _write_plain(self, text: str) -> None:
        for i, part in enumerate(in_lengths_of(text, MAX_RUN_CHARS)):
            self._spot.continues = self._spot.continues or i > 0
            self._fold(part, self.style.plain, self.style.text())

    def _code_shape(self) -> QTextBlockFormat:
        card = self.cards[-1]
        # Until its first line is written, a card ends where it begins.
        follows = len(self.cards) > 1 and self.cards[-2].end == card.end
        return self.style.code_line(is_first=not card.folds, after_card=follows)

    def _write_code(self, text: str, *, ends_line: bool) -> None:
        card = self.cards[-1]
        is_new = self._fold(revealed(text), self._code_shape, self.style.code())
        if is_new:
            card.folds.append(Fold(self.cursor.block().position()))
        else:
            card.folds[-1].lines += 1
        card.start = card.folds[0].position
        card.end = self.cursor.position()
        card.parts.append(text + "\n" * ends_line)
        card.chars += len(text) + ends_line
        self._spot.continues = not ends_line

    def _end_code(self) -> None:
        card = self.cards[-1]
        if not card.folds:
            self._write_code("", ends_line=True)
        self._end_fold()
        shape = self.cursor.blockFormat()
        shape.setBottomMargin(self.style.card_padding + self.style.card_gap)
        self.cursor.setBlockFormat(shape)
        card.is_closed = True
        self._spot.in_card = False
