"""Which warnings are due: once per window and cycle, never from data in doubt. Pure.

A warning stays due, reading after reading, until `memory.given` says that somebody saw it, and
ceases to be due when it is no longer true. So what could not be shown (quiet hours, no daemon)
needs no list of its own, and after an absence only what still matters is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from app.alerts import limit_rules, window_rules
from app.alerts.alert import Alert, AlertKind
from app.alerts.cycles import APART_S, not_begun
from app.alerts.memory import (
    MOST_PER_HOUR,
    MOST_WINDOWS,
    AccountMemory,
    CreditsMemory,
    LimitMemory,
    Memory,
    WindowMemory,
    recent,
    with_account,
)
from app.settings import Settings
from app.usage.limits import Credits, RateLimit, UsageSnapshot

_FRESH = timedelta(minutes=15)  # older numbers are shown, never acted upon
_LOST_S = 31 * 86_400
_SAME_EXPIRY_S = 3600

T = TypeVar("T")


def lost_memory(now: datetime) -> Memory:
    """What to go on with when the memory on disk cannot be read: nothing is told twice.

    For a month, an account seen for the first time counts as told of all but an exhausted limit.
    """
    return Memory(lost_until=int(now.timestamp()) + _LOST_S)


def due_alerts(
    memory: Memory,
    snapshot: UsageSnapshot | None,
    settings: Settings,
    now: datetime,
    account_key: str,
    *,
    needs_sign_in: bool | None = None,
) -> tuple[tuple[Alert, ...], Memory]:
    """The warnings to give now, the most pressing first, and the memory to go on with.

    `now` (aware) is our clock's, `account_key` that of the account `snapshot` belongs to, which
    is as `usage.readings` judged it. `needs_sign_in`: the session of the account has ended; None
    while that is open. The same arguments give the same answer however often they come; nothing
    is due while `MOST_PER_HOUR` were given within the hour.
    """
    if not account_key:
        return (), memory
    known = memory.accounts.get(account_key)
    was_told = known is None and now.timestamp() < memory.lost_until
    account = replace(known or AccountMemory(), at=int(now.timestamp()))
    if needs_sign_in is False:
        account = replace(account, sign_in_told=False)
    elif needs_sign_in and was_told:
        account = replace(account, sign_in_told=True)
    alerts: list[Alert] = []
    if needs_sign_in and settings.warn_sign_in and not account.sign_in_told:
        alerts.append(Alert(AlertKind.SIGN_IN, account_key))
    if snapshot is not None and _may_act_on(snapshot, now):
        account = observed(account, snapshot, settings, was_told=was_told)
        alerts += [
            *_of_limits(account, snapshot, settings),
            *_of_account(account, snapshot, settings),
        ]
        alerts = [replace(alert, account_key=account_key) for alert in alerts]
    memory = with_account(memory, account_key, account)
    if not settings.warnings or len(recent(memory, moment_of(snapshot, now))) >= MOST_PER_HOUR:
        return (), memory
    return tuple(sorted(alerts, key=lambda alert: alert.rank)), memory


def moment_of(snapshot: UsageSnapshot | None, now: datetime) -> datetime:
    """`now` on the service's clock, as far as it is known: ours may jump."""
    return now if snapshot is None else snapshot.server_now(now)


def observed(
    account: AccountMemory, snapshot: UsageSnapshot, settings: Settings, *, was_told: bool
) -> AccountMemory:
    """`account` after `snapshot`, which is not in doubt.

    `was_told`: what it shows of windows and credits may have been told before.
    """
    windows: dict[str, WindowMemory] = dict(account.windows)
    limits: dict[str, LimitMemory] = dict(account.limits)
    for limit in _told_now(snapshot):
        at = int((limit.as_of or snapshot.as_of).timestamp())
        for window in limit.windows:
            before = windows.pop(window.window_id, None)  # the latest ones stand last
            if window.used_percent is None or window.is_sliding:
                if before is not None:
                    is_known = window.used_percent is not None
                    windows[window.window_id] = not_begun(before, at) if is_known else before
                continue
            windows[window.window_id] = window_rules.observed(
                before, window, settings, at, was_told=was_told
            )
        before_limit = limits.pop(limit.limit_id, None)
        limits[limit.limit_id] = limit_rules.observed(before_limit, limit, windows, at)
    return replace(
        account,
        windows=_newest(windows),
        limits=_newest(limits),
        credits=_observed_credits(account.credits, snapshot, settings, was_told=was_told),
        expiries_told=_observed_expiries(account, snapshot, settings, was_told=was_told),
    )


