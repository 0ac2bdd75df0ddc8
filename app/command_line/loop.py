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


def run_until_signal(work: Coroutine[Any, Any, int]) -> int:
    """The code that `work` returns, or INTERRUPTED or TERMINATED if a signal cancelled it.

    Sockets are closed and tasks have ended when this returns (F-D06). A resolver thread that
    hangs ends the process instead, two seconds later.
    """
    code: int = ExitCode.FAILED
    runner = asyncio.Runner()
    try:
        code = runner.run(_until_terminated(work))
    except KeyboardInterrupt:
        code = ExitCode.INTERRUPTED
    finally:
        watchdog = threading.Timer(_CLOSE_LIMIT_S, os._exit, (code,))
        watchdog.daemon = True
        watchdog.start()
        runner.close()
        watchdog.cancel()
    return code


async def _until_terminated(work: Coroutine[Any, Any, int]) -> int:
    """SIGTERM cancels, as asyncio makes SIGINT do."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    is_terminated = False

    def terminate() -> None:
        nonlocal is_terminated
        is_terminated = True
        if task is not None:
            task.cancel()

    with suppress(NotImplementedError):  # Windows: the system ends the process
        loop.add_signal_handler(signal.SIGTERM, terminate)
    try:
        return await work
    except asyncio.CancelledError:
        if is_terminated:
            return ExitCode.TERMINATED
        raise
