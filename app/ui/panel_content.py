"""Everything the panel says in one state at one moment, as a value. Pure, no Qt.

The panel compares two of these and touches only what differs; the tests read them. Named tuples,
because the first opening waits for all of this: a dataclass takes five times as long to make.
"""

from __future__ import annotations

from datetime import datetime, tzinfo
from enum import StrEnum
from typing import NamedTuple

from app.alerts.banners import Banner
from app.auth.ways import Stage
from app.errors import Fault
from app.state import AppState, SessionState, SessionStatus
from app.ui.gauge_reading import BarReading, GaugeReading, Reader
from app.ui.icon_state import shown_limit, shown_windows
from app.ui.panel_rows import Row, allowance_rows
from app.usage.limits import UsageSnapshot
from app.usage.pace import is_stale
from app.wording import accounts as account_words
from app.wording import allowances, labels
from app.wording import keyring_backlog as keyring_words
from app.wording import limits as words
from app.wording import sign_in as sign_in_words
from app.wording import updates as update_words
from app.wording.faults import describe
from app.wording.hints import panel_hint
from app.wording.replacement import replacement_banner
from app.wording.settings_notes import note_words
from app.wording.tray import spoken_summary
from app.wording.trouble import trouble_banner


class Action(StrEnum):
    """What a button of the panel asks for; empty: there is no such button."""

    NONE = ""
    SIGN_IN = "sign_in"
    CANCEL_SIGN_IN = "cancel_sign_in"
    COPY_ADDRESS = "copy_address"
    UNLOCK = "unlock"
    REFRESH = "refresh"
    SETTINGS = "settings"


class Button(NamedTuple):
    label: str
    action: Action
    is_primary: bool = False


class Notice(NamedTuple):
    """One thing that went wrong, in words; `detail` is technical and shown on demand."""

    title: str
    text: str
    detail: str = ""
    button: Button | None = None


class Blank(NamedTuple):
    """What stands in place of the gauges while there is nothing to measure."""

    title: str
    text: str = ""
    detail: str = ""
    address: str = ""
    buttons: tuple[Button, ...] = ()


class PanelContent(NamedTuple):
    """`shows` is what numbers tell now: "used" or "remaining"; `source`: who told them.

    `account` tells this one apart from all others; `account_detail` names it in full.
    """

    account: str
    plan: str
    can_refresh: bool
    can_chat: bool
    can_show_history: bool = False
    is_refreshing: bool = False
    shows: str = "used"
    has_motion: bool = True
    account_detail: str = ""
    banners: tuple[Banner, ...] = ()
    gauges: tuple[GaugeReading, ...] = ()
    bars: tuple[BarReading, ...] = ()
    rows: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()
    notice: Notice | None = None
    blank: Blank | None = None
    footer: str = ""
    source: str = ""
    is_stale: bool = False
    spoken: str = ""


def panel_content(
    state: AppState, now: datetime, zone: tzinfo, *, is_refreshing: bool = False
) -> PanelContent:
    """What the panel shows. `now` is our clock's, aware; `is_refreshing`: the user asked."""
    session, usage = state.session, state.usage
    account = session.account
    plan = (usage.plan if usage else "") or (account.plan if account else "")
    stale = usage is not None and is_stale(usage.fetched_at, now, state.settings.poll_idle_s)
    content = PanelContent(
        account=account_words.short_name(session.accounts, account)
        if account
        else labels.product(),
        account_detail=account_words.whose(session.accounts, account) if account else "",
        plan=words.plan_name(plan) if account else "",
        can_refresh=session.status is SessionStatus.SIGNED_IN,
        can_chat=session.status is SessionStatus.SIGNED_IN,
        can_show_history=account is not None,
        is_refreshing=is_refreshing,
        shows=state.settings.gauge_shows,
        has_motion=state.settings.motion != "none",
        banners=_banners(state),
        notice=_notice(state, now, zone),
        blank=_blank(state, now, zone),
        footer=_footer(state, now, is_refreshing=is_refreshing, stale=stale),
        source=allowances.source_words(usage.source) if usage else "",
        is_stale=stale,
        spoken=_spoken(state, now, stale=stale),
        notes=_notes(state),
    )
    if content.blank is not None and not state.has_tray:
        text = "\n\n".join(part for part in (content.blank.text, labels.no_tray_text()) if part)
        content = content._replace(blank=content.blank._replace(text=text))
    if usage is None or content.blank is not None:
        return content
    return _with_numbers(content, usage, Reader(usage, now, zone, state.settings, stale))


def _with_numbers(content: PanelContent, usage: UsageSnapshot, reader: Reader) -> PanelContent:
    limit, shown = shown_limit(usage), shown_windows(usage)
    gauges = tuple(reader.gauge(window, limit) for window in shown) if limit else ()
    bars = tuple(
        reader.bar(window, one)
        for one in usage.limits
        for window in one.windows
        if one is not limit or window not in shown
    )
    cap = reader.cap_bar()
    return content._replace(
        gauges=gauges,
        bars=bars if cap is None else (*bars, cap),
        rows=allowance_rows(usage, reader.server_now, reader.zone, reader.settings.clock),
    )


def _banners(state: AppState) -> tuple[Banner, ...]:
    first = (
        trouble_banner(state.trouble),
        replacement_banner() if state.is_replaced else None,
        keyring_words.lost_banner(state.lost_sign_ins),
    )
    return (*(banner for banner in first if banner is not None), *state.banners)


