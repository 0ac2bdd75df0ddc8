"""Cuts a growing Markdown answer into closed blocks and one open tail. Pure.

A closed block never changes again, so a view renders it once; only the tail is rendered anew
while it grows. Code is handed over line by line and never needs that. What is too large to be
parsed again and again, or holds a word without end, goes on as plain text (F-C05, F-C06).
"""

from __future__ import annotations

import re
from enum import Enum, auto

from app.chat.answer_bounds import USUAL, AnswerBounds
from app.chat.markdown_pieces import (
    CodeEnd,
    CodeStart,
    CodeText,
    Piece,
    PlainText,
    Prose,
    TablePart,
    Tail,
)
from app.chat.open_list import OpenList
from app.chat.open_table import OpenTable
from app.chat.shown_text import in_lengths_of, with_plain_line_ends, without_controls

MAX_RUN_CHARS = 2_000  # the longest piece of one line, and the longest word
_LIST_PART_CHARS = 1_500  # a long list is closed between two of its items
_CARD_CHARS = 300  # what a code block costs, counted in formatted characters
_CODE_SHARE = 10  # code costs so much less than prose

_FENCE = re.compile(r"( *)(`{3,}(?=[^`]*$)|~{3,})(.*)$")
_UNDECIDED = re.compile(r"\s*(?:`+[^`]*|~+[^~]*|[-=*+#>|_:\s]+|\d+[.)]?)\s*$")
_ENDLESS_WORD = re.compile(rf"\S{{{MAX_RUN_CHARS}}}")
_EMPHASIS_MARKS = ("`", "**")


class _Mode(Enum):
    PROSE = auto()
    CODE = auto()
    PLAIN = auto()


