"""F-D22: no descriptor to be had: polls fail cleanly, and the next one recovers."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager

from support.desktop_session import desktop_session, wait_until
from support.running_program import running_program
from support.session_keyring import store_sign_in

from app.simulator.faults import no_reply
from app.simulator.server import Simulator

USAGE = "/backend-api/wham/usage"
_QUIET_LOOKS = 15


@contextmanager
def no_more_descriptors(pid: int) -> Iterator[None]:
    """The process may keep what it has open, and open nothing more.

    Not fewer than it has: `poll` itself refuses to wait for more than may be open. What it had
    open for a moment only, such as a file just written, leaves a number free: so again, until
    none is.
    """
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    quiet = 0
    while quiet < _QUIET_LOOKS:
        now, limit = lowest_free(pid), resource.prlimit(pid, resource.RLIMIT_NOFILE)[0]
        quiet = quiet + 1 if now == limit else 0
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (now, before[1]))
        time.sleep(0.02)
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)


def lowest_free(pid: int) -> int:
    """The number that the next file of the process would get."""
    return min(set(range(4096)) - {int(name) for name in os.listdir(f"/proc/{pid}/fd")})


def test_out_of_descriptors_polls_fail_cleanly_and_recover(simulator: Simulator) -> None:
    with desktop_session("double", keyring=True) as session:
        store_sign_in(session, simulator)
        with running_program(session, simulator) as program:
            program.wait_for_tooltip("5-hour: 86 % used")
            simulator.faults.add(USAGE, no_reply(), times=None)  # leaves no connection open
            program.tray.click("Refresh now")
            program.wait_for_tooltip("Connection lost")
            simulator.faults.clear()
            asked = len(simulator.requests_to(USAGE))
            with no_more_descriptors(program.process.pid):
                for again in range(2):
                    program.tray.click("Refresh now")
                    wait_until(
                        lambda: program.log_file.count(" poll offline ") > again,  # noqa: B023
                        20,
                        "a poll that fails",
                    )
                assert "86 % used" in program.tray.tooltip()  # the numbers stay, with their age
            assert len(simulator.requests_to(USAGE)) == asked
            simulator.set_used("codex", 91)
            program.tray.click("Refresh now")
            program.wait_for_tooltip("5-hour: 91 % used")
            program.quit()
