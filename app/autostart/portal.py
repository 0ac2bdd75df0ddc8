"""Inside Flatpak: the Background portal, which asks the person and writes the entry outside.

It cannot be asked what holds, so its last answer is remembered. Source: the interface
`org.freedesktop.portal.Background`, version 2.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import COMMAND
from app.autostart.state import OPTION, Autostart, AutostartStatus
from app.errors import AppError, FaultKind, fail
from app.guarded_json import decode_json
from app.private_files import UnusableFileError, read_private, replace_private

if TYPE_CHECKING:
    from jeepney import Message

_PATIENCE_S = 120.0  # a person may be asked
_REPLY_S = 10.0  # of the bus and the portal itself
_LARGEST = 1 << 10
_GRANTED = 0


class BackgroundPortal:
    """`reason` is the sentence the portal shows; `memory` the file of its last answer."""

    def __init__(
        self, memory: Path, reason: str, *, bus: str = "SESSION", patience_s: float = _PATIENCE_S
    ) -> None:
        self._memory = memory
        self._reason = reason
        self._bus = bus
        self._patience_s = patience_s

    def read(self) -> Autostart:
        return replace(self._remembered(), file=str(self._memory))

    def _remembered(self) -> Autostart:
        try:
            value = decode_json(read_private(self._memory, _LARGEST)).value
        except FileNotFoundError:
            return Autostart(AutostartStatus.OFF)
        except (OSError, UnusableFileError, AppError) as error:
            return Autostart(AutostartStatus.UNKNOWN, str(error))
        is_on = isinstance(value, dict) and value.get("autostart") is True
        return Autostart(AutostartStatus.ON if is_on else AutostartStatus.OFF)

    def switch(self, *, on: bool) -> Autostart:
        is_on = self._asked(on)
        answer = json.dumps({"autostart": is_on}).encode("ascii")
        try:
            replace_private(self._memory, answer)
        except OSError as error:
            raise fail(FaultKind.CONFIGURATION, f"{self._memory}: {error.strerror}") from error
        if on and not is_on:
            return Autostart(AutostartStatus.BLOCKED)
        return self.read()

    def forget(self) -> None:
        """The portal is asked only if it may have written an entry."""
        if self.read().status is not AutostartStatus.OFF:
            self._asked(False)
        try:
            self._memory.unlink(missing_ok=True)
        except OSError as error:
            raise fail(FaultKind.CONFIGURATION, f"{self._memory}: {error.strerror}") from error

    def heal(self) -> bool:
        """The portal's entry names the application, which does not move."""
        return False

    def _asked(self, on: bool) -> bool:
        """What the portal granted. Raises `AppError(CONFIGURATION)` if there is none."""
        from jeepney import MatchRule, MessageType, message_bus  # noqa: PLC0415 - only inside Flatpak
        from jeepney.io.blocking import open_dbus_connection  # noqa: PLC0415

        try:
            with open_dbus_connection(bus=self._bus, auth_timeout=_REPLY_S) as connection:
                token = f"tidegauge_{secrets.token_hex(8)}"
                sender = connection.unique_name.removeprefix(":").replace(".", "_")
                path = f"/org/freedesktop/portal/desktop/request/{sender}/{token}"
                rule = MatchRule(
                    type="signal", interface="org.freedesktop.portal.Request", path=path
                )
                connection.send_and_get_reply(message_bus.AddMatch(rule))
                with connection.filter(rule) as answers:
                    reply = connection.send_and_get_reply(
                        self._request(token, on), timeout=_REPLY_S
                    )
                    if reply.header.message_type is MessageType.error:
                        raise fail(FaultKind.CONFIGURATION, f"Background portal: {reply.body}")
                    answer = connection.recv_until_filtered(answers, timeout=self._patience_s)
        except (OSError, TimeoutError, KeyError) as error:
            raise fail(FaultKind.CONFIGURATION, f"Background portal: {error}") from error
        return _granted(answer)

    def _request(self, token: str, on: bool) -> Message:
        from jeepney import DBusAddress, new_method_call  # noqa: PLC0415 - only inside Flatpak

        portal = DBusAddress(
            "/org/freedesktop/portal/desktop",
            bus_name="org.freedesktop.portal.Desktop",
            interface="org.freedesktop.portal.Background",
        )
        options = {
            "handle_token": ("s", token),
            "reason": ("s", self._reason),
            "autostart": ("b", on),
            "commandline": ("as", [COMMAND, OPTION]),
            "dbus-activatable": ("b", False),
        }
        return new_method_call(portal, "RequestBackground", "sa{sv}", ("", options))


def _granted(answer: Message) -> bool:
    """The `autostart` of a Response (u code, a{sv} results); false unless the code is 0."""
    body: Any = answer.body
    if not isinstance(body, tuple) or len(body) != 2 or body[0] != _GRANTED:
        return False
    autostart = body[1].get("autostart") if isinstance(body[1], dict) else None
    return isinstance(autostart, tuple) and autostart[1] is True
