"""Clocks that are wrong, are set, or stand at awkward dates, for the program without windows.

libfaketime moves the wall clock of a process of its own, while it runs; the service keeps the
true time. Where a time namespace can be made, the other clocks begin years apart as well.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from support.other_clock import with_clock
from support.signed_in import tokens_from
from support.simulator import issue_tokens

from app.auth.stored_tokens import to_json
from app.simulator.faults import Fault
from app.simulator.server import Simulator

_PROGRAM = Path(__file__).parents[1] / "support" / "clocked_program.py"
_USAGE = "/backend-api/wham/usage"
_EXACT_S = 2.0  # figure 31
_DAY = 86_400


class Clocked:
    """The process; `set_clock` moves its wall clock: "+2d", "@2038-01-19 03:14:00"."""

    def __init__(self, process: subprocess.Popen[str], clock: Path, simulator: Simulator) -> None:
        self._process = process
        self._clock = clock
        self._simulator = simulator
        self._resets_at = resets_at(simulator)
        self._way_s = 0.0  # of the last reply, or a little more

    def set_clock(self, to: str) -> None:
        fresh = self._clock.with_suffix(".new")
        fresh.write_text(to)
        fresh.rename(self._clock)

    def told(self, command: str) -> dict[str, Any]:
        """What it shows; its countdowns are exact, its ages neither negative nor jumping.

        It looks somewhere between the command and the end of its line, which may come late on a
        busy machine. How far a wrong clock is off can be known to half the way of a reply.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        asked_at = self._simulator.clock.now()
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the program ended"
        told_at = self._simulator.clock.now()
        report: dict[str, Any] = json.loads(line)
        assert report["left_s"], report
        assert self._resets_at.keys() <= report["left_s"].keys()
        if command == "poll":
            self._way_s = told_at - asked_at
        error_s = max(_EXACT_S, (1 + self._way_s) / 2)
        for name in self._resets_at:
            shown = self._resets_at[name] - report["left_s"][name]
            assert asked_at - error_s <= shown <= told_at + error_s, (asked_at, told_at, report)
        assert -0.001 <= report["age_s"] <= 30, report
        assert not report["is_stale"]
        assert report["fault"] == ""
        assert report["statuses"] == ["signed_in"]  # 0 wrong sign-outs
        return report


def usage_of(simulator: Simulator) -> bytes:
    headers = issue_tokens(simulator).headers
    request = Request(f"{simulator.url}{_USAGE}", headers=headers)  # noqa: S310 - loopback
    with urlopen(request) as reply:  # noqa: S310 - loopback
        body: bytes = reply.read()
    return body


def resets_at(simulator: Simulator) -> dict[str, float]:
    """When each window of the plan ends, by the service's own account: epoch seconds."""
    limit = json.loads(usage_of(simulator))["rate_limit"]
    windows = [limit[slot] for slot in ("primary_window", "secondary_window")]
    return {f"codex/{one['limit_window_seconds']}": one["reset_at"] for one in windows}


