"""What the simulated windows were used for in the weeks before now: a plausible past.

Somebody works on weekdays and a little at weekends; at night the machine is off. The past ends in
what the scenario says of the present. The same `now` and `seed` give the same past.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.simulator.scenario import DAY, LimitSpec, Scenario, WindowSpec
from app.simulator.usage import CODE_REVIEW, MAIN

STEP_S = 900  # between two readings
_LAST_AGO_S = 60
_LAST_HOURS_S = 4 * 3600  # before now the machine is on, whatever the hour
_BUSY_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class PastReading:
    """One window at one moment, epoch seconds; `ends_at` None while it had not begun."""

    at: int
    limit: str
    name: str
    seconds: int
    used: int
    ends_at: int | None


def past_of(
    scenario: Scenario, now: float, *, days: int = 35, east_s: int = 0, seed: int = 1
) -> Iterator[tuple[PastReading, ...]]:
    """What a poll every quarter of an hour would have said, oldest first, while it was on.

    `east_s` is how far local time is ahead of UTC: people work by day.
    """
    chance = random.Random(seed)  # noqa: S311 - nothing secret is made of it
    steps = [now - _LAST_AGO_S - back for back in range(days * DAY, -1, -STEP_S)]
    work = [_work_at(time.gmtime(at + east_s), now - at, chance) for at in steps]
    tracks = [
        (limit, name, spec.seconds, _track(spec, steps, work, now, chance))
        for limit, name, spec in _windows(scenario)
    ]
    for place, at in enumerate(steps):
        if work[place] is not None:
            yield tuple(
                PastReading(round(at), limit, name, seconds, *track[place])
                for limit, name, seconds, track in tracks
            )


def _windows(scenario: Scenario) -> Iterator[tuple[str, str, WindowSpec]]:
    limits: list[tuple[str, str, LimitSpec | None]] = [
        (MAIN, "", scenario.main),
        (CODE_REVIEW, "", scenario.code_review),
        *((limit.feature, limit.name, limit) for limit in scenario.additional),
    ]
    for limit_id, name, limit in limits:
        for spec in (limit.primary, limit.secondary) if limit else ():
            if spec is not None and spec.resets_in is not None:
                yield limit_id, name, spec


def _work_at(local: time.struct_time, ago_s: float, chance: random.Random) -> float | None:
    """How hard somebody works at an hour, None while the machine is off."""
    is_weekend = local.tm_wday >= 5
    is_evening = local.tm_hour >= 19
    drawn = chance.random(), chance.random()
    is_on = (10 if is_weekend else 8) <= local.tm_hour < 23
    if not is_on and ago_s > _LAST_HOURS_S:
        return None
    share = _BUSY_SHARE * (0.3 if is_weekend or is_evening else 1.0)
    if ago_s <= _LAST_HOURS_S:
        share = _BUSY_SHARE
    return 0.2 + drawn[1] if drawn[0] < share else 0.0


def _track(
    spec: WindowSpec,
    steps: Sequence[float],
    work: Sequence[float | None],
    now: float,
    chance: random.Random,
) -> list[tuple[int, int | None]]:
    """(used percent, end of the cycle) at every step; each cycle gets its own goal."""
    ends = _ends(spec, steps, work, now + (spec.resets_in or 0.0))
    totals: dict[float, float] = {}
    for end, effort in zip(ends, work, strict=True):
        if end is not None:
            totals[end] = totals.get(end, 0.0) + (effort or 0.0)
    usual = spec.used if spec.used >= 50 else spec.used + 25
    goals = {end: min(100.0, usual * chance.uniform(0.5, 1.3)) for end in totals}
    goals[max(totals)] = spec.used
    done = dict.fromkeys(totals, 0.0)
    track: list[tuple[int, int | None]] = []
    for end, effort in zip(ends, work, strict=True):
        if end is None:
            track.append((0, None))
            continue
        done[end] += effort or 0.0
        used = goals[end] * done[end] / totals[end] if totals[end] else goals[end]
        track.append((int(used + 1e-9), round(end)))
    return track


def _ends(
    spec: WindowSpec, steps: Sequence[float], work: Sequence[float | None], last_end: float
) -> list[float | None]:
    """When the cycle of each step ends; a window shorter than a day begins with its first use."""
    ends: list[float | None] = []
    end = 0.0
    for at, effort in zip(steps, work, strict=True):
        if at >= last_end - spec.seconds:
            end = last_end
        elif spec.seconds >= DAY:
            end = last_end - spec.seconds * int((last_end - at) // spec.seconds)
        elif at >= end and effort and at + spec.seconds <= last_end - spec.seconds:
            end = at + spec.seconds
        ends.append(end if at < end else None)
    return ends
