"""Warnings as a person gets them: a day in a minute, in front of a real notification daemon."""

from __future__ import annotations

import json
import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from support.desktop_session import DesktopSession, desktop_session, end, wait_until
from support.notifications import (
    BusListener,
    click,
    control,
    displayed,
    end_dunst,
    history,
    press,
    silent_daemon,
    start_dunst,
)
from support.running_program import RunningProgram, Shoot, running_program
from support.session_keyring import store_sign_in
from support.simulator import MakeSimulator

from app.instance.client import Outcome, tell
from app.instance.messages import Message, Verb
from app.instance.place import Place
from app.paths import Paths
from app.simulator.clock import SimulatedClock
from app.simulator.scenario import DAY, HOUR, SESSION, WEEK, LimitSpec, Scenario, WindowSpec
from app.simulator.server import Simulator

_USAGE = "/backend-api/wham/usage"
MORNING = Scenario(
    name="morning",
    main=LimitSpec(
        WindowSpec(SESSION, used=20, resets_in=4.5 * HOUR),
        WindowSpec(WEEK, used=20, resets_in=2.5 * DAY),
    ),
    additional=(
        LimitSpec(
            WindowSpec(DAY, used=10, resets_in=20 * HOUR), name="<b>Spark</b> & co", feature="spark"
        ),
    ),
)

EVENING = replace(  # so late that nothing runs out early
    MORNING,
    main=LimitSpec(
        WindowSpec(SESSION, used=20, resets_in=1.2 * HOUR),
        WindowSpec(WEEK, used=20, resets_in=2.5 * DAY),
    ),
)


@contextmanager
def day(
    make_simulator: MakeSimulator, session: DesktopSession, scenario: Scenario
) -> Iterator[Day]:
    """The program, signed in, and a service whose clock is moved by hand."""
    simulator = make_simulator(scenario, clock=SimulatedClock(speed=1.0))
    store_sign_in(session, simulator)
    with running_program(session, simulator) as program:
        program.wait_for_tooltip("5-hour: 20 % used")
        yield Day(simulator, program, session)


class Day:
    """What the service says next, and the poll that reads it."""

    def __init__(
        self, simulator: Simulator, program: RunningProgram, session: DesktopSession
    ) -> None:
        self.simulator, self.program, self.session = simulator, program, session

    def later(self, seconds: float, **used: float) -> None:
        """So much later these percents are used, and the program has read it three times: a leap
        is doubted, confirmed, and then acted upon."""
        self.simulator.advance(seconds)
        windows = {"session": ("codex", SESSION), "week": ("codex", WEEK), "spark": ("spark", DAY)}
        for name, percent in used.items():
            limit, length = windows[name]
            self.simulator.set_used(limit, percent, length)
        for _reading in range(3):
            self.poll()
            self.simulator.advance(20)

    def poll(self) -> None:
        before = len(self.simulator.requests_to(_USAGE))

        def has_asked() -> bool:
            if "Refresh now" in self.program.tray.labels():
                self.program.tray.click("Refresh now")
            return self.simulator.wait_until(
                lambda: len(self.simulator.requests_to(_USAGE)) > before, 1
            )

        wait_until(has_asked, 20, "a poll")
        wait_until(lambda: not self._is_polling(), 10, "the poll has ended")

    def _is_polling(self) -> bool:
        return "Refreshing" in " ".join(self.program.tray.labels())


FIVE, SPARK = "5-hour limit", "<b>Spark</b> & co limit"


def test_a_day_in_a_minute(make_simulator: MakeSimulator) -> None:
    """T-56, F-M03, figure 18: what dunst is told is exactly what a person should hear."""
    with desktop_session("double", keyring=True) as session:
        start_dunst(session)
        listener = BusListener(session)
        with day(make_simulator, session, MORNING) as today:
            today.later(HOUR, session=60, week=24)
            assert not listener.sent  # nobody's business
            today.later(HOUR, session=78)
            told = [f"{FIVE}: 78 % used"]
            listener.wait_for(*told)
            today.later(300, session=80)
            today.later(300, session=84)
            listener.wait_for(*told)
            today.later(600, session=93)
            told.append(f"{FIVE}: 93 % used")
            listener.wait_for(*told)
            today.later(900, session=100)
            told.append(f"{FIVE} reached")
            listener.wait_for(*told)
            assert displayed(session) == 1  # each took the place of the one before
            today.later(3 * HOUR, session=1)
            told.append(f"{FIVE}: available again")
            listener.wait_for(*told)
            today.later(HOUR, spark=91)
            told.append(f"{SPARK}: 91 % used")
            listener.wait_for(*told)
            wait_until(lambda: displayed(session) == 2, 10, "another limit")
            today.later(2 * DAY, week=40)  # away over several resets
            listener.wait_for(*told)
            wait_until(lambda: displayed(session) == 1, 10, "what is over is taken away")
            control(session, "close-all")
            wait_until(lambda: displayed(session) == 0, 10, "nothing on the screen")
            shown = history(session)
            today.program.quit()
        listener.close()
    assert {one.title for one in shown} == {f"{FIVE}: available again", f"{SPARK}: 91 % used"}
    assert [one.urgency for one in listener.sent] == [1, 1, 2, 0, 1]
    assert re.fullmatch(
        r"At this pace it runs out about .+ before the reset\. Resets .+ \(in .+\)\.",
        listener.sent[0].body,
    )
    assert listener.sent[0].actions == (
        *("default", "Open", "open", "Open", "snooze", "Snooze until reset"),
    )


