"""Connections to a message bus for tests: however long the bus takes to greet."""

from __future__ import annotations

from jeepney.io.blocking import DBusConnection, open_dbus_connection

REPLY_S = 30.0  # a machine may stand still for seconds


def bus_connection(address: str) -> DBusConnection:
    """A connection of its own; the library by itself would wait for a second only."""
    return open_dbus_connection(bus=address, auth_timeout=REPLY_S)
