"""The last readings that the warnings were judged by, kept for a diagnosis. Pure."""

from __future__ import annotations

from collections import deque
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from app.alerts.memory import AccountMemory
    from app.usage.limits import UsageSnapshot

MOST_LOOKS = 24
MOST_WINDOWS = 200  # in all of them, so that a reply with many limits does not fill the memory


class Look(NamedTuple):
    """A reading, when it was judged (our clock), and what was remembered before it.

    `given`: how many warnings the hour before had seen.
    """

    at: datetime
    usage: UsageSnapshot
    before: AccountMemory | None
    given: int = 0


class Looks:
    """The newest ones. A reading that was judged twice is one."""

    def __init__(self) -> None:
        self._kept: deque[Look] = deque(maxlen=MOST_LOOKS)

    @property
    def kept(self) -> tuple[Look, ...]:
        """Oldest first."""
        return tuple(self._kept)

    def note(self, look: Look) -> None:
        """Keep it, and as many of those before as there is room for."""
        if self._kept and self._kept[-1].usage is look.usage:
            return
        self._kept.append(look)
        while len(self._kept) > 1 and self._windows() > MOST_WINDOWS:
            self._kept.popleft()

    def clear(self) -> None:
        """They were another account's."""
        self._kept.clear()

    def _windows(self) -> int:
        return sum(len(look.usage.windows) for look in self._kept)
