"""Exceptions nobody caught: logged, told, survived; safe mode after three within ten seconds.

In safe mode the limits go on being read and shown. What is not needed for that, and may be what
fails, rests until the person leaves it: no question is sent and no warning is given (F-D23).
"""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

from app.state import Store, Trouble
from app.trail import Trail

MOST = 3
WITHIN_S = 10.0
_PLACES = 64  # a traceback is logged once for each

_LOG = logging.getLogger("tidegauge.crashes")


class CrashIntents:
    """One per program. `on_safe_mode` is called when it begins."""

    def __init__(
        self,
        store: Store,
        trail: Trail,
        *,
        on_safe_mode: Callable[[], None] = lambda: None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._trail = trail
        self._on_safe_mode = on_safe_mode
        self._now = now
        self._times: deque[float] = deque(maxlen=MOST)
        self._places: set[str] = set()

    @contextmanager
    def heard(self, loop: asyncio.AbstractEventLoop) -> Iterator[None]:
        """Slots, callbacks, threads and finalizers that raise are heard inside the block."""
        before = sys.excepthook, threading.excepthook, sys.unraisablehook
        sys.excepthook = self._on_slot
        threading.excepthook = _log_thread
        sys.unraisablehook = _log_unraisable
        loop.set_exception_handler(self._on_callback)
        try:
            yield
        finally:
            loop.set_exception_handler(None)
            sys.excepthook, threading.excepthook, sys.unraisablehook = before

    def note(self, what: str, error: BaseException) -> None:
        """`what` raised `error`, and the program goes on."""
        place = place_of(error)
        is_new = place not in self._places and len(self._places) < _PLACES
        if is_new:
            self._places.add(place)
        _LOG.error("%s failed unexpectedly", what, exc_info=error if is_new else None)
        self._count(type(error).__name__, place)

    def note_task(self, detail: str) -> None:
        """A task failed, and was logged by whoever ran it."""
        name, _, kind = detail.rpartition(": ")
        self._count(kind, name)

    def dismiss(self) -> None:
        """The person has seen it, and safe mode ends."""
        self._times.clear()
        self._store.update(trouble=Trouble.NONE)

    def _count(self, kind: str, place: str) -> None:
        self._trail.note("crash", kind, why=place)
        now = self._now()
        self._times.append(now)
        if self._store.state.trouble is Trouble.SAFE_MODE:
            return
        if len(self._times) == MOST and now - self._times[0] <= WITHIN_S:
            _LOG.error("safe mode: %d crashes within %.0f s", MOST, WITHIN_S)
            self._store.update(trouble=Trouble.SAFE_MODE)
            self._on_safe_mode()
        else:
            self._store.update(trouble=Trouble.CRASHED)

    def _on_slot(
        self, kind: type[BaseException], error: BaseException, traceback: TracebackType | None
    ) -> None:
        """Qt prints what a slot raises by this hook."""
        if issubclass(kind, Exception):
            self.note("a slot", error.with_traceback(traceback))
        else:
            sys.__excepthook__(kind, error, traceback)

    def _on_callback(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, Exception):
            self.note("a callback", error)
        else:
            _LOG.error("%s", context.get("message", "the loop failed"))


def place_of(error: BaseException) -> str:
    """Where of ours it was raised, as "app/ui/panel.py 123"; else the last frame there is."""
    place, traceback = "", error.__traceback__
    while traceback is not None:
        path = traceback.tb_frame.f_code.co_filename.replace("\\", "/")
        _, mark, inner = path.rpartition("/app/")
        if mark or not place:
            name = f"app/{inner}" if mark else path.rpartition("/")[2]
            place = f"{name} {traceback.tb_lineno}"
        traceback = traceback.tb_next
    return place


def _log_thread(arguments: threading.ExceptHookArgs) -> None:
    if arguments.exc_value is not None and issubclass(arguments.exc_type, Exception):
        _LOG.error("a thread failed unexpectedly", exc_info=arguments.exc_value)


def _log_unraisable(arguments: sys.UnraisableHookArgs) -> None:
    _LOG.error("a finalizer failed unexpectedly", exc_info=arguments.exc_value)
