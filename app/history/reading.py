"""What can be asked of the history: the side that the windows and the command line see."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from app.history.curves import GAP_S, Change, Cycle, Series, WindowOnFile


class HistoryReader(Protocol):
    """Every answer is made off this thread; a file that cannot be read answers with nothing.

    `pixels` is how many columns a chart has: more points than that are thinned out so that
    lowest, highest, first and last of each column stay. None: every point.
    """

    async def windows(self, account_key: str) -> tuple[WindowOnFile, ...]:
        """What is kept of an account, the window seen last first."""

    async def series(
        self,
        account_key: str,
        window_id: str,
        since: datetime,
        until: datetime,
        *,
        pixels: int | None = None,
        gap_s: float = GAP_S,
    ) -> Series:
        """Readings from `since` to `until`, both aware.

        `gap_s` is the longest time between two readings that still counts as known use:
        as for stale data, the larger of 15 minutes and three polling intervals.
        """

    async def cycles(
        self,
        account_key: str,
        window_id: str,
        count: int,
        *,
        pixels: int | None = None,
        gap_s: float = GAP_S,
    ) -> tuple[Cycle, ...]:
        """The last `count` cycles, the running one last."""

    async def changes(
        self, account_key: str, since: datetime, until: datetime
    ) -> tuple[Change, ...]:
        """Plan, credits and reset credits, whenever they became another, oldest first."""
