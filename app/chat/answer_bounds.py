"""How much of an answer is set as Markdown before the rest is shown as it was written. Pure."""

from __future__ import annotations

from app.values import dataclass


@dataclass(frozen=True, slots=True)
class AnswerBounds:
    """What costs too much beyond these is plain text (F-C04, F-C05).

    `open_chars`: of one block, which is parsed anew while it grows. `formatted_chars`: of the
    whole answer. `table_cells`, `table_columns`: of one part of a table. `blocks`: paragraphs,
    cells and items together, a few kilobytes each.
    """

    open_chars: int
    formatted_chars: int
    table_cells: int
    table_columns: int
    blocks: int


USUAL = AnswerBounds(12_000, 200_000, 400, 24, 3_000)
# For an answer somebody wants to see formatted all the same: slower, and dearer in memory.
GENEROUS = AnswerBounds(60_000, 2_000_000, 4_000, 200, 60_000)
