"""The tray without a host: what it says, when it looks, what its menu holds.

Real hosts are in tests/end_to_end/test_tray.py: the platform "offscreen" has no tray.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from gallery.states import FRESH, NOW, PANEL_STATES, ZONE, failed, signed_in, snapshot, window
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QSystemTrayIcon
from pytestqt.qtbot import QtBot
from support.style_sheets import NO_SHEET

from app.chat.conversation import Conversation
from app.errors import Fault, FaultKind
from app.state import AppState, SessionStatus
from app.ui.theme import Theme
from app.ui.tray import Tray
from app.ui.tray_hosts import TrayHosts
from app.ui.tray_menu import menu_content
from app.usage.limits import RateLimit


@pytest.fixture
def tray(look: Theme) -> Iterator[Tray]:
    tray = Tray(look, clock=lambda: NOW, zone=ZONE, patience_ms=20)
    yield tray
    tray.stop()


class _Host:
    """Switches the tray of this platform on and off."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.is_there = False
        monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: self.is_there)


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> _Host:
    return _Host(monkeypatch)


def _icon(tray: Tray) -> QSystemTrayIcon:
    icon = _icon_or_none(tray)
    assert icon is not None
    return icon


def _icon_or_none(tray: Tray) -> QSystemTrayIcon | None:
    return tray.findChild(QSystemTrayIcon)


def _entries(tray: Tray) -> list[QAction]:
    actions = tray.menu.actions()
    return [action for action in actions if action.isVisible() and not action.isSeparator()]


def test_no_icon_is_made_before_a_host_is_there(tray: Tray, host: _Host, qtbot: QtBot) -> None:
    """F-D01: an icon made too early would be lost for good."""
    with qtbot.waitSignal(tray.host_missing):
        tray.start()
    assert _icon_or_none(tray) is None
    assert not tray.has_host
    host.is_there = True
    qtbot.waitUntil(lambda: tray.has_host)


def test_looking_for_a_host_ends_with_the_first_one(tray: Tray, host: _Host) -> None:
    host.is_there = True
    tray.start()
    assert tray.has_host
    assert not tray.is_looking


def test_with_a_host_nobody_is_told_that_one_is_missing(
    tray: Tray, host: _Host, qtbot: QtBot
) -> None:
    host.is_there = True
    with qtbot.assertNotEmitted(tray.host_missing, wait=60):
        tray.start()


def test_a_host_that_goes_for_good_is_missed_and_one_that_restarts_is_not(
    look: Theme, host: _Host, qtbot: QtBot
) -> None:
    """F-D01, F-D02"""
    hosts = TrayHosts(look, patience_ms=20, gone_ms=40)
    host.is_there = True
    hosts.start()
    hosts.check()
    host.is_there = False
    hosts.check()
    host.is_there = True
    with qtbot.assertNotEmitted(hosts.missing, wait=80):
        hosts.check()
    host.is_there = False
    with qtbot.waitSignal(hosts.missing):
        hosts.check()
    assert (hosts.is_missing, hosts.is_looking) == (True, True)
    with qtbot.assertNotEmitted(hosts.missing, wait=80):
        hosts.check(at_once=True)  # it was said
    host.is_there = True
    with qtbot.waitSignal(hosts.came):
        hosts._on_settled()  # the bus tells of it
    assert (hosts.is_missing, hosts.is_looking) == (False, False)
    hosts.stop()


def test_a_panel_may_leave_the_bus_before_it_leaves_the_screen(
    look: Theme, host: _Host, qtbot: QtBot
) -> None:
    """F-D02: its place for older icons is still there when the bus tells that it goes."""
    hosts = TrayHosts(look, patience_ms=20, gone_ms=40)
    host.is_there = True
    hosts.start()
    hosts._on_unregistered("the watcher")
    host.is_there = False
    with qtbot.waitSignal(hosts.missing):
        pass
    hosts.stop()


def test_a_restart_on_the_bus_beside_another_kind_of_tray_is_no_loss(
    look: Theme, host: _Host, qtbot: QtBot
) -> None:
    hosts = TrayHosts(look, patience_ms=20, gone_ms=40)
    host.is_there = True
    hosts.start()
    with qtbot.assertNotEmitted(hosts.missing, wait=80):
        hosts._on_unregistered("the watcher")
    assert not hosts.is_missing
    hosts.stop()


