"""Everything the history window says in one state at one moment, as a value. Pure, no Qt."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import assert_never

from app.history.chart import UseChart, use_chart
from app.history.chart_axis import Span, axis_between, beginning
from app.history.chart_cycle import CycleChart, cycle_chart
from app.history.status import HistoryStatus
from app.history.view import HistoryView, HistoryWish, Saving, in_order
from app.private_database.status import Condition
from app.state import AppState, SessionState, SessionStatus
from app.ui.panel_content import Action, Blank, Button, Notice
from app.values import dataclass
from app.wording import charts, history, labels
from app.wording.accounts import short_name

Chart = UseChart | CycleChart


@dataclass(frozen=True, slots=True)
class HistoryContent:
    """`choices` are (window id, name); `ticks` the words below the marks of the chart's axis.

    `account` says whose it is, if there is more than one. `thresholds` in used percent.
    `caption` says the chart in words; `now` as in the chart.
    """

    wish: HistoryWish
    now: int
    choices: tuple[tuple[str, str], ...] = ()
    chosen: str = ""
    account: str = ""
    chart: Chart | None = None
    ticks: tuple[str, ...] = ()
    thresholds: tuple[float, float] = (75.0, 90.0)
    caption: str = ""
    blank: Blank | None = None
    notice: Notice | None = None
    footer: str = ""
    can_save: bool = False


def history_content(state: AppState, now: datetime, zone: tzinfo) -> HistoryContent:
    """What the window shows. `now` is our clock's, aware."""
    view = state.history_view
    moment = round((state.usage.server_now(now) if state.usage else now).timestamp())
    wish = view.wish if view else HistoryWish()
    blank = _blank(state, now, zone)
    if blank is not None or view is None:
        return HistoryContent(wish, moment, blank=blank)
    windows = in_order(view.windows)
    names = charts.window_names(windows)
    choices = tuple((one.window_id, name) for one, name in zip(windows, names, strict=True))
    moment = max(moment, view.read_at)
    chart = _chart(view, moment, zone)
    clock = state.settings.clock
    return HistoryContent(
        wish,
        moment,
        choices,
        view.window_id,
        _account(state.session),
        chart,
        tuple(charts.tick_label(tick, zone, clock) for tick in chart.axis.ticks) if chart else (),
        state.settings.thresholds,
        _caption(chart, dict(choices)[view.window_id], wish.span, zone, clock),
        None if chart else Blank(charts.no_cycle_title(), charts.no_cycle_text()),
        _notice(state.history),
        _footer(view),
        view.saving is not Saving.UNDER_WAY,
    )


def readout_words(content: HistoryContent, at: int, zone: tzinfo, clock: str) -> str:
    """What the chart says of one moment; empty without a chart."""
    if content.chart is None:
        return ""
    is_left = isinstance(content.chart, CycleChart)
    readout = content.chart.readout(at)
    return charts.readout_words(readout, content.now, zone, clock, is_left=is_left)


def _account(session: SessionState) -> str:
    if session.account is None or len(session.accounts) < 2:
        return ""
    return short_name(session.accounts, session.account)


def _chart(view: HistoryView, now: int, zone: tzinfo) -> Chart | None:
    if view.wish.is_cycle:
        return cycle_chart(view.cycles, now, zone, view.gap_s)
    if view.series is None or view.window is None:
        return None
    since = beginning(view.wish.span, datetime.fromtimestamp(now, zone), zone).timestamp()
    axis = axis_between(since, now, zone)
    return use_chart(view.series, axis, view.window.window_seconds, view.gap_s)


def _caption(chart: Chart | None, name: str, span: Span, zone: tzinfo, clock: str) -> str:
    if chart is None:
        return ""
    if isinstance(chart, CycleChart):
        return charts.cycle_summary(name, chart, zone, clock)
    return charts.use_summary(name, span, chart, zone, clock)


def _blank(state: AppState, now: datetime, zone: tzinfo) -> Blank | None:
    """What to say instead of a chart, None if there is something on file.

    Readings of another account than the active one are never shown.
    """
    session, view = state.session, state.history_view
    if not session.account_key:
        if session.status is SessionStatus.STARTING:
            return Blank(labels.starting())
        sign_in = Button(labels.sign_in(), Action.SIGN_IN, is_primary=True)
        return Blank(labels.signed_out_title(), history.signed_out_text(), buttons=(sign_in,))
    if view is None or view.account_key != session.account_key:
        return Blank(charts.loading())
    if view.windows:
        return None
    if view.is_loading:
        return Blank(charts.loading())
    if state.history.condition is Condition.OFF:
        settings = Button(labels.settings(), Action.SETTINGS, is_primary=True)
        return Blank(history.off_title(), history.off_text(), buttons=(settings,))
    note = history.set_aside_note(state.history) or history.status_note(state.history)
    if note is not None:
        return Blank(*note)
    text = history.empty_text(state.poll.next_at, now, zone, state.settings.clock)
    return Blank(history.empty_title(), text)


def _notice(status: HistoryStatus) -> Notice | None:
    note = history.set_aside_note(status) or history.status_note(status)
    if note is None:
        return None
    is_off = status.condition is Condition.OFF
    button = Button(labels.settings(), Action.SETTINGS) if is_off else None
    return Notice(*note, button=button)


def _footer(view: HistoryView) -> str:
    match view.saving:
        case Saving.NONE:
            return ""
        case Saving.UNDER_WAY:
            return charts.saving()
        case Saving.DONE:
            return charts.saved_as(view.saved_to)
        case Saving.FAILED:
            return charts.not_saved()
        case _:
            assert_never(view.saving)
