"""Whether a message bus answers at all: QtDBus would wait for it with every window of the program.

Connecting to a bus that hangs takes QtDBus half a minute, in which not even another thread of
Python runs. So the first words of the protocol are exchanged beforehand, on asyncio.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping

_PATIENCE_S = 3.0
_SYSTEM_BUS = "unix:path=/run/dbus/system_bus_socket"


def system_bus_address(environment: Mapping[str, str]) -> str:
    """Where the system's bus listens, in the form of the D-Bus specification."""
    return environment.get("DBUS_SYSTEM_BUS_ADDRESS") or _SYSTEM_BUS


async def answers(address: str, patience_s: float = _PATIENCE_S) -> bool:
    """False for a bus that takes a connection and then says nothing for `patience_s` seconds.

    One that is not there, or not on a local socket, does not hang: True.
    """
    socket = _socket_of(address)
    if socket is None:
        return True
    try:
        async with asyncio.timeout(patience_s):
            reader, writer = await asyncio.open_unix_connection(socket)
            try:
                writer.write(b"\0AUTH EXTERNAL %s\r\n" % str(os.getuid()).encode().hex().encode())
                await reader.readline()
            finally:
                writer.close()
    except TimeoutError:
        return False
    except OSError:
        return True
    return True


def _socket_of(address: str) -> str | None:
    """The first local socket of an address; an abstract one begins with a NUL."""
    for part in address.split(";"):
        transport, _, options = part.partition(":")
        if transport == "unix":
            values = dict(option.split("=", 1) for option in options.split(",") if "=" in option)
            if "path" in values:
                return values["path"]
            if "abstract" in values:
                return "\0" + values["abstract"]
    return None