def test_who_comes_to_a_window_is_told_at_once_that_the_icon_has_gone(
    tray: Tray, host: _Host, qtbot: QtBot
) -> None:
    """F-D01"""
    host.is_there = True
    tray.start()
    tray.check_host()
    host.is_there = False
    with qtbot.waitSignal(tray.host_missing):
        tray.check_host()
    assert tray.is_host_missing
    assert not tray.has_host


def test_nobody_misses_a_tray_that_a_locked_screen_takes_away(
    look: Theme, host: _Host, qtbot: QtBot
) -> None:
    """F-D02: GNOME's extensions rest while the screen is locked."""
    hosts = TrayHosts(look, patience_ms=20, gone_ms=40)
    host.is_there = True
    hosts.start()
    hosts.note_locked(True)
    host.is_there = False
    with qtbot.assertNotEmitted(hosts.missing, wait=100):
        hosts.check()
    hosts.note_locked(False)
    host.is_there = True
    with qtbot.assertNotEmitted(hosts.missing, wait=100):
        pass
    host.is_there = False
    with qtbot.waitSignal(hosts.missing):
        hosts.note_locked(False)
    hosts.stop()


def test_so_is_who_comes_while_the_first_one_is_waited_for(
    look: Theme, host: _Host, qtbot: QtBot
) -> None:
    """F-D01: a session has just begun, and somebody starts the program by hand."""
    tray = Tray(look, clock=lambda: NOW, zone=ZONE, patience_ms=3_600_000)
    tray.start()
    with qtbot.waitSignal(tray.host_missing):
        tray.check_host()
    host.is_there = True
    with qtbot.waitSignal(tray.host_found):
        pass
    assert not tray.is_host_missing
    tray.stop()


def test_a_menu_that_qt_draws_itself_is_dressed(qapp: QApplication) -> None:
    sheet, palette = qapp.styleSheet(), qapp.palette()
    qapp.setStyleSheet(NO_SHEET)
    theme = Theme(qapp, "light", dressed=False)
    tray = Tray(theme)
    tray.menu.aboutToShow.emit()
    assert qapp.styleSheet() != NO_SHEET
    theme.deleteLater()
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)


