"""The history window of the running program: opened from the menu, read by eye, pointer,
keyboard and screen reader, saved to a file."""

from __future__ import annotations

import subprocess
from pathlib import Path

from support.accessible_tree import FOCUSED
from support.desktop_session import DesktopSession, desktop_session, wait_until
from support.running_program import RunningProgram, Shoot, running_program
from support.screen import window_box

_TITLE = "Tidegauge: history"


def _hover(session: DesktopSession, across: float, down: float) -> None:
    """Rest the pointer at a share of the window's width and height."""
    left, top, width, height = window_box(session, _TITLE)
    x, y = left + round(width * across), top + round(height * down)
    command = [
        "xdotool",
        "mousemove",
        str(x - 5),
        str(y),
        "sleep",
        "0.1",
        "mousemove",
        str(x),
        str(y),
    ]
    subprocess.run(command, env=session.env, check=True)


def _xdotool(session: DesktopSession, *arguments: str) -> str:
    command = ["xdotool", *arguments]
    found = subprocess.run(command, env=session.env, capture_output=True, check=False, text=True)
    return found.stdout.strip()


def _is_open(session: DesktopSession, title: str) -> bool:
    """Seen on the display: Qt complains of whoever reads the accessible tree of a list that
    is being filled, or of a window that goes."""
    return bool(_xdotool(session, "search", "--onlyvisible", "--name", f"^{title}$"))


def _readout(program: RunningProgram) -> str:
    """The line above the chart: it has a day, a time and what was used."""
    said = program.windows.words().splitlines()
    return next((line for line in said if " · " in line and " used" in line), "")


def test_the_history_opens_reads_and_saves(shoot: Shoot, tmp_path: Path) -> None:
    """Peers, fact 38: the chart is told in words; T-29: the demo has a past to look at."""
    with (
        desktop_session("double", accessibility=True) as session,
        running_program(session, None, "--demo") as program,
    ):
        program.wait_for_tooltip("5-hour: 86 % used", "Weekly: 31 % used")
        program.tray.click("History")
        chart = program.windows.wait_for("Chart", "chart")
        assert chart.description.startswith("Weekly limit, last 7 days: between ")
        assert "now 31 %" in chart.description
        assert program.windows.wait_for("last 7 days").description == "Period"
        now = _readout(program)
        assert "31 % used" in now
        shoot(session, "history")

        _hover(session, 0.4, 0.5)
        wait_until(lambda: _readout(program) != now, 10, "the readout follows the pointer")
        hovered = _readout(program)
        _hover(session, 0.5, 0.02)
        program.windows.press(program.windows.wait_for("This cycle"))
        program.windows.wait_for_words("Weekly limit, this cycle: 69 % left")
        shoot(session, "history-cycle")
        program.windows.press(program.windows.wait_for("Use over time"))
        program.windows.wait_for_words("Weekly limit, last 7 days")
        assert hovered.split(" · ")[0] != now.split(" · ")[0]

        for _ in range(8):
            if FOCUSED in program.windows.wait_for("Chart").states:
                break
            program.press_key("Tab")
        program.press_key("Home")
        wait_until(lambda: _readout(program) not in {now, ""}, 10, "the readout of the first point")
        program.press_key("End")
        wait_until(lambda: "31 % used" in _readout(program), 10, "the readout of the last point")

        target = tmp_path / "history.csv"
        program.windows.press_button("Save as CSV…")
        active = ("getactivewindow", "getwindowname")
        wait_until(lambda: _xdotool(session, *active) == "History", 10, "the dialog")
        program.press_key("ctrl+a")
        _xdotool(session, "type", "--delay", "5", str(target))
        shoot(session, "history-save")
        program.press_key("alt+s")
        wait_until(target.exists, 10, "the saved file")
        wait_until(lambda: not _is_open(session, "History"), 10, "the dialog is gone")
        program.windows.wait_for_words("Saved as history.csv")
        assert target.read_text().startswith("window,limit,first_at")
        assert "codex/604800" in target.read_text()

        program.press_key("Escape")
        wait_until(lambda: not _is_open(session, _TITLE), 10, "the window is gone")
        program.quit()
