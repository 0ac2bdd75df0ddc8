"""`tidegauge autostart on | off | status`."""

from __future__ import annotations

import os

from app.autostart.choice import mechanism
from app.command_line.exit_codes import ExitCode, exit_code_of
from app.command_line.options import Options
from app.command_line.terminal import Terminal
from app.errors import AppError
from app.paths import Paths
from app.wording.autostart import autostart_words, entry_comments, refused
from app.wording.terminal import message_line


def autostart(options: Options, paths: Paths, terminal: Terminal) -> int:
    """Switch it, if asked to, and say how it is; the exit code."""
    system = mechanism(os.environ, entry_comments(), paths.state)
    try:
        only_asks = options.action == "status"
        found = system.read() if only_asks else system.switch(on=options.action == "on")
    except AppError as error:
        terminal.message(message_line(refused(error.fault.detail)))
        return exit_code_of(error.fault.kind)
    terminal.line(autostart_words(found))
    return ExitCode.FINE
