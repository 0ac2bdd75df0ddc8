"""asyncio on Qt's event loop, where a cancelled timer is gone at once and sleep counts.

qasync lets the timer of a cancelled handle run to its time. Every request has deadlines of 10 s
to 20 min that are cancelled in the end: the program would wake up for nothing after each poll,
and keep until then what their callbacks hold.

Its time runs on while the machine sleeps, so a deadline is over when people would say so. Qt's
timers stand still meanwhile: whoever learns of the waking first calls `catch_up` (F-M02).
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from contextvars import Context
from typing import Any, TypeVar

import qasync
from PySide6.QtCore import QAbstractEventDispatcher, QEventLoop, QObject, QTimerEvent
from PySide6.QtWidgets import QApplication

from app.clocks import running, slept
from app.ui.gui_garbage import GuiGarbage

_T = TypeVar("_T")
_LAST_WORDS_S = 1.3  # of the two seconds that an end may take
_BREATH_S = 0.005
_LONG_S = 1.0  # what is shorter is rarely cancelled, and soon over


class DisplayLostError(RuntimeError):
    """Qt has left the loop; what ran in it was cancelled, and had time to end."""


class EventLoop(qasync.QEventLoop):  # type: ignore[misc]
    """One per program."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._is_left = False
        self._long_timers = _Timers(self.catch_up)
        self._garbage = GuiGarbage()
        self._garbage.start()

    def time(self) -> float:
        """Seconds since some moment, sleep of the machine included."""
        return running()

    def run_until_complete(self, future: Awaitable[_T]) -> _T:
        """See asyncio. Without a display Qt leaves the loop after every step: then the work is
        cancelled, and is run on step by step for `_LAST_WORDS_S` (F-D05).

        qasync would let callbacks run outside of the loop then, which tears them apart.
        """
        work = asyncio.ensure_future(future, loop=self)  # noqa: TID251 - what asyncio.Runner runs
        was_left = self._is_left
        work.add_done_callback(self._on_done)
        try:
            self.run_forever()
            if not work.done():
                self._is_left = True
                self._run_on(work, cancels=not was_left)
        finally:
            work.remove_done_callback(self._on_done)
        if self._is_left and not was_left:
            raise DisplayLostError
        if not work.done():
            message = "Event loop stopped before Future completed."
            raise RuntimeError(message)
        QAbstractEventDispatcher.instance().processEvents(QEventLoop.ProcessEventsFlag.AllEvents)
        return work.result()

    def _on_done(self, _work: asyncio.Future[Any]) -> None:
        self.stop()

    def _run_on(self, work: asyncio.Future[_T], *, cancels: bool) -> None:
        if cancels:
            work.cancel()
        ends_at = time.monotonic() + _LAST_WORDS_S
        while not work.done() and time.monotonic() < ends_at:
            self.run_forever()
            time.sleep(_BREATH_S)
        if cancels and work.done() and not work.cancelled():
            work.exception()  # it was seen, as far as asyncio is concerned

    def catch_up(self) -> None:
        """The machine has slept: what became due meanwhile runs now, the rest on time.

        The first timer that fires after the sleep notices by itself.
        """
        self._long_timers.catch_up(self.time())

    @property
    def waiting(self) -> int:
        """How many timers of a second and more are to come."""
        return len(self._long_timers)

    def call_later(
        self,
        delay: float,
        callback: Callable[..., object],
        *args: object,
        context: Context | None = None,
    ) -> asyncio.Handle:
        """See `asyncio.loop.call_later`; qasync sends `call_at` through it as well."""
        if delay < _LONG_S:
            handle: asyncio.Handle = super().call_later(delay, callback, *args, context=context)
            return handle
        timer = asyncio.TimerHandle(self.time() + delay, callback, args, self, context)
        self._long_timers.start(timer, delay)
        return timer

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """What asyncio calls when a `TimerHandle` is cancelled."""
        self._long_timers.stop(handle)

    def close(self) -> None:
        self._garbage.stop()
        self._long_timers.stop_all()
        super().close()


class _Timers(QObject):
    """Qt timers of handles. A `TimerHandle` equals others of its time, so it is known by `id`."""

    def __init__(self, on_slept: Callable[[], None]) -> None:
        super().__init__()
        self._on_slept = on_slept
        self._slept_s = slept()
        self._handles: dict[int, asyncio.TimerHandle] = {}
        self._numbers: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._handles)

    def start(self, handle: asyncio.TimerHandle, delay_s: float) -> None:
        number = self.startTimer(math.ceil(delay_s * 1000))
        self._handles[number] = handle
        self._numbers[id(handle)] = number

    def stop(self, handle: asyncio.TimerHandle) -> None:
        number = self._numbers.pop(id(handle), None)
        if number is not None:
            self.killTimer(number)
            del self._handles[number]

    def catch_up(self, now: float) -> None:
        self._slept_s = slept()
        for handle in list(self._handles.values()):
            self.stop(handle)
            self.start(handle, max(0.0, handle.when() - now))

    def stop_all(self) -> None:
        for handle in list(self._handles.values()):
            self.stop(handle)

    def timerEvent(self, event: QTimerEvent) -> None:
        handle = self._handles.get(event.timerId())
        if handle is not None:
            self.stop(handle)
            handle._run()
        if slept() - self._slept_s > _LONG_S:
            self._on_slept()
