"""Standard output and error of the command line: what may be written to them, and how.

Standard output carries results only. Text of foreign origin loses its control characters, so
that an answer can neither move the cursor nor retitle the window (T-54).
"""

from __future__ import annotations

import os
import sys
from typing import TextIO

from app.wording.columns import fitting

_KEPT = "\n\t"
_USUAL_COLUMNS = 80  # where the terminal does not say


class Terminal:
    """The two streams. Writing raises `BrokenPipeError` once the reader of the output is gone."""

    def __init__(self, out: TextIO | None = None, err: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._err = err or sys.stderr
        self._is_interactive = self._out.isatty()
        self._has_open_line = False
        self.is_output_closed = False
        self.hides_identity = False  # what went wrong is told in our own words only

    def write(self, text: str) -> None:
        """Results, at once; an unfinished line stays unfinished."""
        self._out.write(printable(text))
        self._out.flush()
        if text:
            self._has_open_line = not text.endswith("\n")

    def line(self, text: str) -> None:
        """One line of results, after the end of whatever was unfinished."""
        self.write(f"{'' if not self._has_open_line else chr(10)}{text}\n")

    def end_line(self) -> None:
        """Finish a line that `write` or `rewrite` left open."""
        if self._has_open_line:
            self.write("\n")

    def rewrite(self, text: str) -> None:
        """Replace the last line on a terminal; elsewhere add a line."""
        if not self._is_interactive:
            self.line(text)
            return
        columns = os.get_terminal_size(self._out.fileno()).columns or _USUAL_COLUMNS
        shown = fitting(printable(text), columns)
        self._out.write(f"\r{shown}\x1b[K")
        self._out.flush()
        self._has_open_line = True

    def message(self, text: str) -> None:
        """One line on the error stream; a closed one is no reason to fail."""
        if self._is_interactive:
            self.end_line()
        try:
            self._err.write(f"{printable(text)}\n")
            self._err.flush()
        except OSError:
            return

    def give_up_output(self) -> None:
        """Nobody reads any more: what is still written goes nowhere."""
        self.is_output_closed = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), self._out.fileno())


def printable(text: str) -> str:
    """`text` without C0 and C1 control characters; line breaks and tabs stay."""
    return "".join(c for c in text if c in _KEPT or not _is_control(ord(c)))


def _is_control(code: int) -> bool:
    return code < 0x20 or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000
