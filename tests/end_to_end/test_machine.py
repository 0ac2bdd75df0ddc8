"""Sleep, network and lock as the running program hears of them over the system's bus."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from support.desktop_session import DesktopSession, desktop_session
from support.other_clock import MEND_SLEEP, with_clock
from support.running_program import RunningProgram, hold_for, running_program
from support.session_keyring import store_sign_in
from support.simulator import start_again
from support.stalls import Stalls
from support.system_services import LOGIN, NETWORK, FakeService, private_bus

from app.simulator.server import Simulator

_WAKINGS = int(os.environ.get("TIDEGAUGE_WAKINGS", "2"))  # the figure asks for the 95 % of many
_RECOVERY_S = 10.0
_USAGE = "/backend-api/wham/usage"


@contextmanager
def rarely_polling(
    session: DesktopSession, simulator: Simulator, before: str = ""
) -> Iterator[RunningProgram]:
    """The program after its first poll, with no other due for an hour."""
    settings = session.folder / "config" / "tidegauge" / "settings.toml"
    settings.parent.mkdir(mode=0o700)
    settings.write_text("poll_active_s = 3600\npoll_idle_s = 7200\n")
    store_sign_in(session, simulator)
    with running_program(session, simulator, before=before) as program:
        program.wait_for_tooltip("5-hour: 86 % used")
        yield program
        program.quit()


def polls(simulator: Simulator) -> int:
    return len(simulator.requests_to(_USAGE))


def test_a_system_bus_that_hangs_holds_nothing_up(simulator: Simulator) -> None:
    """Neither the icon nor a poll; connecting to it with QtDBus would take half a minute."""
    with (
        desktop_session("double", keyring=True) as session,
        private_bus(session.folder, is_hung=True) as address,
    ):
        session.env["DBUS_SYSTEM_BUS_ADDRESS"] = address
        with rarely_polling(session, simulator) as program:
            for _ in range(2):
                before = polls(simulator)
                program.tray.click("Refresh now")
                seconds_to_poll(program, simulator, before)
                hold_for(4.0, lambda: "86 % used" in program.tray.tooltip())


def resets(program: RunningProgram) -> list[str]:
    """When the plan's own windows reset; forecasts, and windows not begun, move with the time."""
    lines = program.tray.tooltip().splitlines()
    own = [line for line in lines if line.startswith(("5-hour:", "Weekly:"))]
    return [part for line in own for part in line.split(", ") if "resets" in part]


def seconds_to_poll(program: RunningProgram, simulator: Simulator, before: int) -> float:
    with Stalls(program.process.pid) as stalls:
        began = time.monotonic()
        assert simulator.wait_until(lambda: polls(simulator) > before, 3 * _RECOVERY_S), "no poll"
        return stalls.lived_s(began, time.monotonic())


def test_a_poll_follows_each_waking_and_each_return_of_the_network(simulator: Simulator) -> None:
    """F-M01, F-N01, figure 19: within 10 s, one poll each, by services that come and go."""
    with (
        desktop_session("double", keyring=True) as session,
        private_bus(session.folder) as address,
    ):
        session.env["DBUS_SYSTEM_BUS_ADDRESS"] = address
        login, network = FakeService(address, LOGIN), FakeService(address, NETWORK)
        with network, rarely_polling(session, simulator) as program:
            taken = [wake(program, login, simulator) for _ in range(_WAKINGS)]
            assert network.reads > 0
            simulator.stop()
            network.tell("State", 20)
            program.tray.click("Refresh now")
            program.wait_for_tooltip("Offline")
            before = polls(simulator)
            start_again(simulator)
            network.tell("State", 40)
            network.tell("State", 70)
            taken.append(seconds_to_poll(program, simulator, before))
            assert max(taken) <= _RECOVERY_S


def wake(program: RunningProgram, login: FakeService, simulator: Simulator) -> float:
    """Seconds from waking to the one poll; the login service has just come (back)."""
    reads = login.reads
    with login:
        assert simulator.wait_until(lambda: login.reads > reads)
        before = polls(simulator)
        login.emit("PrepareForSleep", "b", True)
        login.emit("PrepareForSleep", "b", False)
        seconds = seconds_to_poll(program, simulator, before)
        hold_for(1.0, lambda: polls(simulator) == before + 1)
    return seconds


def test_a_clock_set_by_days_changes_nothing_that_the_icon_tells(simulator: Simulator) -> None:
    """F-M04, F-M05, figure 31: there and back again, with polls in between."""
    with desktop_session("double", keyring=True) as session:
        clock = session.folder / "clock"
        clock.write_text("+0")
        session.env |= with_clock(clock)
        with rarely_polling(session, simulator, before=MEND_SLEEP) as program:
            before = resets(program)
            assert len(before) == 2
            for jump in ("+2d", "-2d", "+0"):
                clock.write_text(jump)
                assert resets(program) == before
                polled = polls(simulator)
                program.tray.click("Refresh now")
                seconds_to_poll(program, simulator, polled)
                hold_for(0.5, lambda: resets(program) == before)
                assert "Sign out…" in program.tray.labels()
        assert len(simulator.requests_to("/oauth/token")) <= 1
