"""What the warnings remember: which cycle each window is in and what was told of it. Pure.

Times are epoch seconds of the service's clock, percents are hundredths (basis points). Accounts
stand under `auth.tokens.account_key`, which tells nobody who it is; nothing else here is about
a person. `given`, `snoozed` and `still_holds` are what delivery needs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime

from app.alerts.alert import Alert, AlertKind
from app.values import dataclass

HOUR_S = 3600
MOST_PER_HOUR = 4
MOST_ACCOUNTS = 16
MOST_WINDOWS = 128  # more than one reply can hold
MOST_EXPIRIES = 32
SURE = 2  # readings
_ALL = 100


@dataclass(frozen=True, slots=True)
class WindowMemory:
    """One window. `cycle` names the cycle and stays; `boundary` is when it ends, as trusted now.

    `used` is the last reading, `sure` what may be acted upon (a leap needs a second reading).
    `told_percent` is the highest threshold told, or the use that was.
    """

    cycle: int
    began: int
    boundary: int | None
    furthest: int  # no cycle begins with a reset before this one
    used: int
    sure: int
    at: int
    told_percent: int = 0
    told_exhausted: bool = False
    told_runs_out: bool = False
    told_available: bool = False
    is_snoozed: bool = False
    over_since: int | None = None  # since when it would run out early
    early: int = 0  # readings in a row that speak for a reset before its time
    moved_to: int = 0  # another reset than `boundary`, told by the last reading; -1: none at all

    @property
    def is_open(self) -> bool:
        """Which cycle the last reading belongs to needs a second one: nothing is told of it."""
        return bool(self.early or self.moved_to)


@dataclass(frozen=True, slots=True)
class LimitMemory:
    """Whether a limit can be used. `blocked` names the window it waits for, `until` its reset."""

    at: int
    full: int = 0  # readings in a row that say "reached"
    free: int = 0  # readings in a row that do not
    blocked: str = ""
    until: int | None = None


@dataclass(frozen=True, slots=True)
class CreditsMemory:
    at: int = 0
    low: int = 0  # readings in a row below the amount
    was_positive: bool = False
    was_told: bool = False


@dataclass(frozen=True, slots=True)
class AccountMemory:
    """One account; `at` is our clock's time of the last look."""

    at: int = 0
    windows: Mapping[str, WindowMemory] = field(default_factory=dict)
    limits: Mapping[str, LimitMemory] = field(default_factory=dict)
    credits: CreditsMemory = CreditsMemory()
    expiries_told: tuple[int, ...] = ()
    sign_in_told: bool = False


@dataclass(frozen=True, slots=True)
class Memory:
    """`given_at`: when warnings were given within the last hour.

    `lost_until`: the memory was lost, so until then an account that is not known may have been
    told of anything already.
    """

    accounts: Mapping[str, AccountMemory] = field(default_factory=dict)
    given_at: tuple[int, ...] = ()
    lost_until: int = 0


def with_account(memory: Memory, key: str, account: AccountMemory) -> Memory:
    """`memory` with this account, and without those looked at longest ago beyond the bound."""
    accounts = {**memory.accounts, key: account}
    kept = sorted(accounts, key=lambda name: (name == key, accounts[name].at))[-MOST_ACCOUNTS:]
    return replace(memory, accounts={name: accounts[name] for name in accounts if name in kept})


def essence(memory: Memory) -> Memory:
    """`memory` without what changes with every reading and may be lost."""

    def still(account: AccountMemory) -> AccountMemory:
        windows = {
            name: replace(kept, used=0, sure=0, at=0) for name, kept in account.windows.items()
        }
        limits = {name: replace(kept, at=0) for name, kept in account.limits.items()}
        bought = replace(account.credits, at=0)
        return replace(account, at=0, windows=windows, limits=limits, credits=bought)

    return replace(memory, accounts={key: still(one) for key, one in memory.accounts.items()})


def given(memory: Memory, alerts: Sequence[Alert], now: datetime) -> Memory:
    """`memory` after one notification told all of `alerts`; `now` is `rules.moment_of`."""
    if not alerts:
        return memory
    moment = int(now.timestamp())
    for alert in alerts:
        account = memory.accounts.get(alert.account_key)
        if account is not None:
            memory = with_account(memory, alert.account_key, _told(account, alert))
    return replace(memory, given_at=(*recent(memory, now), moment)[-MOST_PER_HOUR:])


