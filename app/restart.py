"""Becoming the program that lies on the disk now, once this one has ended in order.

Loaded at the start, with all it needs: by the time it is wanted, whatever is imported belongs to
another version.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys

from app.auth.browser import opener_environment
from app.autostart.own_command import own_command
from app.instance.start import TrayStart

RESTARTS = -1  # in the place of an exit code: nothing holds the lock, begin anew

_LOG = logging.getLogger("tidegauge.restart")


def begin_anew(start: TrayStart) -> int:
    """Start the program again as it was started, with its panel. The exit code of this one, where
    it does not become the new one."""
    command = restart_command(own_command(os.environ), start)
    environment = opener_environment(os.environ, bundle=getattr(sys, "_MEIPASS", ""))
    try:
        if os.name != "posix":  # no process takes another's place there
            subprocess.Popen(command, env=environment)  # noqa: S603 - our own, found by us
            return 0
        os.execve(command[0], command, environment)  # noqa: S606 - as above
    except OSError as error:
        _LOG.error("not restarted: %s", error)
        return 1


def restart_command(own: tuple[str, ...], start: TrayStart) -> list[str]:
    """`own` starts the program hidden, by its last word; the person is to see that it is back."""
    options = (("--demo", start.demo), ("--debug", start.debug))
    return [*own[:-1], *(word for word, is_set in options if is_set), "--show"]
