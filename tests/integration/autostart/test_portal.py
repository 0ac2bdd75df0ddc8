"""The Background portal, as a stand-in on a private bus grants or refuses it."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from jeepney import (
    DBusAddress,
    HeaderFields,
    MessageType,
    message_bus,
    new_method_return,
    new_signal,
)
from support.bus_connection import bus_connection
from support.desktop_session import desktop_session

from app.autostart.portal import BackgroundPortal
from app.autostart.state import Autostart, AutostartStatus
from app.errors import AppError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a session bus")


@contextmanager
def portal(bus: str, code: int, results: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
    """Answers one RequestBackground with `code` and `results`; yields the options it was asked."""
    asked: list[dict[str, Any]] = []
    connection = bus_connection(bus)
    connection.send_and_get_reply(message_bus.RequestName("org.freedesktop.portal.Desktop"))

    def serve() -> None:
        while True:
            message = connection.receive()
            if message.header.message_type is MessageType.method_call:
                break
        options = message.body[1]
        asked.append({name: value for name, (_kind, value) in options.items()})
        sender = message.header.fields[HeaderFields.sender]
        unique = sender.removeprefix(":").replace(".", "_")
        path = f"/org/freedesktop/portal/desktop/request/{unique}/{options['handle_token'][1]}"
        connection.send(new_method_return(message, "o", (path,)))
        request = DBusAddress(path, interface="org.freedesktop.portal.Request")
        connection.send(new_signal(request, "Response", "ua{sv}", (code, results)))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield asked
    finally:
        thread.join(10)
        connection.close()


def test_what_the_portal_grants_is_remembered(tmp_path: Path) -> None:
    with desktop_session("none") as session:
        entry = BackgroundPortal(
            tmp_path / "state" / "autostart.json", "Why", bus=session.bus_address
        )
        assert entry.read() == Autostart(AutostartStatus.OFF)
        with portal(session.bus_address, 0, {"autostart": ("b", True)}) as asked:
            assert entry.switch(on=True) == Autostart(AutostartStatus.ON)
        assert asked[0]["autostart"] is True
        assert asked[0]["commandline"] == ["tidegauge", "--autostarted"]
        assert asked[0]["reason"] == "Why"
        assert entry.read() == Autostart(AutostartStatus.ON)
        with portal(session.bus_address, 0, {"autostart": ("b", False)}):
            assert entry.switch(on=False) == Autostart(AutostartStatus.OFF)
        assert not entry.heal()


@pytest.mark.parametrize(
    ("code", "results"),
    [(1, {}), (2, {"autostart": ("b", True)}), (0, {}), (0, {"autostart": ("b", False)})],
)
def test_a_refusal_is_no_success(tmp_path: Path, code: int, results: dict[str, Any]) -> None:
    with (
        desktop_session("none") as session,
        portal(session.bus_address, code, results),
    ):
        entry = BackgroundPortal(tmp_path / "autostart.json", "Why", bus=session.bus_address)
        assert entry.switch(on=True) == Autostart(AutostartStatus.BLOCKED)
        assert entry.read() == Autostart(AutostartStatus.OFF)


def test_without_a_portal_it_says_so(tmp_path: Path) -> None:
    entry = BackgroundPortal(tmp_path / "autostart.json", "Why", bus=f"unix:path={tmp_path}/none")
    with pytest.raises(AppError):
        entry.switch(on=True)


def test_a_bus_without_a_portal_is_told_at_once(tmp_path: Path) -> None:
    """The bus replies with an error: nobody is going to answer the request."""
    with desktop_session("none") as session:
        entry = BackgroundPortal(
            tmp_path / "autostart.json", "Why", bus=session.bus_address, patience_s=3600
        )
        with pytest.raises(AppError, match=r"org\.freedesktop\.portal\.Desktop"):
            entry.switch(on=True)


def test_a_memory_that_cannot_be_read_is_not_taken_for_off(tmp_path: Path) -> None:
    memory = tmp_path / "autostart.json"
    memory.write_text("not json")
    assert BackgroundPortal(memory, "Why").read().status is AutostartStatus.UNKNOWN


def test_forgotten_the_portal_is_told_only_if_it_was_asked_before(tmp_path: Path) -> None:
    with desktop_session("none") as session:
        memory = tmp_path / "state" / "autostart.json"
        entry = BackgroundPortal(memory, "Why", bus=session.bus_address)
        entry.forget()  # nobody was asked, so nobody has to answer
        with portal(session.bus_address, 0, {"autostart": ("b", True)}):
            entry.switch(on=True)
        with portal(session.bus_address, 0, {"autostart": ("b", False)}) as asked:
            entry.forget()
        assert asked[0]["autostart"] is False
        assert not memory.exists()
        memory.mkdir()
        with portal(session.bus_address, 0, {}), pytest.raises(AppError):
            entry.forget()
