"""A sign-in that no keyring has taken, and the ways in which the program is told to end."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from support.desktop_session import DesktopSession, desktop_session, start_keyring, wait_until
from support.running_program import (
    RunningProgram,
    run_command,
    running_program,
    sign_in_by_browser,
)

from app.simulator.server import Simulator

pytestmark = pytest.mark.xdist_group("callback-port")

LOST = "A sign-in was lost"


@contextmanager
def signed_in_for_this_run(
    session: DesktopSession, simulator: Simulator
) -> Iterator[RunningProgram]:
    """There is no keyring."""
    with running_program(session, simulator, log="first") as program:
        sign_in_by_browser(session, program)
        yield program


def test_an_end_asked_for_by_another_start_is_asked_about(simulator: Simulator) -> None:
    """F-T22, F-D13: whoever runs the command is told; by force nobody is asked."""
    with desktop_session("double", accessibility=True) as session:
        with signed_in_for_this_run(session, simulator) as program:
            done = run_command(session, simulator, "--quit")
            assert (done.returncode, done.stdout) == (1, "")
            assert "tidegauge --quit --force" in done.stderr
            program.windows.wait_for_words("Quit and lose the sign-in?")
            program.windows.press_button("Cancel")
            assert run_command(session, simulator, "--show").returncode == 0
            assert program.process.poll() is None
            children = program.children()
            done = run_command(session, simulator, "--quit", "--force")
            assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
            program.assert_clean_end(children)
        with running_program(session, simulator, log="second") as program:
            program.wait_for_tooltip("Not signed in")
            program.tray.activate()
            program.windows.wait_for_words(LOST)
            program.windows.press_button("Dismiss")
            wait_until(lambda: LOST not in program.windows.words(), 20, "the banner to go")
            program.quit()
        with running_program(session, simulator, log="third") as program:
            program.wait_for_tooltip("Not signed in")
            program.tray.activate()
            program.windows.wait_for("Sign in", "push button")
            assert LOST not in program.windows.words()
            program.quit()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_the_end_of_the_session_keeps_it_if_the_keyring_takes_it_by_now(
    number: signal.Signals, simulator: Simulator
) -> None:
    """F-T22, F-D06: nobody can be asked; the keyring is, once."""
    with desktop_session("double", accessibility=True) as session:
        with signed_in_for_this_run(session, simulator) as program:
            start_keyring(session)
            program.end(number)
        with running_program(session, simulator, log="second") as program:
            program.wait_for_tooltip("5-hour: 86 % used")
            program.tray.activate()
            program.windows.wait_for_words("5-hour limit")
            assert LOST not in program.windows.words()
            program.quit()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_what_was_lost_with_the_session_is_told_at_the_next_start(
    number: signal.Signals, simulator: Simulator
) -> None:
    """F-T22, F-D07"""
    with desktop_session("double", accessibility=True) as session:
        with signed_in_for_this_run(session, simulator) as program:
            if number is signal.SIGTERM:
                program.end(number)
                assert "1 sign-ins end with this run" in program.log_file
            else:
                program.process.kill()
                program.process.wait()
        with running_program(session, simulator, log="second") as program:
            program.wait_for_tooltip("Not signed in")
            program.tray.activate()
            program.windows.wait_for_words(LOST)
            program.quit()
