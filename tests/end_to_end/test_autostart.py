"""From the switch to the icon: what a session that has just begun makes of the entry."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from support.accessible_tree import CHECKED
from support.desktop_session import DesktopSession, desktop_session, wait_until
from support.running_program import environment_of, hold_for, run_command, running_program
from support.screen import visible_windows
from support.session_keyring import lock, store_sign_in, unlock
from support.simulator import start_again
from support.tray_host import TrayReader

from app import APP_ID
from app.simulator.server import Simulator
from app.ui.tray import PATIENCE_MS

_LOOK_S = 2.0


def test_the_entry_starts_the_icon_without_a_window(simulator: Simulator) -> None:
    """Autostart entry, hidden start, tray: as the session's own launcher does it."""
    with desktop_session("double", keyring=True) as session:
        assert run_command(session, simulator, "autostart", "on").returncode == 0
        entry = entry_of(session)
        launch(session, simulator, entry)
        reader = TrayReader(session.bus_address)
        reader.wait_for_item(30)
        until = time.monotonic() + _LOOK_S
        while time.monotonic() < until:
            assert visible_windows(session) == []
            time.sleep(0.1)
        launch(session, simulator, entry)  # the session began a second time: nothing happens
        assert len(reader.items()) == 1
        assert visible_windows(session) == []
        assert run_command(session, simulator, "--show").returncode == 0
        wait_until(lambda: visible_windows(session), 20, "the panel")
        assert run_command(session, simulator, "--quit").returncode == 0
        wait_until(lambda: not reader.items(), 10, "the icon to go")
        reader.close()


def test_a_session_that_is_not_ready_is_waited_for(simulator: Simulator) -> None:
    """F-D01, F-T17: no panel, a locked keyring and no network are how a session begins. No window
    opens, no prompt; icon, sign-in and numbers come as soon as they can."""
    with desktop_session("none", keyring=True) as session:
        store_sign_in(session, simulator)
        lock(session)
        assert run_command(session, simulator, "autostart", "on").returncode == 0
        simulator.stop()
        launch(session, simulator, entry_of(session))
        hold_for(PATIENCE_MS / 1000 + 1.5, lambda: visible_windows(session) == [])
        session.start_host("double")
        reader = TrayReader(session.bus_address)
        reader.wait_for_item(10)
        reader.wait_for(lambda: "Keyring locked" in reader.tooltip(), 20, "the keyring")
        unlock(session)
        reader.wait_for(lambda: "Sign out…" in reader.labels(), 20, "the sign-in")
        reader.click("Refresh now")
        reader.wait_for(lambda: "Offline" in reader.tooltip(), 20, "the network")
        start_again(simulator)
        reader.click("Refresh now")
        reader.wait_for(lambda: "86 % used" in reader.tooltip(), 20, "the numbers")
        assert visible_windows(session) == []
        assert run_command(session, simulator, "--quit").returncode == 0
        reader.close()


def test_the_switch_shows_what_others_do_while_it_is_looked_at(simulator: Simulator) -> None:
    """The command line, another program, a hand: the open window follows, untouched."""
    with (
        desktop_session("double", keyring=True, accessibility=True) as session,
        running_program(session, simulator) as program,
    ):
        program.tray.wait_for_item()
        program.tray.click("Settings")
        program.windows.wait_for("Start with the system", "check box")

        def is_on() -> bool:
            node = program.windows.find("Start with the system", "check box")
            return node is not None and CHECKED in node.states

        assert not is_on()
        for words, shown in (("on", True), ("off", False), ("on", True)):
            assert run_command(session, simulator, "autostart", words).returncode == 0
            wait_until(lambda shown=shown: is_on() is shown, 20, f"the switch is {words}")  # type: ignore[misc]
        entry = entry_of(session)
        entry.write_text(entry.read_text() + "Hidden=true\n")
        wait_until(lambda: not is_on(), 20, "the switch is off")
        entry.unlink()
        switch = program.windows.wait_for("Start with the system", "check box")
        program.windows.press(switch, "Toggle")
        wait_until(entry.exists, 20, "the entry")
        wait_until(is_on, 20, "the switch is on")
        program.quit()


def test_a_program_that_moved_mends_its_entry_when_it_is_started_by_hand(
    simulator: Simulator,
) -> None:
    """No window has to be opened for it; another installation that is still there is left."""
    with desktop_session("double", keyring=True) as session:
        assert run_command(session, simulator, "autostart", "on").returncode == 0
        entry = entry_of(session)
        ours = entry.read_text()
        entry.write_text(ours.replace(sys.executable, "/opt/gone/tidegauge"))
        with running_program(session, simulator) as program:
            wait_until(lambda: entry.read_text() == ours, 30, "the entry to be mended")
            program.tray.wait_for_item()
            program.quit()
        others = ours.replace(sys.executable, "/bin/true")
        entry.write_text(others)
        with running_program(session, simulator) as program:
            program.tray.wait_for_item()
            hold_for(_LOOK_S, lambda: entry.read_text() == others)
            program.quit()


def entry_of(session: DesktopSession) -> Path:
    return Path(session.env["XDG_CONFIG_HOME"]) / "autostart" / f"{APP_ID}.desktop"


def launch(session: DesktopSession, simulator: Simulator, entry: Path) -> None:
    """Start `entry` as a desktop does."""
    environment = {**session.env, **environment_of(session, simulator)}
    # What it starts keeps its output, so that it must not be a pipe.
    subprocess.run(
        ["gio", "launch", os.fspath(entry)],
        env=environment,
        stdout=subprocess.DEVNULL,
        timeout=60,
        check=True,
    )
