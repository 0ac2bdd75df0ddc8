"""`tidegauge ask`: one question, answered as it arrives.

The question comes from the command line, from standard input, or from both: what is piped in then
goes along as a file. Ctrl+C ends the answer at the service, too (F-C01).
"""

from __future__ import annotations

import asyncio
import os
import stat
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from app.auth.daemon_thread import in_daemon_thread
from app.chat.attachments import IMAGE_BYTES, Attachment, read_attachment
from app.chat.conversation import Conversation
from app.chat.turn import TurnRunner
from app.command_line.answer_printer import AnswerPrinter
from app.command_line.exit_codes import ExitCode
from app.command_line.options import Options
from app.command_line.terminal import Terminal
from app.errors import AppError, FaultKind, fail
from app.hidden_identity import shown_conversation
from app.settings import Settings
from app.wording import terminal as words

if TYPE_CHECKING:
    from app.program import Program

_INPUT_NAME = "stdin"
_SILENCE_S = 2.0  # after which somebody who waits is told what is waited for


async def ask(
    program: Program,
    options: Options,
    terminal: Terminal,
    sign_in: Callable[[], Awaitable[object]],
) -> int:
    """Ask what the options and standard input say and print the answer as it arrives.

    Raises the `AppError` that the answer ended in, after what came of it was printed.
    """
    question, attachments = await _asked(options, terminal)
    if not question.strip():
        terminal.message(words.message_line(words.empty_question()))
        return ExitCode.WRONG_USAGE
    await sign_in()
    settings = _with_options(program.surroundings.settings, options)
    printer = AnswerPrinter(terminal, as_json=options.as_json)
    asking = asyncio.current_task()
    hides = settings.hide_identity

    def show(conversation: Conversation) -> None:
        try:
            printer.show(shown_conversation(conversation) if hides else conversation)
        except BrokenPipeError:
            terminal.give_up_output()
            if asking is not None:
                asking.cancel()

    try:
        runner = TurnRunner(program.chat, show)
        await runner.run(Conversation(), question, settings, attachments)
    except asyncio.CancelledError:
        printer.finish()
        if terminal.is_output_closed:
            return ExitCode.OUTPUT_CLOSED
        raise
    printer.finish()
    if printer.turn is not None and printer.turn.fault is not None:
        raise AppError(printer.turn.fault)
    return ExitCode.FINE


def _with_options(settings: Settings, options: Options) -> Settings:
    return replace(
        settings,
        chat_model=options.model or settings.chat_model,
        chat_effort=options.effort or settings.chat_effort,
    )


async def _asked(options: Options, terminal: Terminal) -> tuple[str, tuple[Attachment, ...]]:
    """The question, and what was piped in beside it. Raises the faults of `read_attachment`."""
    text = options.text
    if text.strip() and text != "-":
        content = await _input(terminal) if _is_piped() else b""
        return text, (read_attachment(_INPUT_NAME, content),) if content.strip() else ()
    if text != "-" and not _is_piped():
        return "", ()  # nobody is made to wonder what a silent terminal waits for
    given = read_attachment(_INPUT_NAME, await _input(terminal))
    if given.text is None:
        raise fail(FaultKind.ATTACHMENT_NOT_READABLE, _INPUT_NAME)
    return given.text, ()


def _is_piped() -> bool:
    """Whether standard input is a pipe or a file, not a terminal and not the empty device."""
    try:
        mode = os.fstat(sys.stdin.fileno()).st_mode
    except (AttributeError, OSError, ValueError):  # closed, or a program without a console
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISREG(mode) or stat.S_ISSOCK(mode)


async def _input(terminal: Terminal) -> bytes:
    """All of standard input. A thread reads it, so that Ctrl+C does not wait for its end."""
    loop = asyncio.get_running_loop()
    hint = loop.call_later(
        _SILENCE_S, lambda: terminal.message(words.message_line(words.reading_input()))
    )
    try:
        return await in_daemon_thread(_read_input, "stdin")
    finally:
        hint.cancel()


def _read_input() -> bytes:
    """Past Python's own buffer, whose lock a waiting thread would hold at the end."""
    if sys.stdin is None:  # closed from the start; its number may belong to a connection by now
        return b""
    pieces, size = [], 0
    try:
        while piece := os.read(sys.stdin.fileno(), 1 << 16):
            pieces.append(piece)
            size += len(piece)
            if size > IMAGE_BYTES:
                too_large = f"{_INPUT_NAME}: more than {IMAGE_BYTES} bytes"
                raise fail(FaultKind.ATTACHMENT_TOO_LARGE, too_large)
    except OSError as error:  # a disk that fails
        reason = error.strerror or type(error).__name__
        raise fail(FaultKind.ATTACHMENT_NOT_READABLE, f"{_INPUT_NAME}: {reason}") from None
    return b"".join(pieces)
