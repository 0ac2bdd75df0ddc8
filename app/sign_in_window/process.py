"""The process around the window: pipes, environment, limits; then Qt is imported.

Nothing but the one answer reaches stdout, and the process ends when its stdin does: the window
never outlives the program it belongs to.
"""

from __future__ import annotations

import os
import sys
from io import IOBase
from typing import BinaryIO

from app.embedded_window import Ending, EndKind, is_hostile, read_opening, write_ending
from app.errors import AppError


def main() -> None:
    """Show the window that stdin asks for; say on stdout how it ended."""
    answers = _own_stdout()
    remove_hostile_variables()
    _forbid_core_dumps()
    # Without a buffer, as a thread waits for more: it would hold the buffer's lock at the end.
    ending = run(os.fdopen(os.dup(0), "rb", buffering=0))
    answers.write(write_ending(ending))
    answers.close()


def run(requests: IOBase) -> Ending:
    """Read the opening and show the window; returns when it is closed."""
    opening = read_opening(requests.readline())
    if is_root():
        return Ending(EndKind.NOT_STARTED, "the sandbox does not work for root")
    try:
        from app.sign_in_window import application  # noqa: PLC0415 - the environment comes first
    except ImportError as error:  # the extra, or one of its libraries, is missing (F-D25)
        return Ending(EndKind.NOT_STARTED, str(error))
    try:
        return application.run(opening, requests)
    except AppError as error:
        return Ending(EndKind.NOT_STARTED, str(error))


def remove_hostile_variables() -> None:
    """The parent did the same; whoever starts this process otherwise gains nothing (T-18)."""
    for name in list(os.environ):
        if is_hostile(name, os.environ[name]):
            del os.environ[name]


def is_root() -> bool:
    """Chromium would ask for `--no-sandbox`; it is never given (T-19)."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _own_stdout() -> BinaryIO:
    """The pipe to the parent; what libraries print goes where errors go."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _forbid_core_dumps() -> None:
    if sys.platform != "win32":
        import resource  # noqa: PLC0415

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
