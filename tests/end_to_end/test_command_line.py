"""The command line beside the tray program: one keyring, one sign-in.

What each command prints and returns is proved in the integration tests.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from support.desktop_session import DesktopSession, desktop_session, wait_until
from support.running_program import (
    CHECKOUT,
    ProcessWatch,
    environment_of,
    run_command,
    running_program,
)
from support.session_keyring import stored_secrets

from app.simulator.server import Simulator
from app.simulator.visitor import visit

pytestmark = pytest.mark.xdist_group("callback-port")


def login(session: DesktopSession, simulator: Simulator) -> subprocess.Popen[bytes]:
    """`login --no-browser`, waiting for the sign-in."""
    command = [sys.executable, "-W", "default", "-m", "app", "login", "--no-browser"]
    environment = {**session.env, **environment_of(session, simulator)}
    process = session.start(command, log="login", cwd=CHECKOUT, env=environment)
    wait_until(lambda: addresses(session) or process.poll() is not None, 30, "the address")
    assert process.poll() is None, session.log("login")
    return process


def addresses(session: DesktopSession) -> list[str]:
    lines = session.log("login").splitlines()
    return [line for line in lines if line.startswith("http://localhost:")]


def test_a_sign_in_at_the_terminal_serves_the_tray_as_well(simulator: Simulator) -> None:
    """T-34, T-43: no secret in an argument or environment; signed out for both."""
    with desktop_session("double", keyring=True) as session:
        process = login(session, simulator)
        with ProcessWatch(process.pid) as watch:
            assert visit(*addresses(session)).status == 200
            assert process.wait(30) == 0
        assert not (session.folder / "opened").exists()
        entries = stored_secrets(session)
        assert {entry["attributes"]["service"] for entry in entries} == {"Tidegauge"}
        (secrets,) = (e["secret"] for e in entries if "refresh_token" in e["secret"])
        secret = secrets.split('"refresh_token":"')[1].split('"')[0]
        assert secret.encode() not in watch.seen
        with running_program(session, simulator) as program:
            tooltip = program.wait_for_tooltip("Weekly: 31 % used")
            program.quit()
        told = run_command(session, simulator, "status", "--json")
        assert (told.returncode, told.stderr) == (0, "")
        for window in json.loads(told.stdout)["windows"]:
            assert f"{window['label']}: {window['used_percent']} % used" in tooltip
        assert run_command(session, simulator, "logout").returncode == 0
        assert stored_secrets(session) == []
        with running_program(session, simulator, log="afterwards") as program:
            program.wait_for_tooltip("Not signed in")
            program.quit()


def test_a_login_that_cannot_be_kept_says_so(simulator: Simulator) -> None:
    """T-31: 7, and no file is written instead."""
    with desktop_session("none") as session:
        process = login(session, simulator)
        visit(*addresses(session))
        assert process.wait(30) == 7
        assert "could not be kept in the keyring" in session.log("login")
        assert run_command(session, simulator, "status").returncode == 7
