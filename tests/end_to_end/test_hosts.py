"""The whole program on packaged panels: they come late, take clicks, restart, or never come."""

from __future__ import annotations

import signal

import pytest
from support.desktop_session import DesktopSession, desktop_session, end, wait_until
from support.running_program import (
    RunningProgram,
    Shoot,
    hold_for,
    run_command,
    running_program,
)
from support.screen import click, find_colour, picture, visible_windows, window_box
from support.session_keyring import store_sign_in
from support.system_services import LOGIN, FakeService, private_bus

from app.simulator.server import Simulator
from app.ui.colours import LIGHT
from app.ui.placement import MARGIN

_PANEL_TOP = 740  # every panel here stands at the lower edge of the 800 rows
_NUMBERS = "5-hour limit: 86 % used"
_WHY = "This desktop shows no tray icons"


def place_of_icon(session: DesktopSession, seconds: float = 20.0) -> tuple[int, int]:
    """Where the panel shows our icon: it alone has the colour of a window near its limit."""
    places: list[tuple[int, int]] = []

    def found() -> bool:
        place = find_colour(picture(session), LIGHT.over, below=_PANEL_TOP)
        places[:] = [place] if place else []
        return bool(places)

    wait_until(found, seconds, "our icon in the panel")
    return places[0]


def press_the_icon(session: DesktopSession, program: RunningProgram) -> None:
    """A click opens the panel above the icon, as far as the screen allows; Escape closes it."""
    x, y = place_of_icon(session)
    click(session, x, y)
    program.windows.wait_for_words(_NUMBERS)
    left, top, width, height = window_box(session, "Tidegauge: limits")
    assert abs(left - min(max(x - width // 2, MARGIN), 1280 - width - MARGIN)) <= 2
    assert 0 <= top < top + height <= y
    program.press_key("Escape")
    wait_until(lambda: not program.windows.windows(), 20, "the panel is closed")


@pytest.mark.parametrize("host", ["trayer", "xfce4-panel", "lxqt-panel"])
def test_a_panel_that_comes_late_and_restarts(
    host: str, simulator: Simulator, shoot: Shoot
) -> None:
    """F-D01, F-D02: first a window that says why, then the icon; back within 5 s of a restart."""
    with desktop_session("none", keyring=True, accessibility=True) as session:
        store_sign_in(session, simulator)
        with running_program(session, simulator) as program:
            program.windows.wait_for_words(_WHY)
            program.windows.wait_for_words(_NUMBERS)
            shoot(session, f"{host}-before")
            panel = session.start_host(host)
            place_of_icon(session)
            wait_until(lambda: _WHY not in program.windows.words(), 20, "the reason is gone")
            program.press_key("Escape")
            wait_until(lambda: not program.windows.windows(), 20, "the window is closed")
            press_the_icon(session, program)
            shoot(session, f"{host}-icon")
            end(panel)
            session.start_host(host)
            place_of_icon(session)
            press_the_icon(session, program)
            assert program.process.poll() is None
            assert program.output == ""


@pytest.mark.parametrize("host", ["double", "xfce4-panel", "lxqt-panel"])
def test_a_panel_that_goes_for_good(host: str, simulator: Simulator) -> None:
    """F-D01, F-D02: the window comes by itself and says why, until there is a place again."""
    with desktop_session(host, keyring=True, accessibility=True) as session:
        store_sign_in(session, simulator)
        with running_program(session, simulator) as program:
            program.wait_for_tooltip("86 % used")
            end(session.host_process)
            program.windows.wait_for_words(_WHY, 30)
            program.windows.wait_for_words(_NUMBERS)
            session.start_host(host)
            wait_until(lambda: _WHY not in program.windows.words(), 40, "the reason is gone")
            program.press_key("Escape")
            wait_until(lambda: not program.windows.windows(), 20, "the window is closed")
            program.wait_for_tooltip("86 % used")
            program.quit()


def test_a_tray_that_goes_with_the_lock_of_the_screen_opens_nothing(simulator: Simulator) -> None:
    """F-D02: the next one to unlock it finds the icon, and no window."""
    with (
        desktop_session("double", keyring=True) as session,
        private_bus(session.folder) as address,
        FakeService(address, LOGIN) as login,
    ):
        session.env["DBUS_SYSTEM_BUS_ADDRESS"] = address
        store_sign_in(session, simulator)
        with running_program(session, simulator) as program:
            program.wait_for_tooltip("86 % used")
            wait_until(lambda: login.reads > 0, 20, "the watch of the machine")
            login.tell("LockedHint", True)
            end(session.host_process)
            hold_for(11.0, lambda: visible_windows(session) == [])
            session.start_host("double")
            login.tell("LockedHint", False)
            program.tray.wait_for_item(10)
            hold_for(1.0, lambda: visible_windows(session) == [])
            program.quit()


def test_an_xembed_tray_that_went_is_noticed_when_somebody_comes(simulator: Simulator) -> None:
    """F-D01: no bus tells of it, and nothing wakes up for it."""
    with desktop_session("trayer", keyring=True, accessibility=True) as session:
        store_sign_in(session, simulator)
        with running_program(session, simulator) as program:
            place_of_icon(session)
            end(session.host_process)
            assert run_command(session, simulator, "--show").returncode == 0
            program.windows.wait_for_words(_WHY)
            session.start_host("trayer")
            place_of_icon(session)
            wait_until(lambda: _WHY not in program.windows.words(), 40, "the reason is gone")
            program.end(signal.SIGTERM)


@pytest.mark.parametrize("host", ["trayer", "xfce4-panel", "lxqt-panel"])
def test_a_panel_that_is_there_first(host: str, simulator: Simulator, shoot: Shoot) -> None:
    """No window of its own at the start; the panel opens by a click only."""
    with desktop_session(host, keyring=True, accessibility=True) as session:
        store_sign_in(session, simulator)
        with running_program(session, simulator) as program:
            x, y = place_of_icon(session)
            assert not program.windows.windows()
            click(session, x, y)
            program.windows.wait_for_words(_NUMBERS)
            shoot(session, f"{host}-panel")
            assert program.output == ""


def test_without_a_tray_the_window_is_the_program(simulator: Simulator, shoot: Shoot) -> None:
    """F-D01: it says why it is there, works, and closing it quits."""
    with (
        desktop_session("none", accessibility=True) as session,
        running_program(session, simulator) as program,
    ):
        said = program.windows.wait_for_words(_WHY)
        assert "AppIndicator" in said
        shoot(session, "no-tray-signed-out")
        program.windows.wait_for("Sign in", "push button")
        program.press_key("Escape")
        assert program.wait_for_exit() == 0
        assert program.output == ""
