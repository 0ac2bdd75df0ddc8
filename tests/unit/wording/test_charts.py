"""A chart in words: marks, readouts, sentences, in both languages."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.history.chart import EvenPace, Figures, Readout, UseChart
from app.history.chart_axis import Span, Tick, TickKind, TimeAxis
from app.history.chart_cycle import CycleChart
from app.history.chart_line import Corner
from app.history.curves import WindowOnFile
from app.wording import charts

BERLIN = ZoneInfo("Europe/Berlin")
NOW = round(datetime(2026, 11, 22, 12, 41, tzinfo=UTC).timestamp())  # a Sunday, 13:41 in Berlin
D = 86_400


def use(figures: Figures, gaps: int = 0) -> UseChart:
    """A chart of which only the figures are told."""
    axis = TimeAxis(NOW - 7 * D, NOW)
    return UseChart(axis, (), ((0, 1),) * gaps, (), (), (), figures, True)


def figures(last: Readout | None, *, resets: int = 2, is_current: bool = True) -> Figures:
    return Figures(12.0, 64.0, resets, last, is_current)


def test_the_chart_in_a_sentence() -> None:
    """Peers, fact 38: a screen reader hears more than "image"."""
    made = use(figures(Readout(NOW, 41.0, 46.2)))
    assert charts.use_summary("Weekly", Span.WEEK, made, BERLIN) == (
        "Weekly limit, last 7 days: between 12 % and 64 % used, 2 resets, now 41 %; "
        "5 % below even pace."
    )


@pytest.mark.usefixtures("in_chinese")
def test_the_chart_in_a_chinese_sentence() -> None:
    made = use(figures(Readout(NOW, 41.0, 46.2)), gaps=3)
    assert charts.use_summary("每周", Span.WEEK, made, BERLIN) == (
        "每周限额，最近 7 天：已用 12 % 至 64 %，重置 2 次，当前 41 %；低于均匀节奏 5 %。"
        "有 3 段时间没有读数。"
    )


def test_what_is_not_known_is_not_said() -> None:
    no_pace = use(figures(Readout(NOW, 41.0), resets=1), gaps=1)
    assert charts.use_summary("Weekly", Span.DAY, no_pace, BERLIN) == (
        "Weekly limit, last 24 hours: between 12 % and 64 % used, 1 reset, now 41 %. "
        "1 stretch without readings."
    )
    assert charts.use_summary("Weekly", Span.MONTH, use(Figures()), BERLIN) == (
        "Weekly limit, last 30 days: no readings."
    )
    unknown = use(figures(Readout(NOW, None)))
    assert "now" not in charts.use_summary("Weekly", Span.WEEK, unknown, BERLIN)


def test_an_old_value_is_told_with_its_time() -> None:
    made = use(figures(Readout(NOW - 2 * D, 41.0), is_current=False))
    told = charts.use_summary("Weekly", Span.WEEK, made, BERLIN, "24h")
    assert "last 41 % (Fri 20 Nov 13:41)" in told


def cycle(
    last: Readout | None, *, runs_out_at: int | None = None, projects: bool = True, past: int = 0
) -> CycleChart:
    axis = TimeAxis(NOW - 3 * D, NOW + 4 * D)
    line = (Corner(NOW, 59.0), Corner(axis.until, 10.0))
    return CycleChart(
        axis,
        NOW,
        (),
        (),
        (line,) * past,
        line if projects else (),
        runs_out_at,
        EvenPace(axis.since, axis.until, axis.since, axis.until),
        (),
        Figures(0.0, 41.0, 0, last, True) if last else Figures(),
    )


LAST = Readout(NOW, 41.0, 43.0)


def test_the_burn_down_in_sentences() -> None:
    assert charts.cycle_summary("Weekly", cycle(LAST, past=3), BERLIN, "24h") == (
        "Weekly limit, this cycle: 59 % left; 2 % below even pace. "
        "At this pace it lasts until the reset Thu 13:41. The chart also shows 3 past cycles."
    )
    out = cycle(LAST, runs_out_at=NOW + D, past=1)
    assert charts.cycle_summary("Weekly", out, BERLIN, "24h") == (
        "Weekly limit, this cycle: 59 % left; 2 % below even pace. "
        "At this pace it runs out tomorrow 13:41; the reset comes Thu 13:41. "
        "The chart also shows 1 past cycle."
    )
    assert charts.cycle_summary("Weekly", cycle(None, projects=False), BERLIN, "24h") == (
        "Weekly limit, this cycle: no readings. The reset comes Thu 13:41."
    )


@pytest.mark.usefixtures("in_chinese")
def test_the_burn_down_in_chinese() -> None:
    assert charts.cycle_summary("每周", cycle(LAST, past=3), BERLIN, "24h") == (
        "每周限额，本周期：剩余 59 %；低于均匀节奏 2 %。按此节奏可用到重置（周四 13:41）。"
        "图中还有 3 个以往周期。"
    )


@pytest.mark.parametrize(
    ("reserve", "words"),
    [
        (None, ""),
        (0.3, "on even pace"),
        (5.2, "5 % below even pace"),
        (-12.5, "13 % above even pace"),
    ],
)
def test_pace_against_the_even_line(reserve: float | None, words: str) -> None:
    assert charts.pace_words(reserve) == words


def test_a_readout_says_when_how_much_and_how_fast() -> None:
    told = charts.readout_words(Readout(NOW - 60, 41.0, 46.2), NOW, BERLIN, "24h")
    assert told == "Sun 22 Nov 13:40 · 41 % used · 5 % below even pace"
    left = charts.readout_words(Readout(NOW - 60, 41.0), NOW, BERLIN, "12h", is_left=True)
    assert left == "Sun 22 Nov 1:40 pm · 59 % left"
    nothing = charts.readout_words(Readout(NOW - 400 * D, None), NOW, BERLIN, "24h")
    assert nothing == "Sat 18 Oct 2025 14:41 · no readings"
    ahead = charts.readout_words(Readout(NOW + D, None, 80.0), NOW, BERLIN, "24h", is_left=True)
    assert ahead == "Mon 23 Nov 13:41 · even pace: 20 % left"
    hole = charts.readout_words(Readout(NOW - D, None, 80.0), NOW, BERLIN, "24h", is_left=True)
    assert hole == "Sat 21 Nov 13:41 · no readings"


@pytest.mark.usefixtures("in_chinese")
def test_dates_are_written_as_people_write_them() -> None:
    told = charts.readout_words(Readout(NOW, 41.0), NOW, BERLIN, "24h")
    assert told == "11 月 22 日周日 13:41 · 已用 41 %"
    old = charts.readout_words(Readout(NOW - 400 * D, None), NOW, BERLIN, "24h")
    assert old.startswith("2025 年 10 月 18 日周六 14:41")
    kinds = [charts.tick_label(Tick(NOW, kind), BERLIN, "24h") for kind in TickKind]
    assert kinds == ["13:41", "22 日周日", "11 月 22 日"]


def test_what_stands_below_the_axis() -> None:
    kinds = [charts.tick_label(Tick(NOW, kind), BERLIN, "24h") for kind in TickKind]
    assert kinds == ["13:41", "Sun 22", "22 Nov"]
    assert charts.percent_mark(25.0) == "25 %"


def test_the_same_moment_has_another_hour_after_a_journey() -> None:
    """F-M06; without a zone it says UTC (F-M08)."""
    tick = Tick(NOW, TickKind.TIME)
    assert charts.tick_label(tick, ZoneInfo("America/New_York"), "24h") == "07:41"
    assert charts.tick_label(tick, UTC, "24h") == "12:41 UTC"


def test_the_spans_in_short_and_in_full() -> None:
    assert [charts.span_short(span) for span in Span] == ["24 h", "7 d", "30 d"]
    full = ["last 24 hours", "last 7 days", "last 30 days"]
    assert [charts.span_words(span) for span in Span] == full


def test_windows_are_called_as_on_the_panel() -> None:
    on_file = (
        WindowOnFile("codex/18000", "", 0, 1),
        WindowOnFile("codex/604800", "", 0, 1),
        WindowOnFile("codex/604800#2", "", 0, 1),
        WindowOnFile("code_review/604800", "", 0, 1),
        WindowOnFile("codex_bengalfox/18000", "<b>Spark</b>", 0, 1),
        WindowOnFile("codex_bengalfox/0", "<b>Spark</b>", 0, 1),
    )
    assert charts.window_names(on_file) == (
        "5-hour",
        "Weekly",
        "Weekly · 2",
        "Code review",
        "<b>Spark</b> · 5-hour",
        "<b>Spark</b> · Limit",
    )


def test_where_an_export_went() -> None:
    assert charts.saved_as("history.csv") == "Saved as history.csv"