def told_percents(session: DesktopSession) -> list[int]:
    """What the memory on disk says was told of the 5-hour window."""
    path = Path(session.env["XDG_STATE_HOME"]) / "tidegauge" / "alerts.json"
    if not path.exists():
        return []
    assert path.stat().st_mode & 0o777 == 0o600
    accounts = json.loads(path.read_text())["accounts"].values()
    return [one["windows"]["codex/18000"]["told_percent"] for one in accounts]


def test_the_buttons_do_what_they_say(make_simulator: MakeSimulator) -> None:
    """Pressed in dunst: a snooze lasts, over a restart too; a click opens the panel."""
    with desktop_session("double", keyring=True, accessibility=True) as session:
        start_dunst(session)
        listener = BusListener(session)
        with day(make_simulator, session, EVENING) as today:
            today.later(300, session=38)
            today.later(300, session=57)
            today.later(300, session=76)
            told = [f"{FIVE}: 76 % used"]
            listener.wait_for(*told)
            press(session, "Snooze until reset", told[0])
            wait_until(lambda: displayed(session) == 0, 10, "it goes away")
            today.later(300, session=92)
            today.program.quit()
            with running_program(session, today.simulator, log="again") as again:
                again.wait_for_tooltip("5-hour: 92 % used")
                later = Day(today.simulator, again, session)
                later.later(60, session=94)
                later.later(60, spark=30)
                later.later(60, spark=50)
                later.later(60, spark=80)
                told.append(f"{SPARK}: 80 % used")
                listener.wait_for(*told)
                assert not again.windows.windows()
                click(session)
                wait_until(again.windows.windows, 10, "the panel")
                wait_until(lambda: displayed(session) == 0, 10, "it has been acted upon")
                again.quit()
        listener.close()


def test_without_a_daemon_the_panel_tells(make_simulator: MakeSimulator) -> None:
    """F-D03: nothing is lost silently, and nothing counts as told before somebody saw it."""
    with (
        desktop_session("double", keyring=True, accessibility=True) as session,
        day(make_simulator, session, EVENING) as today,
    ):
        for percent in (38, 57, 76):
            today.later(300, session=percent)
        assert told_percents(session) in ([], [0])
        today.program.tray.activate()
        windows = today.program.windows
        windows.wait_for("Dismiss")
        wait_until(lambda: told_percents(session) == [75], 10, "it counts as told")
        windows.press_button("Dismiss")
        wait_until(lambda: windows.find("Dismiss") is None, 10, "dismissed")
        today.program.quit()


def test_a_daemon_that_hangs_holds_nothing_up(make_simulator: MakeSimulator) -> None:
    """F-D03, figure 21: numbers and menu go on meanwhile; the next daemon is used again."""
    with (
        desktop_session("double", keyring=True) as session,
        silent_daemon(session) as mute,
        day(make_simulator, session, EVENING) as today,
    ):
        for percent in (38, 57, 76):
            today.later(300, session=percent)
        today.program.wait_for_tooltip("5-hour: 76 % used")
        end(mute)
        dunst = start_dunst(session)
        listener = BusListener(session)
        today.later(300, session=91)
        wait_until(lambda: listener.titles[-1:] == [f"{FIVE}: 91 % used"], 10, "shown")
        end_dunst(session, dunst)
        start_dunst(session)  # another one takes over
        today.later(300, session=100)
        wait_until(lambda: listener.titles[-1:] == [f"{FIVE} reached"], 10, "shown")
        assert listener.sent[-1].replaces == 0
        wait_until(lambda: displayed(session) == 1, 10, "on the new one's screen")
        listener.close()
        today.program.quit()


def test_on_an_older_tray_the_balloon_tells(make_simulator: MakeSimulator, shoot: Shoot) -> None:
    """F-D03: where Qt draws it itself, it can be seen without any daemon."""
    with desktop_session("trayer", keyring=True) as session:
        simulator = make_simulator(EVENING, clock=SimulatedClock())
        store_sign_in(session, simulator)
        with running_program(session, simulator) as program:
            wait_until(lambda: simulator.requests_to(_USAGE), 30, "the first poll")
            with patch.dict(os.environ, session.env, clear=True):
                place = Place(Paths.of_user(os.environ))

            def polls_once_more() -> bool:
                before = len(simulator.requests_to(_USAGE))
                assert tell(place.socket, Message(Verb.POLL)) is Outcome.TAKEN
                return simulator.wait_until(lambda: len(simulator.requests_to(_USAGE)) > before, 1)

            for percent in (38, 57, 76):
                simulator.set_used("codex", percent, SESSION)
                for _reading in range(3):
                    simulator.advance(60)
                    wait_until(polls_once_more, 20, "a poll")
            wait_until(lambda: told_percents(session) == [75], 10, "the balloon")
            shoot(session, "balloon")
            program.end(signal.SIGTERM)
