"""One program per user: what later starts do, on a real desktop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from support.desktop_session import desktop_session, wait_until
from support.running_program import (
    CHECKOUT,
    RunningProgram,
    environment_of,
    run_command,
    running_program,
)

from app.simulator.server import Simulator


def test_ten_starts_at_once_leave_one_program(simulator: Simulator) -> None:
    """F-D13: exactly one survives, the others raise it and end with 0."""
    with desktop_session("double", keyring=True, accessibility=True) as session:
        environment = {**session.env, **environment_of(session, simulator)}
        starts = [
            session.start(
                [sys.executable, "-m", "app"], log=f"start{n}", cwd=CHECKOUT, env=environment
            )
            for n in range(10)
        ]

        def ended() -> list[subprocess.Popen[bytes]]:
            return [start for start in starts if start.poll() is not None]

        wait_until(lambda: len(ended()) == 9, 30, "nine of ten to hand over")
        assert [start.returncode for start in ended()] == [0] * 9
        assert all(session.log(f"start{n}") == "" for n in range(10))
        (survivor,) = (start for start in starts if start.poll() is None)
        survivor.send_signal(signal.SIGTERM)
        assert survivor.wait(30) == 0


def wait_for_window(program: RunningProgram, title: str) -> None:
    def is_shown() -> bool:
        return any(title in shown for shown in program.windows.windows())

    wait_until(is_shown, 20, f"a window called {title}")


def test_later_starts_say_what_they_want(simulator: Simulator) -> None:
    """F-D13, T-45: panel, chat, and the end."""
    with (
        desktop_session("double", keyring=True, accessibility=True) as session,
        running_program(session, simulator) as program,
    ):
        program.tray.wait_for_item()
        for words, shown in (((), "Tidegauge"), (("--chat",), "Chat")):
            done = run_command(session, simulator, *words)
            assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
            wait_for_window(program, shown)
        children = program.children()
        done = run_command(session, simulator, "--quit")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        program.assert_clean_end(children)
        assert run_command(session, simulator, "--quit").returncode == 0  # nobody is there


def test_the_first_start_opens_what_it_was_asked_for(simulator: Simulator) -> None:
    with (
        desktop_session("double", keyring=True, accessibility=True) as session,
        running_program(session, simulator, "--chat") as program,
    ):
        wait_for_window(program, "Chat")
        assert run_command(session, simulator, "--autostarted").returncode == 0
        program.quit()


def test_a_program_that_hangs_is_reported_and_left_alone(simulator: Simulator) -> None:
    """F-D15"""
    with (
        desktop_session("double", keyring=True) as session,
        running_program(session, simulator) as program,
    ):
        program.tray.wait_for_item()
        os.kill(program.process.pid, signal.SIGSTOP)
        try:
            done = run_command(session, simulator)
        finally:
            os.kill(program.process.pid, signal.SIGCONT)
        assert done.returncode == 1
        assert "does not answer" in done.stderr
        program.quit()


def test_the_demo_and_the_real_program_run_side_by_side(simulator: Simulator) -> None:
    with (
        desktop_session("double", keyring=True) as session,
        running_program(session, simulator) as program,
    ):
        program.tray.wait_for_item()
        with ThreadPoolExecutor(1) as pool:
            demo = pool.submit(run_command, session, simulator, "--demo")
            wait_until(lambda: len(program.tray.items()) == 2, 30, "two icons")
            assert run_command(session, simulator, "--demo", "--quit").returncode == 0
            assert demo.result(30).returncode == 0
        program.quit()
