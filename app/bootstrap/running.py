"""The tray program from the first icon to its end.

asyncio, qasync, the clients and the windows are imported inside functions: the tray's first
numbers and menu must not wait for them.
"""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING, NoReturn

from app.bootstrap.tray_program import TrayProgram
from app.early_log import EarlyLog
from app.restart import RESTARTS
from app.ui.first_icon import FirstIcon, TrayApplication

if TYPE_CHECKING:
    import asyncio

    from app.end_signals import EndSignals
    from app.instance.place import Instance
    from app.instance.start import TrayStart

_EXIT_LIMIT_S = 2.0
_DISPLAY_LOST = 1


def run(
    application: TrayApplication,
    first: FirstIcon,
    signals: EndSignals,
    start: TrayStart,
    instance: Instance | None,
) -> int:
    """Bring the icon to life, run until asked to quit, return the exit code, or `RESTARTS`.

    Later starts reach this program through its `instance`.
    """
    early = EarlyLog()
    early.begin()
    tray_program = TrayProgram(
        application, first, demo=start.demo, is_autostarted=start.is_autostarted
    )

    import asyncio  # noqa: PLC0415

    from app import logs  # noqa: PLC0415
    from app.ui.event_loop import DisplayLostError  # noqa: PLC0415

    code = 0
    try:
        with (
            tray_program.surroundings() as surroundings,
            asyncio.Runner(loop_factory=lambda: _loop(application)) as runner,
        ):
            logs.set_up(surroundings.paths, debug=start.debug)
            early.hand_over()
            application.messages.hand_over()
            from app.bootstrap.whole_program import live  # noqa: PLC0415

            try:
                runner.run(live(tray_program, surroundings, signals, start, instance))
            except DisplayLostError:
                code = _DISPLAY_LOST
            # A thread that hangs in the resolver must not hold the exit back.
            watchdog = threading.Timer(_EXIT_LIMIT_S, os._exit, (code,))
            watchdog.daemon = True
            watchdog.start()
        _sweep_again(tray_program)
    except RuntimeError:
        if code != _DISPLAY_LOST:  # Qt leaves the loop once more, in the middle of the ending
            raise
    if code == _DISPLAY_LOST:
        _end_at_once(instance)
    return RESTARTS if tray_program.store.state.restarts else code


def _end_at_once(instance: Instance | None) -> NoReturn:
    """Without its display Qt cannot be taken apart: it crashes now and then (F-D05)."""
    import logging  # noqa: PLC0415 - loaded by now

    if instance is not None:
        instance.close()
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    os._exit(_DISPLAY_LOST)


def _sweep_again(tray_program: TrayProgram) -> None:
    """After everything was deleted: what has come since, and the lock that was needed to run."""
    erasure = tray_program.store.state.erasure
    if erasure is None or tray_program.demo:
        return
    from app import logs  # noqa: PLC0415 - loaded by now
    from app.erasing import keeps_accounts  # noqa: PLC0415 - hardly ever
    from app.erasure.sweep import sweep  # noqa: PLC0415 - as above

    logs.close_files()
    outcome = erasure.outcome
    sweep(
        tray_program.paths,
        keeps_settings=erasure.keeps_settings,
        keeps_accounts=outcome is None or keeps_accounts(outcome.left),
    )


def _loop(application: TrayApplication) -> asyncio.AbstractEventLoop:
    """asyncio on Qt's loop, with threads made when they are needed instead of ten at once."""
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

    from app.ui.event_loop import EventLoop  # noqa: PLC0415

    loop: asyncio.AbstractEventLoop = EventLoop(application)
    loop.set_default_executor(ThreadPoolExecutor(4, "worker"))
    return loop
