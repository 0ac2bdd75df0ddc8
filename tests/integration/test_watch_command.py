"""`tidegauge watch` as a process: a line per poll, until a signal."""

from __future__ import annotations

import signal
import sys
import time

import pytest
from support.command_line import LIMIT_S, started, tidegauge
from support.stalls import code_within

from app.simulator.faults import Fault
from app.simulator.server import Simulator

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Secret Service is Linux's")

USAGE = "/backend-api/wham/usage"


@pytest.mark.parametrize("arguments", [["watch"], []])
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_watch_prints_a_line_per_poll_until_a_signal(
    signed_in: Simulator, arguments: list[str], sent: signal.Signals
) -> None:
    """Without a display, the bare command says so in one line and watches."""
    with started(signed_in.url, *arguments, QT_QPA_PLATFORM="") as watch:
        assert watch.stdout is not None
        assert watch.stderr is not None
        line = watch.stdout.readline().decode()
        assert "5-hour 86 %" in line
        assert "Weekly 31 %" in line
        watch.send_signal(sent)
        assert code_within(2, watch) == 0
        said = watch.stderr.read().decode()
        assert said.count("\n") == (0 if arguments else 1)


def test_an_impatient_second_signal_changes_nothing(signed_in: Simulator) -> None:
    """`timeout` sends each signal twice, and so do people (F-D06)."""
    with started(signed_in.url, "watch") as watch:
        assert watch.stdout is not None
        assert watch.stderr is not None
        assert watch.stdout.readline()
        while watch.poll() is None:
            watch.send_signal(signal.SIGINT)
            time.sleep(0.002)
        assert watch.returncode == 0
        assert watch.stderr.read() == b""


def test_watch_ends_when_nobody_reads_on(signed_in: Simulator) -> None:
    with started(signed_in.url, "watch") as watch:
        assert watch.stdout is not None
        watch.stdout.close()
        assert watch.wait(LIMIT_S) == 141


def test_watch_goes_on_over_faults(signed_in: Simulator) -> None:
    signed_in.faults.add(USAGE, Fault(500, b""))
    with started(signed_in.url, "watch") as watch:
        assert watch.stdout is not None
        assert watch.stderr is not None
        assert watch.stderr.readline().startswith(b"tidegauge: ")
        assert b"86 %" in watch.stdout.readline()
        watch.terminate()


def test_watch_ends_when_the_session_does(signed_in: Simulator) -> None:
    signed_in.revoke_all()
    assert tidegauge(signed_in.url, "watch").code == 3
