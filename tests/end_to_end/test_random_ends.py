"""Figure 25: ended at any moment of its life, the program ends in order and loses nothing."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

from support.desktop_session import DesktopSession, desktop_session, wait_until
from support.running_program import RunningProgram, running_program
from support.session_keyring import store_sign_in
from support.simulator import MakeSimulator

from app.simulator.state import Pace

ENDS = int(os.environ.get("TIDEGAUGE_ENDS", "8"))
SEED = int(os.environ.get("TIDEGAUGE_SEED", "25"))
_LONGEST_S = 2.5  # start, sign-in, first poll, and something under way

SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


def click(label: str) -> Callable[[RunningProgram], object]:
    return lambda program: program.tray.click(label)


def type_a_question(program: RunningProgram) -> None:
    """Into whatever has the focus; in the chat it is asked."""
    program.press_key("a")
    program.press_key("Return")


DEEDS: tuple[Callable[[RunningProgram], object], ...] = (
    click("Open"),
    click("Chat"),
    click("Refresh now"),
    click("History"),
    click("Settings"),
    lambda program: program.tray.activate(),
    type_a_question,
)


def test_ended_at_random_moments(make_simulator: MakeSimulator) -> None:
    """F-D06, F-D07, F-D24"""
    chance = random.Random(SEED)
    done = 0
    with desktop_session("double", keyring=True) as session:
        simulator = make_simulator(pace=Pace(first_s=0.05, between_s=0.01))
        store_sign_in(session, simulator)
        for number in range(ENDS):
            with running_program(session, simulator, log=f"life-{number}") as program:
                moment = time.monotonic() + chance.uniform(0.0, _LONGEST_S)
                while time.monotonic() < moment:
                    time.sleep(chance.uniform(0.0, 0.3))
                    with suppress(AssertionError):  # the icon or the entry may not be there yet
                        chance.choice(DEEDS)(program)
                        done += 1
                chosen = chance.choice(SIGNALS)
                wait_until(partial(hears, program.process.pid, chosen), 10, "the start")
                program.end(chosen)
            assert_whole(session)
        assert done
        with running_program(session, simulator, log="afterwards") as program:
            program.wait_for_tooltip("5-hour", "% used")
            program.quit()
        assert not simulator.requests_to("/oauth/authorize")


def hears(pid: int, number: signal.Signals) -> bool:
    """Whether the process has a handler for the signal yet."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    caught = next(line.split()[1] for line in lines if line.startswith("SigCgt:"))
    return bool(int(caught, 16) & 1 << number - 1)


def assert_whole(session: DesktopSession) -> None:
    """Every database the program has made so far is sound."""
    for path in Path(session.env["XDG_STATE_HOME"]).rglob("*.sqlite3"):
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
