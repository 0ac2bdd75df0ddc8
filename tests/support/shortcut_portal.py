"""A stand-in for the desktop's portal of global shortcuts, on a session's own bus.

It answers as xdg-desktop-portal does: a request's handle at once, its `Response` later. A test
says what the person decides, presses the key, and ends the portal.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    message_bus,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.io.blocking import DBusConnection
from support.bus_connection import REPLY_S, bus_connection

NAME = "org.freedesktop.portal.Desktop"
PATH = "/org/freedesktop/portal/desktop"
_SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"
_REQUEST = "org.freedesktop.portal.Request"
_POLL_S = 0.05


class ShortcutPortal:
    """`decision` 0: the person agrees; 1: they do not. `calls`: (member, arguments) so far."""

    def __init__(self, bus_address: str, *, decision: int = 0, knows_registry: bool = True) -> None:
        self.decision = decision
        self.knows_registry = knows_registry
        self.calls: list[tuple[str, tuple[Any, ...]]] = []
        self.session = ""
        self._client = ""
        self._bus: DBusConnection = bus_connection(bus_address)
        self._bus.send_and_get_reply(message_bus.RequestName(NAME), timeout=REPLY_S)
        self._sending = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="shortcut portal")
        self._thread.start()

    def members(self) -> list[str]:
        """What was called so far, by name."""
        return [member for member, _arguments in self.calls]

    def press(self, token: str = "", session: str = "") -> None:
        """The person presses the key."""
        options = {"activation_token": ("s", token)} if token else {}
        body = (session or self.session, "chat", 1234, options)
        place = DBusAddress(PATH, interface=_SHORTCUTS)
        self._send(new_signal(place, "Activated", "osta{sv}", body))

    def end(self) -> None:
        """The portal goes, as in an update of the desktop."""
        self._ended.set()
        self._thread.join()
        self._bus.close()

    def _send(self, message: Message, to: str = "") -> None:
        if to:
            message.header.fields[HeaderFields.destination] = to
        with self._sending:
            self._bus.send(message)

    def _serve(self) -> None:
        while not self._ended.is_set():
            try:
                message = self._bus.receive(timeout=_POLL_S)
            except TimeoutError:
                continue
            if message.header.message_type is MessageType.method_call:
                self._answer(message)

    def _answer(self, message: Message) -> None:
        member = message.header.fields[HeaderFields.member]
        self._client = message.header.fields[HeaderFields.sender]
        self.calls.append((member, message.body))
        if member == "Register":
            if self.knows_registry:
                self._send(new_method_return(message))
            else:
                unknown = "org.freedesktop.DBus.Error.UnknownMethod"
                self._send(new_error(message, unknown))
        elif member == "CreateSession":
            self.session = f"{PATH}/session/1_1/{message.body[0]['session_handle_token'][1]}"
            self._respond(message, 0, {"session_handle": ("s", self.session)})
        elif member == "BindShortcuts":
            bound = [("chat", {"trigger_description": ("s", "Ctrl+Alt+T")})]
            agreed = {"shortcuts": ("a(sa{sv})", bound)}
            self._respond(message, self.decision, {} if self.decision else agreed)
        else:
            self._send(new_method_return(message))

    def _respond(self, message: Message, code: int, results: dict[str, Any]) -> None:
        token = message.body[-1]["handle_token"][1]
        handle = f"{PATH}/request/{self._client[1:].replace('.', '_')}/{token}"
        self._send(new_method_return(message, "o", (handle,)))
        place = DBusAddress(handle, interface=_REQUEST)
        self._send(new_signal(place, "Response", "ua{sv}", (code, results)), self._client)


@contextmanager
def shortcut_portal(bus_address: str, **options: Any) -> Iterator[ShortcutPortal]:
    """A portal that is ended at the latest with the block."""
    portal = ShortcutPortal(bus_address, **options)
    try:
        yield portal
    finally:
        if not portal._ended.is_set():
            portal.end()
