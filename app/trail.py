"""What the program did lately, and why: polls and their waits, warnings, crashes.

The newest few stay in memory for a diagnosis. Each is a line of the log as well, so that the
command line, a process of its own, reads back what the tray program did without asking it.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable

from app.trail_steps import LENGTH, LOGGER, Step, plain

_LOG = logging.getLogger(LOGGER)


class Trail:
    """The last `LENGTH` steps. All methods belong to one thread."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._steps: deque[Step] = deque(maxlen=LENGTH)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Oldest first."""
        return tuple(self._steps)

    def note(
        self, what: str, outcome: str, *, status: int = 0, wait_s: float = -1.0, why: str = ""
    ) -> None:
        """Keep one step, and log it."""
        why = plain(why)
        self._steps.append(Step(int(self._now()), what, outcome, status, round(wait_s, 1), why))
        _LOG.info("%s %s %d %.1f %s", what, outcome, status, wait_s, why)
