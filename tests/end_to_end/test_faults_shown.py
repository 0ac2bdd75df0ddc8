"""A poll that fails: the icon is marked, the numbers stay with their age, a click recovers."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from support.desktop_session import desktop_session
from support.running_program import Shoot, running_program
from support.session_keyring import store_sign_in
from support.tray_host import Pixmap

from app.simulator.faults import (
    Fault,
    blocked_by_gateway,
    html_page,
    no_reply,
    refused,
    too_many_requests,
)
from app.simulator.server import Simulator
from app.ui.colours import LIGHT

_USAGE = "/backend-api/wham/usage"


@dataclass(frozen=True)
class Case:
    """What the service does, and what is said about it."""

    fault: Fault
    title: str
    meaning: str


CASES = {
    "down": Case(
        refused(503, "upstream connect error"), "The service has a problem", "on its side"
    ),
    "html": Case(html_page(), "This network wants a sign-in first", "Open a browser"),
    "429": Case(too_many_requests(30), "Too many requests", "This is not the limit of your plan"),
    "cloudflare": Case(blocked_by_gateway(), "Blocked on the way", "Your sign-in is fine"),
    "cut": Case(no_reply(), "Connection lost", "ended before the reply was complete"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_fault_is_shown_and_refresh_recovers(
    name: str, simulator: Simulator, shoot: Shoot
) -> None:
    """F-H05, F-H07, F-N16"""
    case = CASES[name]
    with desktop_session("double", keyring=True, accessibility=True) as session:
        store_sign_in(session, simulator)
        with running_program(session, simulator) as program:
            program.wait_for_tooltip("5-hour: 86 % used")
            healthy = program.tray.pixmaps()[32]
            assert not is_marked(healthy)
            simulator.faults.add(_USAGE, case.fault, times=None)
            program.tray.click("Refresh now")
            tooltip = program.wait_for_tooltip(case.title)
            assert "5-hour: 86 % used" in tooltip
            assert "Updated at" in tooltip
            program.tray.wait_for(lambda: is_marked(program.tray.pixmaps()[32]), what="the mark")
            program.tray.activate()
            said = program.windows.wait_for_words(case.meaning)
            assert case.title in said
            assert "5-hour limit: 86 % used" in said
            assert "Updated" in said
            shoot(session, f"fault-{name}")
            simulator.faults.clear()
            simulator.set_used("codex", 87)
            program.tray.click("Refresh now")
            tooltip = program.wait_for_tooltip("5-hour: 87 % used")
            assert case.title not in tooltip
            program.tray.wait_for(lambda: not is_marked(program.tray.pixmaps()[32]), what="no mark")
            assert case.meaning not in program.windows.words()
            program.quit()


def is_marked(icon: Pixmap) -> bool:
    """A dot in the upper right corner that reaches beyond the columns: shape and colour."""
    wanted = tuple(int(LIGHT.over[at : at + 2], 16) for at in (1, 3, 5))
    return icon.pixel(icon.width - 2, 6) == (255, *wanted)
