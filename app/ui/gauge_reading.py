"""One window as a gauge or a bar shows it: numbers and words, ready to paint. Pure, no Qt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from app.settings import Settings
from app.usage.limits import RateLimit, RateLimitWindow, UsageSnapshot
from app.usage.pace import Level, level_of, pace_of
from app.wording import limits as words
from app.wording.tray import spoken_window


@dataclass(frozen=True, slots=True)
class GaugeReading:
    """`filled` and `even` (the even-pace tick) in percent of the arc, None if unknown.

    `number` stands in the middle without its percent sign, `word` says what it counts;
    `countdown`, `clock` and `pace` are the lines below, empty where there is nothing to say.
    `is_dim`: the numbers are out of date.
    """

    window_id: str
    name: str
    filled: float | None
    even: float | None
    level: Level
    number: str
    word: str
    countdown: str
    clock: str
    pace: str
    is_urgent: bool  # `pace` is said in the colour of the level
    is_dim: bool
    spoken: str


@dataclass(frozen=True, slots=True)
class BarReading:
    """One further limit: name left, percent and reset right, a bar below."""

    window_id: str
    name: str
    filled: float | None
    level: Level
    text: str
    is_dim: bool
    spoken: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the windows of one snapshot at one moment (`now`: our clock's, aware)."""

    usage: UsageSnapshot
    now: datetime
    zone: tzinfo
    settings: Settings
    is_stale: bool

    @property
    def server_now(self) -> datetime:
        return self.usage.server_now(self.now)

    def gauge(self, window: RateLimitWindow, limit: RateLimit) -> GaugeReading:
        """A large gauge for a window of `limit`."""
        settings, moment = self.settings, self.server_now
        level = self._level(window, limit)
        pace = None if self.is_stale else pace_of(window, moment)
        if level is Level.EXHAUSTED:
            pace_text = words.limit_reached()
        elif pace is None:
            pace_text = ""
        else:
            pace_text = words.pace_words(
                pace.reserve_percent, pace.runs_out_at, moment, self.zone, settings.clock
            )
        return GaugeReading(
            window_id=window.window_id,
            name=words.window_name(window, self.usage),
            filled=self._shown(window.used_percent),
            even=self._shown(pace.even_percent) if pace else None,
            level=level,
            number=words.percent_number(window.used_percent, settings.gauge_shows),
            word=words.shown_word(settings.gauge_shows),
            countdown=words.resets_in(window, moment),
            clock=words.reset_clock(window, moment, self.zone, settings.clock),
            pace=pace_text,
            is_urgent=level in (Level.CLOSE, Level.OVER, Level.EXHAUSTED),
            is_dim=self.is_stale,
            spoken=spoken_window(window, self.usage, moment, settings.gauge_shows),
        )

    def bar(self, window: RateLimitWindow, limit: RateLimit) -> BarReading:
        """A bar for a window of `limit`."""
        settings, moment = self.settings, self.server_now
        return BarReading(
            window_id=window.window_id,
            name=words.window_name(window, self.usage),
            filled=self._shown(window.used_percent),
            level=self._level(window, limit),
            text=words.percent_and_reset(
                window, moment, self.zone, settings.clock, settings.gauge_shows
            ),
            is_dim=self.is_stale,
            spoken=spoken_window(window, self.usage, moment, settings.gauge_shows),
        )

    def _level(self, window: RateLimitWindow, limit: RateLimit) -> Level:
        return level_of(
            window,
            self.server_now,
            self.settings.thresholds,
            limit=limit,
            is_stale=self.is_stale,
        )

    def _shown(self, used_percent: float | None) -> float | None:
        if used_percent is None or self.settings.gauge_shows == "used":
            return used_percent
        return 100.0 - used_percent