def recent(memory: Memory, now: datetime) -> tuple[int, ...]:
    """When warnings were given in the hour around `now`: a clock set back forgives nothing."""
    moment = now.timestamp()
    return tuple(at for at in memory.given_at if abs(moment - at) < HOUR_S)


def snoozed(memory: Memory, alerts: Sequence[Alert]) -> Memory:
    """`memory` with the windows of `alerts` silent until their resets."""
    for alert in alerts:
        account = memory.accounts.get(alert.account_key, AccountMemory())
        window = account.windows.get(alert.window_id)
        if window is not None and window.cycle == alert.cycle and alert.can_snooze:
            windows = {**account.windows, alert.window_id: replace(window, is_snoozed=True)}
            memory = with_account(memory, alert.account_key, replace(account, windows=windows))
    return memory


def forgotten(memory: Memory, account_key: str) -> Memory:
    """`memory` without an account that was removed."""
    accounts = {key: kept for key, kept in memory.accounts.items() if key != account_key}
    return replace(memory, accounts=accounts)


def still_holds(memory: Memory, alert: Alert, now: datetime) -> bool:
    """Whether `alert`, on the screen, is still true; a notification that is not goes away."""
    account = memory.accounts.get(alert.account_key)
    if alert.kind is AlertKind.TEST:
        return True
    if account is None:
        return False
    if alert.kind is AlertKind.SIGN_IN:
        return account.sign_in_told
    if alert.kind is AlertKind.CREDITS_LOW:
        return account.credits.low > 0
    if alert.kind is AlertKind.RESET_CREDIT:
        return alert.moment is None or now < alert.moment
    window = account.windows.get(alert.window_id)
    limit = account.limits.get(alert.limit.limit_id) if alert.limit else None
    if window is None or limit is None:
        return False
    if alert.kind is AlertKind.EXHAUSTED:
        return limit.blocked == alert.window_id and limit.free < SURE and not window.is_snoozed
    is_blocked = bool(limit.blocked) and limit.free < SURE
    if alert.kind is AlertKind.AVAILABLE:
        return not is_blocked
    return not (is_blocked or window.is_snoozed) and window.cycle == alert.cycle


def _told(account: AccountMemory, alert: Alert) -> AccountMemory:
    """`account` once `alert` was given."""
    if alert.kind is AlertKind.SIGN_IN:
        return replace(account, sign_in_told=True)
    if alert.kind is AlertKind.CREDITS_LOW:
        return replace(account, credits=replace(account.credits, was_told=True))
    if alert.kind is AlertKind.RESET_CREDIT:
        told = (*account.expiries_told, alert.cycle)[-MOST_EXPIRIES:]
        return replace(account, expiries_told=told)
    if alert.kind is AlertKind.AVAILABLE:
        account = replace(account, limits=_unblocked(account, alert))
    window = account.windows.get(alert.window_id)
    if window is None or window.cycle != alert.cycle:
        return account
    windows = {**account.windows, alert.window_id: _told_window(window, alert)}
    if alert.kind is AlertKind.EXHAUSTED and alert.limit is not None:
        full = {one.window_id for one in alert.limit.windows if (one.used_percent or 0) >= _ALL}
        windows |= {
            name: replace(kept, told_percent=_ALL, told_exhausted=True)
            for name, kept in windows.items()
            if name in full
        }
    return replace(account, windows=windows)


def _told_window(window: WindowMemory, alert: Alert) -> WindowMemory:
    if alert.kind is AlertKind.AVAILABLE:
        return replace(window, told_available=True)
    if alert.kind is AlertKind.RUNS_OUT:
        return replace(window, told_runs_out=True)
    if alert.kind is AlertKind.EXHAUSTED:  # of a window that may not be full itself (F-U23)
        told = max(window.told_percent, window.used // _ALL)
        return replace(window, told_percent=told, told_exhausted=True, told_runs_out=True)
    return replace(
        window,
        told_percent=max(window.told_percent, alert.percent),
        told_runs_out=window.told_runs_out or alert.moment is not None,
    )


def _unblocked(account: AccountMemory, alert: Alert) -> Mapping[str, LimitMemory]:
    if alert.limit is None:
        return account.limits
    name = alert.limit.limit_id
    limit = account.limits.get(name)
    return account.limits if limit is None else {**account.limits, name: replace(limit, blocked="")}
