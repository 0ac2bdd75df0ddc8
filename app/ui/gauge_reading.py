"""One window as a gauge or a bar shows it: numbers and words, ready to paint. Pure, no Qt."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import NamedTuple

from app.settings import Settings
from app.usage.limits import RateLimit, RateLimitWindow, UsageSnapshot
from app.usage.pace import Level, cap_level, level_of, pace_of
from app.wording import allowances
from app.wording import limits as words
from app.wording.joining import valued
from app.wording.pace import hindrance, outlook
from app.wording.tray import spoken_window


class GaugeReading(NamedTuple):
    """`filled` and `even` (the even-pace tick) in percent of the arc, None if unknown.

    `number` stands in the middle without its percent sign, `word` says what it counts;
    `countdown`, `clock` and `pace` are the lines below, empty where there is nothing to say.
    `pace_level` colours the pace. `is_dim`: the numbers are out of date or in doubt.
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
    pace_level: Level
    is_dim: bool
    spoken: str


class BarReading(NamedTuple):
    """One further limit: name left, percent and reset right, a bar below."""

    window_id: str
    name: str
    filled: float | None
    level: Level
    text: str
    is_dim: bool
    spoken: str


class Reader(NamedTuple):
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
        pace_text, pace_level = self._outlook(window, level)
        return GaugeReading(
            window_id=window.window_id,
            name=words.window_name(window, self.usage),
            filled=self._shown(window.used_percent),
            even=self._shown(pace.even_percent) if pace else None,
            level=level,
            number=words.percent_number(window.used_percent, settings.gauge_shows),
            word=words.shown_word(settings.gauge_shows, is_doubtful=self.usage.is_doubtful),
            countdown=words.resets_in(window, moment),
            clock=words.reset_clock(window, moment, self.zone, settings.clock),
            pace=pace_text,
            pace_level=pace_level,
            is_dim=self.is_dim,
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
            is_dim=self.is_dim,
            spoken=spoken_window(window, self.usage, moment, settings.gauge_shows),
        )

    def cap_bar(self) -> BarReading | None:
        """A bar for the spending cap of a workspace's member; None if there is none."""
        cap, settings = self.usage.spend_control, self.settings
        text = allowances.spend_words(cap, settings.gauge_shows)
        if cap is None or not text:
            return None
        reset = allowances.spend_reset(cap, self.server_now, self.zone, settings.clock)
        text = " · ".join(part for part in (text, reset) if part)
        name = allowances.spend_cap_title()
        used = None if cap.used_percent is None else min(100.0, max(0.0, cap.used_percent))
        return BarReading(
            window_id="spend_control",
            name=name,
            filled=self._shown(used),
            level=cap_level(cap, settings.thresholds),
            text=text,
            is_dim=self.is_dim,
            spoken=valued(name, text),
        )

    @property
    def is_dim(self) -> bool:
        return self.is_stale or self.usage.is_doubtful

    def _outlook(self, window: RateLimitWindow, level: Level) -> tuple[str, Level]:
        """The line below a gauge and how worried it sounds."""
        if words := hindrance(window, self.usage):
            return words, Level.EXHAUSTED
        text = outlook(
            window,
            self.usage,
            self.server_now,
            self.zone,
            self.settings.clock,
            is_stale=self.is_stale,
            in_full=True,
        )
        return text, level if text and level is not Level.CALM else Level.UNKNOWN

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
