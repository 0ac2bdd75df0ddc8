"""Kept readings through the rules: levels, what was due, and why nothing was."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.alerts.alert import AlertKind
from app.alerts.looks import Look
from app.alerts.memory import MOST_PER_HOUR, AccountMemory
from app.alerts.replay import Judged, Silence, replayed
from app.settings import Settings
from app.usage.limits import RateLimit, RateLimitWindow, UsageSnapshot
from app.usage.pace import Level

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
RESET = NOW + timedelta(hours=3)
QUIET = Settings(warn_runs_out=False)


def look(minute: int, used: float, **changes: object) -> Look:
    at = NOW + timedelta(minutes=minute)
    window = RateLimitWindow("codex", used, 18_000, RESET)
    limit = RateLimit("codex", (window,), as_of=at)
    usage = UsageSnapshot(at, limits=(limit,), served_at=at)
    return Look(at, replace(usage, **changes), None)  # type: ignore[arg-type]


def kinds(judged: tuple[Judged, ...]) -> list[list[AlertKind]]:
    return [[alert.kind for alert in one.due] for one in judged]


def test_levels_and_warnings_are_those_of_the_rules() -> None:
    """Given once, a warning is not due again."""
    judged = replayed([look(0, 10), look(1, 78), look(2, 78), look(3, 79)], QUIET)

    assert [one.levels[0] for one in judged] == [
        ("codex/18000", 10.0, Level.CALM),
        ("codex/18000", 78.0, Level.OVER),
        ("codex/18000", 78.0, Level.OVER),
        ("codex/18000", 79.0, Level.OVER),
    ]
    assert kinds(judged) == [[], [], [AlertKind.THRESHOLD], []]
    assert judged[0].silence is Silence.NOTHING_NEW
    assert judged[2].silence is None


@pytest.mark.parametrize(
    ("changes", "settings", "silence"),
    [
        ({}, replace(QUIET, warnings=False), Silence.SWITCHED_OFF),
        ({"is_doubtful": True}, QUIET, Silence.IN_DOUBT),
        ({"fetched_at": NOW - timedelta(hours=2)}, QUIET, Silence.OLD),
    ],
)
def test_why_nothing_was_due(
    changes: dict[str, object], settings: Settings, silence: Silence
) -> None:
    judged = replayed([look(0, 95, **changes), look(1, 95, **changes)], settings)

    assert [one.silence for one in judged] == [silence] * 2


def test_an_hour_that_has_had_enough_is_said_to_be_so() -> None:
    first = look(0, 95)._replace(before=AccountMemory(), given=MOST_PER_HOUR)

    judged = replayed([first, look(1, 95), look(61, 96), look(62, 96)], QUIET)
    assert [one.silence for one in judged[:2]] == [Silence.ENOUGH_THIS_HOUR] * 2
    assert judged[-1].due or judged[-2].due


def test_no_readings_give_nothing() -> None:
    assert replayed([], QUIET) == ()