def _notes(state: AppState) -> tuple[str, ...]:
    notes = [labels.demo_note()] if state.is_demo else []
    if state.usage is not None:
        notes += _usage_notes(state.usage)
    if state.session.account is not None and state.session.is_borrowed:
        notes.append(account_words.borrowed_mark())
    notes += keyring_words.unsaved_notes(state.session.unsaved, state.session.accounts)
    if state.session.unremoved:
        notes.append(keyring_words.unremoved_note(state.session.unremoved))
    if not state.has_tray:
        notes.append(labels.no_tray_text())
    if state.updates is not None and state.updates.newer:
        notes.append(update_words.available(state.updates.newer))
    notes += [note_words(note) for note in state.notes]
    if state.shows_hints and state.usage is not None and shown_windows(state.usage):
        notes.append(panel_hint(state.settings.gauge_shows))
    return tuple(notes)


def _usage_notes(usage: UsageSnapshot) -> list[str]:
    notes = []
    if not usage.windows and usage.spend_control is None:
        notes.append(words.no_limit_reported())
    if usage.is_doubtful:
        notes.append(allowances.doubt_words(usage.doubts) or labels.doubtful_note())
    if usage.is_partial:
        notes.append(labels.partial_note())
    if reason := allowances.reached_words(usage.reached_type):
        notes.append(reason)
    return notes


def _spoken(state: AppState, now: datetime, *, stale: bool) -> str:
    """A sentence per window; numbers that are old or in doubt are said to be so."""
    lines = [spoken_summary(state, now)]
    if state.usage is not None and stale:
        lines.append(words.updated(now - state.usage.fetched_at, is_stale=True))
    if state.usage is not None and state.usage.is_doubtful:
        lines.append(allowances.doubt_words(state.usage.doubts) or labels.doubtful_note())
    return "\n".join(line for line in lines if line)


def _footer(state: AppState, now: datetime, *, is_refreshing: bool, stale: bool) -> str:
    if is_refreshing:
        return labels.refreshing()
    if state.usage is None:
        return ""
    return words.updated(now - state.usage.fetched_at, is_stale=stale, source=state.usage.source)


def _notice(state: AppState, now: datetime, zone: tzinfo) -> Notice | None:
    """The fault to tell beside numbers (without numbers it is in the blank)."""
    fault = state.session.fault or state.poll.fault
    if state.usage is None or state.session.status is SessionStatus.SIGNING_IN:
        return None
    if state.session.status is SessionStatus.EXPIRED:
        sign_in = Button(labels.sign_in(), Action.SIGN_IN, is_primary=True)
        return Notice(labels.expired_title(), labels.expired_text(), button=sign_in)
    if fault is None:
        return None
    title, text = _fault_words(fault, state, now, zone)
    return Notice(title, text, fault.detail)


def _blank(state: AppState, now: datetime, zone: tzinfo) -> Blank | None:
    """What to say instead of numbers, None if there are numbers to show."""
    session = state.session
    sign_in = Button(labels.sign_in(), Action.SIGN_IN, is_primary=True)
    match session.status:
        case SessionStatus.SIGNING_IN:
            return _signing_in(session)
        case SessionStatus.STARTING:
            return None if state.usage else Blank(labels.starting())
        case SessionStatus.SIGNED_OUT if session.fault is not None:
            title, text = _fault_words(session.fault, state, now, zone)
            return Blank(title, text, session.fault.detail, buttons=(sign_in,))
        case SessionStatus.SIGNED_OUT:
            return Blank(labels.signed_out_title(), labels.signed_out_text(), buttons=(sign_in,))
        case SessionStatus.KEYRING_LOCKED:
            unlock = Button(labels.unlock_keyring(), Action.UNLOCK, is_primary=True)
            return Blank(
                labels.keyring_locked_title(), labels.keyring_locked_text(), buttons=(unlock,)
            )
        case SessionStatus.EXPIRED if state.usage is None:
            return Blank(labels.expired_title(), labels.expired_text(), buttons=(sign_in,))
        case _ if state.usage is not None:
            return None
    return _without_numbers(state, now, zone)


def _without_numbers(state: AppState, now: datetime, zone: tzinfo) -> Blank:
    if state.poll.fault is None:
        return Blank(labels.waiting_for_numbers())
    title, text = _fault_words(state.poll.fault, state, now, zone)
    again = Button(labels.try_again(), Action.REFRESH, is_primary=True)
    return Blank(title, text, state.poll.fault.detail, buttons=(again,))


def _signing_in(session: SessionState) -> Blank:
    cancel = Button(labels.cancel(), Action.CANCEL_SIGN_IN)
    address, progress = session.sign_in_url, session.progress
    if progress is not None and progress.stage is not Stage.CHECKING and not address:
        show = Button(sign_in_words.show_sign_in(), Action.SIGN_IN, is_primary=True)
        return Blank(sign_in_words.under_way(), buttons=(show, cancel))
    if not address:
        return Blank(labels.checking_sign_in(), buttons=(cancel,))
    copy = Button(labels.copy_address(), Action.COPY_ADDRESS)
    return Blank(
        labels.waiting_for_browser(),
        labels.browser_address_text(),
        address=address,
        buttons=(copy, cancel),
    )


def _fault_words(fault: Fault, state: AppState, now: datetime, zone: tzinfo) -> tuple[str, str]:
    told = describe(fault, now, zone, state.settings.clock)
    return told.title, told.explanation
