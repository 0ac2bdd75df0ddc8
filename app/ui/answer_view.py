"""One answer as Markdown that grows: a read-only text view as high as what it says.

Untrusted text: nothing is ever loaded, no link opens by itself, copied text is the shown text
(T-51…T-53, T-58). Work is done in slices: `advance` stops after its budget and says whether
more is left, so that the longest answer never holds up the windows (F-C04).
"""

from __future__ import annotations

import math
from time import perf_counter
from typing import Any

from PySide6.QtCore import QMimeData, QRectF, QSize, Qt, QUrl, Signal
from PySide6.QtGui import (
    QGuiApplication,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCursor,
    QTextDocument,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QWidget

from app.chat.markdown_blocks import BlockReader, Piece
from app.ui import theme as tokens
from app.ui.answer_ground import AnswerGround
from app.ui.answer_style import AnswerStyle
from app.ui.answer_writer import IS_CONTINUED, AnswerWriter, Card
from app.ui.code_card import CardButton
from app.ui.code_colours import MAX_CODE_CHARS, ColouredLine, colour, formats
from app.wording import labels as words

_LINE_SEPARATOR = "\u2028"
_SLICE_CHARS = 3_000
MAX_SHOWN_CHARS = 2_000_000  # about 100 MB on the screen; copying gives all of it
_MAX_OPEN_COLOURED_CHARS = 3_000  # open code beyond this is coloured once it is closed
_KEYS_OF_THE_TRANSCRIPT = {
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
}


class AnswerView(QTextBrowser):
    """Shows the answer given with `set_answer`, little by little, when `advance` is called."""

    link_activated = Signal(object)  # app.chat.links.Link

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setTabChangesFocus(True)
        self.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self.setFont(tokens.text_font(tokens.HEADING_PX))
        self.setAccessibleName(words.answer_name())
        self.anchorClicked.connect(self._on_anchor)
        self._queue: list[Piece] = []
        self._fed = 0
        self._writer = AnswerWriter(self.document(), AnswerStyle(tokens.current()))
        self._ground = AnswerGround(self.document())
        self._buttons: list[CardButton] = []
        self._answer = ""
        self._is_complete = False
        self._fitted_width = -1
        self._restart()

    # --- what is shown -----------------------------------------------------------------------

    @property
    def answer(self) -> str:
        """The whole answer as it came."""
        return self._answer

    def set_answer(self, answer: str, *, is_complete: bool) -> None:
        """From now on show `answer`; a longer one with the same beginning goes on from there."""
        if not answer.startswith(self._answer):
            self._restart()
        self._answer = answer
        self._is_complete = is_complete

    @property
    def is_shortened(self) -> bool:
        """True if the answer is too long to be shown whole."""
        return len(self._answer) > MAX_SHOWN_CHARS

    @property
    def has_work(self) -> bool:
        """True if `advance` would change anything."""
        return (
            self._fed < self._shown_length
            or bool(self._queue)
            or (self._is_complete and not self._is_finished)
        )

    @property
    def _shown_length(self) -> int:
        return min(len(self._answer), MAX_SHOWN_CHARS)

    def advance(self, budget_s: float) -> bool:
        """Show more of the answer for about `budget_s` seconds; True if something is left."""
        deadline = perf_counter() + budget_s
        while self.has_work:
            self._read_on()
            pieces, self._queue = self._queue[:64], self._queue[64:]
            caught_up = not self._queue and self._fed == self._shown_length
            selected = self._selection_in_tail()
            self._writer.update(pieces, self._reader.tail if caught_up else None)
            self._select_again(selected)
            self._colour_cards()
            self._fit()
            if perf_counter() >= deadline:
                break
        return self.has_work

    def redraw(self) -> None:
        """Write everything anew: the theme, the font or the language changed."""
        self._writer.restart(AnswerStyle(tokens.current()))
        self._restart()

    def _restart(self) -> None:
        self._writer.restart(AnswerStyle(tokens.current()))
        for button in self._buttons:
            button.deleteLater()
        self._buttons = []
        self._placed = 0
        self._reader = BlockReader()
        self._queue = []
        self._fed = 0
        self._is_finished = False
        self._lines_coloured = 0

    def _read_on(self) -> None:
        if self._queue:
            return
        text = self._answer[self._fed : min(self._fed + _SLICE_CHARS, self._shown_length)]
        if text:
            self._queue = self._reader.feed(text)
            self._fed += len(text)
        if self._is_complete and self._fed == self._shown_length and not self._is_finished:
            self._queue += self._reader.finish()
            self._is_finished = True

    # --- selection ---------------------------------------------------------------------------

    def _selection_in_tail(self) -> tuple[int, int] | None:
        cursor = self.textCursor()
        if not cursor.hasSelection() or cursor.selectionEnd() <= self._writer.closed_end:
            return None
        return cursor.anchor(), cursor.position()

    def _select_again(self, selected: tuple[int, int] | None) -> None:
        if selected is None:
            return
        last = self.document().characterCount() - 1
        cursor = self.textCursor()
        cursor.setPosition(min(selected[0], last))
        cursor.setPosition(min(selected[1], last), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)

    def createMimeDataFromSelection(self) -> QMimeData:
        """Plain text only, exactly as shown; pieces of one line are joined again (T-58)."""
        cursor = self.textCursor()
        start, end = cursor.selectionStart(), cursor.selectionEnd()
        block = self.document().findBlock(start)
        lines: list[str] = []
        while block.isValid() and block.position() <= end:
            first, last = max(start - block.position(), 0), end - block.position()
            text = _slice_units(block.text(), first, last)
            if lines and block.blockFormat().hasProperty(IS_CONTINUED):
                lines[-1] += text
            else:
                lines.append(text)
            block = block.next()
        data = QMimeData()
        data.setText("\n".join(lines).replace(_LINE_SEPARATOR, "\n"))
        return data

    # --- links and resources -----------------------------------------------------------------

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Nothing, whatever is asked for (T-51, T-52)."""
        return None

    def doSetSource(
        self,
        name: QUrl | str,
        type_: QTextDocument.ResourceType = QTextDocument.ResourceType.UnknownResource,
    ) -> None:
        """Stay on the answer: no address is ever shown in its place (A9)."""

    def _on_anchor(self, url: QUrl) -> None:
        for address, link in self._writer.links.items():
            if QUrl(address) == url:
                self.link_activated.emit(link)
                return

    # --- size --------------------------------------------------------------------------------

    def _fit(self) -> None:
        """Be as high as the text; the last card's frame and the cursor need a little more."""
        height = math.ceil(self.document().documentLayout().documentSize().height())
        card = self._writer.cards[-1] if self._writer.cards else None
        if card is not None and card.end >= self.document().characterCount() - 1:
            height += AnswerStyle.card_padding + 2
        if height != self.height():
            self.setFixedHeight(height)
        self._place_buttons()

    def sizeHint(self) -> QSize:
        return QSize(320, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.viewport().width() != self._fitted_width:
            self._fitted_width = self.viewport().width()
            self._fit()
            self._place_buttons(everywhere=True)

    def _place_buttons(self, *, everywhere: bool = False) -> None:
        cards = self._writer.cards
        first = 0 if everywhere else max(self._placed - 1, 0)
        self._placed = len(cards)
        while len(self._buttons) < len(cards):
            button = CardButton(self.viewport())
            QWidget.setTabOrder(self._buttons[-1] if self._buttons else self, button)
            self._buttons.append(button)
        for button in self._buttons[len(cards) :]:
            button.hide()
        for card, button in zip(cards[first:], self._buttons[first:], strict=False):
            button.show_card(card)
            frame = self._ground.card_frame(card)
            size = button.sizeHint()
            above = (AnswerStyle.card_header - size.height()) // 2 + 1
            button.move(int(frame.right()) - size.width() - 6, int(frame.top()) + above)
            button.setVisible(card.start >= 0)

    # --- colours of code ---------------------------------------------------------------------

    def _colour_cards(self) -> None:
        for card in reversed(self._writer.cards):
            if card.is_coloured:
                return
            if card.is_closed:
                card.is_coloured = True
            elif card.chars > _MAX_OPEN_COLOURED_CHARS or len(card.parts) == self._lines_coloured:
                continue
            self._lines_coloured = len(card.parts)
            if card.chars <= MAX_CODE_CHARS:
                found = colour(card.code, card.language)
                if found is not None:
                    self._put_colours(card, found)

    def _put_colours(self, card: Card, lines: list[ColouredLine]) -> None:
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        first = 0
        for fold in card.folds:
            ranges = formats(lines[first : first + fold.lines], tokens.current())
            first += fold.lines
            self.document().findBlock(fold.position).layout().setFormats(ranges)
        cursor.endEditBlock()

    # --- painting ----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(event.rect())
        self._ground.paint(painter, QRectF(event.rect()), self._writer.cards)
        if not self._is_complete and self._answer:
            end = QTextCursor(self.document())
            end.movePosition(QTextCursor.MoveOperation.End)
            self._ground.paint_caret(painter, self.cursorRect(end))
        painter.end()
        super().paintEvent(event)

    # --- events that belong to the transcript ------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shifted = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.key() in _KEYS_OF_THE_TRANSCRIPT and not shifted:
            event.ignore()
            return
        super().keyPressEvent(event)

    def copy_all(self) -> None:
        """Put the whole answer, as Markdown, on the clipboard."""
        QGuiApplication.clipboard().setText(self._answer)


def _slice_units(text: str, first: int, last: int) -> str:
    """`text` from `first` to `last`, counted in UTF-16 units as Qt does."""
    coded = text.encode("utf-16-le", "surrogatepass")
    return coded[2 * first : 2 * max(last, first)].decode("utf-16-le", "replace")
