"""Colours and contrast as the desktop wishes them: a portal on a real bus, its changes."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtDBus import QDBusConnection
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot
from support.system_services import FakeService, settings_portal

from app.ui import theme
from app.ui.colours import DARK, HIGH_DARK, HIGH_LIGHT, LIGHT
from app.ui.desktop_looks import DesktopLooks
from app.ui.theme import Theme

_numbers = itertools.count()
_APPEARANCE = "org.freedesktop.appearance"
Begin = Callable[[], DesktopLooks]


@pytest.fixture
def begin(bus: str, look: Theme) -> Iterator[Begin]:
    names: list[str] = []

    def begin() -> DesktopLooks:
        names.append(f"looks-{next(_numbers)}")
        look.follow("system")
        return DesktopLooks(look, QDBusConnection.connectToBus(bus, names[-1]))

    yield begin
    for name in names:
        QDBusConnection.disconnectFromBus(name)


def test_the_portals_first_answer_holds(bus: str, begin: Begin, look: Theme, qtbot: QtBot) -> None:
    with FakeService(bus, settings_portal("u", 1)):  # dark, and more contrast
        begin()
        qtbot.waitUntil(lambda: look.colours is HIGH_DARK)


def test_gnome_has_a_key_of_its_own(bus: str, begin: Begin, look: Theme, qtbot: QtBot) -> None:
    with FakeService(bus, settings_portal("b", True)):
        begin()
        qtbot.waitUntil(lambda: look.colours.is_high)


def test_each_change_holds_at_once(bus: str, begin: Begin, look: Theme, qtbot: QtBot) -> None:
    with FakeService(bus, settings_portal("u", 1)) as service:
        begin()
        qtbot.waitUntil(lambda: look.colours is HIGH_DARK)
        for key, value, expected in (
            ("contrast", 0, DARK),
            ("color-scheme", 2, LIGHT),
            ("contrast", 1, HIGH_LIGHT),
            ("color-scheme", 1, HIGH_DARK),
        ):
            service.emit("SettingChanged", "ssv", "org.example", key, ("u", 0))
            service.emit("SettingChanged", "ssv", _APPEARANCE, key, ("u", value))
            qtbot.waitUntil(lambda expected=expected: look.colours is expected)  # type: ignore[misc]


def test_a_portal_that_answers_with_nothing_has_told_nothing(
    bus: str, begin: Begin, look: Theme, qtbot: QtBot
) -> None:
    """F-D23: three failures would be safe mode. What it does tell later holds."""
    mute = replace(settings_portal("u", 1), methods={"Read": ("", ())})
    with qtbot.captureExceptions() as failures, FakeService(bus, mute) as service:
        begin()
        service.emit("SettingChanged", "s", "of another shape")
        service.emit("SettingChanged", "ssv", _APPEARANCE, "color-scheme", ("u", 1))
        qtbot.waitUntil(lambda: look.colours is DARK)
    assert failures == []


def test_the_settings_stand_above_the_desktop(
    bus: str, begin: Begin, look: Theme, qtbot: QtBot
) -> None:
    with FakeService(bus, settings_portal("u", 1)):
        begin()
        qtbot.waitUntil(lambda: look.colours is HIGH_DARK)
        look.follow("light", "normal")
        assert look.colours is LIGHT


def test_without_a_bus_nothing_is_said(look: Theme) -> None:
    DesktopLooks(look, QDBusConnection("nowhere"))
    assert look.colours is LIGHT


def test_letters_are_as_large_as_the_desktop_wishes_them(
    bus: str, begin: Begin, look: Theme, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """KDE tells its font, GNOME by how much text is larger; what is no size tells nothing."""
    monkeypatch.setattr(QGuiApplication, "platformName", lambda: "wayland")
    with FakeService(bus, settings_portal("u", 1)) as service:
        begin()
        qtbot.waitUntil(lambda: look.colours is HIGH_DARK)  # the first answers are there
        for namespace, key, (kind, value), scale in (
            ("org.kde.kdeglobals.General", "font", ("s", "Noto Sans,22,-1,5,400"), 2.0),
            ("org.kde.kdeglobals.General", "font", ("s", "Noto Sans,nan,-1"), 1.0),
            ("org.gnome.desktop.interface", "text-scaling-factor", ("d", 1.5), 1.5),
            ("org.gnome.desktop.interface", "text-scaling-factor", ("s", "large"), 1.0),
            ("org.gnome.desktop.interface", "text-scaling-factor", ("d", 1.25), 1.25),
            ("org.gnome.desktop.interface", "text-scaling-factor", ("d", -1.0), 1.0),
            ("org.gnome.desktop.interface", "text-scaling-factor", ("d", 1e9), 2.0),
        ):
            service.emit("SettingChanged", "ssv", namespace, key, (kind, value))
            qtbot.waitUntil(lambda scale=scale: theme.text_scale() == scale)  # type: ignore[misc]


def test_where_the_display_is_scaled_for_larger_text_letters_are_not(
    bus: str, begin: Begin, look: Theme, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """X11: the desktop makes the whole display larger by it."""
    monkeypatch.setattr(QGuiApplication, "platformName", lambda: "xcb")
    with FakeService(bus, settings_portal("u", 1)) as service:
        begin()
        qtbot.waitUntil(lambda: look.colours is HIGH_DARK)
        key = ("org.gnome.desktop.interface", "text-scaling-factor")
        service.emit("SettingChanged", "ssv", *key, ("d", 1.5))
        service.emit("SettingChanged", "ssv", _APPEARANCE, "color-scheme", ("u", 2))
        qtbot.waitUntil(lambda: look.colours is HIGH_LIGHT)
    assert theme.text_scale() == 1.0
