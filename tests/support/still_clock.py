"""A clock for what is shown: it stands until a test moves it."""

from __future__ import annotations

from datetime import datetime


class StillClock:
    """`now` is the time it tells."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now
