"""What is selected in an answer: as text for the clipboard, and kept while the answer grows."""

from __future__ import annotations

from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextEdit

from app.ui.answer_writer import IS_CONTINUED

_LINE_SEPARATOR = "\u2028"


def selected_text(document: QTextDocument, cursor: QTextCursor) -> str:
    """The selection exactly as shown; pieces of one line are joined again (T-58)."""
    start, end = cursor.selectionStart(), cursor.selectionEnd()
    block = document.findBlock(start)
    lines: list[str] = []
    while block.isValid() and block.position() <= end:
        first, last = max(start - block.position(), 0), end - block.position()
        text = _slice_units(block.text(), first, last)
        if lines and block.blockFormat().hasProperty(IS_CONTINUED):
            lines[-1] += text
        else:
            lines.append(text)
        block = block.next()
    return "\n".join(lines).replace(_LINE_SEPARATOR, "\n")


class KeptSelection:
    """The selection of `view` where it reaches beyond `closed_end`, to be made anew."""

    def __init__(self, view: QTextEdit, closed_end: int) -> None:
        self._view = view
        cursor = view.textCursor()
        in_tail = cursor.hasSelection() and cursor.selectionEnd() > closed_end
        self._ends = (cursor.anchor(), cursor.position()) if in_tail else None

    def restore(self) -> None:
        """Select the same places again, as far as the text still reaches."""
        if self._ends is None:
            return
        last = self._view.document().characterCount() - 1
        cursor = self._view.textCursor()
        cursor.setPosition(min(self._ends[0], last))
        cursor.setPosition(min(self._ends[1], last), QTextCursor.MoveMode.KeepAnchor)
        self._view.setTextCursor(cursor)


def _slice_units(text: str, first: int, last: int) -> str:
    """`text` from `first` to `last`, counted in UTF-16 units as Qt does."""
    coded = text.encode("utf-16-le", "surrogatepass")
    return coded[2 * first : 2 * max(last, first)].decode("utf-16-le", "replace")
