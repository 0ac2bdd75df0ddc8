"""The table an answer is in the middle of: where it may be cut, so that no part is long. Pure.

A row costs what it is long only if the rows before it are final. A part that goes on repeats the
heading rows, without which Markdown would take it for a paragraph (F-C05).
"""

from __future__ import annotations

import re

_PART_CELLS = 120
_MIN_PART_ROWS = 4
_RULE = re.compile(r" {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_CELL_END = re.compile(r"(?<!\\)\|")


class OpenTable:
    """Fed with the lines of the open prose, in order."""

    def __init__(self) -> None:
        self.end()

    def end(self) -> None:
        """The prose was closed: what comes next is no row of this table."""
        self.heading: tuple[str, ...] = ()  # the two lines above the rows, while in a table
        self._before = ""
        self._columns = 0
        self._rows = 0

    def note(self, line: str) -> None:
        """Take a line of the open prose into account."""
        if self.heading:
            if "|" in line:
                self._rows += 1
            else:
                self.end()
        elif "|" in line and _RULE.match(line) and _columns(line) == _columns(self._before):
            self.heading = (self._before, line)
            self._columns = _columns(line)
        self._before = line

    def is_to_be_cut_before(self, line: str) -> bool:
        """True if `line` is one more row of a table whose part is long enough."""
        enough = max(_PART_CELLS // max(self._columns, 1), _MIN_PART_ROWS)
        return bool(self.heading) and "|" in line and self._rows >= enough

    def go_on(self, heading: tuple[str, ...]) -> None:
        """The part is closed and a new one begins below the same `heading`."""
        self.heading = heading
        self._columns = _columns(heading[-1])
        self._rows = 0


def _columns(line: str) -> int:
    return len(_CELL_END.findall(line.strip().strip("|"))) + 1
