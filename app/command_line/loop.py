"""Runs one command's coroutine to its end, or until a signal ends it."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from app.command_line.exit_codes import ExitCode

_CLOSE_LIMIT_S = 2.0
_CODES = {signal.SIGINT: ExitCode.INTERRUPTED, signal.SIGTERM: ExitCode.TERMINATED}


def run_until_signal(work: Coroutine[Any, Any, int]) -> int:
    """The code that `work` returns, or INTERRUPTED or TERMINATED if a signal cancelled it.

    Sockets are closed and tasks have ended when this returns (F-D06). A resolver thread that
    hangs ends the process instead, two seconds later.
    """
    code: int = ExitCode.FAILED
    runner = asyncio.Runner()
    try:
        code = runner.run(_until_signal(work))
    except KeyboardInterrupt:
        code = ExitCode.INTERRUPTED
    finally:
        watchdog = threading.Timer(_CLOSE_LIMIT_S, os._exit, (code,))
        watchdog.daemon = True
        watchdog.start()
        runner.close()
        watchdog.cancel()
    return code


async def _until_signal(work: Coroutine[Any, Any, int]) -> int:
    """The first SIGINT or SIGTERM cancels; whoever sends another only waits for the end."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    came: list[ExitCode] = []

    def end(code: ExitCode) -> None:
        came.append(code)
        if task is not None and len(came) == 1:
            task.cancel()

    before = {}
    for number, code in _CODES.items():
        handler = signal.getsignal(number)
        with suppress(NotImplementedError):  # Windows: the runner hears Ctrl+C, that is all
            loop.add_signal_handler(number, end, code)
            before[number] = handler
    try:
        return await work
    except asyncio.CancelledError:
        if came:
            return came[0]
        raise
    finally:
        for number, handler in before.items():
            loop.remove_signal_handler(number)  # else closing the loop undoes the next line
            signal.signal(number, signal.SIG_IGN if came else handler)
