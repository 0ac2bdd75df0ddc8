"""Whether motion is welcome: a desktop portal on a real bus, its absence, its changes."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtDBus import QDBusConnection
from PySide6.QtWidgets import QProxyStyle, QStyle, QStyleHintReturn, QStyleOption, QWidget
from pytestqt.qtbot import QtBot
from support.system_services import FakeService, settings_portal

from app.ui import motion
from app.ui.motion import Motion

_numbers = itertools.count()
Ask = Callable[[], Motion]


@pytest.fixture
def widget(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


@pytest.fixture
def ask(bus: str) -> Iterator[Ask]:
    names: list[str] = []

    def ask() -> Motion:
        names.append(f"motion-{next(_numbers)}")
        asked = Motion()
        asked.start(QDBusConnection.connectToBus(bus, names[-1]))
        return asked

    yield ask
    for name in names:
        QDBusConnection.disconnectFromBus(name)


@pytest.mark.parametrize(("signature", "value"), [("u", 1), ("b", False), ("s", "0"), ("d", 0.0)])
def test_no_motion_where_the_desktop_asks_for_none(
    bus: str, ask: Ask, widget: QWidget, qtbot: QtBot, signature: str, value: object
) -> None:
    """The common key, GNOME's, and KDE's as text or number."""
    with FakeService(bus, settings_portal(signature, value)):
        asked = ask()
        assert asked.is_welcome(widget)  # until it is known
        qtbot.waitUntil(lambda: not asked.is_welcome(widget))


def test_a_change_of_the_desktops_setting_holds_at_once(
    bus: str, ask: Ask, widget: QWidget, qtbot: QtBot
) -> None:
    place = ("org.freedesktop.appearance", "reduced-motion")
    with FakeService(bus, settings_portal("u", 1)) as service:
        asked = ask()
        qtbot.waitUntil(lambda: not asked.is_welcome(widget))
        service.emit("SettingChanged", "ssv", "org.example", "reduced-motion", ("u", 0))
        service.emit("SettingChanged", "ssv", *place, ("u", 0))
        qtbot.waitUntil(lambda: asked.is_welcome(widget))
        service.emit("SettingChanged", "ssv", *place, ("u", 1))
        qtbot.waitUntil(lambda: not asked.is_welcome(widget))


def test_a_portal_that_comes_later_is_asked_then(
    bus: str, ask: Ask, widget: QWidget, qtbot: QtBot
) -> None:
    asked = ask()
    asked.start()  # a second time changes nothing
    with FakeService(bus, settings_portal("s", "no number")):
        assert asked.is_welcome(widget)
    with FakeService(bus, settings_portal("b", False)):
        qtbot.waitUntil(lambda: not asked.is_welcome(widget))


def test_without_a_bus_motion_is_welcome(widget: QWidget) -> None:
    alone = Motion()
    alone.start(QDBusConnection("nowhere"))
    assert alone.is_welcome(widget)


class _Style(QProxyStyle):
    """A platform whose animations take `duration` milliseconds; 0: switched off."""

    def __init__(self, duration: int) -> None:
        super().__init__("Fusion")
        self._duration = duration

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returned: QStyleHintReturn | None = None,
    ) -> int:
        if hint is QStyle.StyleHint.SH_Widget_Animation_Duration:
            return self._duration
        return super().styleHint(hint, option, widget, returned)


def test_elsewhere_the_style_of_the_platform_knows(
    widget: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(motion, "_IS_LINUX", False)
    asked = Motion()
    asked.start()
    for style, expected in ((_Style(200), True), (_Style(0), False)):
        widget.setStyle(style)
        assert asked.is_welcome(widget) is expected
