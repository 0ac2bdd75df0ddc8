"""Copies Markdown into an answer's document, with formats of our own only.

Markdown is parsed into a scratch document that is never shown; what is known and wanted is
copied from there: text, emphasis, headings, lists, quotes, tables, judged links. Nothing that
could load a resource ever reaches the document on the screen (A9, T-51…T-53).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

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
    QTextTableFormat,
)

from app.chat.links import Link, read_link
from app.chat.shown_text import without_controls
from app.ui.answer_style import AnswerStyle, Run
from app.wording import labels as words

QUOTE_LEVEL = QTextFormat.Property.UserProperty + 1
IS_RULE = QTextFormat.Property.UserProperty + 2

_FEATURES = (
    QTextDocument.MarkdownFeature.MarkdownDialectGitHub
    | QTextDocument.MarkdownFeature.MarkdownNoHTML
)
_LANGUAGE = QTextFormat.Property.BlockCodeLanguage
_QUOTE = QTextFormat.Property.BlockQuoteLevel
_RULE = QTextFormat.Property.BlockTrailingHorizontalRulerWidth
_IMAGE = "\ufffc"
_MAX_CELLS = 400  # a tenth of a millisecond each; a larger table is shown as written
_MAX_COLUMNS = 24
_MAX_QUOTES = 6
_MAX_LIST_DEPTH = 8


class Page(Protocol):
    """Where the copy goes: the end of a document."""

    cursor: QTextCursor
    style: AnswerStyle
    links: dict[str, Link]

    def begin_block(self, shape: QTextBlockFormat, style: QTextCharFormat) -> None: ...
    def leave_frame(self) -> None: ...
    def write_card(self, language: str, lines: Iterable[str]) -> None: ...


def copy_markdown(markdown: str, page: Page) -> bool:
    """Append `markdown` to `page`; False, with nothing written, if a table in it is too large."""
    scratch = QTextDocument()
    scratch.setUndoRedoEnabled(False)
    scratch.setMarkdown(markdown, _FEATURES)
    frames = scratch.rootFrame().childFrames()
    if any(_is_too_large(frame) for frame in frames):
        return False
    _Copy(scratch, page, has_tables=bool(frames)).run()
    return True


def _is_too_large(frame: object) -> bool:
    return isinstance(frame, QTextTable) and (
        frame.rows() * frame.columns() > _MAX_CELLS or frame.columns() > _MAX_COLUMNS
    )


def _list_of(block: QTextBlock) -> QTextList | None:
    return block.textList()


class _Copy:
    def __init__(self, scratch: QTextDocument, page: Page, *, has_tables: bool) -> None:
        self._scratch = scratch
        self._page = page
        self._has_tables = has_tables
        self._lists: dict[int, QTextList] = {}

    def run(self) -> None:
        block = self._scratch.begin()
        while block.isValid():
            table = QTextCursor(block).currentTable() if self._has_tables else None
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
            shape = style.block(top=8, bottom=8)
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
        self._page.begin_block(shape, style.text(heading))
        if source is not None:
            self._join_list(source)
        self._copy_runs(block, self._page.cursor, Run(heading=heading, is_quoted=quote > 0))

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
        shape = QTextTableFormat()
        shape.setBorder(0)
        shape.setBorderCollapse(True)
        shape.setCellPadding(5)
        shape.setCellSpacing(0)
        shape.setTopMargin(6)
        shape.setBottomMargin(8)
        shape.setHeaderRowCount(1)
        mine = self._page.cursor.insertTable(table.rows(), table.columns(), shape)
        for row in range(table.rows()):
            cell_style = self._page.style.cell(is_header=row == 0)
            for column in range(table.columns()):
                cell = mine.cellAt(row, column)
                cell.setFormat(cell_style)
                cursor = cell.firstCursorPosition()
                source = table.cellAt(row, column).firstCursorPosition().block()
                aligned = self._page.style.block(top=0, bottom=0)
                aligned.setAlignment(source.blockFormat().alignment())
                cursor.setBlockFormat(aligned)
                self._copy_runs(source, cursor, Run())
        self._page.leave_frame()

    # --- runs --------------------------------------------------------------------------------

    def _copy_runs(self, block: QTextBlock, cursor: QTextCursor, setting: Run) -> None:
        image, alt = "", ""
        run = block.begin()
        while not run.atEnd():
            fragment = run.fragment()
            given = fragment.charFormat()
            name = given.toImageFormat().name() if given.isImageFormat() else ""
            if image and name != image:
                self._write_image(cursor, alt, setting)
                alt = ""
            if name:
                # One image with marks in its text comes as several, one after the other.
                alt += given.stringProperty(QTextFormat.Property.ImageAltText)
            else:
                text = without_controls(fragment.text().replace(_IMAGE, ""))
                self._write_run(cursor, text, setting.marked(given), given.anchorHref())
            image = name
            run += 1
        if image:
            self._write_image(cursor, alt, setting)

    def _write_image(self, cursor: QTextCursor, alt: str, setting: Run) -> None:
        text = words.image_placeholder(without_controls(alt))
        cursor.insertText(text, self._page.style.run(setting))

    def _write_run(self, cursor: QTextCursor, text: str, run: Run, address: str) -> None:
        style = self._page.style.run(run)
        link = read_link(address, text) if address else None
        if link is not None:
            if link.address not in self._page.links or link.names_other_host:
                self._page.links[link.address] = link
            style = self._page.style.link(run, link.address)
        cursor.insertText(text, style)
