"""Text in the columns of a terminal, where wide characters take two and marks take none. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence


def width(text: str) -> int:
    """How many columns of a terminal `text` takes."""
    return sum(map(_columns, text))


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as lines, with their cells below each other."""
    columns = max((len(row) for row in rows), default=0)
    widths = [max(width(row[c]) for row in rows if c < len(row)) for c in range(columns)]
    return [
        "  ".join(
            cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=False)
        ).rstrip()
        for row in rows
    ]


def fitting(text: str, columns: int) -> str:
    """As much of one line as a terminal of so many columns shows without wrapping."""
    used, kept = 0, []
    for character in text:
        used += _columns(character)
        if used >= columns:
            break
        kept.append(character)
    return "".join(kept)


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
