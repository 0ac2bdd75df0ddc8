"""The command an entry names, for each way to install the program."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app.autostart.own_command import own_command

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="paths of POSIX")


def test_a_checkout_is_started_through_its_python(tmp_path: Path) -> None:
    python = str(tmp_path / "bin" / "python")
    command = own_command({"HOME": str(tmp_path)}, executable=python, is_frozen=False)
    assert command == (python, "-P", "-m", "app", "--autostarted")


def test_an_installed_command_is_named(tmp_path: Path) -> None:
    script = tmp_path / "venv" / "bin" / "tidegauge"
    script.parent.mkdir(parents=True)
    script.touch()
    python = str(script.with_name("python"))
    command = own_command({"HOME": str(tmp_path)}, executable=python, is_frozen=False)
    assert command == (str(script), "--autostarted")


def test_the_link_of_the_user_outlives_the_environment_behind_it(tmp_path: Path) -> None:
    script = tmp_path / "pipx" / "venvs" / "tidegauge" / "bin" / "tidegauge"
    script.parent.mkdir(parents=True)
    script.touch()
    link = tmp_path / ".local" / "bin" / "tidegauge"
    link.parent.mkdir(parents=True)
    link.symlink_to(script)
    python = str(script.with_name("python"))
    command = own_command({"HOME": str(tmp_path)}, executable=python, is_frozen=False)
    assert command == (str(link), "--autostarted")


def test_another_program_behind_that_link_is_not_meant(tmp_path: Path) -> None:
    script = tmp_path / "venv" / "bin" / "tidegauge"
    other = tmp_path / ".local" / "bin" / "tidegauge"
    for file in (script, other):
        file.parent.mkdir(parents=True)
        file.touch()
    python = str(script.with_name("python"))
    assert own_command({"HOME": str(tmp_path)}, executable=python)[0] == str(script)


def test_a_bundle_is_its_own_program_and_an_image_its_file() -> None:
    bundle = "/opt/tidegauge/tidegauge"
    assert own_command({}, executable=bundle, is_frozen=True) == (bundle, "--autostarted")
    image = {"APPIMAGE": "/srv/ann/Tidegauge.AppImage"}
    command = own_command(image, executable="/mnt/.mount_x/tidegauge", is_frozen=True)
    assert command == ("/srv/ann/Tidegauge.AppImage", "--autostarted")
    assert own_command({"APPIMAGE": "x"}, executable=bundle, is_frozen=True)[0] == bundle


def test_of_the_two_programs_of_a_windows_bundle_the_silent_one_is_started(tmp_path: Path) -> None:
    silent = tmp_path / "tidegauge-tray.exe"
    silent.touch()
    bundle = str(tmp_path / "tidegauge.exe")
    assert own_command({}, executable=bundle, is_frozen=True) == (str(silent), "--autostarted")
