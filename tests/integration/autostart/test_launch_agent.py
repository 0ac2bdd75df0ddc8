"""The launch agent on a real file system; launchd itself is a script here."""

from __future__ import annotations

import plistlib
import sys
from pathlib import Path

import pytest

from app import APP_ID
from app.autostart.launch_agent import LaunchAgent, is_disabled
from app.autostart.state import Autostart, AutostartStatus
from app.errors import AppError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="paths of POSIX")


def program_in(folder: Path) -> Path:
    folder.mkdir(parents=True)
    program = folder / "tidegauge"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return program


def agent(tmp_path: Path, program: Path, told: str = "") -> LaunchAgent:
    launchctl = tmp_path / "launchctl"
    launchctl.write_text(f"#!/bin/sh\ncat <<'END'\n{told}\nEND\n")
    launchctl.chmod(0o755)
    return LaunchAgent(tmp_path, (str(program), "--autostarted"), 501, str(launchctl))


def test_on_and_off_again(tmp_path: Path) -> None:
    program = program_in(tmp_path / "App & <Co>")
    one = agent(tmp_path, program)
    assert one.read() == Autostart(AutostartStatus.OFF)
    assert one.switch(on=True) == Autostart(AutostartStatus.ON)
    values = plistlib.loads(one.path.read_bytes())
    assert values["ProgramArguments"] == [str(program), "--autostarted"]
    assert values["Label"] == APP_ID
    assert one.switch(on=False) == Autostart(AutostartStatus.OFF)
    assert not one.path.exists()


def test_the_users_own_switch_is_told(tmp_path: Path) -> None:
    one = agent(
        tmp_path, program_in(tmp_path / "bin"), f'disabled = {{\n\t"{APP_ID}" => disabled\n}}'
    )
    one.switch(on=True)
    assert one.read() == Autostart(AutostartStatus.BLOCKED)


def test_another_installation_and_one_that_went(tmp_path: Path) -> None:
    other = program_in(tmp_path / "other")
    agent(tmp_path, other).switch(on=True)
    one = agent(tmp_path, program_in(tmp_path / "bin"))
    assert one.read() == Autostart(AutostartStatus.OTHER, str(other))
    assert not one.heal()
    other.unlink()
    assert one.read() == Autostart(AutostartStatus.OFF, str(other))
    assert one.heal()
    assert one.read().status is AutostartStatus.ON


def test_a_program_that_went_is_not_the_one_that_starts(tmp_path: Path) -> None:
    other, mine = program_in(tmp_path / "other"), program_in(tmp_path / "bin")
    agent(tmp_path, other).switch(on=True)
    one = agent(tmp_path, mine)
    mine.unlink()
    assert one.read() == Autostart(AutostartStatus.OTHER, str(other))


def test_without_launchctl_the_file_is_believed(tmp_path: Path) -> None:
    program = program_in(tmp_path / "bin")
    one = LaunchAgent(tmp_path, (str(program),), 501, str(tmp_path / "none"))
    assert one.switch(on=True).status is AutostartStatus.ON


def test_garbage_is_off_and_a_folder_in_the_way_is_said(tmp_path: Path) -> None:
    one = agent(tmp_path, program_in(tmp_path / "bin"))
    one.path.parent.mkdir(parents=True)
    one.path.write_text("no property list")
    assert one.read().status is AutostartStatus.OFF
    assert not one.heal()
    one.path.write_text("<?xml version='1.0'?><plist><dict>")  # half written
    assert one.read().status is AutostartStatus.OFF
    assert not one.heal()
    one.path.unlink()
    one.path.mkdir()
    with pytest.raises(AppError):
        one.switch(on=True)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("", False),
        (f'"{APP_ID}" => enabled', False),
        (f'\t"{APP_ID}" => disabled', True),
        (f'"{APP_ID}" => true', True),
        ('"another" => disabled', False),
    ],
)
def test_what_launchctl_prints(told: str, expected: bool) -> None:
    assert is_disabled(told, APP_ID) is expected


def test_forgotten_nothing_is_left(tmp_path: Path) -> None:
    one = agent(tmp_path, program_in(tmp_path / "bin"))
    one.forget()
    one.switch(on=True)
    one.forget()
    assert not one.path.exists()
