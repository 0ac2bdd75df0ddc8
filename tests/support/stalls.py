"""Times that a program promises, measured on a machine that may stand still for seconds.

A stall is time in which a process had no part: the machine was stopped, others had its
processors, or somebody stopped the process. It is told from slowness by the processor's own
account: what this process spends, and what another one waits for. Time that is merely long is
never taken for a stall.
"""

from __future__ import annotations

import subprocess
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

_TICK_S = 0.01
_LOOK_S = 0.5  # the longest look at what is waited for
_GUARD_S = 90.0  # a process that somebody has stopped for good


class Patience:
    """How long to wait for what will come; asked again and again meanwhile.

    Between two questions no more than half a second counts, so that a stall uses up little.
    """

    def __init__(self, seconds: float) -> None:
        self._left_s = seconds
        self._asked_at = time.monotonic()

    def is_over(self) -> bool:
        now = time.monotonic()
        self._left_s -= min(now - self._asked_at, _LOOK_S)
        self._asked_at = now
        return self._left_s < 0


class Stalls:
    """Notes the stalls of this process, and of the process `pid`, within a `with` block.

    Moments are those of `time.monotonic()`, whoever took them.
    """

    def __init__(self, pid: int | None = None) -> None:
        self._pid = pid
        self._noted: list[tuple[float, float, float]] = []  # from, to, seconds nobody could use
        self._looked_at = time.monotonic()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="stalls", daemon=True)

    def __enter__(self) -> Self:
        self._looked_at = time.monotonic()
        self._thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def lived_s(self, begun: float, ended: float) -> float:
        """Seconds between two moments, without the stalls between them."""
        while self._looked_at < ended and self._thread.is_alive():
            time.sleep(_TICK_S / 10)
        stalled = sum(
            min(seconds, min(last, ended) - max(first, begun))
            for first, last, seconds in self._noted
            if first < ended and last > begun
        )
        return ended - begun - stalled

    @property
    def longest_s(self) -> float:
        """The longest stall in one piece so far; 0 if there was none."""
        return max((seconds for _, _, seconds in self._noted), default=0.0)

    def _watch(self) -> None:
        spent, waited = time.process_time(), _waited_s(self._pid)
        while not self._over.wait(_TICK_S):
            now, spent_now, waited_now = time.monotonic(), time.process_time(), _waited_s(self._pid)
            passed = now - self._looked_at
            own = passed - _TICK_S - (spent_now - spent)
            others = passed if _is_stopped(self._pid) else waited_now - waited
            if (stalled := min(passed, max(own, others))) > _TICK_S:
                self._noted.append((self._looked_at, now, stalled))
            self._looked_at, spent, waited = now, spent_now, waited_now


def _waited_s(pid: int | None) -> float:
    """How long the main thread of `pid` has waited for a processor; 0 where that is not told."""
    try:
        words = Path(f"/proc/{pid}/schedstat").read_text("ascii").split()
    except OSError:
        return 0.0
    return int(words[1]) / 1e9


def _is_stopped(pid: int | None) -> bool:
    try:
        state = (
            Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()[0]
        )
    except OSError:
        return False
    return state == "T"


def code_within(seconds: float, process: subprocess.Popen[bytes]) -> int | None:
    """The exit code of a process that ends within so many seconds of its own; None if not."""
    with Stalls(process.pid) as stalls:
        begun = time.monotonic()
        while process.poll() is None:
            now = time.monotonic()
            if now - begun > seconds and stalls.lived_s(begun, now) > seconds:
                return None
            if now - begun > _GUARD_S:
                return None
            time.sleep(_TICK_S / 2)
        # What the last look did not see yet is a matter of milliseconds.
        return process.returncode
