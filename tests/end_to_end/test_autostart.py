"""From the switch to the icon: what a session that has just begun makes of the entry."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from support.desktop_session import DesktopSession, desktop_session, wait_until
from support.running_program import environment_of, run_command
from support.tray_host import TrayReader

from app import APP_ID
from app.simulator.server import Simulator

_LOOK_S = 2.0


def test_the_entry_starts_the_icon_without_a_window(simulator: Simulator) -> None:
    """Autostart entry, hidden start, tray: as the session's own launcher does it."""
    with desktop_session("double", keyring=True) as session:
        assert run_command(session, simulator, "autostart", "on").returncode == 0
        entry = Path(session.env["XDG_CONFIG_HOME"]) / "autostart" / f"{APP_ID}.desktop"
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


def visible_windows(session: DesktopSession) -> list[str]:
    """The titles of the program's windows on the screen."""
    done = subprocess.run(
        ["xdotool", "search", "--onlyvisible", "--class", "tidegauge"],
        env=session.env,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.split()
