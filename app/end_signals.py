"""SIGINT, SIGTERM and SIGHUP ask for one orderly end, from the first moment to the last (F-D06)."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop  # the icon does not wait for its import
    from types import FrameType

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


class EndSignals:
    """Notes the signals from its creation on: the icon is there before a loop can be told.

    A signal that was ignored at the start stays ignored, as `nohup` wants it. Main thread only.
    """

    def __init__(self) -> None:
        self._came = False
        known = [signal.Signals[name] for name in _NAMES if hasattr(signal, name)]
        self._numbers = [one for one in known if signal.getsignal(one) is not signal.SIG_IGN]
        for number in self._numbers:
            signal.signal(number, self._note)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self._came = True

    def give_back(self) -> None:
        """They end the process again: one that is ignored would be so for whoever follows."""
        for number in self._numbers:
            signal.signal(number, signal.SIG_DFL)

    @contextmanager
    def heard_by(self, loop: AbstractEventLoop, on_signal: Callable[[], None]) -> Iterator[None]:
        """Call `on_signal` in the loop for each signal, also for one that came before.

        After the block further signals change nothing: the end is on its way.
        """
        for number in self._numbers:
            try:
                loop.add_signal_handler(number, on_signal)
            except (NotImplementedError, RuntimeError):  # Windows: no such support in the loop
                signal.signal(number, lambda *_: loop.call_soon_threadsafe(on_signal))
        if self._came:
            on_signal()
        try:
            yield
        finally:
            for number in self._numbers:
                with suppress(NotImplementedError, RuntimeError):
                    loop.remove_signal_handler(number)  # else closing the loop undoes the next
                signal.signal(number, signal.SIG_IGN)
