"""Which services a desktop offers, asked on real buses: one that answers, one that hangs, none."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from support.secret_service import secret_service

from app.desktop.offered_names import ABSENT, RUNNING, session_services


def test_a_bus_tells_who_is_there(private_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with secret_service(private_home / "run") as running:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", running.address)
        running.start_keyring()
        told = session_services()

    assert told["session_bus"] == "answers"
    assert told["secret_service"] == RUNNING
    assert told["tray_watcher"] == ABSENT
    assert set(told) == {
        *("session_bus", "notifications", "tray_watcher", "secret_service", "portal"),
    }


def test_a_bus_that_says_nothing_is_left_after_a_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bus"
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(path))
        silent.listen()
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={path}")
        told = session_services()

    assert set(told) == {"session_bus"}
    assert told["session_bus"] != "answers"


def test_no_bus_is_said_to_be_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path / 'absent'}")

    assert session_services() == {"session_bus": "FileNotFoundError"}
