"""Figure 25: ended at any moment of its life, the program ends in order and loses nothing."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from statistics import median

from support.desktop_session import DesktopSession, desktop_session, start_display, wait_until
from support.running_program import RunningProgram, is_running, running_program
from support.session_keyring import store_sign_in
from support.simulator import MakeSimulator

from app.simulator.faults import late
from app.simulator.server import Simulator
from app.simulator.state import Pace

ENDS = int(os.environ.get("TIDEGAUGE_ENDS", "8"))
SEED = int(os.environ.get("TIDEGAUGE_SEED", "25"))
_LONGEST_END_S = 5.0  # F-D06: a refresh under way is finished first
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


def by_signal(program: RunningProgram, number: signal.Signals) -> None:
    wait_until(partial(hears, program.process.pid, number), 30, "the start")
    program.end(number, _LONGEST_END_S)


def by_losing_the_display(program: RunningProgram) -> None:
    """F-D05: as a session ends that kills its X server. It has a display of its own here."""
    program.tray.wait_for_item(30)  # Qt is there
    children = program.children()
    program.session.processes[f"Xvfb-{program.log}"].kill()
    assert program.wait_for_exit(_LONGEST_END_S) == 1, program.output
    assert "Traceback" not in program.output
    wait_until(lambda: not [child for child in children if is_running(child)], 20, "its children")


ENDINGS: tuple[Callable[[RunningProgram], None], ...] = (
    *(partial(by_signal, number=number) for number in SIGNALS),
    by_losing_the_display,
)


@contextmanager
def life(
    session: DesktopSession,
    simulator: Simulator,
    ending: Callable[[RunningProgram], None],
    log: str,
) -> Iterator[RunningProgram]:
    """A start that may refresh its tokens at once, with a log of its own; the one that loses its
    display has one of its own."""
    for folder in ("locks", "log"):
        path = Path(session.env["XDG_STATE_HOME"]) / "tidegauge" / folder
        shutil.rmtree(path, ignore_errors=True)
    before = session.env["DISPLAY"]
    if ending is by_losing_the_display:
        session.env["DISPLAY"] = start_display(session, log=f"Xvfb-{log}")
    try:
        with running_program(session, simulator, log=log) as program:
            yield program
    finally:
        session.env["DISPLAY"] = before


def test_ended_at_random_moments(make_simulator: MakeSimulator) -> None:
    """F-D05, F-D06, F-D07, F-D24: no end loses rows, or the tokens that were just rotated."""
    chance = random.Random(SEED)
    done, took = 0, []
    with desktop_session("double", keyring=True) as session:
        simulator = make_simulator(pace=Pace(first_s=0.05, between_s=0.01))
        store_sign_in(session, simulator)
        for number in range(ENDS):
            ending = chance.choice(ENDINGS)
            simulator.expire_access_tokens()  # so the first poll rotates the tokens
            simulator.faults.add("/oauth/token", late(chance.choice((0.0, 0.3, 1.0))))
            with life(session, simulator, ending, f"life-{number}") as program:
                moment = time.monotonic() + chance.uniform(0.0, _LONGEST_S)
                while time.monotonic() < moment:
                    time.sleep(chance.uniform(0.0, 0.3))
                    with suppress(AssertionError):  # the icon or the entry may not be there yet
                        chance.choice(DEEDS)(program)
                        done += 1
                began = time.monotonic()
                ending(program)
                took.append(time.monotonic() - began)
            assert_whole(session)
        assert done
        print(
            f"\n{ENDS} ends: median {median(took):.2f} s, slowest {max(took):.2f} s, all looked at"
        )
        with life(session, simulator, ENDINGS[0], "afterwards") as program:
            program.wait_for_tooltip("5-hour", "% used")
            program.quit()
        assert simulator.requests_to("/oauth/token")
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
