"""Long timers of the event loop: they fire, in their context, and a cancelled one is gone."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import weakref
from contextvars import ContextVar, copy_context

import pytest
from PySide6.QtWidgets import QApplication

from app import clocks
from app.ui.event_loop import EventLoop

_NAME = ContextVar("name", default="")


async def test_a_long_timer_fires_once_and_not_early() -> None:
    loop = asyncio.get_running_loop()
    fired: asyncio.Queue[tuple[float, str]] = asyncio.Queue()
    context = copy_context()
    context.run(_NAME.set, "the caller's")
    began = loop.time()
    loop.call_later(1.0, lambda: fired.put_nowait((loop.time(), _NAME.get())), context=context)
    at, name = await asyncio.wait_for(fired.get(), 30)
    assert at - began >= 0.94  # a coarse timer of Qt may be 5 % early
    assert name == "the caller's"
    assert fired.empty()


async def test_a_cancelled_timer_keeps_nothing() -> None:
    class Held:
        def call(self) -> None:
            """Never called."""

    held = Held()
    gone = weakref.ref(held)
    handle = asyncio.get_running_loop().call_later(3600, held.call)
    same_time = asyncio.get_running_loop().call_at(handle.when(), int)
    del held
    handle.cancel()
    handle.cancel()
    assert handle.cancelled()
    assert gone() is None
    assert not same_time.cancelled()
    same_time.cancel()


async def test_a_deadline_that_was_met_is_no_timer_any_more(qapp: QApplication) -> None:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, EventLoop)
    before = loop.waiting
    async with asyncio.timeout(30):
        await asyncio.sleep(0)
        assert loop.waiting == before + 1
    assert loop.waiting == before


def test_a_closed_loop_has_no_timers(qapp: QApplication) -> None:
    loop = EventLoop(qapp)
    loop.call_later(3600, int)
    assert loop.waiting == 1
    loop.close()
    assert loop.waiting == 0


async def test_deadlines_count_the_sleep_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """F-M02: what was due meanwhile ends at the waking, the rest is not late by the sleep."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, EventLoop)
    before, ended = loop.waiting, asyncio.Event()
    loop.call_later(30, ended.set)
    later = loop.call_later(10 * 3600, int)
    assert isinstance(later, asyncio.TimerHandle)
    monkeypatch.setattr("app.ui.event_loop.running", lambda: clocks.running() + 8 * 3600)
    loop.catch_up()
    await asyncio.wait_for(ended.wait(), 30)
    assert loop.waiting == before + 1
    assert later.when() - loop.time() == pytest.approx(2 * 3600, abs=60)
    later.cancel()


async def test_the_first_timer_after_a_sleep_finds_out_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """F-M02: where nothing tells of the waking."""
    loop, ended, looked = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
    loop.call_later(30, ended.set)
    loop.call_later(1, looked.set)
    monkeypatch.setattr("app.ui.event_loop.running", lambda: clocks.running() + 8 * 3600)
    monkeypatch.setattr("app.ui.event_loop.slept", lambda: clocks.slept() + 8 * 3600)
    await asyncio.wait_for(looked.wait(), 30)
    await asyncio.wait_for(ended.wait(), 30)


_LEFT = """
import asyncio
from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QApplication
from app.ui.event_loop import DisplayLostError, EventLoop

application = QApplication([])
said = []

async def work():
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.sleep(3600))
            asyncio.get_running_loop().call_later(0.05, leave)
            await asyncio.Event().wait()
    finally:
        for _ in range(3):  # each step asks for the loop it runs in
            await asyncio.to_thread(lambda: None)
            assert asyncio.get_running_loop()
        said.append("in order")

def leave():  # as Qt does without a display, again and again
    QTimer.singleShot(0, leave)
    QCoreApplication.exit(1)

try:
    with asyncio.Runner(loop_factory=lambda: EventLoop(application)) as runner:
        runner.run(work())
except DisplayLostError:
    said.append("lost")
print(*said)
"""


def test_work_ends_in_order_though_qt_leaves_the_loop_at_every_step() -> None:
    """F-D05: cancelled, and run on step by step."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", _LEFT],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "in order lost\n", "")
