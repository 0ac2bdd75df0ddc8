"""The autostart entry on a real file system, judged by the desktops' own tools."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from support.desktop_session import wait_until

from app import APP_ID
from app.autostart.state import Autostart, AutostartStatus
from app.autostart.xdg import XdgAutostart
from app.errors import AppError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="freedesktop tools")

COMMENTS = {"": "Shows the limits in the tray", "zh_CN": "在托盘中显示限额"}

GENERATOR = Path("/usr/lib/systemd/user-generators/systemd-xdg-autostart-generator")

# T-47: folders a program may be installed in.
FOLDERS = [
    "plain",
    "two words",
    'a "quoted" one',
    "it's",
    "back\\slash",
    "$HOME and `id`",
    "a;b|c&d>e<f(g)*?#~",
    "潮汐",
    "100% real %u",
]


def installed(folder: Path) -> Path:
    """A program that notes the arguments it is started with, beside itself."""
    folder.mkdir(parents=True)
    program = folder / "tidegauge"
    program.write_text(
        '#!/bin/sh\nprintf "%s\\n" "$@" > "$(dirname "$0")/new"\n'
        'mv "$(dirname "$0")/new" "$(dirname "$0")/started"\n'
    )
    program.chmod(0o755)
    return program


def autostart(tmp_path: Path, program: Path, desktop: str = "") -> XdgAutostart:
    environment = {
        "HOME": str(tmp_path / "home"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_CONFIG_DIRS": str(tmp_path / "system"),
        "PATH": os.environ["PATH"],
        "XDG_CURRENT_DESKTOP": desktop,
    }
    return XdgAutostart(environment, (str(program), "--autostarted"), COMMENTS)


@pytest.mark.parametrize("name", FOLDERS)
def test_a_desktop_starts_it_from_any_folder(tmp_path: Path, name: str) -> None:
    """T-47: validated and started by the freedesktop tools, whatever the path holds."""
    program = installed(tmp_path / name)
    entry = autostart(tmp_path, program)
    assert entry.switch(on=True) == Autostart(AutostartStatus.ON)
    judged = subprocess.run(
        ["desktop-file-validate", str(entry.own)], capture_output=True, text=True, check=False
    )
    assert (judged.returncode, judged.stdout) == (0, "")
    subprocess.run(["gio", "launch", str(entry.own)], check=True, timeout=20)
    started = program.with_name("started")
    wait_until(started.exists, 20, "the program to be started")
    assert started.read_text() == "--autostarted\n"


@pytest.mark.skipif(not GENERATOR.exists(), reason=f"no {GENERATOR}")
@pytest.mark.parametrize("name", [name for name in FOLDERS if "\\" not in name])
def test_systemd_makes_a_unit_of_it(tmp_path: Path, name: str) -> None:
    """T-47: KDE's sessions, and others, are started by it. It looks for a backslash in vain."""
    program = installed(tmp_path / name)
    entry = autostart(tmp_path, program)
    entry.switch(on=True)
    units = tmp_path / "units"
    units.mkdir()
    home = {"HOME": str(tmp_path / "home"), "XDG_CONFIG_DIRS": str(tmp_path / "system")}
    subprocess.run(
        [GENERATOR, units, units, units],
        env={**os.environ, **home, "XDG_CONFIG_HOME": str(tmp_path / "config")},
        check=True,
    )
    (unit,) = (path for path in units.rglob("*.service") if not path.is_symlink())
    (start,) = (line for line in unit.read_text().splitlines() if line.startswith("ExecStart="))
    escaped = str(program).replace("%", "%%")  # as units write it, too
    for letter in '"$`':
        escaped = escaped.replace(letter, f"\\{letter}")
    command = start.removeprefix("ExecStart=:").removeprefix("/usr/bin/env ")
    assert command.replace(f'"{escaped}"', escaped) == f"{escaped} --autostarted"


def test_on_and_off_leaves_nothing(tmp_path: Path) -> None:
    entry = autostart(tmp_path, installed(tmp_path / "bin"))
    assert entry.read() == Autostart(AutostartStatus.OFF)
    old = os.umask(0)
    try:
        entry.switch(on=True)
    finally:
        os.umask(old)
    assert stat.S_IMODE(entry.own.stat().st_mode) == 0o644  # T-47: never world-writable
    assert entry.switch(on=False) == Autostart(AutostartStatus.OFF)
    assert list(entry.own.parent.iterdir()) == []


def test_what_others_change_is_the_truth(tmp_path: Path) -> None:
    entry = autostart(tmp_path, installed(tmp_path / "bin"))
    entry.switch(on=True)
    text = entry.own.read_text()
    entry.own.write_text(text.replace("enabled=true", "enabled=false"))
    assert entry.read().status is AutostartStatus.BLOCKED
    entry.own.write_text(text + "X-MATE-Autostart-enabled=false\n")
    assert entry.read().status is AutostartStatus.BLOCKED
    for hidden in ("true", "1"):
        entry.own.write_text(f"{text}Hidden={hidden}\n")
        assert entry.read().status is AutostartStatus.OFF
    entry.own.unlink()
    assert entry.read().status is AutostartStatus.OFF


