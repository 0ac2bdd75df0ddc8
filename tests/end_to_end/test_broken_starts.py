"""Figure 24: whatever is wrong at the start, there is a usable icon or one clear line."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.broken_starts import (
    BASES,
    BROKEN_STARTS,
    ICON,
    LINE,
    NUMBERS,
    TERMINAL,
    WINDOW,
    BrokenStart,
    Start,
    can_mount,
)
from support.desktop_session import DesktopSession, desktop_session, wait_until
from support.running_program import CHECKOUT, EXIT_LIMIT_S, environment_of
from support.session_keyring import store_sign_in
from support.stalls import code_within
from support.tray_host import TrayReader

from app.simulator.server import Simulator
from app.simulator.state import INSTANT


@pytest.fixture(scope="module")
def service() -> Iterator[Simulator]:
    with Simulator("demo", pace=INSTANT, any_port=True) as simulator:
        yield simulator


@pytest.fixture(scope="module")
def session(service: Simulator) -> Iterator[DesktopSession]:
    with desktop_session("double", keyring=True) as session:
        store_sign_in(session, service)
        yield session


@pytest.mark.parametrize("broken", BROKEN_STARTS, ids=lambda broken: broken.name)
def test_a_broken_start_ends_in_an_icon_or_in_a_line(
    broken: BrokenStart, session: DesktopSession, service: Simulator, tmp_path: Path
) -> None:
    """F-D08, F-D09, F-D10, F-D11, F-D12, F-D16, F-D17, F-D21, F-D22"""
    start = Start(tmp_path, {**session.env, **environment_of(session, service)})
    for base in BASES:
        start.env[base] = str(tmp_path / base.lower())
    start.env["PYTHONPATH"] = str(CHECKOUT)
    broken.prepare(start)
    if start.mounts and not can_mount():
        print(f"\n{broken.name}: not tried, this system lets nobody mount one")
        return
    output = tmp_path / "output"
    with output.open("wb") as stream:
        process = subprocess.Popen(
            start.command([sys.executable, "-W", "default", "-m", "app"]),
            env=start.env,
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            preexec_fn=start.before_exec,  # noqa: PLW1509 - nothing else runs here
        )
    try:
        if broken.outcome == LINE:
            code = process.wait(60)
            lines = said(output, broken)
            assert (code, len(lines)) == (2, 1), lines
            assert broken.says in lines[0]
            return
        LOOKS[broken.outcome](session, output)
        process.send_signal(signal.SIGTERM)
        assert code_within(EXIT_LIMIT_S + 3, process) == 0, said(output, broken)
        if broken.outcome != TERMINAL:
            assert said(output, broken) == []
    finally:
        process.kill()
        process.wait()


def icon(session: DesktopSession, *words: str) -> None:
    """The icon stands in the tray, with `words` in its tooltip."""
    reader = TrayReader(session.bus_address)
    try:
        reader.wait_for_item(60)
        reader.wait_for(lambda: all(w in reader.tooltip() for w in words), 60, "the tooltip")
    finally:
        reader.close()


def window(session: DesktopSession, _output: Path) -> None:
    """A window of the program is on the screen."""
    search = ["xdotool", "search", "--onlyvisible", "--class", "tidegauge"]
    wait_until(
        lambda: subprocess.run(search, env=session.env, capture_output=True, check=False).stdout,
        20,
        "a window",
    )


def terminal(_session: DesktopSession, output: Path) -> None:
    """One line says why there is no icon; the next one has the numbers."""
    wait_until(lambda: "86 %" in output.read_text(), 20, "the numbers")
    assert "No display found" in output.read_text().splitlines()[0]


LOOKS: dict[str, Callable[[DesktopSession, Path], None]] = {
    NUMBERS: lambda session, _output: icon(session, "86 %"),
    ICON: lambda session, _output: icon(session),
    WINDOW: window,
    TERMINAL: terminal,
}


def said(output: Path, broken: BrokenStart) -> list[str]:
    """What was printed, apart from the remarks of libraries that this start may cause."""
    text = output.read_text(errors="replace")
    assert "Traceback" not in text, text
    return [line for line in text.splitlines() if not line.startswith(broken.allows or ("\0",))]
