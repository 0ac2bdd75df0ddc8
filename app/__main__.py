"""Process entry: decides between the command line and the tray, and returns the exit code."""

from __future__ import annotations

import gc
import os
import sys

from app import KEYRING_CHILD_OPTION, SIGN_IN_WINDOW_OPTION
from app.isolation import isolate, leave_working_directory

TYPE_CHECKING = False  # nothing else is imported before the process is isolated
if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.end_signals import EndSignals
    from app.instance.place import Instance
    from app.instance.start import TrayStart


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `tidegauge ARGUMENTS`. Exit codes are documented in the README.

    Without `arguments` the whole process is this program's, and is isolated first (T-50).
    """
    if arguments is None:
        isolate()
    from app.crash_traces import forbid_memory_dumps  # noqa: PLC0415 - from our own folders now

    forbid_memory_dumps()
    argv = list(sys.argv[1:] if arguments is None else arguments)
    if argv == [KEYRING_CHILD_OPTION]:
        from app.auth.keyring_child import main as serve_keyring  # noqa: PLC0415

        serve_keyring()
        return 0
    if argv == [SIGN_IN_WINDOW_OPTION]:
        from app.sign_in_window.process import main as show_window  # noqa: PLC0415

        show_window()
        return 0
    from app.displays import has_display  # noqa: PLC0415 - the children never need them
    from app.errors import AppError  # noqa: PLC0415
    from app.instance.start import tray_start  # noqa: PLC0415

    start = tray_start(argv)
    if start is not None and (
        start.verb or start.is_autostarted or has_display(os.environ, sys.platform)
    ):
        try:
            return _run_tray(start)
        except AppError as error:
            from app.cli import give_up  # noqa: PLC0415 - the icon must not wait for it

            return give_up(error.fault)
    return _run_command_line(argv)


def _run_command_line(argv: Sequence[str]) -> int:
    from app.cli import parse, run  # noqa: PLC0415 - the icon must not wait for it

    return run(parse(argv))


def _run_tray(start: TrayStart) -> int:
    from app.displays import has_display  # noqa: PLC0415
    from app.end_signals import EndSignals  # noqa: PLC0415
    from app.instance.start import say_no_display, take_place  # noqa: PLC0415

    signals = EndSignals()
    instance = take_place(start)
    if isinstance(instance, int):
        return instance
    try:
        if not has_display(os.environ, sys.platform):
            if start.is_autostarted:  # nobody reads a terminal
                return say_no_display()
            return _run_command_line(["--demo"] if start.demo else [])
        code = _run_only_tray(start, instance, signals)
    finally:
        if instance is not None:
            instance.close()
    from app.restart import RESTARTS, begin_anew  # noqa: PLC0415 - loaded long ago, if it is wanted

    if code == RESTARTS:
        signals.give_back()
        return begin_anew(start)
    return code


def _run_only_tray(start: TrayStart, instance: Instance | None, signals: EndSignals) -> int:
    from app.qt_version import bad_pair  # noqa: PLC0415

    problem = bad_pair()
    if problem:
        print(problem, file=sys.stderr)  # noqa: T201
        return 1
    leave_working_directory()
    gc.disable()  # collecting while importing is a tenth of the start, and finds nothing
    from app.ui.qt_import import import_qt  # noqa: PLC0415

    import_qt()
    from app.ui.first_icon import show_first_icon  # noqa: PLC0415

    application, first = show_first_icon()
    from app.bootstrap.running import run  # noqa: PLC0415

    gc.enable()
    return run(application, first, signals, start, instance)


if __name__ == "__main__":
    sys.exit(main())
