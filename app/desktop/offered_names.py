"""Which of the desktop's services are there, asked on the session bus; for a diagnosis.

Blocking, but never for longer than a few seconds: call it off the interface's thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jeepney.io.blocking import DBusConnection

_PATIENCE_S = 1.0  # for one answer; a healthy bus needs milliseconds
_SERVICES = {
    "notifications": "org.freedesktop.Notifications",
    "tray_watcher": "org.kde.StatusNotifierWatcher",
    "secret_service": "org.freedesktop.secrets",
    "portal": "org.freedesktop.portal.Desktop",
}
RUNNING, STARTABLE, ABSENT = "running", "can be started", "absent"


def session_services() -> dict[str, str]:
    """The state of the session bus and of each service by its short name.

    `session_bus`: "answers", or what came instead. Without an answer nothing else is told.
    """
    from jeepney.io.blocking import open_dbus_connection  # noqa: PLC0415 - only when asked

    try:
        with open_dbus_connection(auth_timeout=_PATIENCE_S) as bus:
            owned = set(_names(bus, "ListNames"))
            startable = set(_names(bus, "ListActivatableNames"))
    except (OSError, ValueError, KeyError, EOFError, RuntimeError) as error:
        return {"session_bus": type(error).__name__}
    states = {
        name: RUNNING if address in owned else STARTABLE if address in startable else ABSENT
        for name, address in _SERVICES.items()
    }
    return {"session_bus": "answers", **states}


def _names(bus: DBusConnection, member: str) -> list[str]:
    from jeepney import new_method_call  # noqa: PLC0415 - only when asked
    from jeepney.bus_messages import message_bus  # noqa: PLC0415 - as above

    reply = bus.send_and_get_reply(new_method_call(message_bus, member), timeout=_PATIENCE_S)
    (names,) = reply.body
    return [str(name) for name in names]
