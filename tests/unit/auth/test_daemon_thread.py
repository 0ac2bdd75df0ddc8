"""Blocking work beside the loop, where threads and processes may be scarce."""

from __future__ import annotations

import subprocess
import threading

import pytest

from app.auth.daemon_thread import in_daemon_thread
from app.auth.keyring_process import KeyringProcess
from app.errors import AppError, FaultKind


async def test_results_and_exceptions_come_back() -> None:
    assert await in_daemon_thread(lambda: 3, "three") == 3
    with pytest.raises(ZeroDivisionError):
        await in_daemon_thread(lambda: 1 / 0, "none")


async def test_no_thread_is_a_failure_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """F-D22"""

    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    with pytest.raises(BlockingIOError, match="can't start new thread"):
        await in_daemon_thread(lambda: 3, "three")
    with pytest.raises(AppError) as caught:
        await KeyringProcess().start()
    assert caught.value.fault.kind is FaultKind.KEYRING_FAILED


async def test_a_fork_that_fails_is_a_keyring_that_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    """F-D22: and the next try may succeed."""

    def refuse(*_given: object, **_options: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    with pytest.raises(AppError) as caught:
        await KeyringProcess().start()
    assert caught.value.fault.kind is FaultKind.KEYRING_FAILED
