"""One warning as a value: what it is about, which cycle it belongs to, how pressing it is. Pure."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from app.usage.limits import RateLimit, RateLimitWindow
from app.values import dataclass


class AlertKind(StrEnum):
    """What a person is told of."""

    THRESHOLD = "threshold"  # so many percent of a window are used
    RUNS_OUT = "runs_out"  # at this pace, before its reset
    EXHAUSTED = "exhausted"
    AVAILABLE = "available"  # after it had been exhausted
    CREDITS_LOW = "credits_low"
    RESET_CREDIT = "reset_credit"  # a limit reset that may be redeemed is about to expire
    SIGN_IN = "sign_in"  # the session ended: no numbers until somebody signs in
    TEST = "test"  # asked for in the settings


class Urgency(StrEnum):
    """The three of the freedesktop specification."""

    LOW = "low"
    NORMAL = "normal"
    CRITICAL = "critical"


_URGENCY = {
    AlertKind.EXHAUSTED: Urgency.CRITICAL,
    AlertKind.AVAILABLE: Urgency.LOW,
    AlertKind.RESET_CREDIT: Urgency.LOW,
}
_RANK = {
    AlertKind.EXHAUSTED: 0,
    AlertKind.SIGN_IN: 1,
    AlertKind.AVAILABLE: 2,
    AlertKind.THRESHOLD: 3,
    AlertKind.RUNS_OUT: 4,
}


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to tell.

    `window_id` is empty for what concerns the whole account; `cycle` names the window's cycle
    (see `cycles`), or when a reset credit expires, in epoch seconds. `percent` is the threshold
    that was crossed; `moment` (the service's clock) when the window resets, runs out or the
    credit expires; `amount` the balance or count in question.
    """

    kind: AlertKind
    account_key: str = ""
    window_id: str = ""
    cycle: int = 0
    percent: int = 0
    limit: RateLimit | None = None
    window: RateLimitWindow | None = None
    resets_at: datetime | None = None
    moment: datetime | None = None
    amount: Decimal | None = None

    @property
    def topic(self) -> str:
        """What it is about: a newer warning on the same replaces it on the screen."""
        return f"{self.account_key}/{self.window_id or self.kind}"

    @property
    def key(self) -> str:
        """The same for the same news: account, window, cycle, kind and threshold."""
        return f"{self.topic}/{self.cycle}/{self.kind}/{self.percent}"

    @property
    def urgency(self) -> Urgency:
        return _URGENCY.get(self.kind, Urgency.NORMAL)

    @property
    def rank(self) -> int:
        """The lower, the sooner it is told where not everything can be."""
        return _RANK.get(self.kind, len(_RANK))

    @property
    def can_snooze(self) -> bool:
        """It is about a window whose reset ends the silence."""
        return bool(self.window_id) and self.kind is not AlertKind.AVAILABLE