def test_an_entry_that_another_desktop_reads_starts_nothing_here(tmp_path: Path) -> None:
    entry = autostart(tmp_path, installed(tmp_path / "bin"), "ubuntu:GNOME")
    entry.switch(on=True)
    text = entry.own.read_text()
    entry.own.write_text(text + "OnlyShowIn=KDE;\n")
    assert entry.read().status is AutostartStatus.BLOCKED
    entry.own.write_text(text + "NotShowIn=GNOME;\n")
    assert entry.read().status is AutostartStatus.BLOCKED
    assert entry.switch(on=True).status is AutostartStatus.ON


def test_variables_that_somebody_set_in_the_entry_are_no_other_program(tmp_path: Path) -> None:
    entry = autostart(tmp_path, installed(tmp_path / "bin"))
    entry.switch(on=True)
    text = entry.own.read_text()
    entry.own.write_text(text.replace("Exec=", "Exec=env QT_SCALE_FACTOR=2 ", 1))
    assert entry.read().status is AutostartStatus.ON


def test_an_entry_of_the_whole_system_is_hidden_not_removed(tmp_path: Path) -> None:
    program = installed(tmp_path / "bin")
    entry = autostart(tmp_path, program)
    system = tmp_path / "system" / "autostart" / f"{APP_ID}.desktop"
    entry.switch(on=True)
    system.parent.mkdir(parents=True)
    entry.own.rename(system)
    assert entry.read().status is AutostartStatus.ON
    assert entry.switch(on=False).status is AutostartStatus.OFF
    assert system.exists()
    assert "Hidden=true" in entry.own.read_text()
    assert entry.switch(on=True).status is AutostartStatus.ON


def test_another_installation_is_told_and_left(tmp_path: Path) -> None:
    other = installed(tmp_path / "other")
    autostart(tmp_path, other).switch(on=True)
    entry = autostart(tmp_path, installed(tmp_path / "bin"))
    assert entry.read() == Autostart(AutostartStatus.OTHER, str(other))
    assert not entry.heal()
    assert entry.read().status is AutostartStatus.OTHER


def test_a_program_that_moved_is_found_again(tmp_path: Path) -> None:
    old = installed(tmp_path / "old")
    autostart(tmp_path, old).switch(on=True)
    old.unlink()
    entry = autostart(tmp_path, installed(tmp_path / "bin"))
    assert entry.read() == Autostart(AutostartStatus.OFF, str(old))
    assert entry.heal()
    assert entry.read().status is AutostartStatus.ON
    assert not entry.heal()


def test_what_was_switched_off_is_not_healed(tmp_path: Path) -> None:
    old = installed(tmp_path / "old")
    entry = autostart(tmp_path, installed(tmp_path / "bin"))
    assert not entry.heal()
    autostart(tmp_path, old).switch(on=True)
    entry.own.write_text(entry.own.read_text().replace("enabled=true", "enabled=false"))
    old.unlink()
    assert not entry.heal()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """F-D09"""
    entry = autostart(tmp_path, installed(tmp_path / "bin"))
    entry.own.parent.parent.mkdir(parents=True)
    entry.own.parent.write_text("a file where the folder should be")
    with pytest.raises(AppError) as caught:
        entry.switch(on=True)
    assert str(entry.own) in caught.value.fault.detail
    assert entry.switch(on=False).status is AutostartStatus.OFF  # which it was all the while


def test_a_folder_that_cannot_even_be_looked_into_starts_nothing(tmp_path: Path) -> None:
    """F-D10: `Path.exists` raises for this one, and for folders that may not be entered."""
    too_long = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / ("x" * 300))}
    entry = XdgAutostart(too_long, ("/bin/true",), COMMENTS)
    assert entry.read().status is AutostartStatus.OFF
    assert not entry.heal()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe garbage", b"[Desktop Entry]\n", b"Exec=x\n"])
def test_an_entry_that_says_nothing_starts_nothing(tmp_path: Path, content: bytes) -> None:
    entry = autostart(tmp_path, installed(tmp_path / "bin"))
    entry.own.parent.mkdir(parents=True)
    entry.own.write_bytes(content)
    assert entry.read().status is AutostartStatus.OFF


def test_the_folders_follow_the_specification(tmp_path: Path) -> None:
    """F-D10: relative ones are ignored."""
    environment = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": "relative", "XDG_CONFIG_DIRS": "x:y"}
    entry = XdgAutostart(environment, ("/bin/true",), COMMENTS)
    assert entry.own == tmp_path / ".config" / "autostart" / f"{APP_ID}.desktop"
    assert entry.read().status is AutostartStatus.OFF


def test_forgotten_the_users_entry_is_gone_whatever_it_said(tmp_path: Path) -> None:
    """What the package brings holds again, as for a new user."""
    entry = autostart(tmp_path, installed(tmp_path / "plain"))
    entry.forget()
    (system,) = entry._system
    system.parent.mkdir(parents=True)
    entry.switch(on=True)
    system.write_bytes(entry.own.read_bytes())
    assert entry.switch(on=False).status is AutostartStatus.OFF
    assert entry.own.exists()  # it hides the other one
    entry.forget()
    assert not entry.own.exists()
    assert entry.read().status is AutostartStatus.ON
    entry.own.mkdir()
    with pytest.raises(AppError):
        entry.forget()
