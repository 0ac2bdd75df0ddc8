"""`tidegauge autostart`, and which mechanism a system gets."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from support.command_line import tidegauge

from app import APP_ID
from app.autostart.choice import mechanism
from app.autostart.desktop_entry import program_of, read_entry
from app.autostart.portal import BackgroundPortal
from app.autostart.xdg import XdgAutostart

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="an entry in a folder")


def test_switched_on_told_and_switched_off(private_home: Path) -> None:
    entry = private_home / "config" / "autostart" / f"{APP_ID}.desktop"
    on, off = "Tidegauge starts with the system.\n", "Tidegauge does not start with the system.\n"
    for action, said in ((["on"], on), ([], on), (["off"], off), (["status"], off)):
        ended = tidegauge("", "autostart", *action)
        assert (ended.code, ended.out, ended.err) == (0, said, "")
        if action == ["on"]:
            command = read_entry(entry.read_text())["Exec"]
            assert program_of(command) == sys.executable
            assert command.endswith("--autostarted")
    assert not entry.exists()


def test_a_folder_in_the_way_is_said(private_home: Path) -> None:
    """F-D09"""
    (private_home / "config").mkdir(exist_ok=True)
    (private_home / "config" / "autostart").write_text("a file")
    ended = tidegauge("", "autostart", "on")
    assert (ended.code, ended.out) == (2, "")
    assert "could not be changed, and stays as it was" in ended.err
    assert "config/autostart" in ended.err


def test_the_portal_is_asked_inside_flatpak_only(tmp_path: Path) -> None:
    mark = tmp_path / "flatpak-info"
    outside = mechanism(os.environ, {}, tmp_path, flatpak_mark=mark)
    assert isinstance(outside, XdgAutostart)
    mark.touch()
    assert isinstance(mechanism(os.environ, {}, tmp_path, flatpak_mark=mark), BackgroundPortal)
