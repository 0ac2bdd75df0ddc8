"""Copies Markdown into an answer's document, with formats of our own only.

Markdown is parsed into a scratch document that is never shown; what is known and wanted is
copied from there: text, emphasis, headings, lists, quotes, tables, judged links. Nothing that
could load a resource ever reaches the document on the screen (A9, T-51…T-53).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextList,
    QTextListFormat,
    QTextTable,
)

from app.chat.answer_bounds import AnswerBounds
from app.chat.markdown_pieces import Prose, TablePart
from app.chat.shown_text import without_controls
from app.ui.answer_style import Run
from app.ui.run_copy import Links, copy_runs
from app.ui.table_copy import Columns, copy_table

QUOTE_LEVEL = QTextFormat.Property.UserProperty + 1
IS_RULE = QTextFormat.Property.UserProperty + 2

_FEATURES = (
    QTextDocument.MarkdownFeature.MarkdownDialectGitHub
    | QTextDocument.MarkdownFeature.MarkdownNoHTML
)
_LANGUAGE = QTextFormat.Property.BlockCodeLanguage
_QUOTE = QTextFormat.Property.BlockQuoteLevel
_RULE = QTextFormat.Property.BlockTrailingHorizontalRulerWidth
_MARKS = r"\\`*_\[\]<>&~|!:@/#=+\n\t"
_ORDINARY = re.compile(rf"[^\W\d_](?:[^{_MARKS}]*[^{_MARKS}\s])?")
_MAX_QUOTES = 6
_MAX_LIST_DEPTH = 8


class Page(Links, Protocol):
    """Where the copy goes: the end of a document."""

    cursor: QTextCursor
    bounds: AnswerBounds
    columns: Columns  # of the table that was cut last

    @property
    def is_below_card(self) -> bool: ...
    def begin_block(self, shape: QTextBlockFormat, style: QTextCharFormat) -> None: ...
    def leave_frame(self) -> None: ...
    def write_card(self, language: str, lines: Iterable[str]) -> None: ...


def copy_markdown(prose: Prose, page: Page) -> bool:
    """Append `prose` to `page`; False, with nothing written, if a table in it is too large."""
    if is_ordinary(prose.markdown):
        page.begin_block(page.style.prose(0, 0, in_list=False), page.style.text())
        page.cursor.insertText(prose.markdown, page.style.text())
        return True
    scratch = QTextDocument()
    scratch.setUndoRedoEnabled(False)
    scratch.setMarkdown(prose.markdown, _FEATURES)
    tables = [one for one in scratch.rootFrame().childFrames() if isinstance(one, QTextTable)]
    if any(_is_too_large(table, page.bounds) for table in tables):
        return False
    _Copy(scratch, page, tables, prose.table).run()
    return True


def is_ordinary(markdown: str) -> bool:
    """True for one line of words without any mark, which need not be parsed."""
    return "  " not in markdown and "www." not in markdown and bool(_ORDINARY.fullmatch(markdown))


def _is_too_large(table: QTextTable, bounds: AnswerBounds) -> bool:
    cells = table.rows() * table.columns()
    return cells > bounds.table_cells or table.columns() > bounds.table_columns


def _list_of(block: QTextBlock) -> QTextList | None:
    return block.textList()


class _Copy:
    def __init__(
        self, scratch: QTextDocument, page: Page, tables: list[QTextTable], part: TablePart
    ) -> None:
        self._scratch = scratch
        self._page = page
        self._tables = tables
        self._part = part
        self._lists: dict[int, QTextList] = {}

    def run(self) -> None:
        block = self._scratch.begin()
        while block.isValid():
            table = QTextCursor(block).currentTable() if self._tables else None
            if table is not None:
                self._copy_table(table)
                block = self._scratch.findBlock(table.lastPosition())
            elif block.blockFormat().hasProperty(_LANGUAGE):
                block = self._copy_code(block)
            else:
                self._copy_block(block)
            block = block.next()

    def _copy_block(self, block: QTextBlock) -> None:
        given = block.blockFormat()
        style = self._page.style
        if given.hasProperty(_RULE):
            shape = style.block(top=12, bottom=12)
            shape.setProperty(IS_RULE, True)
            self._page.begin_block(shape, style.tiny())
            return
        source = _list_of(block)
        if not block.text() and source is None:
            return
        heading = given.headingLevel()
        quote = min(given.intProperty(_QUOTE), _MAX_QUOTES)
        shape = style.prose(heading, quote, in_list=source is not None)
        shape.setIndent(min(given.indent(), _MAX_LIST_DEPTH))
        shape.setMarker(given.marker())
        if quote:
            shape.setProperty(QUOTE_LEVEL, quote)
            if block.textDirection() == Qt.LayoutDirection.RightToLeft:
                shape.setRightMargin(shape.leftMargin())
                shape.setLeftMargin(0)
        self._page.begin_block(shape, style.text(heading))
        if source is not None:
            self._join_list(source)
        setting = Run(heading=heading, is_quoted=quote > 0)
        copy_runs(block, self._page.cursor, setting, self._page)

    def _join_list(self, source: QTextList) -> None:
        mine = self._lists.get(source.objectIndex())
        if mine is not None:
            mine.add(self._page.cursor.block())
            return
        given = source.format()
        shape = QTextListFormat()
        shape.setStyle(given.style())
        shape.setIndent(min(given.indent(), _MAX_LIST_DEPTH))
        shape.setStart(given.start())
        if given.style() is QTextListFormat.Style.ListDecimal:
            shape.setNumberSuffix(given.numberSuffix())
        self._lists[source.objectIndex()] = self._page.cursor.createList(shape)

    def _copy_code(self, block: QTextBlock) -> QTextBlock:
        """Indented code, or a fence inside a quote: a card as any other. Returns its last block."""
        lines = [without_controls(block.text())]
        language = block.blockFormat().stringProperty(_LANGUAGE)
        following = block.next()
        while following.isValid() and following.blockFormat().hasProperty(_LANGUAGE):
            block = following
            lines.append(without_controls(block.text()))
            following = block.next()
        self._page.write_card(language, lines)
        return block

    def _copy_table(self, table: QTextTable) -> None:
        cut = {
            TablePart.FIRST: self._tables[-1].firstPosition(),
            TablePart.REST: self._tables[0].firstPosition(),
        }
        is_cut = table.firstPosition() == cut.get(self._part)
        part = self._part if is_cut else TablePart.NONE
        page = self._page
        below = page.is_below_card
        if copy_table(table, page.cursor, page, part, page.columns, below_card=below):
            self._page.leave_frame()