def test_what_looks_the_same_is_not_set_again(
    tray: Tray, host: _Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    host.is_there = True
    tray.start()
    tray.render(signed_in(FRESH))
    calls: list[str] = []
    monkeypatch.setattr(QSystemTrayIcon, "setIcon", lambda *_: calls.append("icon"))
    monkeypatch.setattr(QSystemTrayIcon, "setToolTip", lambda *_: calls.append("tooltip"))
    monkeypatch.setattr(QAction, "setText", lambda *_: calls.append("text"))
    tray.render(signed_in(replace(FRESH)))
    assert calls == []
    tray.render(PANEL_STATES["warning"])
    assert {"icon", "tooltip", "text"} <= set(calls)


def test_the_icon_follows_the_desktop_not_the_colours_of_the_windows(
    tray: Tray, host: _Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dark panel stays dark behind a program whose windows were set to light."""
    host.is_there = True
    tray.start()
    tray.render(signed_in(FRESH))
    before = _icon(tray).icon().cacheKey()
    theme = tray.parent()
    assert isinstance(theme, Theme)
    theme.follow("dark")
    assert _icon(tray).icon().cacheKey() == before
    monkeypatch.setattr(Theme, "is_system_dark", True)
    theme.system_changed.emit()
    assert _icon(tray).icon().cacheKey() != before


def test_the_tooltip_names_every_window(tray: Tray, host: _Host) -> None:
    host.is_there = True
    tray.start()
    tray.render(PANEL_STATES["warning"])
    text = _icon(tray).toolTip()
    for word in ("5-hour", "Weekly", "Code review", "Spark", "78 %", "15:00"):
        assert word in text


def test_hostile_names_reach_neither_tooltip_nor_menu_as_markup(tray: Tray, host: _Host) -> None:
    """T-55."""
    host.is_there = True
    tray.start()
    hostile = RateLimit("x", (window("x", 1, 3600, None, "<img src=file:x> R&D"),))
    tray.render(signed_in(snapshot(hostile)))
    assert "<" not in _icon(tray).toolTip()
    assert any("R&&D" in action.text() for action in _entries(tray))


@pytest.mark.parametrize(
    ("status", "entries"),
    [
        (SessionStatus.STARTING, ["Open", "Refresh now", "Chat", "History", "Settings", "Quit"]),
        (
            SessionStatus.SIGNED_OUT,
            ["Open", "Refresh now", "Chat", "History", "Settings", "Sign in", "Quit"],
        ),
        (
            SessionStatus.SIGNED_IN,
            ["Open", "Refresh now", "Chat", "History", "Settings", "Sign out…", "Quit"],
        ),
        (
            SessionStatus.EXPIRED,
            ["Open", "Refresh now", "Chat", "History", "Settings", "Sign in", "Sign out…", "Quit"],
        ),
        (
            SessionStatus.KEYRING_LOCKED,
            ["Open", "Unlock keyring", "Chat", "History", "Settings", "Quit"],
        ),
    ],
)
def test_the_menu_offers_what_can_be_done(
    tray: Tray, status: SessionStatus, entries: list[str]
) -> None:
    state = AppState()
    tray.render(replace(state, session=replace(state.session, status=status)))
    assert [action.text() for action in _entries(tray)] == entries


def test_the_numbers_stand_in_the_menu_for_panels_without_tooltips(tray: Tray) -> None:
    tray.render(signed_in(FRESH))
    lines = [action for action in _entries(tray) if not action.isEnabled()]
    assert [line.text() for line in lines] == ["5-hour 31 % used", "Weekly 12 % used"]
    tray.render(AppState())
    assert all("%" not in action.text() for action in _entries(tray))


def test_a_poll_under_way_leaves_the_menu_alone() -> None:
    state = signed_in(FRESH)
    polling = replace(state, poll=replace(state.poll, is_polling=True))
    assert menu_content(polling) == menu_content(state)


@pytest.mark.parametrize(
    ("label", "signal"),
    [
        ("Open", "open_requested"),
        ("Refresh now", "refresh_requested"),
        ("Chat", "chat_requested"),
        ("Settings", "settings_requested"),
        ("Sign out…", "sign_out_requested"),
        ("Quit", "quit_requested"),
    ],
)
def test_each_entry_says_what_is_wished(tray: Tray, qtbot: QtBot, label: str, signal: str) -> None:
    tray.render(signed_in(FRESH))
    entry = next(action for action in _entries(tray) if action.text() == label)
    with qtbot.waitSignal(getattr(tray, signal)):
        entry.trigger()


def test_a_left_click_tells_where_the_icon_is(
    tray: Tray, host: _Host, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    host.is_there = True
    tray.start()
    monkeypatch.setattr(QSystemTrayIcon, "geometry", lambda _self: QRect(100, 770, 22, 22))
    with qtbot.waitSignal(tray.toggled) as caught:
        _icon(tray).activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    assert caught.args == [QRect(100, 770, 22, 22).center()]
    monkeypatch.setattr(QSystemTrayIcon, "geometry", lambda _self: QRect())
    with qtbot.waitSignal(tray.toggled) as caught:
        _icon(tray).activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    assert isinstance(caught.args[0], QPoint)
    with qtbot.assertNotEmitted(tray.toggled):
        _icon(tray).activated.emit(QSystemTrayIcon.ActivationReason.Context)


def test_gnomes_bar_counts_as_dark(
    tray: Tray, host: _Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    host.is_there = True
    tray.start()
    tray.render(signed_in(FRESH))
    light = _icon(tray).icon().cacheKey()
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "ubuntu:GNOME")
    tray.render(signed_in(replace(FRESH), poll=failed(Fault(FaultKind.OFFLINE))))
    tray.render(signed_in(FRESH))
    assert _icon(tray).icon().cacheKey() != light


def test_an_answer_that_grows_costs_the_tray_nothing(
    tray: Tray, host: _Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    host.is_there = True
    tray.start()
    state = signed_in(FRESH)
    tray.render(state)
    worked: list[object] = []
    monkeypatch.setattr("app.ui.tray.icon_state", lambda *_, **__: worked.append(1))
    for state_now in (state, replace(state, conversation=Conversation("c1"))):
        tray.render(state_now)
    assert not worked
