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
    QContextMenuEvent,
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

from app.chat.answer_bounds import GENEROUS, USUAL
from app.chat.answer_feed import AnswerFeed
from app.chat.shown_text import copied_markdown, copied_prose, has_hidden
from app.ui import theme as tokens
from app.ui.answer_ground import AnswerGround
from app.ui.answer_selection import KeptSelection, selected_text
from app.ui.answer_style import AnswerStyle
from app.ui.answer_writer import AnswerWriter
from app.ui.code_cards import CodeCards
from app.ui.labels import plain
from app.ui.viewports import clear_viewport
from app.wording import labels as words

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
    link_reached = Signal()  # by the keyboard
    written = Signal()  # the whole answer is on the screen
    hidden_left_out = Signal()  # something invisible did not go to the clipboard
    conversation_wanted = Signal()  # on the clipboard, with all its turns

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
        self._viewport = clear_viewport(self)
        self.setFont(tokens.text_font(tokens.HEADING_PX))
        self.anchorClicked.connect(self._on_anchor)
        self._bounds = USUAL
        self._writer = AnswerWriter(self.document(), AnswerStyle(tokens.current()))
        self._ground = AnswerGround(self.document())
        self._cards = CodeCards(self, self._writer, self._ground)
        self._feed = AnswerFeed()
        self._fitted_width = -1
        self.redraw()

    # --- what is shown -----------------------------------------------------------------------

    @property
    def answer(self) -> str:
        """The whole answer as it came."""
        return self._feed.answer

    def set_answer(self, answer: str, *, is_complete: bool) -> None:
        """From now on show `answer`; a longer one with the same beginning goes on from there."""
        if not self._feed.give(answer, is_complete=is_complete):
            self._restart()

    @property
    def is_shortened(self) -> bool:
        """True if the answer is too long to be shown whole."""
        return self._feed.is_shortened

    @property
    def is_simplified(self) -> bool:
        """True if some of it is shown as it was written that `show_formatted` would set."""
        simplified = self._feed.is_simplified or self._writer.is_simplified
        return self._bounds is USUAL and self._feed.is_finished and simplified

    @property
    def has_work(self) -> bool:
        """True if `advance` would change anything."""
        return self._feed.has_more

    def advance(self, budget_s: float) -> bool:
        """Show more of the answer for about `budget_s` seconds; True if something is left."""
        deadline = perf_counter() + budget_s
        while self.has_work:
            pieces, tail = self._feed.portion()
            selection = KeptSelection(self, self._writer.closed_end)
            self._writer.update(pieces, tail)
            selection.restore()
            self._cards.colour()
            self._fit()
            if perf_counter() >= deadline:
                break
        if self._feed.is_finished and not self.has_work:
            self.written.emit()
        return self.has_work

    def redraw(self) -> None:
        """Write everything anew: the theme, the font or the language changed."""
        self.setAccessibleName(words.answer_name())
        self._restart()

    def show_formatted(self) -> None:
        """Set what was too much as well: somebody wants it and can wait (F-C05)."""
        self._bounds = GENEROUS
        self._restart()

    def _restart(self) -> None:
        self._writer.restart(AnswerStyle(tokens.current()), self._bounds)
        self._cards.restart()
        self._feed.restart(self._bounds)

    # --- the clipboard -----------------------------------------------------------------------

    def createMimeDataFromSelection(self) -> QMimeData:
        """Plain text only, as shown, without what cannot be seen (T-58)."""
        shown = selected_text(self.document(), self.textCursor())
        data = QMimeData()
        data.setText(copied_prose(shown))
        if data.text() != shown:
            self.hidden_left_out.emit()
        return data

    def copy_all(self) -> None:
        """Put the whole answer, as Markdown, on the clipboard."""
        text = copied_markdown(self.answer)
        QGuiApplication.clipboard().setText(text)
        if has_hidden(self.answer) and len(text) < len(self.answer):
            self.hidden_left_out.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """A selection ends with its answer, so the menu offers all of them together as well."""
        menu = self.createStandardContextMenu(event.pos())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addSeparator()
        copy = menu.addAction(plain(words.copy_conversation()))
        copy.triggered.connect(self.conversation_wanted)
        menu.popup(event.globalPos())

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
        self._cards.place_buttons()

    def sizeHint(self) -> QSize:
        return QSize(320, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.viewport().width() != self._fitted_width:
            self._fitted_width = self.viewport().width()
            self._fit()
            self._cards.place_buttons(everywhere=True)

    # --- painting ----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(event.rect())
        self._ground.paint(painter, QRectF(event.rect()), self._writer.cards)
        if not self._feed.is_complete and self.answer:
            end = QTextCursor(self.document())
            end.movePosition(QTextCursor.MoveOperation.End)
            self._ground.paint_caret(painter, self.cursorRect(end))
        painter.end()
        super().paintEvent(event)

    # --- events that belong to the transcript ------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def focusNextPrevChild(self, following: bool) -> bool:
        moved = super().focusNextPrevChild(following)
        if moved and self.hasFocus():  # to the next link, not away from here
            self.link_reached.emit()
        return moved

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shifted = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.key() in _KEYS_OF_THE_TRANSCRIPT and not shifted:
            event.ignore()
            return
        super().keyPressEvent(event)
