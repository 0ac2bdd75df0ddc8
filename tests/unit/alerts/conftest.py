"""A small world for the rules: readings of two windows, one after the other."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.alerts.alert import Alert
from app.alerts.memory import Memory, WindowMemory, given
from app.alerts.rules import due_alerts, moment_of
from app.settings import Settings
from app.usage.limits import RateLimit, RateLimitWindow, UsageSnapshot

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SESSION, WEEK = 18_000, 604_800
KEY = "a" * 16


@dataclass
class Person:
    """Reads what they are told and is warned; `last` is what was due."""

    settings: Settings = field(default_factory=lambda: Settings(warn_runs_out=False))
    memory: Memory = field(default_factory=Memory)
    now: datetime = START
    session_resets: datetime | None = START + timedelta(hours=4)
    week_resets: datetime | None = START + timedelta(days=3)
    reaches_them: bool = True

    def limit(self, session: float | None, week: float | None = 10, **fields: Any) -> RateLimit:
        windows = (
            RateLimitWindow("codex", session, SESSION, self.session_resets),
            RateLimitWindow("codex", week, WEEK, self.week_resets),
        )
        return RateLimit("codex", windows, as_of=self.now, **fields)

    def reads(self, *limits: RateLimit, after: float = 60, **fields: Any) -> list[str]:
        """What they are told at this reading."""
        fields.setdefault("served_at", self.now)
        snapshot = UsageSnapshot(self.now, limits=limits, **fields)
        return self.looks(snapshot, after=after)

    def looks(
        self, snapshot: UsageSnapshot | None, *, after: float = 60, key: str = KEY, **fields: Any
    ) -> list[str]:
        alerts, self.memory = due_alerts(
            self.memory, snapshot, self.settings, self.now, key, **fields
        )
        if self.reaches_them:
            self.memory = given(self.memory, alerts, moment_of(snapshot, self.now))
        self.last = alerts
        self.now += timedelta(seconds=after)
        return [short(alert) for alert in alerts]

    def sees(self, session: float | None, week: float | None = 10, **fields: Any) -> list[str]:
        """Twice the same, so that no leap is in question; what they are told in all."""
        return [
            *self.reads(self.limit(session, week, **fields)),
            *self.reads(self.limit(session, week, **fields)),
        ]

    def window(self, seconds: int = SESSION) -> WindowMemory:
        return self.memory.accounts[KEY].windows[f"codex/{seconds}"]

    def session_over(self) -> None:
        """The five hours are over and begin anew."""
        assert self.session_resets is not None
        self.now = self.session_resets + timedelta(seconds=30)
        self.session_resets = self.now + timedelta(hours=5)


def short(alert: Alert) -> str:
    name = {SESSION: "session", WEEK: "week"}.get(
        alert.window.window_seconds or 0 if alert.window else 0, ""
    )
    return " ".join(str(part) for part in (name, alert.kind, alert.percent) if part)


@pytest.fixture
def person() -> Person:
    return Person()
