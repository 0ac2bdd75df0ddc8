"""The tray program keeps what it polls; another process reads it meanwhile."""

from __future__ import annotations

import csv
import io

from support.desktop_session import DesktopSession, desktop_session, wait_until
from support.running_program import run_command, running_program
from support.session_keyring import store_sign_in

from app.simulator.server import Simulator


def test_what_the_tray_shows_is_in_the_history(simulator: Simulator) -> None:
    """F-D07: across two starts, with a kill between them."""
    with desktop_session("double", keyring=True) as session:
        store_sign_in(session, simulator)
        with running_program(session, simulator) as program:
            program.wait_for_tooltip("% used")
            wait_until(lambda: bool(_uses(session, simulator)), 20, "the first reading on file")
            first = _uses(session, simulator)
            program.process.kill()
            program.process.wait(30)
        with running_program(session, simulator, log="again") as program:
            program.wait_for_tooltip("% used")
            assert _uses(session, simulator)[: len(first)] == first
            program.quit()


def _uses(session: DesktopSession, simulator: Simulator) -> list[str]:
    done = run_command(session, simulator, "history", "--csv", "--window", "codex/18000")
    return [row["used_percent"] for row in csv.DictReader(io.StringIO(done.stdout))]
