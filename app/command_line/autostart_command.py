"""`tidegauge autostart on | off | status`."""

from __future__ import annotations

import os

from app.autostart.choice import mechanism
from app.command_line.exit_codes import ExitCode
from app.command_line.options import Options
from app.command_line.terminal import Terminal
from app.paths import Paths
from app.wording.autostart import autostart_words, entry_comments


def autostart(options: Options, paths: Paths, terminal: Terminal) -> int:
    """Switch it, if asked to, and say how it is. Raises `AppError(CONFIGURATION)`."""
    system = mechanism(os.environ, entry_comments(), paths.state)
    found = (
        system.read() if options.action == "status" else system.switch(on=options.action == "on")
    )
    terminal.line(autostart_words(found))
    return ExitCode.FINE