@contextmanager
def clocked(
    simulator: Simulator, folder: Path, clock: str = "+0", *prefix: str, zone: str = "UTC"
) -> Iterator[Clocked]:
    file = folder / "clock"
    file.write_text(clock)
    environment = {
        **os.environ,
        **with_clock(file),
        "TZ": zone,
    }
    with subprocess.Popen(
        [*prefix, sys.executable, str(_PROGRAM), simulator.url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
    ) as process:
        assert process.stdin is not None
        process.stdin.write(to_json(tokens_from(simulator, datetime.now(UTC))) + "\n")
        try:
            yield Clocked(process, file, simulator)
        finally:
            process.stdin.close()
        assert process.wait(20) == 0


def offset_s(report: dict[str, Any]) -> float:
    """How far its wall clock is from ours."""
    return float(report["wall"]) - time.time()


def resets(report: dict[str, Any]) -> list[str]:
    """When each window resets, in the words of the tooltip: moments, not forecasts."""
    parts = str(report["tooltip"]).replace("\n", ", ").split(", ")
    found = [part for part in parts if "resets" in part]
    assert found
    return found


# --- a clock that is wrong from the start, or becomes so -----------------------------------------

CLOCKS = {
    "two days ahead": ("+2d", "UTC"),
    "two days behind": ("-2d", "UTC"),
    "the end of 32 bits": ("@2038-01-19 03:14:05", "UTC"),
    "past it": ("@2106-02-07 06:28:10", "UTC"),
    "the beginning": ("@1970-01-02 00:00:00", "UTC"),
    "leap day": ("@2028-02-28 23:59:58", "UTC"),
    "summer begins": ("@2026-03-29 01:59:58", "Europe/Berlin"),
    "summer ends": ("@2026-10-25 02:59:58", "Europe/Berlin"),
}


@pytest.mark.parametrize("name", CLOCKS)
def test_a_wrong_clock_shows_right_countdowns(
    simulator: Simulator, short_folder: Path, name: str
) -> None:
    """F-M04, F-M05, F-M06, F-M07, figure 31: from the first poll on, over the awkward second."""
    clock, zone = CLOCKS[name]
    with clocked(simulator, short_folder, clock, zone=zone) as program:
        first = program.told("poll")
        assert abs(offset_s(first)) > _DAY - 60
        for _ in range(2):
            program.told("poll")
        assert not program.told("look")["is_doubtful"]
    assert len(simulator.requests_to("/oauth/token")) <= 1


@pytest.mark.parametrize("name", CLOCKS)
def test_a_clock_that_is_set_meanwhile_changes_nothing_that_is_shown(
    simulator: Simulator, short_folder: Path, name: str
) -> None:
    """F-M04, F-M05, F-M07, figure 31: before and after the next poll, and once set right again."""
    clock, zone = CLOCKS[name]
    with clocked(simulator, short_folder, zone=zone) as program:
        before = program.told("poll")
        assert abs(offset_s(before)) < 60
        polls = len(simulator.requests_to(_USAGE))
        program.set_clock(clock)
        jumped = program.told("look")
        assert abs(offset_s(jumped)) > _DAY - 60
        assert resets(jumped) == resets(before)
        assert len(simulator.requests_to(_USAGE)) == polls
        assert not program.told("poll")["is_doubtful"]
        program.set_clock("+0")
        program.told("look")
        again = program.told("poll")
        assert abs(offset_s(again)) < 60
        assert not again["is_doubtful"]
    assert len(simulator.requests_to("/oauth/token")) <= 1  # one refresh at most (F-M03)


@pytest.mark.parametrize(
    "way", [{"delay_s": 3.5}, {"drip_bytes": 100, "drip_s": 0.3}], ids=["late", "in drops"]
)
@pytest.mark.parametrize("clock", ["+0", "-2d"])
def test_a_reply_that_is_long_on_its_way_shows_right_countdowns(
    simulator: Simulator, short_folder: Path, clock: str, way: dict[str, Any]
) -> None:
    """F-M04, F-U26, figure 31: the way of a reply is no fault of the clock."""
    usage = usage_of(simulator)
    assert len(usage) > 1000  # a drop for each 0.3 s
    with clocked(simulator, short_folder, clock) as program:
        program.told("poll")
        told = simulator.clock.http_date()
        while simulator.clock.http_date() == told:  # the same again would be no news
            time.sleep(0.05)
        simulator.faults.add(_USAGE, Fault(body=usage, **way))
        before = simulator.clock.now()
        program.told("poll")
        assert simulator.clock.now() - before >= 3
        program.told("look")


# --- the clocks that people do not see ------------------------------------------------------------


def time_namespace(boottime_s: int, monotonic_s: int) -> list[str]:
    """What runs a program with these clocks so much further; [] where the system refuses."""
    offsets = ["--boottime", str(boottime_s), "--monotonic", str(monotonic_s)]
    for rights in ([], ["--user", "--map-root-user"]):
        command = ["unshare", *rights, "--time", *offsets]
        tried = subprocess.run([*command, "true"], capture_output=True, text=True, check=False)
        if tried.returncode == 0:
            return command
        refusal = tried.stderr.strip()
    print("no time namespace here:", refusal)
    return []


@pytest.mark.parametrize(
    ("boottime_s", "monotonic_s"), [(8 * 3600, 0), (400 * _DAY, 30 * _DAY), (0, 400 * _DAY)]
)
def test_the_other_clocks_may_stand_anywhere(
    simulator: Simulator, short_folder: Path, boottime_s: int, monotonic_s: int
) -> None:
    """F-M01, F-M07, figure 32: a machine that has slept for long, one that runs for long."""
    prefix = time_namespace(boottime_s, monotonic_s)
    with clocked(simulator, short_folder, "+0", *prefix) as program:
        polls = len(simulator.requests_to(_USAGE))
        program.told("poll")
        assert len(simulator.requests_to(_USAGE)) - polls <= 2
        program.told("look")
        program.set_clock("-2d")
        program.told("look")
        program.told("poll")
