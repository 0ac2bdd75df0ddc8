"""The resident program on a real session: start, memory after use, idle cost."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from bench.processes import idle_cost, median_start, pss_mb, sharers
from bench.table import Row
from support.desktop_session import DesktopSession, desktop_session, wait_until
from support.tray_host import TrayReader

from app.simulator.server import Simulator
from app.simulator.visitor import visit

FLOOR = [sys.executable, str(Path(__file__).with_name("floor.py"))]
PROGRAM = [sys.executable, "-m", "app"]
ROUNDS = 9
_POLLS = 10
SETTLE_S = 6.0
_IDLE_S = 60.0


def measure() -> list[Row]:
    """All rows that need a whole process."""
    with desktop_session("double", keyring=True) as session, Simulator("demo") as simulator:
        session.env["TIDEGAUGE_AUTH_URL"] = session.env["TIDEGAUGE_BACKEND_URL"] = simulator.url
        poll_rarely(session)
        starts = median_start(session, {"floor": FLOOR, "program": PROGRAM}, ROUNDS)
        start = Row(
            "start to tray icon registered",
            starts["program"] * 1000,
            "ms",
            1.3,
            starts["floor"] * 1000,
        )
        sign_in(session)
        floor, others = floor_pss(session)
        return [start, *_resident_rows(session, simulator, floor, others)]


def poll_rarely(session: DesktopSession) -> None:
    settings = session.folder / "config" / "tidegauge" / "settings.toml"
    settings.parent.mkdir(mode=0o700)
    settings.write_text("poll_active_s = 3600\npoll_idle_s = 7200\n")


def sign_in(session: DesktopSession) -> None:
    login = session.start([*PROGRAM, "login", "--no-browser"], log="login", stdout=subprocess.PIPE)
    assert login.stdout is not None
    lines = (line.decode().strip() for line in login.stdout)
    visit(next(line for line in lines if line.startswith("http")))
    assert login.wait(20) == 0, session.log("login")


def floor_pss(session: DesktopSession) -> tuple[float, list[int]]:
    """PSS of the floor, and who shared its pages meanwhile."""
    process = session.start(FLOOR, log="floor")
    reader = TrayReader(session.bus_address)
    reader.wait_for_item()
    time.sleep(SETTLE_S / 2)
    pss, others = pss_mb(process), sharers(process)
    process.terminate()
    process.wait(5)
    wait_until(lambda: not reader.items(), 10, "the floor program's icon gone")
    reader.close()
    return pss, others


def _resident_rows(
    session: DesktopSession, simulator: Simulator, floor: float, others: list[int]
) -> list[Row]:
    process = session.start(PROGRAM, log="program")
    reader = TrayReader(session.bus_address)
    reader.wait_for(lambda: "%" in reader.tooltip(), 30, "a first poll")
    for _ in range(_POLLS - 1):
        _poll_once(reader, simulator)
    time.sleep(SETTLE_S)
    unopened = pss_mb(process)
    others = [*others, *sharers(process)]
    idle = idle_cost(process, _IDLE_S)
    _use_panel_and_chat(session, reader, simulator)
    time.sleep(SETTLE_S)
    used = pss_mb(process)
    others += sharers(process)
    note = "other processes used the same copy of Qt: PSS is not to be trusted" if others else ""
    reader.click("Quit")
    process.wait(5)
    reader.close()
    return [
        Row(
            "PSS signed in, panel never opened, after 10 polls",
            unopened,
            "MB",
            1.6,
            floor,
            note=note,
        ),
        Row("PSS after panel and chat were used and closed", used, "MB", 2.2, floor, note=note),
        Row("wake-ups per second between polls", idle.wakeups_per_s, "/s", 0.1),
        Row("share of a core between polls", idle.core_share * 100, "%", 0.01),
    ]


def _poll_once(reader: TrayReader, simulator: Simulator) -> None:
    polls = len(simulator.requests_to("/backend-api/wham/usage"))
    reader.click("Refresh now")
    done = simulator.wait_until(
        lambda: len(simulator.requests_to("/backend-api/wham/usage")) > polls, 10
    )
    assert done, "no poll after Refresh now"
    time.sleep(0.2)


def _use_panel_and_chat(session: DesktopSession, reader: TrayReader, simulator: Simulator) -> None:
    reader.activate()
    _window(session, "Tidegauge")
    time.sleep(1)
    reader.click("Chat")
    chat = _window(session, "Chat")
    _xdotool(session, "windowfocus", "--sync", chat)
    _xdotool(session, "type", "Show me something")
    _xdotool(session, "key", "Return")
    asked = simulator.wait_until(lambda: bool(simulator.requests_to("/backend-api/codex/resp")), 10)
    assert asked, "the question was not sent"
    time.sleep(12)
    _xdotool(session, "key", "Escape")


def _window(session: DesktopSession, name: str) -> str:
    """The visible window of that name; a search ends in an error if another goes meanwhile."""
    search = ["xdotool", "search", "--onlyvisible", "--name", name]

    def found() -> list[str]:
        done = subprocess.run(
            search, env=session.env, capture_output=True, check=False, timeout=15, text=True
        )
        return done.stdout.split()

    wait_until(found, 15, f"a window {name}")
    return found()[0]


def _xdotool(session: DesktopSession, *words: str) -> None:
    subprocess.run(["xdotool", *words], env=session.env, check=True, timeout=15)


if __name__ == "__main__":
    from bench.table import rendered

    print(rendered(measure()))
