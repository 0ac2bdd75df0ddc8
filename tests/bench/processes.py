"""What a running process costs, read from /proc (Linux)."""

from __future__ import annotations

import statistics
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from jeepney import HeaderFields, MatchRule, message_bus
from jeepney.io.blocking import open_dbus_connection
from support.desktop_session import DesktopSession, end

_REGISTERED = "StatusNotifierItemRegistered"


@dataclass(frozen=True, slots=True)
class Idle:
    """Wake-ups per second and share of one core, over some seconds of doing nothing."""

    wakeups_per_s: float
    core_share: float


def seconds_to_icon(session: DesktopSession, command: list[str]) -> float:
    """Seconds from starting `command` until its tray item is registered; it is ended then."""
    with open_dbus_connection(bus=session.bus_address) as connection:
        rule = MatchRule(type="signal", member=_REGISTERED)
        connection.send_and_get_reply(message_bus.AddMatch(rule))
        started = time.perf_counter()
        process = session.start(command, log="bench")
        try:
            while True:
                message = connection.receive(timeout=20)
                if message.header.fields.get(HeaderFields.member) == _REGISTERED:
                    return time.perf_counter() - started
        finally:
            end(process)


def median_start(
    session: DesktopSession, commands: dict[str, list[str]], rounds: int
) -> dict[str, float]:
    """Median seconds to the icon of each command, taken in turn so that noise hits all alike."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for command in commands.values():  # the first start of each warms the file cache
        seconds_to_icon(session, command)
    for _ in range(rounds):
        for name, command in commands.items():
            times[name].append(seconds_to_icon(session, command))
    return {name: statistics.median(values) for name, values in times.items()}


def pss_mb(process: subprocess.Popen[bytes]) -> float:
    """Proportional set size of the process and its children in MB."""
    return sum(_pss_kb(pid) for pid in _family(process.pid)) / 1000


def sharers(process: subprocess.Popen[bytes]) -> list[int]:
    """Other processes that use the same copy of Qt: its pages then count as theirs in part."""
    maps = Path(f"/proc/{process.pid}/maps").read_text()
    libraries = {line.split()[-1] for line in maps.splitlines() if "libQt6Core" in line}
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            theirs = (folder / "maps").read_text()
            if any(library in theirs for library in libraries):
                found.append(int(folder.name))
    return sorted(set(found) - set(_family(process.pid)))


def idle_cost(process: subprocess.Popen[bytes], seconds: float) -> Idle:
    """Sample all threads of the process at both ends of a quiet time."""
    switches, ran_ns = _activity(process.pid)
    time.sleep(seconds)
    switches_after, ran_after_ns = _activity(process.pid)
    return Idle((switches_after - switches) / seconds, (ran_after_ns - ran_ns) / 1e9 / seconds)


def _family(pid: int) -> list[int]:
    family = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            family += _family(int(child))
    return family


def _pss_kb(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    message = f"no Pss for {pid}"
    raise RuntimeError(message)


def _activity(pid: int) -> tuple[int, int]:
    switches = ran_ns = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        for line in (task / "status").read_text().splitlines():
            if line.startswith("voluntary_ctxt_switches"):
                switches += int(line.split()[1])
        ran_ns += int((task / "schedstat").read_text().split()[0])
    return switches, ran_ns
