"""The command line on a real keyring: a whole life, and what it says when the keyring fails.

Exit codes that do not depend on the keyring are proved in the integration tests.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from support.desktop_session import DesktopSession, desktop_session, wait_until
from support.running_program import CHECKOUT, environment_of, run_command
from support.session_keyring import lock, store_sign_in, stored_secrets

from app.simulator.accounts import ANN
from app.simulator.server import Simulator
from app.simulator.visitor import visit

_WINDOW = {
    "id": str,
    "label": str,
    "used_percent": (int, float),
    "used_percent_reported": (int, float),
    "window_seconds": int,
    "resets_at": str,
    "resets_in_seconds": int,
}


@pytest.fixture
def terminal() -> Iterator[DesktopSession]:
    """A session without any window: a bus, a keyring, a shell."""
    with desktop_session("none", keyring=True) as session:
        for name in ("DISPLAY", "QT_QPA_PLATFORM"):
            session.env.pop(name)
        yield session


def starts(
    session: DesktopSession, simulator: Simulator, *arguments: str, log: str
) -> subprocess.Popen[bytes]:
    """`python -m app ARGUMENTS`, going on in the background."""
    command = [sys.executable, "-W", "default", "-m", "app", *arguments]
    environment = {**session.env, **environment_of(session, simulator)}
    return session.start(command, log=log, cwd=CHECKOUT, env=environment)


@pytest.mark.xdist_group("callback-port")
def test_a_whole_life(terminal: DesktopSession, simulator: Simulator) -> None:
    """Sign in without a browser of its own, look, ask, watch, sign out (T-34, T-43)."""
    signs_in(terminal, simulator)
    looks(terminal, simulator)
    asks(terminal, simulator)
    watches(terminal, simulator)
    signs_out(terminal, simulator)
    assert not (terminal.folder / "opened").exists()


def signs_in(session: DesktopSession, simulator: Simulator) -> None:
    login = starts(session, simulator, "login", "--no-browser", log="login")

    def address() -> str:
        lines = session.log("login").splitlines()
        return next((line for line in lines if line.startswith("http://")), "")

    wait_until(address, 30, "the address to open")
    page = visit(address())
    assert page.status == 200
    assert login.wait(30) == 0
    assert "Signed in as ann@example.com" in session.log("login")
    (entry,) = stored_secrets(session)
    assert entry["attributes"]["service"] == "Tidegauge"


def looks(session: DesktopSession, simulator: Simulator) -> None:
    plain = run_command(session, simulator, "status")
    assert (plain.returncode, plain.stderr) == (0, "")
    for name, percent in (("5-hour", "86 %"), ("Weekly", "31 %"), ("Code review", "8 %")):
        assert any(name in line and percent in line for line in plain.stdout.splitlines())
    told = run_command(session, simulator, "status", "--json")
    assert (told.returncode, told.stderr) == (0, "")
    assert_schema(json.loads(told.stdout))


def assert_schema(report: dict[str, object]) -> None:
    """What other programs may rely on."""
    account = report["account"]
    assert isinstance(account, dict)
    assert account["email"] == ANN.email
    assert account["account_id"] == ANN.account_id
    assert report["plan"] == "plus"
    fetched_at = datetime.fromisoformat(str(report["fetched_at"]))
    assert abs((fetched_at - datetime.now(UTC)).total_seconds()) < 120
    assert isinstance(report["credits"], dict)
    windows = report["windows"]
    assert isinstance(windows, list)
    assert len({window["id"] for window in windows}) == 5
    for window in windows:
        for name, kind in _WINDOW.items():
            assert isinstance(window[name], kind), name
        assert 0 <= window["used_percent"] <= 100
        resets_at = datetime.fromisoformat(window["resets_at"])
        remaining = (resets_at - fetched_at).total_seconds()
        assert abs(remaining - window["resets_in_seconds"]) <= 2


def asks(session: DesktopSession, simulator: Simulator) -> None:
    answer = run_command(session, simulator, "ask", "Write a small program")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "Counter(words).most_common(count)" in answer.stdout


def watches(session: DesktopSession, simulator: Simulator) -> None:
    watch = starts(session, simulator, "watch", log="watch")
    wait_until(lambda: "90 %" in session.log("watch"), 30, "a line")
    watch.send_signal(signal.SIGINT)
    assert watch.wait(2) == 0
    assert "Traceback" not in session.log("watch")


def signs_out(session: DesktopSession, simulator: Simulator) -> None:
    out = run_command(session, simulator, "logout")
    assert (out.returncode, stored_secrets(session)) == (0, [])
    assert "Signed out." in out.stdout + out.stderr
    assert simulator.requests_to("/oauth/revoke", "POST")
    assert run_command(session, simulator, "status").returncode == 3


def test_a_locked_keyring_is_7_and_asks_nothing(
    terminal: DesktopSession, simulator: Simulator
) -> None:
    """F-T17: nobody sits at this terminal, so no prompt is raised."""
    store_sign_in(terminal, simulator)
    lock(terminal)
    for arguments in (("status",), ("status", "--json"), ("ask", "Anything"), ("watch",)):
        told = run_command(terminal, simulator, *arguments)
        assert told.returncode == 7
        assert "Keyring locked" in told.stderr
        assert told.stdout == ""
    assert not simulator.requests


@pytest.mark.xdist_group("callback-port")
def test_without_a_keyring_nothing_is_kept(simulator: Simulator) -> None:
    """T-31: 7 says that the sign-in worked and could not be stored; no file is written instead."""
    with desktop_session("none") as session:
        session.env.pop("DISPLAY")
        login = starts(session, simulator, "login", "--no-browser", log="login")
        wait_until(lambda: "http://localhost:" in session.log("login"), 30, "the address")
        lines = session.log("login").splitlines()
        visit(next(line for line in lines if line.startswith("http://")))
        assert login.wait(30) == 7
        assert "could not be kept in the keyring" in session.log("login")
        assert run_command(session, simulator, "status").returncode == 7


def test_the_other_codes_with_a_sign_in_from_the_keyring(
    terminal: DesktopSession, simulator: Simulator
) -> None:
    """2 wrong usage, 3 expired, 4 unreachable: the stored sign-in decides none of them alone."""
    store_sign_in(terminal, simulator)
    assert run_command(terminal, simulator, "status", "--nonsense").returncode == 2
    simulator.revoke_all()
    expired = run_command(terminal, simulator, "status")
    assert expired.returncode == 3
    assert "tidegauge login" in expired.stderr
    simulator.stop()
    store_sign_in(terminal, simulator)
    assert run_command(terminal, simulator, "status").returncode == 4
