"""`tidegauge erase`: everything of ours on this computer is deleted, after a question.

A tray program that runs is ended first, as by `tidegauge --quit`, and none begins meanwhile: the
one lock of all of them is held until the end.
"""

from __future__ import annotations

import os
import sys

from app.account_commands import may_prompt
from app.command_line.exit_codes import ExitCode
from app.command_line.loop import run_until_signal
from app.command_line.options import Options
from app.command_line.terminal import Terminal
from app.erasing import erase_everything, keeps_accounts
from app.errors import AppError
from app.instance.place import Instance, Place
from app.instance.start import TrayStart, take_place
from app.paths import Paths
from app.program import Surroundings, open_program, real_surroundings
from app.settings import Settings
from app.wording import erasure as words
from app.wording.terminal import message_line, yes

_LINE_LIMIT = 1024


def erase(options: Options, paths: Paths, settings: Settings, terminal: Terminal) -> int:
    """Ask, delete, tell; the exit code. 0 means that nothing of ours is left."""
    if options.demo:
        terminal.message(message_line(words.not_in_demo()))
        return ExitCode.WRONG_USAGE
    refused = None if options.agrees else _refusal(terminal)
    if refused is not None:
        return refused
    instance = _alone(paths, terminal)
    if isinstance(instance, ExitCode):
        return instance
    try:
        surroundings = real_surroundings(os.environ, paths, settings)
        return run_until_signal(_erase(surroundings, options, terminal))
    finally:
        if instance is not None:
            instance.close()


def _refusal(terminal: Terminal) -> ExitCode | None:
    """The exit code if nobody agrees."""
    terminal.message(words.question_text((), is_window=False))
    if not may_prompt():
        terminal.message(message_line(words.how_to_agree()))
        return ExitCode.WRONG_USAGE
    terminal.message(words.question())
    try:
        answer = sys.stdin.readline(_LINE_LIMIT)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    if answer.strip().casefold() in yes():
        return None
    terminal.message(words.not_agreed())
    return ExitCode.FINE


def _alone(paths: Paths, terminal: Terminal) -> Instance | ExitCode | None:
    """The place of the one tray program, after one that runs was ended; the exit code if it does
    not end. None where no lock can be had, as in a home that cannot be written."""
    place = Place(paths)
    try:
        instance = place.take()
        if instance is None:
            terminal.message(words.ending_tray())
            if take_place(TrayStart(verb="quit")) == ExitCode.FINE:
                instance = place.take()
    except (AppError, OSError):
        return None
    if instance is None:
        terminal.message(message_line(words.still_running()))
        return ExitCode.FAILED
    return instance


async def _erase(surroundings: Surroundings, options: Options, terminal: Terminal) -> int:
    async with open_program(surroundings) as program:
        outcome = await erase_everything(
            program, unlock=may_prompt(), keeps_settings=options.keeps_settings
        )
    terminal.message(words.outcome_title(outcome))
    terminal.message(words.outcome_text(outcome, keeps_settings=options.keeps_settings))
    if outcome.is_whole:
        return ExitCode.FINE
    return ExitCode.NO_KEYRING if keeps_accounts(outcome.left) else ExitCode.FAILED
