"""Figure 18: warnings in hostile series of readings, against a world that knows the truth.

The full figure, some minutes: `TIDEGAUGE_SERIES=10000`, with `-o faulthandler_timeout=0`.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from app.alerts.alert import Alert, AlertKind
from app.alerts.memory import Memory, essence, given
from app.alerts.memory_format import from_json, to_json
from app.alerts.rules import due_alerts, moment_of
from app.auth.tokens import Account
from app.settings import Settings
from app.usage.limits import RateLimit, RateLimitWindow, Source, UsageSnapshot
from app.usage.readings import Readings

SERIES = int(os.environ.get("TIDEGAUGE_SERIES", "60"))
IS_FULL = "TIDEGAUGE_SERIES" in os.environ  # other series each time; without it always the same
HOUR, DAY = 3600, 86_400
SESSION, WEEK = 5 * HOUR, 7 * DAY
START = 1_780_000_000.0
LEVELS = (75, 90)
NOISES = ("none", "zero", "jitter", "missing", "no_reset", "doubtful", "stale", "stranger", "flip")
KEYS = {"ann": "a" * 16, "bob": "b" * 16}


def utc(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@dataclass
class TrueWindow:
    """What is really used, and which cycle it is."""

    seconds: int
    used: float = 0.0
    resets_at: float | None = None  # None: not begun
    cycle: int = 0

    def roll(self, now: float) -> None:
        if self.resets_at is not None and now >= self.resets_at:
            self.reset()

    def reset(self) -> None:
        self.used, self.resets_at, self.cycle = 0.0, None, self.cycle + 1

    def use(self, percent: float, now: float) -> None:
        if self.resets_at is None and percent > 0:
            self.resets_at = now + self.seconds
        self.used = min(100.0, round(self.used + percent, 1))


@dataclass
class TrueAccount:
    windows: tuple[TrueWindow, ...] = field(
        default_factory=lambda: (TrueWindow(SESSION), TrueWindow(WEEK))
    )
    was_full: bool = False
    was_freed: bool = False  # since then

    @property
    def is_full(self) -> bool:
        return any(int(window.used) >= 100 for window in self.windows)


class HostileSeries(RuleBasedStateMachine):
    """Polls, answers, restarts, other accounts and clock jumps in any order."""

    @initialize(tells_flags=st.booleans(), has_date=st.booleans())
    def begin(self, tells_flags: bool, has_date: bool) -> None:
        self.tells_flags, self.has_date = tells_flags, has_date
        self.now, self.skew = START, 0.0
        self.jumped = self.has_redeemed = False
        self.accounts = {"ann": TrueAccount(), "bob": TrueAccount()}
        self.front = "ann"
        self.readings = Readings()
        self.memory = self.saved = Memory()
        self.was_noise = {"ann": True, "bob": True}  # a first reading is believed
        self.given: Counter[tuple[str, str, int, str, int]] = Counter()
        self.highest: dict[tuple[str, str, int], int] = {}
        self.given_at: list[float] = []

    # --- what happens --------------------------------------------------------------------------

    @rule(
        after=st.sampled_from((30, 61, 300, HOUR, 6 * HOUR)),
        use=st.sampled_from((0, 0, 0.4, 1, 4, 9, 25, 70)),
        weekly=st.sampled_from((0, 0, 1, 3, 10, 45)),
        noise=st.sampled_from(NOISES),
        is_delivered=st.booleans(),
        jitter=st.integers(-140, 140),
    )
    def poll(
        self, after: float, use: float, weekly: float, noise: str, is_delivered: bool, jitter: int
    ) -> None:
        self.live(after, use, weekly)
        if self.was_noise[self.front] and noise in ("zero", "flip"):
            noise = "none"
        told = self.reading(noise, jitter)
        is_believed = self.take(
            told, is_delivered=is_delivered, may_act=noise not in ("doubtful", "stale")
        )
        if noise in ("zero", "flip"):  # never twice with nothing true in between
            self.was_noise[self.front] = True
        elif noise in ("none", "jitter") and is_believed:
            self.was_noise[self.front] = False

    @rule(after=st.sampled_from((5, 61)), use=st.sampled_from((0.3, 2.5)))
    def answer(self, after: float, use: float) -> None:
        """T-57, fact 32: the headers of an answer tell fractions where a poll told whole ones."""
        self.live(after, use, 0.1)
        poll = self.reading("none", 0)
        windows = tuple(
            replace(told, used_percent_reported=true.used)
            for told, true in zip(poll.limits[0].windows, self.true.windows, strict=True)
        )
        limit = replace(poll.limits[0], windows=windows, allowed=None, limit_reached=None)
        limit = replace(limit, source=Source.ANSWER)
        told = UsageSnapshot(
            poll.fetched_at,
            limits=(limit,),
            clock_offset_s=poll.clock_offset_s,
            served_at=poll.served_at,
            source=Source.ANSWER,
        )
        self.take(told, is_delivered=True, may_act=True)

    @rule()
    def restart(self) -> None:
        """What was written is all that is left."""
        written = json.loads(json.dumps(to_json(self.saved)))
        self.memory = self.saved = from_json(written)
        assert json.loads(json.dumps(to_json(self.memory))) == written
        self.readings = Readings()

    @rule()
    def switch(self) -> None:
        self.front = "bob" if self.front == "ann" else "ann"
        self.readings = Readings()

    @rule(by=st.sampled_from((-HOUR, HOUR, -2 * DAY, 2 * DAY, -START, 10 * 365 * DAY)))
    def set_clock(self, by: float) -> None:
        """F-M04, F-M05."""
        self.skew = 0.0 if self.skew else by
        self.jumped = True

    @rule(of_week=st.booleans())
    @precondition(lambda self: self.true.is_full)
    def redeem(self, of_week: bool) -> None:
        """A reset before its time (fact 8)."""
        self.has_redeemed = True
        self.live(30, 0, 0)
        for window in self.true.windows[: 2 if of_week else 1]:
            window.reset()

    # --- the world -----------------------------------------------------------------------------

    @property
    def true(self) -> TrueAccount:
        return self.accounts[self.front]

    def live(self, seconds: float, use: float, weekly: float) -> None:
        self.now += seconds
        for account in self.accounts.values():
            for window in account.windows:
                window.roll(self.now)
        if not self.true.is_full:
            self.true.was_freed = self.true.was_full
            for window, percent in zip(self.true.windows, (use, weekly), strict=True):
                window.use(percent, self.now)
        self.true.was_full = self.true.was_full or self.true.is_full

    def reading(self, noise: str, jitter: int) -> UsageSnapshot:
        windows = [self._told(window, noise, jitter) for window in self.true.windows]
        if noise == "missing":
            windows = windows[1:]
        flags = self.true.is_full if self.tells_flags and noise not in ("zero", "flip") else None
        limit = RateLimit(
            "codex",
            tuple(windows),
            allowed=None if flags is None else not flags,
            limit_reached=flags,
            as_of=utc(self._as_of()),
        )
        age = 20 * 60 if noise == "stale" else 0
        return UsageSnapshot(
            utc(self.now + self.skew - age),
            limits=(limit,),
            account_id="bob" if noise == "stranger" else "",
            clock_offset_s=-self.skew if self.has_date else 0.0,
            served_at=utc(self._as_of()) if self.has_date else None,
            is_doubtful=noise == "doubtful",
        )

    def _as_of(self) -> float:
        return float(int(self.now)) if self.has_date else self.now + self.skew

    def _told(self, true: TrueWindow, noise: str, jitter: int) -> RateLimitWindow:
        used: float = int(true.used)
        resets_at = self.now + true.seconds if true.resets_at is None else true.resets_at
        if noise == "zero":
            used = 0
        elif noise in ("flip", "doubtful"):  # another record of the same account (fact 6)
            used, resets_at = (used + 50) % 100, resets_at - 5 * DAY
        elif noise == "jitter":
            resets_at += jitter
        told = None if noise == "no_reset" else utc(resets_at)
        return RateLimitWindow("codex", used, true.seconds, told)

    # --- the program ---------------------------------------------------------------------------

    def take(self, told: UsageSnapshot, *, is_delivered: bool, may_act: bool) -> bool:
        judged = self.readings.accept(told, Account(self.front))
        if judged.snapshot is None or not judged.is_news:
            return False
        now = utc(self.now + self.skew)
        known = judged.snapshot
        arguments = (known, Settings(), now, KEYS[self.front])
        alerts, memory = due_alerts(self.memory, *arguments)
        assert due_alerts(memory, *arguments) == (alerts, memory)  # looking twice changes nothing
        if known.is_doubtful or not may_act:
            assert not alerts
        for alert in alerts:
            self.check(alert)
        if alerts and is_delivered:
            memory = given(memory, alerts, moment_of(known, now))
            self.count(alerts)
        self.memory = memory
        if essence(memory) != essence(self.saved):
            self.saved = memory
        return not known.is_doubtful

    def check(self, alert: Alert) -> None:
        """It is true."""
        window = self.window_of(alert)
        if alert.kind is AlertKind.THRESHOLD:
            assert window.used >= alert.percent
        elif alert.kind is AlertKind.EXHAUSTED:
            assert self.true.is_full
        elif alert.kind is AlertKind.AVAILABLE:
            assert self.true.was_freed
        else:
            assert alert.kind is AlertKind.RUNS_OUT
            assert window.resets_at is not None
            assert window.used >= 10
            if self.has_date or not self.jumped:  # else nobody knows what time it is
                elapsed = window.seconds - (window.resets_at - self.now)
                assert elapsed > window.seconds * 0.04

    def count(self, alerts: tuple[Alert, ...]) -> None:
        """It is told once, the lower threshold never after the higher one, four times an hour."""
        for alert in alerts:
            cycle = (self.front, alert.window_id, self.window_of(alert).cycle)
            key = (*cycle, str(alert.kind), alert.percent)
            self.given[key] += 1
            assert self.given[key] == 1, key
            if alert.kind is AlertKind.THRESHOLD:
                assert alert.percent > self.highest.get(cycle, 0)
                self.highest[cycle] = alert.percent
            if alert.kind is AlertKind.AVAILABLE:
                self.true.was_full = self.true.was_freed = False
        self.given_at.append(self.now)
        if self.has_date or not self.jumped:
            assert sum(self.now - at < HOUR - 2 for at in self.given_at) <= 4

    def window_of(self, alert: Alert) -> TrueWindow:
        assert alert.account_key == KEYS[self.front]
        (window,) = (w for w in self.true.windows if alert.window_id.endswith(f"/{w.seconds}"))
        return window

    def teardown(self) -> None:
        """Nothing was held back for good: after quiet readings all that is true was told."""
        if not hasattr(self, "given") or not self.has_date or self.has_redeemed:
            return  # two cycles that begin within minutes cannot be told apart
        cycles = [window.cycle for window in self.true.windows]
        self.live(HOUR, 0, 0)
        for _reading in range(8):
            self.live(61, 0, 0)
            self.take(self.reading("none", 0), is_delivered=True, may_act=True)
        for window, cycle in zip(self.true.windows, cycles, strict=True):
            crossed = max((level for level in LEVELS if window.used >= level), default=0)
            if window.cycle != cycle or not crossed:
                continue
            name = (self.front, f"codex/{window.seconds}", cycle)
            was_told = self.highest.get(name, 0) >= crossed
            is_blocked = any(self.given[(*name, "exhausted", 0)] for name in self._full())
            assert was_told or is_blocked, (window, self.given)

    def _full(self) -> list[tuple[str, str, int]]:
        return [
            (self.front, f"codex/{window.seconds}", window.cycle)
            for window in self.true.windows
            if window.used >= 100
        ]


HostileSeries.TestCase.settings = settings(
    max_examples=SERIES,
    stateful_step_count=60,
    derandomize=not IS_FULL,
    database=None,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
TestHostileSeries = HostileSeries.TestCase
