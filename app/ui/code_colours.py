"""Syntax colours for code of bounded size, as values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from PySide6.QtGui import QTextCharFormat, QTextLayout

from app.ui.code_lexers import code_lexers
from app.ui.colours import Colours
from app.values import dataclass

AT_ONCE_CHARS = 20_000  # about 20 ms of lexing on a slow machine; longer code goes in slices
MAX_CODE_CHARS = 200_000
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


def coloured_lines(code: str, language: str) -> Iterator[ColouredLine] | None:
    """The colours of `code` line by line, each worked out when it is asked for.

    None if the language is unknown or the code too large.
    """
    lines = code.split("\n")
    if len(code) > MAX_CODE_CHARS or max(map(len, lines)) > MAX_LINE_CHARS:
        return None
    lexer = code_lexers()[language] if language else None
    return None if lexer is None else _lines(lines, lexer.get_tokens(code))


def _lines(lines: list[str], tokens: Iterator[tuple[object, str]]) -> Iterator[ColouredLine]:
    """Each of `lines` once; what a lexer adds or leaves out at the end does no harm."""
    column, ranges = 0, list[tuple[int, int, str]]()
    rest = iter(lines)
    for token, text in tokens:
        name = _colour_name(str(token))
        for i, part in enumerate(text.split("\n")):
            if i and (line := next(rest, None)) is not None:
                yield ColouredLine(_units(line), tuple(ranges))
                column, ranges = 0, []
            if name and part:
                ranges.append((column, _units(part), name))
            column += _units(part)
    for line in rest:
        yield ColouredLine(_units(line), tuple(ranges))
        ranges = []


def formats(lines: Iterable[ColouredLine], theme: Colours) -> list[QTextLayout.FormatRange]:
    """The colours of `lines` that stand one after the other in one text block."""
    result = []
    styles: dict[str, QTextCharFormat] = {}  # ranges of one colour share theirs
    offset = 0
    for line in lines:
        for at, length, name in line.ranges:
            style = styles.setdefault(name, _style(theme, name))
            result.append(_range(offset + at, length, style))
        offset += line.length + 1
    return result


def _units(text: str) -> int:
    return len(text) + sum(ord(char) > 0xFFFF for char in text)


@lru_cache(maxsize=256)
def _colour_name(token: str) -> str:
    return next((name for prefix, name in _COLOURS if token.startswith(prefix)), "")


def _style(theme: Colours, name: str) -> QTextCharFormat:
    style = QTextCharFormat()
    style.setForeground(theme.colour(name))
    return style


def _range(start: int, length: int, style: QTextCharFormat) -> QTextLayout.FormatRange:
    result = QTextLayout.FormatRange()
    result.start = start
    result.length = length
    result.format = style
    return result
