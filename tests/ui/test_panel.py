"""The panel: what it shows, what it asks for, when it ticks, where it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from gallery.states import BANNERS, FRESH, NOW, PANEL_STATES, ZONE, signed_in
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QColor, QImage, QPalette
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from support.still_clock import StillClock

from app.state import AppState, Trouble
from app.ui import anchored_window, theme
from app.ui.banner_card import BannerCard
from app.ui.colours import contrast
from app.ui.notice_card import NoticeCard
from app.ui.panel import Panel
from app.ui.panel_numbers import PanelNumbers
from app.wording.trouble import trouble_banner


@pytest.fixture
def panel(qtbot: QtBot, look: theme.Theme, clock: StillClock) -> Iterator[Panel]:
    panel = Panel(clock=clock, zone=ZONE)
    qtbot.addWidget(panel)
    yield panel
    panel.hide()


@pytest.fixture
def show(panel: Panel) -> Callable[[str], Panel]:
    def show(name: str) -> Panel:
        panel.render(PANEL_STATES[name])
        panel.show_near(QPoint(700, 790))
        return panel

    return show


Show = Callable[[str], Panel]


def _cards(panel: Panel) -> list[BannerCard]:
    banners = panel.parts.banners
    return banners.cards if banners is not None else []


def _numbers(panel: Panel) -> PanelNumbers:
    assert panel.parts.numbers is not None
    return panel.parts.numbers


def _notice(panel: Panel) -> NoticeCard:
    notice = _numbers(panel).notice
    assert notice is not None
    return notice


def _texts(panel: Panel) -> list[str]:
    return [
        label.text() for label in panel.findChildren(QLabel) if label.isVisible() and label.text()
    ]


def _buttons(panel: Panel) -> list[str]:
    return [button.text() for button in panel.findChildren(QPushButton) if button.isVisible()]


# --- what it shows ------------------------------------------------------------------------------


def test_account_gauges_limits_credits_and_age_are_shown(show: Show) -> None:
    texts = _texts(show("warning"))
    for text in (
        "ann@example.com",
        "Plus",
        "5-hour",
        "resets in 1 h 19 m",
        "today 15:00",
        "Weekly",
        "Code review",
        "96 % · resets in 41 m",
        "150.00",
        "Updated 12 s ago",
    ):
        assert text in texts


@pytest.mark.parametrize("name", list(PANEL_STATES))
def test_nothing_is_cut_or_overlapping_in_any_state(show: Show, qtbot: QtBot, name: str) -> None:
    panel = show(name)
    qtbot.wait(20)
    numbers = panel.parts.numbers
    scrolled = numbers.bar_scroll.widget() if numbers else None
    for label in panel.findChildren(QLabel):
        if not label.isVisible() or (scrolled is not None and scrolled.isAncestorOf(label)):
            continue
        assert label.height() >= label.fontMetrics().height() - 2, label.text()
        corner = label.mapTo(panel, label.rect().bottomRight())
        assert panel.rect().contains(corner), label.text()
        if not label.wordWrap():
            assert label.width() >= label.fontMetrics().horizontalAdvance(label.text()) - 1
    texts = [label for label in panel.findChildren(QLabel) if label.isVisible() and label.text()]
    boxes = [
        label.rect().translated(label.mapTo(panel, QPoint(0, 0)))
        for label in texts
        if scrolled is None or not scrolled.isAncestorOf(label)
    ]
    for index, box in enumerate(boxes):
        assert not any(box.intersects(other) for other in boxes[index + 1 :])


@pytest.mark.parametrize("name", list(PANEL_STATES))
def test_there_is_at_most_one_primary_button(show: Show, name: str) -> None:
    panel = show(name)
    buttons = [b for b in panel.findChildren(QPushButton) if b.isVisible() and b.isEnabled()]
    assert sum(button.property("kind") == "primary" for button in buttons) <= 1


@pytest.mark.parametrize("name", list(PANEL_STATES))
def test_everything_that_can_be_pressed_has_a_name(show: Show, name: str) -> None:
    for button in show(name).findChildren(QAbstractButton):
        if button.isVisible():
            assert button.accessibleName() or button.text()
            assert button.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_further_limits_scroll_when_the_screen_ends(show: Show, panel: Panel) -> None:
    show("many")
    available = panel.screen().availableGeometry().height()
    assert panel.height() <= available
    assert _numbers(panel).bar_scroll.verticalScrollBar().maximum() > 0
    assert _numbers(panel).bar_scroll.focusPolicy() is Qt.FocusPolicy.StrongFocus


def test_hostile_names_are_shown_as_they_are(show: Show) -> None:  # T-54, T-55
    panel = show("hostile")
    assert "<b>pl&n</b>" in _texts(panel)
    bar = _numbers(panel).bars[0]
    assert bar.name.whole_text.startswith("<img src=")
    assert "\u202e" not in bar.name.whole_text
    assert bar.name.textFormat() is Qt.TextFormat.PlainText


def test_details_of_a_fault_open_on_demand(show: Show, qtbot: QtBot) -> None:
    panel = show("error")
    height = panel.height()
    assert "HTTP 502, text/html, 1.2 kB" not in _texts(panel)
    qtbot.mouseClick(_notice(panel).more, Qt.MouseButton.LeftButton)
    assert "HTTP 502, text/html, 1.2 kB" in _texts(panel)
    assert panel.height() > height
    qtbot.mouseClick(_notice(panel).more, Qt.MouseButton.LeftButton)
    assert panel.height() == height


def test_a_screen_reader_gets_a_spoken_summary(show: Show) -> None:
    panel = show("warning")
    assert panel.accessibleName() == "Tidegauge: limits"
    assert "78 %" in panel.accessibleDescription()


# --- what it asks for ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "button", "signal"),
    [
        ("fresh", "Chat", "chat_requested"),
        ("signed-out", "Sign in", "sign_in_requested"),
        ("signing-in", "Cancel", "cancel_sign_in_requested"),
        ("signing-in", "Copy address", "copy_address_requested"),
        ("keyring-locked", "Unlock keyring", "unlock_requested"),
        ("error-no-data", "Try again", "refresh_requested"),
        ("expired", "Sign in", "sign_in_requested"),
    ],
)
def test_each_button_says_what_is_wished(
    show: Show, qtbot: QtBot, state: str, button: str, signal: str
) -> None:
    panel = show(state)
    pressed = next(
        b for b in panel.findChildren(QPushButton) if b.isVisible() and b.text() == button
    )
    with qtbot.waitSignal(getattr(panel, signal)) as caught:
        qtbot.mouseClick(pressed, Qt.MouseButton.LeftButton)
    if signal == "copy_address_requested":
        assert caught.args == [PANEL_STATES[state].session.sign_in_url]


def test_refresh_and_settings_are_one_click_away(show: Show, qtbot: QtBot) -> None:
    panel = show("fresh")
    for button, signal in (
        (panel.parts.header.refresh, panel.refresh_requested),
        (panel.parts.header.settings, panel.settings_requested),
    ):
        with qtbot.waitSignal(signal):
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_who_asks_for_a_refresh_sees_that_it_runs(show: Show, qtbot: QtBot) -> None:
    panel, state = show("fresh"), signed_in(FRESH)
    polling = replace(state, poll=replace(state.poll, is_polling=True))
    panel.render(polling)
    assert "Updated 12 s ago" in _texts(panel)
    panel.render(state)
    qtbot.mouseClick(panel.parts.header.refresh, Qt.MouseButton.LeftButton)
    panel.render(polling)
    assert "Refreshing…" in _texts(panel)
    assert panel.parts.header.refresh.accessibleName() == "Asking the service…"
    panel.render(state)
    assert "Updated 12 s ago" in _texts(panel)


@pytest.mark.parametrize(("state", "wished"), [("fresh", "remaining"), ("remaining", "used")])
def test_used_and_left_change_places_by_button_key_or_dial(
    show: Show, qtbot: QtBot, state: str, wished: str
) -> None:
    """Peers, fact 13: one toggle, right where the confusion is."""
    panel = show(state)
    swap, dial = panel.parts.header.swap, _numbers(panel).gauges[0].dial
    assert swap.accessibleName() == f"Show what is {'left' if wished == 'remaining' else 'used'}"
    for widget, key in ((swap, None), (swap, Qt.Key.Key_Space), (dial, None)):
        with qtbot.waitSignal(panel.shows_chosen) as chosen:
            if key is None:
                qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)
            else:
                qtbot.keyClick(widget, key)
        assert chosen.args == [wished]


def test_the_arcs_glide_unless_the_settings_say_no(show: Show, qtbot: QtBot) -> None:
    panel = show("fresh")
    panel.render(PANEL_STATES["remaining"])
    dial = _numbers(panel).gauges[0].dial
    assert dial.is_gliding
    qtbot.waitUntil(lambda: not dial.is_gliding)
    assert dial.drawn_percent == 69
    calm = PANEL_STATES["fresh"]
    panel.render(replace(calm, settings=replace(calm.settings, motion="none")))
    assert (dial.drawn_percent, dial.is_gliding) == (31, False)


def test_warnings_stand_on_top_and_can_be_snoozed_and_dismissed(show: Show, qtbot: QtBot) -> None:
    panel = show("banners")
    first, second, third = _cards(panel)
    assert (first.title.text(), second.title.text()) == (BANNERS[0].title, BANNERS[1].title)
    places = [card.mapTo(panel, QPoint(0, 0)).y() for card in (first, second, third)]
    dial = _numbers(panel).gauges[0].dial
    assert places == sorted(set(places))
    assert places[-1] < dial.mapTo(panel, QPoint(0, 0)).y()
    assert not third.snooze.isVisible()  # nothing that resets
    assert third.text.isHidden()
    with qtbot.waitSignal(panel.warning_snoozed) as snoozed:
        qtbot.mouseClick(second.snooze, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(panel.warning_dismissed) as dismissed:
        qtbot.keyClick(third.dismiss, Qt.Key.Key_Space)
    assert (snoozed.args, dismissed.args) == (["k2"], ["k3"])


def test_warnings_count_as_seen_only_while_somebody_can_see_them(
    panel: Panel, qtbot: QtBot
) -> None:
    with qtbot.assertNotEmitted(panel.banners_seen):
        panel.render(PANEL_STATES["banners"])
    with qtbot.waitSignal(panel.banners_seen):
        panel.show_near(QPoint(700, 790))
    panel.render(PANEL_STATES["fresh"])
    assert not any(card.isVisible() for card in _cards(panel))
    with qtbot.waitSignal(panel.banners_seen):
        panel.render(PANEL_STATES["banners"])


def test_of_many_warnings_the_newest_are_shown(show: Show) -> None:
    panel = show("fresh")
    many = tuple(replace(BANNERS[0], key=f"k{i}", title=f"Warning {i}") for i in range(9))
    panel.render(replace(PANEL_STATES["fresh"], banners=many))
    shown = [card.title.text() for card in _cards(panel) if card.isVisible()]
    assert shown == ["Warning 0", "Warning 1", "Warning 2"]


@pytest.mark.parametrize("trouble", [Trouble.CRASHED, Trouble.SAFE_MODE])
@pytest.mark.parametrize("name", PANEL_STATES)
def test_a_crash_is_told_whatever_the_panel_shows(
    show: Show, qtbot: QtBot, name: str, trouble: Trouble
) -> None:
    """F-D23: on the first page, signed out and locked as well, and always on top."""
    panel = show(name)
    panel.render(replace(PANEL_STATES[name], trouble=trouble))
    expected = trouble_banner(trouble)
    assert expected is not None
    card = _cards(panel)[0]
    assert card.isVisible()
    assert card.title.text() == expected.title
    assert panel.rect().contains(card.mapTo(panel, card.rect().bottomRight()))
    for part in (panel.parts.blank, panel.parts.numbers):
        if part is not None and part.isVisible():
            assert part.geometry().top() > card.mapTo(panel, card.rect().bottomLeft()).y()
            assert part.height() >= part.minimumSizeHint().height()
    with qtbot.waitSignal(panel.warning_dismissed) as dismissed:
        card.dismiss.click()
    assert dismissed.args == [expected.key]


def test_on_a_page_without_numbers_the_keyboard_meets_the_warning_first(
    show: Show, qtbot: QtBot
) -> None:
    panel = show("signed-out")
    panel.render(replace(PANEL_STATES["signed-out"], trouble=Trouble.CRASHED))
    panel.parts.header.settings.setFocus()
    qtbot.keyClick(panel.parts.header.settings, Qt.Key.Key_Tab)
    assert panel.focusWidget() is _cards(panel)[0].dismiss


def test_the_keyboard_reaches_everything_in_order(show: Show, qtbot: QtBot) -> None:
    panel = show("error")
    panel.parts.header.swap.setFocus()
    order = []
    for _ in range(6):
        focus = panel.focusWidget()
        assert focus is not None
        order.append(focus)
        qtbot.keyClick(focus, Qt.Key.Key_Tab)
    assert order == [
        panel.parts.header.swap,
        panel.parts.header.refresh,
        panel.parts.header.settings,
        _notice(panel).more,
        panel.parts.footer.history,
        panel.parts.footer.chat,
    ]


def test_the_focus_can_be_seen(show: Show, qtbot: QtBot) -> None:
    panel = show("fresh")
    qtbot.waitUntil(panel.isActiveWindow)
    for widget in (
        panel.parts.header.refresh,
        panel.parts.header.settings,
        panel.parts.footer.chat,
    ):
        widget.clearFocus()
        before = widget.grab().toImage()
        widget.setFocus()
        assert widget.grab().toImage() != before


def test_escape_hides_and_f5_or_ctrl_r_refresh(show: Show, qtbot: QtBot) -> None:
    panel = show("fresh")
    with qtbot.waitSignal(panel.refresh_requested):
        qtbot.keyClick(panel, Qt.Key.Key_F5)
    with qtbot.waitSignal(panel.refresh_requested):
        qtbot.keyClick(panel, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    with qtbot.assertNotEmitted(panel.refresh_requested):
        qtbot.keyClick(panel, Qt.Key.Key_R)
    qtbot.keyClick(panel, Qt.Key.Key_Escape)
    assert not panel.isVisible()


# --- when it ticks ------------------------------------------------------------------------------


def test_the_countdown_ticks_only_while_it_can_be_seen(
    show: Show, panel: Panel, qtbot: QtBot, clock: StillClock
) -> None:
    show("fresh")
    assert panel.is_ticking
    clock.now = NOW + timedelta(minutes=1)
    qtbot.waitUntil(lambda: "resets in 2 h 23 m" in _texts(panel))
    assert "Updated 1 min ago" in _texts(panel)
    panel.hide()
    assert not panel.is_ticking


def test_a_tick_repaints_only_the_text_that_changed(
    show: Show, panel: Panel, qtbot: QtBot, clock: StillClock
) -> None:
    show("fresh")
    qtbot.wait(50)
    painted: list[QWidget] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
                painted.append(watched)
            return False

    watch = Watch()
    dials = [gauge.dial for gauge in _numbers(panel).gauges]
    for widget in (*dials, panel.parts.footer.age, panel.parts.header.account):
        widget.installEventFilter(watch)
    clock.now = NOW + timedelta(seconds=1)
    qtbot.waitUntil(lambda: "Updated 13 s ago" in _texts(panel))
    qtbot.wait(30)
    assert set(painted) == {panel.parts.footer.age}


def test_hidden_it_only_remembers(panel: Panel) -> None:
    panel.render(PANEL_STATES["warning"])
    before = panel.content
    panel.show_near(None)
    after = panel.content
    assert (before, after and after.gauges[0].number) == (None, "78")


# --- where it stands ----------------------------------------------------------------------------


def test_beside_an_icon_it_has_no_frame_and_lies_on_the_screen(panel: Panel) -> None:
    panel.render(PANEL_STATES["warning"])
    panel.show_near(QPoint(790, 795))
    assert panel.is_anchored
    assert panel.windowFlags() & Qt.WindowType.FramelessWindowHint
    assert panel.screen().availableGeometry().contains(panel.geometry())


def test_a_window_of_its_own_that_grows_stays_on_the_screen(panel: Panel, qtbot: QtBot) -> None:
    panel.render(PANEL_STATES["signed-out"])
    panel.show_near(None)
    room = panel.screen().availableGeometry()
    panel.move(40, room.bottom() - panel.frameGeometry().height())
    panel.render(PANEL_STATES["warning"])
    qtbot.waitUntil(lambda: room.bottom() >= panel.frameGeometry().bottom())
    assert panel.x() == 40


def test_without_a_tray_it_is_a_window_with_a_title(panel: Panel, qtbot: QtBot) -> None:  # F-D01
    panel.render(PANEL_STATES["fresh"])
    panel.show_near(None)
    assert not panel.is_anchored
    assert not panel.windowFlags() & Qt.WindowType.FramelessWindowHint
    assert panel.windowTitle() == "Tidegauge: limits"
    with qtbot.waitSignal(panel.closed):
        panel.close()


def test_a_second_click_hides_it(panel: Panel) -> None:
    panel.render(PANEL_STATES["fresh"])
    panel.toggle_near(QPoint(700, 790))
    assert panel.isVisible()
    panel.toggle_near(QPoint(700, 790))
    assert not panel.isVisible()


def test_the_click_that_took_its_focus_does_not_open_it_again(
    panel: Panel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel.render(PANEL_STATES["fresh"])
    panel.toggle_near(QPoint(700, 790))
    other = QWidget()
    qtbot.addWidget(other)
    with qtbot.waitExposed(other):
        other.show()
    with monkeypatch.context() as on_a_slow_machine:
        on_a_slow_machine.setattr(anchored_window, "_REOPEN_MS", 3_600_000)
        other.activateWindow()
        qtbot.waitUntil(lambda: not panel.isVisible())
        panel.toggle_near(QPoint(700, 790))
        assert not panel.isVisible()
    qtbot.wait(350)
    panel.toggle_near(QPoint(700, 790))
    assert panel.isVisible()


def _ground_of(picture: QImage, label: QLabel, panel: Panel) -> QColor:
    """The colour most of a label's area has: what its text stands on."""
    corner = label.mapTo(panel, QPoint(0, 0))
    counted: Counter[int] = Counter(
        picture.pixel(corner.x() + x, corner.y() + y)
        for x in range(label.width())
        for y in range(label.height())
    )
    return QColor(counted.most_common(1)[0][0])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", list(PANEL_STATES))
