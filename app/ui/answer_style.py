"""The formats of an answer: sizes, margins and colours of text, code, lists and quotes."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QBrush,
    QFont,
    QFontDatabase,
    QTextBlockFormat,
    QTextCharFormat,
    QTextFormat,
    QTextFrameFormat,
    QTextTableCellFormat,
)

from app.ui import theme as tokens
from app.ui.colours import Colours
from app.values import dataclass

_HEADING_PX = {1: 17, 2: 15, 3: 14}
_LINE_PERCENT = 125
_PROPORTIONAL = int(QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)


@dataclass(frozen=True, slots=True)
class Run:
    """How one run of characters is set."""

    is_bold: bool = False
    is_italic: bool = False
    is_struck: bool = False
    is_code: bool = False
    heading: int = 0
    is_quoted: bool = False

    def marked(self, given: QTextCharFormat) -> Run:
        """This run with the marks of the parsed format `given`."""
        if given.isEmpty():
            return self
        return replace(
            self,
            is_bold=given.fontWeight() >= QFont.Weight.DemiBold,
            is_italic=given.fontItalic(),
            is_struck=given.fontStrikeOut(),
            is_code="monospace" in (given.fontFamilies() or ()),
        )


_ORDINARY = Run()


class AnswerStyle:
    """All formats for one theme; made once per theme and font."""

    card_header = 28
    card_padding = 10
    card_gap = 8
    card_side = 12

    def __init__(self, theme: Colours) -> None:
        self.theme = theme
        self._runs: dict[Run, QTextCharFormat] = {}
        self._code = self._coded(QTextCharFormat())
        self._code.setForeground(theme.colour("ink"))
        self._text = self._made(Run())

    def text(self, heading: int = 0) -> QTextCharFormat:
        """Prose, or a heading of the given level."""
        return self.run(Run(heading=heading)) if heading else self._text

    def code(self) -> QTextCharFormat:
        """Characters of a code block."""
        return self._code

    def tiny(self) -> QTextCharFormat:
        """For a block that takes no room: Qt wants one before and after each table."""
        style = QTextCharFormat()
        style.setProperty(int(QTextFormat.Property.FontPixelSize), 1)
        return style

    def run(self, run: Run) -> QTextCharFormat:
        """The characters of `run`."""
        if run == _ORDINARY:
            return self._text
        if run not in self._runs:
            self._runs[run] = self._made(run)
        return self._runs[run]

    def link(self, run: Run, address: str) -> QTextCharFormat:
        """The characters of `run` as a link to `address`."""
        style = QTextCharFormat(self.run(run))
        style.setAnchor(True)
        style.setAnchorHref(address)
        style.setForeground(self.theme.colour("calm"))
        style.setFontUnderline(True)
        return style

    def _made(self, run: Run) -> QTextCharFormat:
        style = QTextCharFormat()
        size = _HEADING_PX.get(run.heading, tokens.HEADING_PX)
        if run.is_code:
            self._coded(style, size - 1)
        else:
            style.setProperty(int(QTextFormat.Property.FontPixelSize), tokens.scaled(size))
        if run.heading or run.is_bold:
            style.setFontWeight(QFont.Weight.DemiBold)
        style.setFontItalic(run.is_italic)
        style.setFontStrikeOut(run.is_struck)
        style.setForeground(self.theme.colour("secondary" if run.is_quoted else "ink"))
        return style

    def _coded(self, style: QTextCharFormat, size: int = tokens.BODY_PX) -> QTextCharFormat:
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        style.setFontFamilies([*fixed.families(), "monospace"])
        style.setFontFixedPitch(True)
        style.setProperty(int(QTextFormat.Property.FontPixelSize), tokens.scaled(size))
        return style

    def cell(self, *, is_header: bool) -> QTextTableCellFormat:
        """A table cell: a hairline below it, a ground under the heading."""
        style = QTextTableCellFormat()
        style.setBottomBorder(1)
        style.setBottomBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        style.setBottomBorderBrush(QBrush(self.theme.colour("line")))
        if is_header:
            style.setBackground(QBrush(self.theme.colour("card")))
        return style

    # --- blocks ------------------------------------------------------------------------------

    def block(self, *, top: float, bottom: float) -> QTextBlockFormat:
        """A paragraph with the given margins in pixels."""
        shape = QTextBlockFormat()
        shape.setTopMargin(top)
        shape.setBottomMargin(bottom)
        shape.setLineHeight(_LINE_PERCENT, _PROPORTIONAL)
        return shape

    def plain(self) -> QTextBlockFormat:
        """Lines shown as they were written."""
        return self.block(top=2, bottom=2)

    def prose(self, heading: int, quote: int, *, in_list: bool) -> QTextBlockFormat:
        """A paragraph, heading or list item; `quote` is how deep it is quoted."""
        if heading:
            shape = self.block(top=10, bottom=4)
            shape.setHeadingLevel(heading)
        elif in_list:
            shape = self.block(top=2, bottom=2)
        else:
            shape = self.block(top=4, bottom=6)
        if quote:
            shape.setLeftMargin(14 * min(quote, 6))
        return shape

    def code_line(self, *, is_first: bool, after_card: bool = False) -> QTextBlockFormat:
        """One line of a code card; the first leaves room for the card's heading.

        `after_card`: another card ends above it, whose frame reaches below its last line.
        """
        shape = QTextBlockFormat()
        shape.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # whatever its comments are in
        shape.setLeftMargin(self.card_side)
        shape.setRightMargin(self.card_side)
        above = self.card_header + self.card_gap + (self.card_padding if after_card else 0)
        shape.setTopMargin(above if is_first else 0)
        shape.setLineHeight(_LINE_PERCENT, _PROPORTIONAL)
        return shape
