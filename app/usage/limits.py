"""Rate-limit windows and what one usage reply says about them. Pure values.

The words are the service's: a *limit* (`codex`, `code_review`, a metered feature) holds up to
two *windows*; a window has a used percent, a length and a reset time. Slots ("primary",
"secondary") carry no meaning and stop where replies are read: windows are named by duration.
"""

from __future__ import annotations

from dataclasses import field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from app.values import dataclass

MAIN_LIMIT = "codex"
CODE_REVIEW_LIMIT = "code_review"


class Source(StrEnum):
    """Who told a number."""

    POLL = "poll"  # the usage endpoint
    ANSWER = "answer"  # the headers of a chat answer, or an event inside it


class Doubt(StrEnum):
    """Why a reading is shown but not acted upon before a second one says the same."""

    REPEATED_KEYS = "repeated_keys"  # a key stood twice in the reply (F-U17)
    FELL = "fell"  # less used than before, in the same cycle (F-U22, transient zeros)
    JUMPED = "jumped"  # far more used than a moment before (F-U22)
    RESET_BACK = "reset_back"  # the reset moved to an earlier time
    RESET_EARLY = "reset_early"  # a new cycle although the old one was not over


class Duration(StrEnum):
    """The durations people have names for; everything else is named by its length."""

    SESSION = "session"  # about five hours
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    OTHER = "other"


_NAMED_SECONDS = {
    Duration.SESSION: 5 * 3600,
    Duration.DAY: 86_400,
    Duration.WEEK: 7 * 86_400,
    Duration.MONTH: 30 * 86_400,
    Duration.YEAR: 365 * 86_400,
}


def duration_of(window_seconds: int | None) -> Duration:
    """The name of a window length, within 5 % of the nominal one."""
    if window_seconds is None or window_seconds <= 0:
        return Duration.OTHER
    for name, nominal in _NAMED_SECONDS.items():
        if abs(window_seconds - nominal) <= nominal * 0.05:
            return name
    return Duration.OTHER


@dataclass(frozen=True, slots=True)
class RateLimitWindow:
    """One metered window.

    `used_percent_reported` is the number as sent (may be above 100 or negative) or None if
    the reply had none that can be read; `window_seconds` None if absent or not positive;
    `resets_at` aware UTC in the service's clock, None if unknown. `is_sliding`: not begun yet,
    so that `resets_at` moves on with every reading and says nothing.
    """

    limit_id: str
    used_percent_reported: float | None
    window_seconds: int | None
    resets_at: datetime | None
    limit_name: str = ""
    twin: int = 1  # 2 for the second of two windows of the same length in one limit
    is_sliding: bool = False

    @property
    def window_id(self) -> str:
        """Stable name of this window: the limit and the length, never the slot (F-U11)."""
        name = f"{self.limit_id}/{self.window_seconds or 0}"
        return name if self.twin == 1 else f"{name}#{self.twin}"

    @property
    def used_percent(self) -> float | None:
        """Used percent clamped to 0…100, for painting and for rules."""
        if self.used_percent_reported is None:
            return None
        return min(100.0, max(0.0, self.used_percent_reported))

    @property
    def duration(self) -> Duration:
        return duration_of(self.window_seconds)

    def resets_in(self, now: datetime) -> timedelta | None:
        """Time to the reset; negative when it is due; None if unknown or not begun.

        `now` is the service's time (`UsageSnapshot.server_now`), here as in `pace`.
        """
        if self.resets_at is None or self.is_sliding:
            return None
        return self.resets_at - now


@dataclass(frozen=True, slots=True)
class RateLimit:
    """A limit and its windows, shortest first. `allowed`/`limit_reached` None if not said.

    `as_of` is when the service told it, by its own clock; `normal_model` the model whose place
    this limit's one takes.
    """

    limit_id: str
    windows: tuple[RateLimitWindow, ...] = ()
    name: str = ""
    allowed: bool | None = None
    limit_reached: bool | None = None
    normal_model: str = ""
    as_of: datetime | None = None
    source: Source = Source.POLL

    @property
    def has_flags(self) -> bool:
        """Whether the service said itself if the limit can be used; else its percents decide."""
        return self.allowed is not None or self.limit_reached is not None

    @property
    def is_exhausted(self) -> bool:
        """The service's own flags win over the percentage (F-U23)."""
        return self.limit_reached is True or self.allowed is False


