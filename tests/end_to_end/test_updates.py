"""A newer version, as a person hears of it: once, from a program that asks once a day."""

from __future__ import annotations

from support.desktop_session import DesktopSession, desktop_session, wait_until
from support.notifications import control, history, start_dunst
from support.running_program import RunningProgram, run_command, running_program
from support.session_keyring import store_sign_in

from app.simulator.server import Simulator

PAGE = "/releases/latest.json"


def told(session: DesktopSession) -> list[str]:
    """What the desktop showed of versions so far; put away, it is in dunst's history."""
    control(session, "close-all")
    return [one.title for one in history(session) if "available" in one.title]


def is_in_panel(program: RunningProgram) -> bool:
    return any("Tidegauge 9.0.0 is available" in node.name for node in program.windows.nodes())


def test_a_newer_version_is_told_once_and_asked_for_once(simulator: Simulator) -> None:
    """Over a restart as well; switched off, nobody is asked, and nothing of it is loaded."""
    simulator.state.newest_release = "9.0.0"
    with desktop_session("double", keyring=True, accessibility=True) as session:
        start_dunst(session)
        session.env["TIDEGAUGE_RELEASES_URL"] = simulator.url + PAGE
        store_sign_in(session, simulator)
        with running_program(session, simulator, log="off") as program:
            program.wait_for_tooltip("5-hour: 86 % used")
            assert not simulator.requests_to(PAGE)
            run_command(session, simulator, "config", "set", "check_updates", "on")
            wait_until(lambda: told(session), 20, "the notification")
            program.tray.click("Open")
            wait_until(lambda: is_in_panel(program), 20, "the line in the panel")
            program.quit()
        with running_program(session, simulator, log="again") as program:
            program.wait_for_tooltip("5-hour: 86 % used")
            program.tray.click("Open")
            wait_until(lambda: is_in_panel(program), 20, "the line in the panel")
            program.quit()
        assert len(simulator.requests_to(PAGE)) == 1
        assert told(session) == ["Tidegauge 9.0.0 is available"]
