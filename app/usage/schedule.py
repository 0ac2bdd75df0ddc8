"""When to poll next. Pure: the situation comes in, seconds come out.

The first line that applies gives the wait:

| situation                                           | wait                                    |
|-----------------------------------------------------|-----------------------------------------|
| only a person can mend the last fault               | until asked                             |
| the last poll failed, for certain without a network | until it is back                        |
| the last poll failed                                | back-off with full jitter, no shorter   |
|                                                     | than the fault or the service asks for  |
| the last reply is doubtful                          | 15 s, once                              |
| a window resets before the next regular poll        | to 5…15 s after the reset               |
| screen locked                                       | the idle interval                       |
| panel open, or a reset is due that did not come yet | the active interval                     |
| the system saves power                              | the idle interval                       |
| quiet for q (no number moved, nobody looked)        | q / 5, on battery 2 q / 5: from the     |
|                                                     | active interval up to the idle one      |

The two intervals are settings and hold the regular waits between them. Every wait carries
jitter, so that many clients never meet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from app.backoff import full_jitter_s
from app.errors import Fault, FaultKind
from app.settings import Settings
from app.usage.limits import UsageSnapshot
from app.values import dataclass

START_SPREAD_S = 30.0
CONFIRM_S = 15.0  # a doubtful reply is asked again soon, once
_QUIET_SHARE = 5  # the interval is a fifth of the time it has been quiet
_QUIET_SHARE_ON_BATTERY = 2.5
_JITTER = 0.1
_RESET_LAG_S = 5.0  # the service needs a moment to write the new window
_RESET_SPREAD_S = 10.0
_RESET_AWAITED = timedelta(minutes=10)  # a window that is not new by then is not about to be
_WAKE_LAG_S = 1.0
_WAKE_SPREAD_S = 5.0
_POLITE_SPREAD = 0.2
_TRIES_BEFORE_FORMAT_FAULT = 3

# Faults that only a person, or a sign-in, can mend: no poll until then.
_WAITING_FOR_SOMEBODY = frozenset(
    {
        FaultKind.NOT_SIGNED_IN,
        FaultKind.SESSION_EXPIRED,
        FaultKind.KEYRING_LOCKED,
        FaultKind.KEYRING_MISSING,
        FaultKind.KEYRING_CHANGED,
        FaultKind.CONFIGURATION,
    }
)
# The shortest wait after faults that a quick retry would not help (F-N06, F-H03…F-H05, F-H13).
_SHORTEST_S: Mapping[FaultKind, float] = {
    FaultKind.NOT_SECURE: 30 * 60.0,
    FaultKind.UNKNOWN_AUTHORITY: 30 * 60.0,
    FaultKind.PROXY_SIGN_IN: 30 * 60.0,  # who tries too often is locked out
    FaultKind.SESSION_REFUSED: 30 * 60.0,
    FaultKind.NOT_FOUND: 60 * 60.0,
    FaultKind.BLOCKED: 5 * 60.0,
    FaultKind.FORBIDDEN: 5 * 60.0,
    FaultKind.ACCOUNT_CHANGED: 5 * 60.0,
    FaultKind.TOO_LARGE: 5 * 60.0,
    FaultKind.RATE_LIMITED: 60.0,
    FaultKind.BAD_REQUEST: 60.0,
    FaultKind.INTERNAL: 60.0,
}
# Faults of the way to the service: another network, or the same one anew, may have mended them.
_OF_THE_WAY = frozenset(
    {
        FaultKind.OFFLINE,
        FaultKind.TIMED_OUT,
        FaultKind.INTERRUPTED,
        FaultKind.PORTAL,
        FaultKind.PROXY,
        FaultKind.PROXY_ADDRESS,
        FaultKind.PROXY_UNREACHABLE,
        FaultKind.PROXY_STRANGE,
        FaultKind.PROXY_SIGN_IN,
        FaultKind.PROXY_PASSWORD,
        FaultKind.CA_FILE,
        FaultKind.NOT_SECURE,
        FaultKind.UNKNOWN_AUTHORITY,
        FaultKind.REDIRECTED,
        FaultKind.BLOCKED,
    }
)


class Why(StrEnum):
    """The line of the table above that gave a wait."""

    NEEDS_SOMEBODY = "needs_somebody"
    NO_NETWORK = "no_network"
    BACK_OFF = "back_off"
    DOUBT = "doubt"
    RESET = "reset"
    LOCKED = "locked"
    WATCHED = "watched"
    RESET_DUE = "reset_due"
    SAVES_POWER = "saves_power"
    QUIET = "quiet"
    SLEPT = "slept"  # the poll failed because the machine slept: see `wake_delay`


class Plan(NamedTuple):
    """Seconds until the next poll, None: not before somebody asks or the network is back."""

    delay_s: float | None
    why: Why


@dataclass(frozen=True, slots=True)
class MachineState:
    """What the system tells of itself; what nobody tells is the ordinary case.

    `is_online` None: nobody knows. `saves_power` is the person's wish for less, `on_battery`
    only a hint.
    """

    is_online: bool | None = None
    is_locked: bool = False
    saves_power: bool = False
    on_battery: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """What the next delay depends on.

    `now` is the time of the clock the snapshot was received by, carried on without jumps.
    `failures` counts failed polls in a row, `quiet_s` is the time since a number moved or
    somebody used the program, `was_confirmed` that a doubtful reply has been asked again,
    `is_surely_offline` that asking is known to be in vain, `is_watched` that the panel is open.
    """

    now: datetime
    settings: Settings
    snapshot: UsageSnapshot | None = None
    fault: Fault | None = None
    failures: int = 0
    quiet_s: float = 0.0
    was_confirmed: bool = False
    is_surely_offline: bool = False
    is_watched: bool = False
    machine: MachineState = MachineState()


def planned_poll(situation: Situation, chance: float) -> Plan:
    """When to poll next, and which line of the table says so. `chance` is uniform in [0, 1)."""
    if situation.fault is not None:
        if situation.is_surely_offline:
            return Plan(None, Why.NO_NETWORK)
        delay_s = _delay_after_fault(situation.fault, situation.failures, chance)
        return Plan(delay_s, Why.NEEDS_SOMEBODY if delay_s is None else Why.BACK_OFF)
    interval, why = _interval(situation)
    regular = interval * _around_one(chance)
    snapshot = situation.snapshot
    if snapshot is None:
        return Plan(regular, why)
    if snapshot.is_doubtful and not situation.was_confirmed:
        return Plan(CONFIRM_S * _around_one(chance), Why.DOUBT)
    after_reset = min(_delays_after_resets(snapshot, situation.now, chance), default=regular)
    return Plan(after_reset, Why.RESET) if after_reset < regular else Plan(regular, why)


def next_poll_delay(situation: Situation, chance: float) -> float | None:
    """Seconds until the next poll; None: not before somebody asks for it or the network is back."""
    return planned_poll(situation, chance).delay_s


def interval_s(situation: Situation) -> float:
    """The planned seconds between polls, without jitter, as long as nothing resets or fails."""
    return _interval(situation)[0]


def _interval(situation: Situation) -> tuple[float, Why]:
    settings, machine = situation.settings, situation.machine
    active = float(settings.poll_active_s)
    idle = max(active, float(settings.poll_idle_s))
    if machine.is_locked:
        return idle, Why.LOCKED
    if situation.is_watched:
        return active, Why.WATCHED
    if _awaits_reset(situation):
        return active, Why.RESET_DUE
    if machine.saves_power:
        return idle, Why.SAVES_POWER
    share = _QUIET_SHARE_ON_BATTERY if machine.on_battery else _QUIET_SHARE
    return min(idle, max(active, situation.quiet_s / share)), Why.QUIET


def start_delay(chance: float) -> float:
    """Spread of the first poll when many computers are switched on at the same hour."""
    return chance * START_SPREAD_S


def wake_delay(chance: float) -> float:
    """After sleep or when the network is back: soon, but not everybody at once (F-M01, F-N01)."""
    return _WAKE_LAG_S + chance * _WAKE_SPREAD_S


def has_moved(last: UsageSnapshot | None, new: UsageSnapshot) -> bool:
    """Whether any window shows another use than in the poll before."""
    return last is not None and _uses(last) != _uses(new)


def as_reported(fault: Fault, failures: int) -> Fault:
    """`fault` as it may be told: a reply that cannot be parsed counts as cut twice (F-N11).

    `failures` counts this one too. Only a third one in a row says that the format changed.
    """
    if fault.kind is FaultKind.NOT_UNDERSTOOD and failures < _TRIES_BEFORE_FORMAT_FAULT:
        return replace(fault, kind=FaultKind.INTERRUPTED)
    return fault


def waits_for_somebody(fault: Fault) -> bool:
    """True if polling on is useless until a person acts."""
    return fault.kind in _WAITING_FOR_SOMEBODY


def is_of_the_way(fault: Fault) -> bool:
    """True if a network that came back is a reason to try again before the back-off ends."""
    return fault.kind in _OF_THE_WAY and fault.retry_after_s is None


def _delay_after_fault(fault: Fault, failures: int, chance: float) -> float | None:
    if waits_for_somebody(fault):
        return None
    shortest = max(_SHORTEST_S.get(fault.kind, 0.0), fault.retry_after_s or 0.0)
    return max(full_jitter_s(failures, chance), shortest * (1 + _POLITE_SPREAD * chance))


def _delays_after_resets(snapshot: UsageSnapshot, now: datetime, chance: float) -> list[float]:
    lag = _RESET_LAG_S + chance * _RESET_SPREAD_S
    return [r.total_seconds() + lag for r in _resets_in(snapshot, now) if r > timedelta()]


def _awaits_reset(situation: Situation) -> bool:
    """Whether a window is over and the service has not told the new one yet."""
    if situation.snapshot is None:
        return False
    left = _resets_in(situation.snapshot, situation.now)
    return any(-_RESET_AWAITED < remaining <= timedelta() for remaining in left)


def _resets_in(snapshot: UsageSnapshot, now: datetime) -> list[timedelta]:
    server_now = snapshot.server_now(now)
    remaining = (window.resets_in(server_now) for window in snapshot.windows)
    return [left for left in remaining if left is not None]


def _around_one(chance: float) -> float:
    return 1 - _JITTER + 2 * _JITTER * chance


def _uses(snapshot: UsageSnapshot) -> dict[str, float | None]:
    return {window.window_id: window.used_percent_reported for window in snapshot.windows}