class BlockReader:
    """Reads one answer. `feed` returns what became final; `tail` is what is still open."""

    def __init__(self, bounds: AnswerBounds = USUAL) -> None:
        self._bounds = bounds
        self._mode = _Mode.PROSE
        self._held = ""  # a carriage return that may be half of a line end
        self._partial = ""
        self._partial_is_continued = False  # its beginning was handed over already
        self._pieces: list[Piece] = []
        self._lines: list[str] = []  # whole lines of the open prose
        self._open_chars = 0
        self._gap = False  # the open prose ends in a blank line
        self._list = OpenList()
        self._table = OpenTable()
        self._part = TablePart.NONE
        self._formatted = 0  # characters, of what was closed
        self.is_simplified = False  # something is plain text for what it would cost
        self._fence = ""
        self._fence_indent = 0

    def feed(self, text: str) -> list[Piece]:
        """Take the next characters of the answer."""
        text = self._held + text
        self._held = "\r" if text.endswith("\r") else ""
        text = without_controls(with_plain_line_ends(text[: len(text) - len(self._held)]))
        *whole, rest = text.split("\n")
        for line in whole:
            self._end_line(line)
        self._partial += rest
        self._relieve()
        return self._taken()

    def finish(self) -> list[Piece]:
        """The answer is complete: everything still open is final."""
        if self._held:
            self._held = ""
            self._end_line("")
        if self._partial:
            self._end_line("")
        if self._mode is _Mode.CODE:
            self._close_code()
        self._close_prose()
        return self._taken()

    @property
    def tail(self) -> Tail | None:
        """What is open now, ready to be shown; None if there is nothing to show."""
        if self._mode is _Mode.CODE:
            text = self._unindented(self._partial)
            undecided = not self._partial_is_continued and not text.strip(self._fence[0] + " ")
            return None if undecided else CodeText(text, ends_line=False)
        if self._mode is _Mode.PLAIN:
            return PlainText(self._partial, ends_line=False) if self._partial else None
        lines = list(self._lines)
        if self._partial and not _UNDECIDED.match(self._partial):
            lines.append(self._partial)
        markdown = "\n".join(lines).rstrip()
        return Prose(_with_closed_marks(markdown), self._part) if markdown else None

    @property
    def _is_full(self) -> bool:
        """True if as much was formatted as may be."""
        beginning = self._open_chars + len(self._partial) * (self._mode is _Mode.PROSE)
        return self._formatted + beginning > self._bounds.formatted_chars

    def _taken(self) -> list[Piece]:
        pieces, self._pieces = self._pieces, []
        return pieces

    def _end_line(self, rest: str) -> None:
        line, self._partial = self._partial + rest, ""
        continued, self._partial_is_continued = self._partial_is_continued, False
        match self._mode:
            case _Mode.PROSE:
                self._read_prose(line)
            case _Mode.CODE:
                self._read_code(line, continued)
            case _:  # _Mode.PLAIN
                self._read_plain(line, continued)

    # --- prose -------------------------------------------------------------------------------

    def _read_prose(self, line: str) -> None:
        if not line.strip():
            self._gap = bool(self._lines)
            if self._gap:
                self._lines.append("")
            return
        if self._opens_code(line):
            return
        self._close_before(line)
        if not self._lines:
            line = self._list.adopted(line, self._fence_indent)
        self._list.note(line, is_first=not self._lines)
        self._table.note(line)
        self._lines.append(line)
        self._open_chars += len(line) + 1
        self._gap = False
        self._bound_prose(line)

    def _close_before(self, line: str) -> None:
        """Close the open prose if `line`, of which at least the first word is known, ends it."""
        is_over = self._gap and not self._list.is_continued_by(line)
        is_long_list = self._open_chars > _LIST_PART_CHARS and self._list.next_item_is(line)
        if is_over or is_long_list:
            self._close_prose()
        elif self._table.is_to_be_cut_before(line):
            self._cut_table()

    def _close_prose(self, part: TablePart = TablePart.NONE) -> None:
        if self._lines:
            markdown = "\n".join(self._lines).rstrip()
            self._pieces.append(Prose(markdown, self._part if part is TablePart.NONE else part))
            self._formatted += len(markdown)
        self._forget_prose()

    def _forget_prose(self) -> None:
        self._lines.clear()
        self._open_chars = 0
        self._gap = False
        self._part = TablePart.NONE
        self._table.end()

    def _cut_table(self) -> None:
        """Close the table's rows so far; those to come begin with its heading once more."""
        heading = self._table.heading
        is_first = self._part is TablePart.NONE
        self._close_prose(TablePart.FIRST if is_first else TablePart.REST)
        self._table.go_on(heading)
        self._lines += heading
        self._open_chars = sum(map(len, heading)) + len(heading)
        self._part = TablePart.REST

    def _bound_prose(self, line: str) -> None:
        """Go on as plain text if the prose with `line`, its last one, is too much to parse."""
        is_large = self._open_chars + len(self._partial) > self._bounds.open_chars
        has_endless_word = len(line) >= MAX_RUN_CHARS and _ENDLESS_WORD.search(line)
        if not (is_large or has_endless_word or self._is_full):
            return
        self.is_simplified = self.is_simplified or not has_endless_word
        if self._is_full:
            self._formatted = self._bounds.formatted_chars + 1  # and stays so
        repeated = len(self._table.heading) if self._part is TablePart.REST else 0
        for one in self._lines[repeated:]:
            self._emit_plain(one, ends_line=True)
        self._forget_prose()
        self._mode = _Mode.PLAIN

    def _relieve(self) -> None:
        """Keep the unfinished line from growing without end."""
        if self._mode is _Mode.PROSE and self._partial.strip():
            if self._gap:
                self._close_before(self._partial)
            self._bound_prose(self._partial)
        if self._mode is _Mode.PROSE or len(self._partial) < MAX_RUN_CHARS:
            return
        *full, self._partial = in_lengths_of(self._partial, MAX_RUN_CHARS)
        for text in full:
            if self._mode is _Mode.CODE:
                self._pieces.append(CodeText(text, ends_line=False))
            else:
                self._pieces.append(PlainText(text, ends_line=False))
        self._partial_is_continued = True

    # --- code --------------------------------------------------------------------------------

    def _opens_code(self, line: str) -> bool:
        found = _FENCE.match(line)
        if found is None or self._is_full or (len(found[1]) > 3 and not self._list.is_open):
            return False
        self._close_prose()
        self._mode = _Mode.CODE
        self._fence = found[2]
        self._fence_indent = len(found[1])
        if not self._fence_indent:
            self._list.end()
        self._pieces.append(CodeStart(found[3].strip().partition(" ")[0]))
        self._formatted += _CARD_CHARS
        return True

    def _read_code(self, line: str, continued: bool) -> None:
        mark = line.strip()
        closes = len(mark) >= len(self._fence) and not mark.strip(self._fence[0])
        if closes and not continued:
            self._close_code()
            return
        text = line if continued else self._unindented(line)
        self._formatted += len(text) // _CODE_SHARE
        *full, last = in_lengths_of(text, MAX_RUN_CHARS)
        self._pieces += [CodeText(one, ends_line=False) for one in full]
        self._pieces.append(CodeText(last, ends_line=True))

    def _close_code(self) -> None:
        self._pieces.append(CodeEnd())
        self._mode = _Mode.PROSE

    def _unindented(self, line: str) -> str:
        indent = len(line) - len(line.lstrip(" "))
        return line[min(indent, self._fence_indent) :]

    # --- plain -------------------------------------------------------------------------------

    def _read_plain(self, line: str, continued: bool) -> None:
        """Up to the end of the paragraph; to the end of the answer once it is full."""
        if continued or self._is_full:
            self._emit_plain(line, ends_line=True)
        elif not line.strip():
            self._mode = _Mode.PROSE
        elif not self._opens_code(line):
            self._emit_plain(line, ends_line=True)

    def _emit_plain(self, line: str, *, ends_line: bool) -> None:
        *full, last = in_lengths_of(line, MAX_RUN_CHARS)
        self._pieces += [PlainText(one, ends_line=False) for one in full]
        self._pieces.append(PlainText(last, ends_line=ends_line))


def _with_closed_marks(markdown: str) -> str:
    """`markdown` with a mark opened in its last paragraph closed, so that it does not flicker."""
    last = markdown.rpartition("\n\n")[2]
    for mark in _EMPHASIS_MARKS:
        if last.count(mark) % 2 and not last.endswith((mark[0], " ", "\n")):
            return markdown + mark
    return markdown