def _may_act_on(snapshot: UsageSnapshot, now: datetime) -> bool:
    """Neither in doubt nor old; an age below zero says that the clock was set back (F-M04)."""
    return not snapshot.is_doubtful and abs(now - snapshot.fetched_at) <= _FRESH


def _told_now(snapshot: UsageSnapshot) -> list[RateLimit]:
    """The limits that the last reading spoke of, or one shortly before: an answer speaks of one,
    and where clocks were set an old number may pass for the newest."""
    now = snapshot.as_of
    return [one for one in snapshot.limits if abs(now - (one.as_of or now)) <= _FRESH]


def _of_limits(
    account: AccountMemory, snapshot: UsageSnapshot, settings: Settings
) -> Sequence[Alert]:
    """At most one for each limit that opened, and one for each window."""
    found: list[Alert] = []
    for limit in _told_now(snapshot):
        moment = limit.as_of or snapshot.as_of
        state = account.limits.get(limit.limit_id)
        if state is None:
            continue  # there are more of them than can be remembered
        alert = limit_rules.due(state, limit, account.windows, settings)
        if alert is not None:
            found.append(alert)
        if limit_rules.is_blocked(state):
            continue  # nothing more can be used: how full the others are does not matter now
        for window in limit.windows:
            known = account.windows.get(window.window_id)
            if known is None or window.used_percent is None or window.is_sliding:
                continue
            due = window_rules.due(known, window, limit, settings, moment)
            if due is not None:
                found.append(due)
    return found


def _of_account(
    account: AccountMemory, snapshot: UsageSnapshot, settings: Settings
) -> Sequence[Alert]:
    """Credits and saved resets."""
    found: list[Alert] = []
    bought, state = snapshot.credits, account.credits
    if settings.warn_credits and bought is not None and state.low > 1 and not state.was_told:
        found.append(Alert(AlertKind.CREDITS_LOW, amount=bought.balance))
    if settings.warn_reset_credit:
        untold = [
            expiry
            for expiry in _expiring(snapshot, settings)
            if not _is_told(expiry, account.expiries_told)
        ]
        if untold:
            moment = datetime.fromtimestamp(untold[0], UTC)
            found.append(
                Alert(
                    AlertKind.RESET_CREDIT,
                    cycle=untold[0],
                    moment=moment,
                    amount=Decimal(sum(_is_told(one, untold[:1]) for one in untold)),
                )
            )
    return found


def _observed_credits(
    state: CreditsMemory, snapshot: UsageSnapshot, settings: Settings, *, was_told: bool
) -> CreditsMemory:
    """Low from the second reading on; bought anew, they may be low again."""
    bought, at = snapshot.credits, int(snapshot.as_of.timestamp())
    if bought is None or bought.balance is None:
        return state
    if not _is_low(bought, state, settings):
        is_clear = bought.balance >= settings.warn_credits_below
        return replace(
            state,
            at=at,
            low=0,
            was_positive=state.was_positive or bought.balance > 0,
            was_told=state.was_told and not is_clear,
        )
    if abs(at - state.at) < APART_S:
        return state
    return CreditsMemory(
        at, min(2, state.low + 1), was_positive=True, was_told=state.was_told or was_told
    )


def _is_low(bought: Credits, state: CreditsMemory, settings: Settings) -> bool:
    """Somebody who never had credits does not run out of them."""
    if bought.unlimited or bought.balance is None:
        return False
    is_theirs = bought.has_credits or bought.balance > 0 or state.was_positive
    return is_theirs and bought.balance < settings.warn_credits_below


def _observed_expiries(
    account: AccountMemory, snapshot: UsageSnapshot, settings: Settings, *, was_told: bool
) -> tuple[int, ...]:
    return tuple(_expiring(snapshot, settings)) if was_told else account.expiries_told


def _expiring(snapshot: UsageSnapshot, settings: Settings) -> list[int]:
    """When the saved resets expire that do so soon, soonest first; epoch seconds."""
    now = snapshot.as_of
    until = now + timedelta(days=settings.warn_reset_credit_days)
    times = [one.expires_at for one in snapshot.reset_credit_list or () if one.expires_at]
    return sorted(int(time.timestamp()) for time in times if now < time <= until)


def _is_told(expiry: int, told: Sequence[int]) -> bool:
    return any(abs(expiry - one) < _SAME_EXPIRY_S for one in told)


def _newest(kept: Mapping[str, T]) -> dict[str, T]:
    """The last ones seen, within the bound."""
    return dict(list(kept.items())[-MOST_WINDOWS:])
