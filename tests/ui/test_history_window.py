"""The history window: what it shows, what it wishes, how pointer and keyboard read the chart."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from gallery.history_states import SESSION, WEEKLY, history_states, shown, view
from gallery.states import NOW, ZONE
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot
from support.still_clock import StillClock

from app import catalogues
from app.history.chart_axis import Span
from app.history.curves import WindowOnFile
from app.history.view import HistoryWish
from app.ui import theme
from app.ui.history_window import HistoryWindow
from app.wording import charts, language

STATES = dict(history_states())
Key = Qt.Key


@pytest.fixture
def window(qtbot: QtBot, look: theme.Theme, clock: StillClock) -> Iterator[HistoryWindow]:
    window = HistoryWindow(clock=clock, zone=ZONE)
    qtbot.addWidget(window)
    yield window
    window.hide()


def settle() -> None:
    """Let the layouts become what they will be."""
    for _ in range(5):
        QApplication.processEvents()


Show = Callable[[str], HistoryWindow]


@pytest.fixture
def show(window: HistoryWindow, qtbot: QtBot) -> Show:
    def show(name: str) -> HistoryWindow:
        window.render(STATES[name])
        window.show()
        qtbot.waitExposed(window)
        settle()
        return window

    return show


@pytest.fixture
def wishes(window: HistoryWindow) -> list[HistoryWish | None]:
    heard: list[HistoryWish | None] = []
    window.wished.connect(heard.append)
    return heard


def _texts(window: HistoryWindow) -> list[str]:
    return [label.text() for label in window.findChildren(QLabel) if label.isVisible()]


# --- what it shows ------------------------------------------------------------------------------


@pytest.mark.parametrize("spoken", ["en", "zh_CN"])
@pytest.mark.parametrize("name", list(STATES))
def test_nothing_is_cut_or_overlapping_in_any_state(show: Show, name: str, spoken: str) -> None:
    language.use(catalogues.load_catalogue(spoken), spoken)
    window = show(name)
    labels = [label for label in window.findChildren(QLabel) if label.isVisible() and label.text()]
    boxes = []
    for label in labels:
        assert label.height() >= label.fontMetrics().height() - 2, label.text()
        box = label.rect().translated(label.mapTo(window, QPoint(0, 0)))
        assert window.rect().contains(box), label.text()
        if not label.wordWrap():
            assert label.width() >= label.fontMetrics().horizontalAdvance(label.text()) - 1
        else:
            assert label.heightForWidth(label.width()) <= label.height(), label.text()
        boxes.append(box)
    for index, box in enumerate(boxes):
        assert not any(box.intersects(other) for other in boxes[index + 1 :])


def test_names_as_long_as_german_ones_fit(window: HistoryWindow, qtbot: QtBot) -> None:
    """A limit may have any name; the selector gives way, not the buttons."""
    name = "Donaudampfschifffahrtsgesellschaftskapitänspatent"
    long = WindowOnFile("x/604800", name, 0, 1)
    windows = (*view().windows, long)
    window.render(shown(view(windows=windows)))
    window.show()
    qtbot.waitExposed(window)
    settle()
    window.resize(window.minimumSizeHint())
    settle()
    for button in window.findChildren(QPushButton):
        if button.isVisible():
            assert window.rect().contains(button.mapTo(window, button.rect().bottomRight()))
    assert window.minimumSizeHint().width() <= 720


@pytest.mark.parametrize("name", list(STATES))
def test_what_can_be_pressed_has_a_name_and_one_of_it_is_primary(show: Show, name: str) -> None:
    window = show(name)
    buttons = [b for b in window.findChildren(QAbstractButton) if b.isVisible()]
    for button in buttons:
        assert button.accessibleName() or button.text()
    assert sum(button.property("kind") == "primary" for button in buttons) <= 1


def test_a_screen_reader_gets_the_chart_in_words(show: Show) -> None:
    """Peers, fact 38."""
    window = show("week")
    chart = window.parts.chart
    assert chart.accessibleName() == "Chart"
    told = chart.accessibleDescription()
    assert told.startswith("Weekly limit, last 7 days: between 0 % and ")
    assert "Arrow keys" in told
    caption = window.parts.caption.text()
    assert "72\u00a0% used" in caption  # a line may end, but not between a number and its unit
    assert window.accessibleDescription() == caption.replace("\u00a0", " ")
    assert window.accessibleDescription() in told
    assert window.parts.limit.accessibleName() == "Limit"
    spans = [one.accessibleName() for one in window.parts.span.buttons.values()]
    assert spans == ["last 24 hours", "last 7 days", "last 30 days"]


def test_names_from_the_service_are_plain_text(show: Show, window: HistoryWindow) -> None:
    """T-54, T-55."""
    show("week")
    hostile = WindowOnFile("x/604800", "<img src='file:///etc/passwd'> \u202e& Tom", 0, 1)
    window.render(shown(view(windows=(*view().windows, hostile))))
    names = [window.parts.limit.itemText(row) for row in range(window.parts.limit.count())]
    assert any(name.startswith("<img src=") for name in names)
    assert not any("\u202e" in name for name in names)


def test_the_language_changes_while_it_is_open(show: Show, window: HistoryWindow) -> None:
    show("week")
    language.use(catalogues.load_catalogue("zh_CN"), "zh_CN")
    window.render(STATES["week"])
    settle()
    assert window.windowTitle() == "Tidegauge：历史记录"
    assert window.parts.caption.text().startswith("每周限额，最近 7\u00a0天：")
    assert window.parts.view.buttons["use"].text() == "用量变化"
    assert [t for t in _texts(window) if t == "均匀节奏"]


def test_the_legend_names_what_is_there_and_nothing_else(show: Show, window: HistoryWindow) -> None:
    show("week")
    assert {"used", "even pace", "reset", "no readings"} <= set(_texts(window))
    window.render(STATES["session-cycle"])
    settle()
    shown_now = set(_texts(window))
    assert {"left", "even pace", "at this pace", "past cycles"} <= shown_now
    assert "reset" not in shown_now
    window.render(STATES["dense"])
    settle()
    assert "even pace" not in _texts(window)


def test_a_new_reading_moves_the_chart(show: Show, window: HistoryWindow) -> None:
    show("day")
    before = window.parts.readout.text()
    state = STATES["day"]
    old = state.history_view
    assert old is not None
    assert old.series is not None
    last = old.series.points[-1]
    more = replace(last, at=last.at + 300, used=9300)
    series = replace(old.series, points=(*old.series.points, more))
    window.render(replace(state, history_view=replace(old, series=series)))
    assert window.parts.readout.text() != before
    assert "93 % used" in window.parts.readout.text()


def test_while_it_is_read_anew_the_old_chart_stays(show: Show, window: HistoryWindow) -> None:
    show("week")
    content = window.content
    window.render(shown(view(span=Span.DAY, is_loading=True)))
    assert window.content is content
    window.render(shown(view(span=Span.DAY)))
    assert window.content is not content
    other = shown(view(is_loading=True))
    window.render(replace(other, session=replace(other.session, account_key="ff" * 8)))
    assert window.content is not None
    assert window.content.chart is None  # somebody else's is gone at once


# --- what it wishes -----------------------------------------------------------------------------


def test_it_reads_while_it_is_seen_and_not_otherwise(
    window: HistoryWindow, wishes: list[HistoryWish | None]
) -> None:
    window.render(STATES["week"])
    ticking = [window.is_ticking]
    assert not wishes
    window.show()
    ticking.append(window.is_ticking)
    assert wishes == [HistoryWish(pixels=window.parts.chart.pixels)]
    window.hide()
    ticking.append(window.is_ticking)
    assert wishes[-1] is None
    assert ticking == [False, True, False]


def test_minimised_it_reads_nothing(
    show: Show, window: HistoryWindow, wishes: list[HistoryWish | None]
) -> None:
    show("week")
    seen = [(window.is_ticking, wishes[-1] is not None)]
    window.showMinimized()
    settle()
    seen.append((window.is_ticking, wishes[-1] is not None))
    window.showNormal()
    settle()
    seen.append((window.is_ticking, wishes[-1] is not None))
    assert seen == [(True, True), (False, False), (True, True)]


def test_choosing_limit_view_and_period(
    show: Show, window: HistoryWindow, wishes: list[HistoryWish | None], qtbot: QtBot
) -> None:
    show("week")
    parts = window.parts
    parts.limit.setFocus()
    parts.limit.setCurrentIndex(parts.limit.findData(WEEKLY))
    qtbot.keyClick(parts.limit, Key.Key_Up)
    assert wishes[-1] is not None
    assert wishes[-1].window_id == SESSION
    qtbot.mouseClick(parts.span.buttons["30d"], Qt.MouseButton.LeftButton)
    assert wishes[-1].span is Span.MONTH
    qtbot.mouseClick(parts.view.buttons["cycle"], Qt.MouseButton.LeftButton)
    assert wishes[-1].is_cycle
    assert wishes[-1].window_id == SESSION


def test_arrow_keys_choose_among_the_segments(
    show: Show, window: HistoryWindow, wishes: list[HistoryWish | None], qtbot: QtBot
) -> None:
    show("week")
    window.activateWindow()
    week = window.parts.span.buttons["7d"]
    week.setFocus()
    qtbot.keyClick(week, Key.Key_Right)
    assert wishes[-1] is not None
    assert wishes[-1].span is Span.MONTH
    assert window.parts.span.value == "30d"


def test_a_wider_chart_wants_more_points(
    show: Show, window: HistoryWindow, wishes: list[HistoryWish | None]
) -> None:
    show("week")
    count = len(wishes)
    window.resize(1100, 500)
    QApplication.processEvents()
    assert wishes[-1] is not None
    assert wishes[-1].pixels >= window.parts.chart.width()
    window.resize(800, 500)
    QApplication.processEvents()
    assert len(wishes) == count + 1


def test_tab_goes_through_everything_in_order(show: Show, window: HistoryWindow) -> None:
    show("week")
    window.activateWindow()
    parts = window.parts
    parts.limit.setFocus()
    visited = []
    for _ in range(6):
        visited.append(window.focusWidget())
        window.focusNextChild()
    wanted = [
        *(parts.limit, parts.view.buttons["use"], parts.span.buttons["7d"]),
        *(parts.chart, parts.csv, parts.json),
    ]
    assert visited == wanted


@pytest.mark.parametrize("name", ["off", "off-empty"])
def test_switched_off_it_leads_to_the_settings(
    show: Show, window: HistoryWindow, qtbot: QtBot, name: str
) -> None:
    show(name)
    (button,) = (b for b in window.findChildren(QPushButton) if b.text() == "Settings")
    with qtbot.waitSignal(window.settings_requested):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_signed_out_it_leads_to_the_sign_in(
    show: Show, window: HistoryWindow, qtbot: QtBot
) -> None:
    show("signed-out")
    (button,) = (b for b in window.findChildren(QPushButton) if b.text() == "Sign in")
    with qtbot.waitSignal(window.sign_in_requested):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_an_export_asks_where_to_without_holding_anything_up(
    show: Show, window: HistoryWindow, qtbot: QtBot, kind: str
) -> None:
    show("week")
    button = window.parts.csv if kind == "csv" else window.parts.json
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)  # returns: no loop inside the loop
    (dialog,) = window.findChildren(QFileDialog)
    assert dialog.acceptMode() is QFileDialog.AcceptMode.AcceptSave
    assert dialog.defaultSuffix() == kind
    with qtbot.waitSignal(window.save_requested) as saved:
        dialog.fileSelected.emit(f"/somewhere/history.{kind}")
    assert saved.args == [f"/somewhere/history.{kind}", kind]
    dialog.reject()


# --- reading the chart --------------------------------------------------------------------------


def _readout(window: HistoryWindow) -> str:
    return window.parts.readout.text()


def test_without_a_cursor_the_newest_reading_is_read(show: Show) -> None:
    assert _readout(show("week")) == "Sun 22 Nov 13:41 · 31 % used · 8 % below even pace"


def test_the_pointer_reads_what_is_below_it(
    show: Show, window: HistoryWindow, qtbot: QtBot
) -> None:
    """Peers, fact 31: not half a day beside it."""
    show("week")
    chart = window.parts.chart
    plot = chart.plot()
    assert plot is not None
    noon = round((NOW - timedelta(days=1, minutes=41)).timestamp())  # yesterday 13:00 here
    qtbot.mouseMove(chart, QPoint(round(plot.x(noon)), round(plot.y(50))))
    assert chart.cursor_at == pytest.approx(noon, abs=20 * 60)
    assert _readout(window).startswith(("Sat 21 Nov 12:", "Sat 21 Nov 13:"))
    assert "% used" in _readout(window)
    night = round((NOW - timedelta(hours=9)).timestamp())
    qtbot.mouseMove(chart, QPoint(round(plot.x(night)), round(plot.y(50))))
    assert _readout(window).endswith("no readings")
    qtbot.mouseMove(chart, QPoint(3, 3))
    assert chart.cursor_at is None


def test_the_keyboard_reads_point_by_point(show: Show, window: HistoryWindow, qtbot: QtBot) -> None:
    show("week")
    window.activateWindow()
    chart = window.parts.chart
    chart.setFocus()
    content = window.content
    assert content is not None
    assert content.chart is not None
    stops = content.chart.stops
    for key, expected in (
        (Key.Key_Home, stops[0]),
        (Key.Key_Right, stops[1]),
        (Key.Key_Right, stops[2]),
        (Key.Key_Left, stops[1]),
        (Key.Key_End, stops[-1]),
        (Key.Key_PageDown, stops[-1]),
    ):
        qtbot.keyClick(chart, key)
        assert chart.cursor_at == expected
        assert datetime.fromtimestamp(expected, ZONE).strftime("%H:%M") in _readout(window)
    qtbot.keyClick(chart, Key.Key_PageUp)
    assert chart.cursor_at == stops[-1] - (7 * 86_400) // 10
    chart.clearFocus()
    assert chart.cursor_at is None


def test_what_the_keyboard_reads_is_announced(
    show: Show, window: HistoryWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(window.parts.chart, "announce", said.append)
    show("week")
    window.activateWindow()
    window.parts.chart.setFocus()
    qtbot.keyClick(window.parts.chart, Key.Key_Home)
    assert said == [_readout(window)]


def test_without_a_chart_the_keys_go_on(show: Show, window: HistoryWindow, qtbot: QtBot) -> None:
    show("no-readings")
    window.parts.chart.setFocus()
    qtbot.keyClick(window.parts.chart, Key.Key_Home)
    assert window.parts.chart.cursor_at is None
    qtbot.keyClick(window.parts.chart, Key.Key_Escape)
    assert not window.isVisible()


def test_the_cursor_stays_while_the_chart_moves_on(
    show: Show, window: HistoryWindow, clock: StillClock
) -> None:
    show("day")
    chart = window.parts.chart
    at = round((NOW - timedelta(hours=2)).timestamp())
    chart.point_at(at)
    clock.now = NOW + timedelta(minutes=5)
    window.render(STATES["day"])
    assert chart.cursor_at == at
    clock.now = NOW + timedelta(hours=23)
    window.render(STATES["day"])
    assert chart.cursor_at is None


# --- the window ---------------------------------------------------------------------------------


def test_a_closed_window_leaves_nothing_behind(qtbot: QtBot) -> None:
    window = HistoryWindow(clock=lambda: NOW, zone=ZONE)
    window.render(STATES["month"])
    window.show()
    qtbot.waitExposed(window)
    gone = weakref.ref(window)
    with qtbot.waitSignal(window.destroyed):
        window.close()
        window.deleteLater()
    del window
    gc.collect()
    assert gone() is None


def test_the_title_is_that_of_the_program(window: HistoryWindow) -> None:
    assert window.windowTitle() == charts.title()
