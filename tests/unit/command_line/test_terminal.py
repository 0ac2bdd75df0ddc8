"""What may reach a terminal."""

from __future__ import annotations

import errno
import io
import os
import pty

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.command_line.terminal import Terminal, printable


class Stream(io.StringIO):
    def __init__(self, *, interactive: bool = False, fails: bool = False) -> None:
        super().__init__()
        self._interactive = interactive
        self._fails = fails

    def isatty(self) -> bool:
        return self._interactive

    def write(self, text: str) -> int:
        if self._fails:
            raise BrokenPipeError(errno.EPIPE, "gone")
        return super().write(text)


@given(st.text())
def test_printable_text_moves_no_cursor(text: str) -> None:
    """T-54."""
    shown = printable(text)
    assert not [c for c in shown if c not in "\n\t" and (ord(c) < 32 or 127 <= ord(c) < 160)]
    shown.encode()


def test_ordinary_text_is_untouched() -> None:
    assert printable("é 限额\n\t“x”") == "é 限额\n\t“x”"
    assert printable("\x1b]0;owned\x07\x9b31m\r\ud800") == "]0;owned31m"


def test_lines_follow_unfinished_text() -> None:
    out = Stream()
    terminal = Terminal(out, Stream())
    terminal.write("a")
    terminal.write("")
    terminal.write("b")
    terminal.line("c")
    terminal.end_line()
    terminal.rewrite("d")
    assert out.getvalue() == "ab\nc\nd\n"


def test_a_pipe_sees_no_control_characters() -> None:
    out, err = Stream(), Stream()
    terminal = Terminal(out, err)
    terminal.rewrite("one\x1b[2J")
    terminal.message("two\x1b[2J")
    assert (out.getvalue(), err.getvalue()) == ("one[2J\n", "two[2J\n")


def test_messages_survive_a_closed_error_stream() -> None:
    out = Stream()
    terminal = Terminal(out, Stream(fails=True))
    terminal.message("lost")
    terminal.line("kept")
    assert out.getvalue() == "kept\n"


def test_results_do_not_survive_a_closed_output() -> None:
    with pytest.raises(BrokenPipeError):
        Terminal(Stream(fails=True), Stream()).line("x")


def test_a_terminal_has_its_last_line_rewritten() -> None:
    """Cut to the width, wide characters counted twice, so that nothing wraps."""
    ours, theirs = pty.openpty()
    os.set_blocking(ours, False)
    with os.fdopen(theirs, "w", encoding="utf-8") as out, os.fdopen(ours, "rb") as seen:
        terminal = Terminal(out, Stream())
        terminal.rewrite("限" * 200)
        terminal.rewrite("two")
        terminal.message("apart")
        shown = seen.read().decode()
    first, second = shown.split("\r")[1:3]
    assert first.count("限") == 39
    assert first.endswith("\x1b[K")
    assert second.startswith("two")


def test_output_that_nobody_reads_can_be_given_up() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w", encoding="utf-8") as out:
        terminal = Terminal(out, Stream())
        with pytest.raises(BrokenPipeError):
            terminal.write("x")
        terminal.give_up_output()
        terminal.write("y")
        assert terminal.is_output_closed
