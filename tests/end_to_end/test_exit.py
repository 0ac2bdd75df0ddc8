"""However the end comes, whatever is going on: two seconds, exit code 0, nothing printed or left.

A session manager's own protocol (XSMP) does not reach the program: the Qt of the wheels is built
without it. On X11 the end of a session is a SIGTERM, a SIGHUP or the loss of the display.
"""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from support.desktop_session import desktop_session, start_display, wait_until
from support.running_program import RunningProgram, is_running, opened_address, running_program
from support.session_keyring import lock, store_sign_in
from support.simulator import MakeSimulator

from app.simulator.faults import late
from app.simulator.server import Simulator
from app.simulator.state import Pace

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
PROMPTER = {"org.gnome.keyring.SystemPrompter": "/usr/libexec/gcr-prompter"}
_USAGE = "/backend-api/wham/usage"
_ANSWERS = "/backend-api/codex/responses"

Busy = Callable[[RunningProgram, Simulator], None]


def idle(program: RunningProgram, _simulator: Simulator) -> None:
    program.wait_for_tooltip("5-hour: 86 % used")


def polling(program: RunningProgram, simulator: Simulator) -> None:
    """The service takes the request and says nothing."""
    simulator.faults.add(_USAGE, late(120))
    wait_until(lambda: simulator.requests_to(_USAGE), 30, "a poll that hangs")


def answering(program: RunningProgram, simulator: Simulator) -> None:
    """An answer streams into the chat window."""
    simulator.set_pace(Pace(first_s=0.0, between_s=0.05))
    program.wait_for_tooltip("5-hour")
    program.tray.click("Chat")
    program.windows.wait_for("Message", "text")
    program.type_text("A long essay")
    program.press_key("Return")
    program.windows.wait_for_words("Paragraph 1.")
    assert not simulator.disconnects


@pytest.mark.parametrize("busy", [idle, polling, answering])
def test_signals_end_it_in_order(busy: Busy, make_simulator: MakeSimulator) -> None:
    """F-D06, F-D24"""
    with desktop_session("double", keyring=True, accessibility=True) as session:
        for number in SIGNALS:
            simulator = make_simulator()
            store_sign_in(session, simulator)
            with running_program(session, simulator, log=number.name) as program:
                busy(program, simulator)
                program.end(number)
                if busy is not idle:
                    wait_for_disconnect(simulator)


def wait_for_disconnect(simulator: Simulator) -> None:
    wait_until(lambda: len(simulator.disconnects) == 1, 20, "the connection closed")


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_right_after_the_icon_appeared(
    number: signal.Signals, simulator: Simulator
) -> None:
    """F-D06: the loop may not run yet."""
    with desktop_session("double") as session, running_program(session, simulator) as program:
        program.tray.wait_for_item()
        program.end(number)


@pytest.mark.xdist_group("callback-port")
def test_the_end_while_a_browser_is_waited_for(simulator: Simulator) -> None:
    """F-L02, F-D24: the callback port is free again."""
    with (
        desktop_session("double", keyring=True, accessibility=True) as session,
        running_program(session, simulator) as program,
    ):
        program.wait_for_tooltip("Not signed in")
        program.tray.click("Sign in")
        program.windows.press_button("Use my browser")
        port = urlsplit(opened_address(session)).port  # of its start page, and of the way back
        assert port
        assert not is_free(port)
        program.wait_for_tooltip("A sign-in is under way")
        program.end(signal.SIGTERM)
        assert is_free(port)


def is_free(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def test_the_end_while_the_keyring_asks_for_its_password(simulator: Simulator) -> None:
    """F-D24: the process that waits for the keyring goes too."""
    with desktop_session("double", keyring=True, activates=PROMPTER) as session:
        store_sign_in(session, simulator)
        lock(session)
        with running_program(session, simulator) as program:
            program.wait_for_tooltip("Keyring locked")
            program.tray.click("Unlock keyring")
            session.wait_for_name("org.gnome.keyring.SystemPrompter", 30)
            wait_until(program.children, 30, "the process that asks")
            program.end(signal.SIGTERM)


def test_the_display_is_lost(simulator: Simulator) -> None:
    """F-D05: Qt ends the program with code 1 and a line that says why; it does not spin."""
    with desktop_session("double", keyring=True) as session:
        store_sign_in(session, simulator)
        with running_program(session, simulator) as program:
            program.wait_for_tooltip("5-hour: 86 % used")
            children = program.children()
            session.processes["Xvfb"].kill()
            assert program.wait_for_exit() == 1, program.output
            assert "Traceback" not in program.output
            assert not [child for child in children if is_running(child)]


def test_the_display_is_lost_while_tokens_are_rotated(simulator: Simulator) -> None:
    """F-D05, F-T06: what the service has issued is stored before the end."""
    with desktop_session("double", keyring=True) as session:
        store_sign_in(session, simulator)
        simulator.expire_access_tokens()
        simulator.faults.add("/oauth/token", late(0.3))
        display = session.env["DISPLAY"]
        session.env["DISPLAY"] = start_display(session, log="lost-display")
        with running_program(session, simulator, log="first") as program:
            wait_until(lambda: simulator.requests_to("/oauth/token"), 30, "the refresh")
            session.processes["lost-display"].kill()
            assert program.wait_for_exit(5) == 1, program.output
            assert " ERROR " not in program.log_file
        session.env["DISPLAY"] = display
        with running_program(session, simulator, log="second") as program:
            program.wait_for_tooltip("5-hour: 86 % used")
            assert len(simulator.requests_to("/oauth/token")) == 1
            program.quit()


def test_a_slow_rotation_is_waited_for(simulator: Simulator) -> None:
    """F-D06: the one thing that may take longer than two seconds, up to five."""
    with desktop_session("double", keyring=True) as session:
        store_sign_in(session, simulator)
        simulator.expire_access_tokens()
        simulator.faults.add("/oauth/token", late(2.2))
        with running_program(session, simulator, log="first") as program:
            wait_until(lambda: simulator.requests_to("/oauth/token"), 30, "the refresh")
            program.end(signal.SIGTERM, 5)
        with running_program(session, simulator, log="second") as program:
            program.wait_for_tooltip("5-hour: 86 % used")
            assert len(simulator.requests_to("/oauth/token")) == 1
            program.quit()


def test_the_session_bus_is_lost(simulator: Simulator) -> None:
    """F-D04: the program lives on without it, still asks the service, and ends in order."""
    with desktop_session("double", keyring=True, accessibility=True) as session:
        store_sign_in(session, simulator)
        with running_program(session, simulator) as program:
            program.wait_for_tooltip("5-hour: 86 % used")
            program.tray.click("Open")
            program.windows.wait_for_words("5-hour limit: 86 % used")
            session.processes["dbus-daemon"].kill()
            session.processes["dbus-daemon"].wait()
            simulator.forget_requests()
            program.press_key("F5")
            wait_until(lambda: simulator.requests_to(_USAGE), 20, "a poll after it")
            program.end(signal.SIGTERM)
