"""Syntax colours for code of bounded size, as values."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtGui import QTextCharFormat, QTextLayout

from app.ui.code_lexers import code_lexers
from app.ui.colours import Colours
from app.values import dataclass

MAX_CODE_CHARS = 20_000  # about 20 ms of lexing on a slow machine
MAX_LINE_CHARS = 1_000

# Token type by its first words, as Pygments writes them, to the colour token of the theme.
_COLOURS = (
    ("Token.Comment", "secondary"),
    ("Token.Literal.String", "string"),
    ("Token.Literal.Number", "over"),
    ("Token.Keyword", "calm"),
    ("Token.Name.Builtin", "calm"),
    ("Token.Name.Tag", "calm"),
    ("Token.Name.Decorator", "calm"),
    ("Token.Generic.Deleted", "over"),
    ("Token.Generic.Inserted", "calm"),
)


@dataclass(frozen=True, slots=True)
class ColouredLine:
    """The colours of one line; `length` and the ranges count UTF-16 units, as Qt does."""

    length: int
    ranges: tuple[tuple[int, int, str], ...]  # start, length, colour token


def colour(code: str, language: str) -> list[ColouredLine] | None:
    """The colours of `code`, or None if the language is unknown or the code too large."""
    lines = code.split("\n")
    if len(code) > MAX_CODE_CHARS or max(map(len, lines)) > MAX_LINE_CHARS:
        return None
    lexer = code_lexers()[language] if language else None
    if lexer is None:
        return None
    ranges: list[list[tuple[int, int, str]]] = [[] for _ in lines]
    number = column = 0
    for token, text in lexer.get_tokens(code):
        name = _colour_name(str(token))
        for i, part in enumerate(text.split("\n")):
            if i:
                number, column = number + 1, 0
            if name and part and number < len(ranges):
                ranges[number].append((column, _units(part), name))
            column += _units(part)
    return [
        ColouredLine(_units(line), tuple(found)) for line, found in zip(lines, ranges, strict=True)
    ]


def formats(lines: list[ColouredLine], theme: Colours) -> list[QTextLayout.FormatRange]:
    """The colours of `lines` that stand one after the other in one text block."""
    result = []
    offset = 0
    for line in lines:
        result += [_range(offset + at, length, theme, name) for at, length, name in line.ranges]
        offset += line.length + 1
    return result


def _units(text: str) -> int:
    return len(text) + sum(ord(char) > 0xFFFF for char in text)


@lru_cache(maxsize=256)
def _colour_name(token: str) -> str:
    return next((name for prefix, name in _COLOURS if token.startswith(prefix)), "")


def _range(start: int, length: int, theme: Colours, name: str) -> QTextLayout.FormatRange:
    result = QTextLayout.FormatRange()
    result.start = start
    result.length = length
    style = QTextCharFormat()
    style.setForeground(theme.colour(name))
    result.format = style
    return result
