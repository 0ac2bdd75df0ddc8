"""Notification daemons for tests: what dunst was told and shows, and one that never answers."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    message_bus,
    new_method_call,
    new_method_return,
    new_signal,
)
from jeepney.io.blocking import open_dbus_connection

if __name__ != "__main__":
    from support.bus_connection import REPLY_S, bus_connection
    from support.desktop_session import DesktopSession, end, has_owner, wait_until

NAME = "org.freedesktop.Notifications"
_ADDRESS = DBusAddress("/org/freedesktop/Notifications", NAME, NAME)
_MONITORING = "org.freedesktop.DBus.Monitoring"
# dunst lists the buttons of what it shows to a menu program, one a line; this one takes the
# first line with the words a test looks for.
_CHOOSE = """#!/bin/sh
exec grep -m1 -F -f {folder}/choice
"""
# Markup shown as it is read, history kept, nothing taken away by time.
_DUNSTRC = """\
[global]
    history_length = 100
    idle_threshold = 0
    markup = full
    format = "%s\\n%b"
    dmenu = {folder}/choose
[urgency_low]
    timeout = 0
[urgency_normal]
    timeout = 0
[urgency_critical]
    timeout = 0
"""


@dataclass(frozen=True, slots=True)
class Told:
    """One notification in dunst's history; `number` is its id."""

    number: int
    title: str
    body: str
    icon: str


def start_dunst(session: DesktopSession) -> subprocess.Popen[bytes]:
    """dunst, as a person may have set it up."""
    (session.folder / "config" / "dunstrc").write_text(_DUNSTRC.format(folder=session.folder))
    chooser = session.folder / "choose"
    chooser.write_text(_CHOOSE.format(folder=session.folder))
    chooser.chmod(0o700)
    process = session.start(["dunst", "-conf", str(session.folder / "config" / "dunstrc")])
    session.wait_for_name(NAME)
    return process


def end_dunst(session: DesktopSession, process: subprocess.Popen[bytes]) -> None:
    end(process)
    wait_until(lambda: not has_owner(session.bus_address, NAME), 20, "no daemon")


def control(session: DesktopSession, *arguments: str) -> str:
    """`dunstctl ARGUMENTS`."""
    done = subprocess.run(
        ["dunstctl", *arguments], env=session.env, capture_output=True, text=True, check=True
    )
    return done.stdout


def displayed(session: DesktopSession) -> int:
    """How many are on the screen."""
    return int(control(session, "count", "displayed"))


def history(session: DesktopSession) -> list[Told]:
    """Everything that was on the screen and is not any more, the oldest first."""
    rows: list[dict[str, Any]] = json.loads(control(session, "history"))["data"][0]
    told = [
        Told(
            row["id"]["data"],
            row["summary"]["data"],
            row["body"]["data"],
            row["icon_path"]["data"],
        )
        for row in rows
    ]
    return sorted(told, key=lambda one: one.number)


def press(session: DesktopSession, *words: str) -> None:
    """The button whose line in dunst's menu has all of `words`, such as its label and the title
    of its notification."""
    (session.folder / "choice").write_text(" (".join(words) + "\n")
    control(session, "context")


def click(session: DesktopSession) -> None:
    """A click on the newest notification itself."""
    control(session, "action", "0")


@dataclass(frozen=True, slots=True)
class Sent:
    """One `Notify` call as it went over the bus."""

    title: str
    body: str
    replaces: int
    actions: tuple[str, ...]
    urgency: int


class BusListener:
    """Overhears every notification that is sent, and which are taken away again."""

    def __init__(self, session: DesktopSession) -> None:
        self.sent: list[Sent] = []
        self.closed: list[int] = []
        self._connection = bus_connection(session.bus_address)
        rules = [f"type='method_call',interface='{NAME}'"]
        monitor = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", _MONITORING)
        call = new_method_call(monitor, "BecomeMonitor", "asu", (rules, 0))
        self._connection.send_and_get_reply(call, timeout=REPLY_S)
        threading.Thread(target=self._run, daemon=True).start()

    @property
    def titles(self) -> list[str]:
        return [one.title for one in self.sent]

    def wait_for(self, *titles: str, seconds: float = 10.0) -> None:
        """Until exactly these were sent, in this order."""
        with suppress(AssertionError):
            wait_until(lambda: len(self.sent) >= len(titles), seconds)
        assert self.titles == list(titles), self.sent

    def close(self) -> None:
        self._connection.close()

    def _run(self) -> None:
        with suppress(OSError, EOFError, ValueError):
            while True:
                message = self._connection.receive()
                member, body = message.header.fields.get(HeaderFields.member), message.body
                if member == "Notify":
                    hints = body[6]
                    actions = tuple(body[5])
                    self.sent.append(Sent(body[3], body[4], body[1], actions, hints["urgency"][1]))
                elif member == "CloseNotification":
                    self.closed.append(body[0])


class PlainDaemon:
    """A daemon of few abilities, scripted: `is_inhibited`, and signals sent by hand."""

    def __init__(self, session: DesktopSession, *capabilities: str) -> None:
        self.capabilities = list(capabilities)
        self.is_inhibited = False
        self.notified: list[tuple[Any, ...]] = []
        self._connection = bus_connection(session.bus_address)
        self._connection.send_and_get_reply(message_bus.RequestName(NAME), timeout=REPLY_S)
        threading.Thread(target=self._run, daemon=True).start()

    def signal(self, member: str, signature: str, *body: object) -> None:
        """Send a signal of the interface, as a daemon does."""
        self._connection.send(new_signal(_ADDRESS, member, signature, body))

    def close(self) -> None:
        self._connection.close()

    def _run(self) -> None:
        with suppress(OSError, EOFError, ValueError):
            while True:
                self._answer(self._connection.receive())

    def _answer(self, message: Message) -> None:
        member = message.header.fields.get(HeaderFields.member)
        if message.header.message_type is not MessageType.method_call:
            return
        reply = {
            "Get": ("v", (("b", self.is_inhibited),)),
            "GetCapabilities": ("as", (self.capabilities,)),
            "Notify": ("u", (len(self.notified) + 1,)),
        }.get(str(member), ("", ()))
        if member == "Notify":
            self.notified.append(message.body)
        self._connection.send(new_method_return(message, *reply))


def pretend_action(session: DesktopSession, number: int) -> None:
    """Another program says that a button was pressed."""
    with bus_connection(session.bus_address) as stranger:
        stranger.send(new_signal(_ADDRESS, "ActionInvoked", "us", (number, "open")))
        stranger.send_and_get_reply(message_bus.GetId(), timeout=REPLY_S)  # so it is out


@contextmanager
def silent_daemon(session: DesktopSession) -> Iterator[subprocess.Popen[bytes]]:
    """Owns the name of the notification daemon and never answers (F-D03)."""
    process = session.start([sys.executable, str(Path(__file__)), session.bus_address], log="mute")
    session.wait_for_name(NAME)
    try:
        yield process
    finally:
        end(process)


def _own_the_name(address: str) -> None:
    with open_dbus_connection(bus=address, auth_timeout=30) as connection:
        connection.send_and_get_reply(message_bus.RequestName(NAME))
        while True:
            connection.receive()


if __name__ == "__main__":
    _own_the_name(sys.argv[1])
