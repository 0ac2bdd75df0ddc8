"""The list an answer is in the middle of: what belongs to it, and how it counts on. Pure."""

from __future__ import annotations

import re

_ITEM = re.compile(r"( {0,3})([-*+]|(\d{1,9})[.)])(?= |\t|$)")


class OpenList:
    """Whether the reader is inside a list, and the number its next item carries.

    A list cut into blocks must count on: Markdown numbers items by their place, not by the
    digits written before them.
    """

    def __init__(self) -> None:
        self.is_open = False
        self._kind = ""
        self._indent = 0
        self._next = 0

    def end(self) -> None:
        self.is_open = False

    def is_continued_by(self, line: str) -> bool:
        """True if `line`, after a blank one, still belongs to the item before it."""
        return self.is_open and line.startswith(("  ", "\t"))

    def next_item_is(self, line: str) -> bool:
        """True if `line` begins another item of the outermost level of the open list."""
        item = _ITEM.match(line)
        return self.is_open and item is not None and len(item[1]) <= self._indent

    def note(self, line: str, *, is_first: bool) -> None:
        """Take a line of the open prose into account."""
        item = _ITEM.match(line)
        if item is None:
            if is_first and not line.startswith(("  ", "\t")):
                self.is_open = False
            return
        if is_first or not self.is_open:
            self.is_open = True
            self._kind = item[2][-1]
            self._indent = len(item[1])
            self._next = int(item[3] or 0)
        if len(item[1]) <= self._indent:
            self._next += 1

    def adopted(self, line: str, indent: int) -> str:
        """`line`, the first of a new block: its number put right, its list indent taken off."""
        if not self.is_open:
            return line
        margin = len(line) - len(line.lstrip(" "))
        line = line[min(margin, indent) :]
        item = _ITEM.match(line)
        if item is None or item[3] is None or item[2][-1] != self._kind or margin > self._indent:
            return line
        return f"{item[1]}{self._next}{self._kind}{line[item.end() :]}"
