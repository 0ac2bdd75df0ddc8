"""Words of the history window: marks of the axes, readouts, the chart in a sentence. Pure.

Moments are seconds since 1970 by the service's clock; percents used unless told otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import assert_never

from app.history.chart import Figures, Readout, UseChart
from app.history.chart_axis import Span, Tick, TickKind
from app.history.chart_cycle import CycleChart
from app.history.curves import WindowOnFile
from app.usage.limits import RateLimit, RateLimitWindow, UsageSnapshot
from app.wording.joining import sentences
from app.wording.language import phrase, tr, tr_n
from app.wording.limits import percent, window_name
from app.wording.times import dated_time, day_and_month, near_time, time_of_day, weekday_and_day

title = phrase("Tidegauge: history")
limit_field = phrase("Limit")
view_field = phrase("View")
span_field = phrase("Period")
use_over_time = phrase("Use over time")
this_cycle = phrase("This cycle")
chart_name = phrase("Chart")
chart_keys = phrase("Arrow keys read the chart point by point, Home and End its ends.")
legend_used = phrase("used")
legend_left = phrase("left")
legend_even = phrase("even pace")
legend_reset = phrase("reset")
legend_gap = phrase("no readings")
legend_past = phrase("past cycles")
legend_projection = phrase("at this pace")
save_csv = phrase("Save as CSV…")
save_json = phrase("Save as JSON…")
save_tooltip = phrase("Everything on file about this account")
saving = phrase("Saving…")
not_saved = phrase("The file could not be written. Choose another place.")
loading = phrase("Reading the history…")
no_cycle_title = phrase("No cycle is running")
no_cycle_text = phrase(
    "This limit was not used since its last reset, or the service does not tell when it resets."
)


def span_short(span: Span) -> str:
    """The span on its button: "24 h", "7 d"."""
    match span:
        case Span.DAY:
            return tr("{hours} h").format(hours=24)
        case Span.WEEK:
            return tr("{days} d").format(days=7)
        case Span.MONTH:
            return tr("{days} d").format(days=30)
        case _:
            assert_never(span)


def span_words(span: Span) -> str:
    """The span inside of a sentence, and as the name of its button."""
    match span:
        case Span.DAY:
            return tr("last 24 hours")
        case Span.WEEK:
            return _last_days(7)
        case Span.MONTH:
            return _last_days(30)
        case _:
            assert_never(span)


def _last_days(n: int) -> str:
    return tr_n("last {n} day", "last {n} days", n).format(n=n)


def window_names(windows: Sequence[WindowOnFile]) -> tuple[str, ...]:
    """What to call each window, as on the panel; twins are numbered."""
    limits: dict[str, list[RateLimitWindow]] = {}
    metered = []
    for one in windows:
        window = RateLimitWindow(
            one.limit_id, None, one.window_seconds or None, None, one.limit_name
        )
        metered.append(window)
        limits.setdefault(one.limit_id, []).append(window)
    snapshot = UsageSnapshot(
        datetime.fromtimestamp(0, UTC),
        limits=tuple(RateLimit(name, tuple(group)) for name, group in limits.items()),
    )
    names = (window_name(window, snapshot) for window in metered)
    return tuple(
        f"{name} · {twin}" if (twin := one.window_id.partition("#")[2]) else name
        for name, one in zip(names, windows, strict=True)
    )


def tick_label(tick: Tick, zone: tzinfo, clock: str = "system") -> str:
    """What stands below a mark of the axis."""
    when = _when(tick.at)
    match tick.kind:
        case TickKind.TIME:
            return time_of_day(when, zone, clock)
        case TickKind.DAY:
            return weekday_and_day(when, zone)
        case TickKind.DATE:
            return day_and_month(when, zone)
        case _:
            assert_never(tick.kind)


def percent_mark(value: float) -> str:
    """A mark of the percent axis."""
    return tr("{number} %").format(number=round(value))


def pace_words(reserve_percent: float | None) -> str:
    """ "5 % below even pace"; empty if that cannot be told."""
    if reserve_percent is None:
        return ""
    amount = math.floor(abs(reserve_percent) + 0.5)
    if amount == 0:
        return tr("on even pace")
    if reserve_percent > 0:
        return tr("{number} % below even pace").format(number=amount)
    return tr("{number} % above even pace").format(number=amount)


def readout_words(
    readout: Readout, now: int, zone: tzinfo, clock: str = "system", *, is_left: bool = False
) -> str:
    """One moment of a chart: "Sun 22 Nov 13:41 · 41 % used · 5 % below even pace"."""
    parts = [dated_time(_when(readout.at), _when(now), zone, clock)]
    if readout.percent is not None:
        parts.append(_amount(readout.percent, is_left=is_left))
        parts.append(pace_words(readout.reserve_percent))
    elif readout.even_percent is not None and readout.at > now:
        left = percent(readout.even_percent, "remaining")
        parts.append(tr("even pace: {percent} left").format(percent=left))
    else:
        parts.append(legend_gap())
    return " · ".join(part for part in parts if part)


def use_summary(name: str, span: Span, chart: UseChart, zone: tzinfo, clock: str = "system") -> str:
    """A chart of use in a sentence or two (peers, fact 38)."""
    figures = chart.figures
    if figures.lowest is None or figures.highest is None or figures.last is None:
        pattern = tr("{window} limit, {span}: no readings.")
        return pattern.format(window=name, span=span_words(span))
    values = {
        "window": name,
        "span": span_words(span),
        "low": percent(figures.lowest),
        "high": percent(figures.highest),
        "resets": tr_n("{n} reset", "{n} resets", figures.resets).format(n=figures.resets),
        "last": _last_words(figures, chart.axis.until, zone, clock),
        "pace": pace_words(figures.last.reserve_percent),
    }
    told = tr("{window} limit, {span}: between {low} and {high} used, {resets}, {last}.")
    if values["pace"]:
        told = tr(
            "{window} limit, {span}: between {low} and {high} used, {resets}, {last}; {pace}."
        )
    return sentences(told.format(**values), _gap_words(len(chart.gaps)))


def cycle_summary(name: str, chart: CycleChart, zone: tzinfo, clock: str = "system") -> str:
    """A burn-down in a few sentences."""
    last, now = chart.figures.last, _when(chart.now)
    if last is None:
        told = tr("{window} limit, this cycle: no readings.").format(window=name)
    else:
        told = tr("{window} limit, this cycle: {percent} left; {pace}.").format(
            window=name,
            percent=percent(last.percent, "remaining"),
            pace=pace_words(last.reserve_percent),
        )
    reset = near_time(_when(chart.axis.until), now, zone, clock)
    if chart.runs_out_at is not None:
        pattern = tr("At this pace it runs out {time}; the reset comes {reset}.")
        out = near_time(_when(chart.runs_out_at), now, zone, clock)
        ahead = pattern.format(time=out, reset=reset)
    elif chart.projection:
        ahead = tr("At this pace it lasts until the reset {reset}.").format(reset=reset)
    else:
        ahead = tr("The reset comes {reset}.").format(reset=reset)
    past = ""
    if n := len(chart.past):
        past = tr_n(
            "The chart also shows {n} past cycle.", "The chart also shows {n} past cycles.", n
        ).format(n=n)
    return sentences(told, ahead, past, _gap_words(len(chart.gaps)))


def saved_as(file_name: str) -> str:
    """Below the chart, once the file is there."""
    return tr("Saved as {name}").format(name=file_name)


def _amount(value: float, *, is_left: bool) -> str:
    if is_left:
        return tr("{percent} left").format(percent=percent(value, "remaining"))
    return tr("{percent} used").format(percent=percent(value))


def _last_words(figures: Figures, now: int, zone: tzinfo, clock: str) -> str:
    last = figures.last
    if last is None or last.percent is None:
        return ""
    if figures.is_current:
        return tr("now {percent}").format(percent=percent(last.percent))
    when = dated_time(_when(last.at), _when(now), zone, clock)
    return tr("last {percent} ({time})").format(percent=percent(last.percent), time=when)


def _gap_words(gaps: int) -> str:
    if not gaps:
        return ""
    return tr_n("{n} stretch without readings.", "{n} stretches without readings.", gaps).format(
        n=gaps
    )


def _when(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)