@dataclass(frozen=True, slots=True)
class Credits:
    """Bought credits. `balance` None if not told; the ranges are (low, high) messages."""

    has_credits: bool = False
    unlimited: bool = False
    balance: Decimal | None = None
    approx_local_messages: tuple[int, int] | None = None
    approx_cloud_messages: tuple[int, int] | None = None
    overage_limit_reached: bool | None = None


@dataclass(frozen=True, slots=True)
class SpendControl:
    """A workspace's cap on one member's spending; amounts in the workspace's own unit."""

    reached: bool | None = None
    limit: Decimal | None = None
    used: Decimal | None = None
    remaining: Decimal | None = None
    used_percent: float | None = None
    resets_at: datetime | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class ResetCredit:
    """One limit reset that the account may redeem; times aware UTC, None if not told."""

    credit_id: str
    expires_at: datetime | None = None
    granted_at: datetime | None = None
    title: str = ""
    reset_type: str = ""


@dataclass(frozen=True, slots=True)
class UsageSnapshot:
    """What is known of an account's usage, as of the last reading.

    `fetched_at` is our clock's time of that reading and `source` where it came from; each limit
    has an `as_of` and a `source` of its own. `clock_offset_s` is the server's clock minus ours;
    `served_at` the reply's own `Date`, None if it had none. `limits`: main limit first.
    """

    fetched_at: datetime
    plan: str = ""
    limits: tuple[RateLimit, ...] = ()
    credits: Credits | None = None
    spend_control: SpendControl | None = None
    reset_credits: int | None = None  # limit resets the account may still redeem
    reset_credit_list: tuple[ResetCredit, ...] | None = None  # soonest expiry first; None: unread
    account_id: str = ""
    user_id: str = ""
    email: str = ""
    reached_type: str = ""
    clock_offset_s: float = 0.0
    served_at: datetime | None = None
    is_partial: bool = False  # some field could not be read; its neighbours are fine (F-U03)
    is_doubtful: bool = False  # shown, never acted upon; `doubts` says why
    doubts: tuple[Doubt, ...] = ()
    source: Source = Source.POLL
    unread: tuple[str, ...] = field(default=(), compare=False)  # fields that could not be read
    unknown: tuple[str, ...] = field(default=(), compare=False)  # blocks this version knows not
    kept: tuple[tuple[str, str], ...] = field(default=(), compare=False, repr=False)
    # name and short JSON of blocks that only diagnostics need: offers, models, unknown ones

    @property
    def as_of(self) -> datetime:
        """When the service told this, by its own clock."""
        return self.served_at or self.server_now(self.fetched_at)

    @property
    def windows(self) -> tuple[RateLimitWindow, ...]:
        """Every window of every limit, main limit first."""
        return tuple(window for limit in self.limits for window in limit.windows)

    def limit(self, limit_id: str) -> RateLimit | None:
        return next((limit for limit in self.limits if limit.limit_id == limit_id), None)

    @property
    def main_windows(self) -> tuple[RateLimitWindow, ...]:
        """The windows of the plan itself, shortest first (at most two in practice)."""
        main = self.limit(MAIN_LIMIT)
        return main.windows if main else ()

    @property
    def other_limits(self) -> tuple[RateLimit, ...]:
        return tuple(limit for limit in self.limits if limit.limit_id != MAIN_LIMIT)

    @property
    def is_exhausted(self) -> bool:
        main = self.limit(MAIN_LIMIT)
        return main is not None and main.is_exhausted

    def server_now(self, now: datetime) -> datetime:
        """Our clock's `now` corrected to the server's."""
        return now.astimezone(UTC) + timedelta(seconds=self.clock_offset_s)
