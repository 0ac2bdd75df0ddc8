"""Copies one parsed table, whole or a part of a long one, into an answer's document."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextBlockFormat, QTextCursor, QTextLength, QTextTable, QTextTableFormat

from app.chat.markdown_pieces import TablePart
from app.ui.answer_style import Run
from app.ui.run_copy import Links, copy_runs

_MIN_CHARS, _MAX_CHARS = 3, 40  # what a column's widest cell counts


class Columns:
    """How wide the columns of a table in parts are: as its first part is filled."""

    def __init__(self) -> None:
        self._widths: list[QTextLength] = []

    def begin(self, table: QTextTable) -> None:
        """Take the widths from `table`, the first part."""
        columns = range(table.columns())
        chars = [
            max(_MIN_CHARS, *(len(_text(table, row, one)) for row in range(table.rows())))
            for one in columns
        ]
        shares = [min(one, _MAX_CHARS) for one in chars]
        self._widths = [
            QTextLength(QTextLength.Type.PercentageLength, 100 * one / sum(shares))
            for one in shares
        ]

    def apply(self, shape: QTextTableFormat) -> None:
        """Set them in the format of a part."""
        shape.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        shape.setColumnWidthConstraints(self._widths)


def copy_table(
    table: QTextTable,
    cursor: QTextCursor,
    page: Links,
    part: TablePart,
    columns: Columns,
    *,
    below_card: bool = False,
) -> bool:
    """Insert `table` at `cursor`; False if it is a part without a row of its own.

    `below_card`: a code card ends right above, whose frame reaches below its last line.
    """
    first = 1 if part is TablePart.REST else 0
    if table.rows() <= first:
        return False
    if part is TablePart.FIRST:
        columns.begin(table)
    shape = _shape(part)
    if below_card:
        shape.setTopMargin(shape.topMargin() + page.style.card_padding)
    if _runs_leftwards(table):
        shape.setAlignment(Qt.AlignmentFlag.AlignRight)  # Qt's columns run from the left always
    if part is not TablePart.NONE:
        columns.apply(shape)
    mine = cursor.insertTable(table.rows() - first, table.columns(), shape)
    aligned = [_aligned(table, column, page) for column in range(table.columns())]
    for row in range(first, table.rows()):
        cell_style = page.style.cell(is_header=row == 0)
        for column, shape_inside in enumerate(aligned):
            cell = mine.cellAt(row - first, column)
            cell.setFormat(cell_style)
            inside = cell.firstCursorPosition()
            inside.setBlockFormat(shape_inside)
            copy_runs(table.cellAt(row, column).firstCursorPosition().block(), inside, Run(), page)
    return True


def _runs_leftwards(table: QTextTable) -> bool:
    """Whether its first heading is in a script that runs from right to left."""
    first = table.cellAt(0, 0).firstCursorPosition().block()
    return first.textDirection() == Qt.LayoutDirection.RightToLeft


def _aligned(table: QTextTable, column: int, page: Links) -> QTextBlockFormat:
    row = min(1, table.rows() - 1)  # Qt aligns the rows only, not the heading above them
    given = table.cellAt(row, column).firstCursorPosition().block().blockFormat()
    shape = page.style.block(top=0, bottom=0)
    shape.setAlignment(given.alignment())
    return shape


def _shape(part: TablePart) -> QTextTableFormat:
    shape = QTextTableFormat()
    shape.setBorder(0)
    shape.setBorderCollapse(True)
    shape.setCellPadding(5)
    shape.setCellSpacing(0)
    shape.setTopMargin(0 if part is TablePart.REST else 6)
    shape.setBottomMargin(0 if part is TablePart.FIRST else 8)
    shape.setHeaderRowCount(0 if part is TablePart.REST else 1)
    return shape


def _text(table: QTextTable, row: int, column: int) -> str:
    return table.cellAt(row, column).firstCursorPosition().block().text()