def test_every_label_reads_on_what_is_really_below_it(
    panel: Panel, qapp: QApplication, scheme: str, name: str
) -> None:
    """At least 4.5 : 1, measured in the picture."""
    look = theme.Theme(qapp, scheme)
    panel.render(PANEL_STATES[name])
    panel.show_near(QPoint(700, 790))
    QApplication.processEvents()
    picture = panel.grab().toImage()
    for label in panel.findChildren(QLabel):
        if (
            not label.isVisible()
            or not label.text()
            or not label.visibleRegion().contains(label.rect().center())
        ):
            continue
        text = label.palette().color(QPalette.ColorRole.WindowText).name().upper()
        ground = _ground_of(picture, label, panel).name().upper()
        assert contrast(text, ground) >= 4.5, (label.text(), text, ground)
    look.deleteLater()


def test_fifty_limits_scroll_on_a_large_screen_too(show: Show, panel: Panel) -> None:
    show("many")
    assert len(_numbers(panel).bars) == 50
    assert panel.height() <= 720
    assert _numbers(panel).bar_scroll.verticalScrollBar().maximum() > 1000


def test_more_content_keeps_it_on_the_screen(panel: Panel) -> None:
    panel.render(PANEL_STATES["starting"])
    panel.show_near(QPoint(700, 795))
    panel.render(PANEL_STATES["warning"])
    available = panel.screen().availableGeometry()
    assert available.contains(panel.geometry())
    assert panel.geometry().bottom() >= available.bottom() - 40


def test_every_state_follows_every_other(show: Show, panel: Panel) -> None:
    heights: dict[str, int] = {}
    for name in (*PANEL_STATES, *reversed(list(PANEL_STATES))):
        show(name)
        assert heights.setdefault(name, panel.height()) == panel.height(), name
    panel.render(AppState())
    assert _buttons(panel) == []
