"""F-D23: a window that fails whenever it is opened does not take the program with it."""

from __future__ import annotations

import sys
from contextlib import ExitStack

from support.desktop_session import desktop_session, wait_until
from support.running_program import CHECKOUT, RunningProgram, environment_of, run_command
from support.session_keyring import store_sign_in

from app.simulator.server import Simulator

FAILED = "Something failed inside Tidegauge"
SECRET = "sentinel-of-a-live-token-0123456789"
BROKEN = f"""
import sys
from app.ui.windows import Windows
def fail(self):
    raise ZeroDivisionError("Authorization: Bearer {SECRET}")
Windows.show_history = fail
from app.__main__ import main
sys.exit(main([]))
"""


def test_three_crashes_of_a_window_are_safe_mode_and_the_numbers_go_on(
    simulator: Simulator,
) -> None:
    with (
        desktop_session("double", keyring=True, accessibility=True) as session,
        ExitStack() as stack,
    ):
        store_sign_in(session, simulator)
        process = session.start(
            [sys.executable, "-c", BROKEN],
            log="broken",
            cwd=CHECKOUT,
            env={**session.env, **environment_of(session, simulator)},
        )
        program = RunningProgram(session, process, "broken", stack)
        program.wait_for_tooltip("5-hour: 86 % used")
        run_command(session, simulator)  # a second start shows the panel
        program.tray.click("History")
        program.windows.wait_for_words(FAILED)
        program.windows.press_button("Dismiss")
        wait_until(lambda: FAILED not in program.windows.words(), 20, "the banner to go")
        for _again in range(3):
            program.tray.click("History")
        words = program.windows.wait_for_words("Safe mode")
        assert "86 %" in words
        simulator.set_used("codex", 91)
        program.tray.click("Refresh now")
        program.wait_for_tooltip("5-hour: 91 % used")
        told = run_command(session, simulator, "diagnose")
        assert '"outcome": "ZeroDivisionError"' in told.stdout
        assert '"running_program": "answers"' in told.stdout
        program.windows.press_button("Leave safe mode")
        wait_until(lambda: "Safe mode" not in program.windows.words(), 20, "the end of safe mode")
        program.tray.click("Quit")
        assert program.wait_for_exit() == 0
        assert program.output == ""
        log = program.log_file
        assert log.count("a slot failed unexpectedly") == 4
        assert log.count("Traceback") == 1
        assert "safe mode: 3 crashes within 10 s" in log
        assert SECRET not in log
