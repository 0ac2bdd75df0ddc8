"""What is painted behind the text of an answer: code cards, bars of quotes, rules, the caret.

Only what can be seen is looked at, so that painting costs the same in a long answer (F-C04).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QTextBlock, QTextDocument

from app.ui import theme as tokens
from app.ui.answer_style import AnswerStyle
from app.ui.answer_writer import Card
from app.ui.markdown_copy import IS_RULE, QUOTE_LEVEL
from app.wording import chat

_MARGIN = 40  # marks and headings reach so far out of their blocks


class AnswerGround:
    """The ground of one document."""

    def __init__(self, document: QTextDocument) -> None:
        self._document = document

    def card_frame(self, card: Card) -> QRectF:
        """Where the frame of `card` is drawn, its heading included."""
        layout = self._document.documentLayout()
        first = layout.blockBoundingRect(self._document.findBlock(max(card.start, 0)))
        last = layout.blockBoundingRect(self._document.findBlock(card.end))
        top = first.top() - AnswerStyle.card_header
        height = last.bottom() - top + AnswerStyle.card_padding
        return QRectF(0.5, top + 0.5, self._document.textWidth() - 1, height - 1)

    def paint(self, painter: QPainter, exposed: QRectF, cards: Sequence[Card]) -> None:
        """Paint all that lies within `exposed`; `cards` in the order of the text."""
        self._paint_cards(painter, exposed, cards)
        self._paint_marks(painter, exposed)

    def paint_caret(self, painter: QPainter, line: QRect) -> None:
        """A block after the last character, which stands at `line`: more is to come."""
        if line.height() > 8:
            caret = QRectF(line.left() + 2, line.center().y() - 7, 7, 15)
            painter.fillRect(caret, tokens.current().colour("calm"))

    def _paint_cards(self, painter: QPainter, exposed: QRectF, cards: Sequence[Card]) -> None:
        colours = tokens.current()
        first = self._position_at(exposed.top() - _MARGIN)
        last = self._position_at(exposed.bottom() + _MARGIN)
        for card in cards[bisect_left(cards, first, key=_end_of) :]:
            if card.start > last:
                return
            if card.start < 0:
                continue
            frame = self.card_frame(card)
            painter.setPen(colours.colour("line"))
            painter.setBrush(colours.colour("code"))
            painter.drawRoundedRect(frame, tokens.CARD_RADIUS, tokens.CARD_RADIUS)
            painter.setPen(colours.colour("secondary"))
            painter.setFont(tokens.text_font(tokens.CAPTION_PX))
            room = frame.adjusted(12, 0, -90, 0)
            room.setHeight(AnswerStyle.card_header)
            name = chat.language_name(card.language)
            at_left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute  # as the code is
            painter.drawText(room, at_left | Qt.AlignmentFlag.AlignVCenter, name)

    def _paint_marks(self, painter: QPainter, exposed: QRectF) -> None:
        layout = self._document.documentLayout()
        line = tokens.current().colour("line")
        block = self._document.findBlock(self._position_at(exposed.top() - _MARGIN))
        while block.isValid():
            frame = layout.blockBoundingRect(block)
            if frame.top() > exposed.bottom() + _MARGIN:
                return
            shape = block.blockFormat()
            if shape.hasProperty(QUOTE_LEVEL):
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(line)
                for bar in self._bars(block, frame):
                    painter.drawRoundedRect(bar, 1.5, 1.5)
            elif shape.hasProperty(IS_RULE):
                painter.setPen(line)
                y = int(frame.center().y())
                painter.drawLine(QPoint(0, y), QPoint(int(self._document.textWidth()), y))
            block = block.next()

    def _bars(self, block: QTextBlock, frame: QRectF) -> Iterator[QRectF]:
        """The bars beside a quoted block; those it shares with the block above reach up to it."""
        above = block.previous()
        shared = above.blockFormat().intProperty(QUOTE_LEVEL) if above.isValid() else 0
        layout = self._document.documentLayout()
        from_right = block.textDirection() == Qt.LayoutDirection.RightToLeft
        for level in range(block.blockFormat().intProperty(QUOTE_LEVEL)):
            joins = level < shared and above.textDirection() == block.textDirection()
            top = layout.blockBoundingRect(above).bottom() if joins else frame.top() - 3
            x = self._document.textWidth() - 14 * level - 3 if from_right else 14 * level
            yield QRectF(x, top, 3, frame.bottom() + 3 - top)

    def _position_at(self, y: float) -> int:
        """Where the first block begins that reaches below the height `y`.

        Qt's own search is linear in the blocks; they stand one below the other.
        """
        layout = self._document.documentLayout()
        low, high = 0, self._document.blockCount() - 1
        while low < high:
            middle = (low + high) // 2
            block = self._document.findBlockByNumber(middle)
            if layout.blockBoundingRect(block).bottom() > y:
                high = middle
            else:
                low = middle + 1
        return self._document.findBlockByNumber(low).position()


def _end_of(card: Card) -> int:
    return card.end
