"""Kept readings through the rules of today: levels, and which warnings were due. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from app.alerts.alert import Alert
from app.alerts.looks import Look
from app.alerts.memory import MOST_PER_HOUR, Memory, given
from app.alerts.rules import due_alerts, moment_of
from app.settings import Settings
from app.usage.pace import Level, level_of
from app.values import dataclass

ACCOUNT = "account"  # what the memory stands under: whose it is does not matter
_OLD = timedelta(minutes=15)


class Silence(StrEnum):
    """Why a reading gave no warning."""

    NOTHING_NEW = "nothing_new"
    IN_DOUBT = "in_doubt"
    OLD = "old"
    SWITCHED_OFF = "switched_off"
    ENOUGH_THIS_HOUR = "enough_this_hour"


@dataclass(frozen=True, slots=True)
class Judged:
    """One reading: (window id, used percent, level) of each window; `due`, or why nothing is."""

    at: datetime
    levels: tuple[tuple[str, float | None, Level], ...]
    due: tuple[Alert, ...]
    silence: Silence | None


def replayed(looks: Sequence[Look], settings: Settings) -> tuple[Judged, ...]:
    """Every reading in order, as if each warning had been shown at once.

    What was remembered before the first reading holds; from then on the rules alone decide.
    """
    memory = _first_memory(looks)
    judged = []
    for look in looks:
        is_full = len(memory.given_at) >= MOST_PER_HOUR and _is_within_hour(memory, look)
        due, memory = due_alerts(memory, look.usage, settings, look.at, ACCOUNT)
        memory = given(memory, due, moment_of(look.usage, look.at))
        silence = None if due else _silence(look, settings, is_full=is_full)
        judged.append(Judged(look.at, _levels(look, settings), due, silence))
    return tuple(judged)


def _first_memory(looks: Sequence[Look]) -> Memory:
    if not looks or looks[0].before is None:
        return Memory()
    first = looks[0]
    moment = int(moment_of(first.usage, first.at).timestamp())
    return Memory({ACCOUNT: looks[0].before}, (moment,) * min(first.given, MOST_PER_HOUR))


def _is_within_hour(memory: Memory, look: Look) -> bool:
    moment = moment_of(look.usage, look.at).timestamp()
    return abs(moment - memory.given_at[0]) < timedelta(hours=1).total_seconds()


def _silence(look: Look, settings: Settings, *, is_full: bool) -> Silence:
    if not settings.warnings:
        return Silence.SWITCHED_OFF
    if look.usage.is_doubtful:
        return Silence.IN_DOUBT
    if abs(look.at - look.usage.fetched_at) > _OLD:
        return Silence.OLD
    return Silence.ENOUGH_THIS_HOUR if is_full else Silence.NOTHING_NEW


def _levels(look: Look, settings: Settings) -> tuple[tuple[str, float | None, Level], ...]:
    moment = look.usage.server_now(look.at)
    return tuple(
        (
            window.window_id,
            window.used_percent,
            level_of(window, moment, settings.thresholds, limit=limit),
        )
        for limit in look.usage.limits
        for window in limit.windows
    )
