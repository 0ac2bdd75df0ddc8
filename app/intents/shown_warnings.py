"""Warnings in the form in which they are shown: as a notification, and as a banner."""

from __future__ import annotations

from datetime import datetime, tzinfo

from app.alerts.alert import Alert, Urgency
from app.alerts.banners import Banner
from app.alerts.rules import moment_of
from app.desktop.notification import OPEN, SNOOZE, Notification
from app.hidden_identity import shown
from app.state import AppState
from app.wording import alerts as words
from app.wording.labels import demo_note
from app.wording.limits import account_name


def notification_of(
    alerts: tuple[Alert, ...], state: AppState, now: datetime, zone: tzinfo
) -> Notification:
    """One warning, or several in one summary. `now` is our clock's."""
    said = _words(alerts, state, now, zone, tells_time_left=True)
    actions = [(OPEN, words.open_action())]
    if any(alert.can_snooze for alert in alerts):
        actions.append((SNOOZE, words.snooze_action()))
    urgency = min(alerts, key=lambda alert: alert.rank).urgency
    return Notification(_topic(alerts), said.title, said.body, urgency, tuple(actions))


def banner_of(alerts: tuple[Alert, ...], state: AppState, now: datetime, zone: tzinfo) -> Banner:
    """The same for the panel, where it stays."""
    said = _words(alerts, state, now, zone, tells_time_left=False)
    return Banner(
        _topic(alerts),
        said.title,
        said.body,
        can_snooze=any(alert.can_snooze for alert in alerts),
        is_critical=any(alert.urgency is Urgency.CRITICAL for alert in alerts),
    )


def _topic(alerts: tuple[Alert, ...]) -> str:
    return alerts[0].topic if len(alerts) == 1 else f"{alerts[0].account_key}/summary"


def _words(
    alerts: tuple[Alert, ...],
    state: AppState,
    now: datetime,
    zone: tzinfo,
    *,
    tells_time_left: bool,
) -> words.AlertWords:
    state = shown(state)
    settings, session = state.settings, state.session
    moment = words.Moment(
        moment_of(state.usage, now), zone, settings.clock, settings.gauge_shows, tells_time_left
    )
    is_one_of_several = len(session.accounts) > 1 and bool(alerts[0].account_key)
    tail = account_name(session.account) if is_one_of_several and session.account else ""
    return words.words_of(alerts, moment, demo_note() if state.is_demo else tail)
