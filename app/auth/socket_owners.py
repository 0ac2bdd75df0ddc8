"""Which user owns a TCP socket of this machine, from the tables in /proc/net (Linux only).

Elsewhere the answer is None, "unknown": the cookie of the start page then stands alone (T-03).
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_TABLES = {socket.AF_INET: Path("/proc/net/tcp"), socket.AF_INET6: Path("/proc/net/tcp6")}
_LISTENS = "0A"


@dataclass(frozen=True, slots=True)
class TableRow:
    """One socket; addresses are `HEX:PORT` as the kernel prints them."""

    local: str
    remote: str
    state: str
    uid: int


def owner_of_connection(family: int, near: tuple[str, int], far: tuple[str, int]) -> int | None:
    """The uid at the `near` end of a connection between `near` and `far` (T-02)."""
    local, remote = _printed(family, *near), _printed(family, *far)
    rows = _rows(family)
    return next((r.uid for r in rows if (r.local, r.remote) == (local, remote)), None)


def owner_of_port(port: int) -> int | None:
    """The uid that listens on `port` of any address (T-01)."""
    suffix = f":{port:04X}"
    for family in _TABLES:
        for row in _rows(family):
            if row.state == _LISTENS and row.local.endswith(suffix):
                return row.uid
    return None


def own_uid() -> int | None:
    """Our own uid where the system has such a thing."""
    return os.getuid() if sys.platform != "win32" else None


def user_name(uid: int) -> str:
    """The account's name, or its number."""
    if sys.platform == "win32":
        return str(uid)
    import pwd  # noqa: PLC0415 - not on Windows

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def read_table(text: str) -> Iterator[TableRow]:
    """The rows of a `/proc/net/tcp` or `tcp6` table; lines that are none are left out."""
    for line in text.splitlines()[1:]:
        columns = line.split()
        if len(columns) > 7 and columns[7].isdigit():
            yield TableRow(columns[1], columns[2], columns[3], int(columns[7]))


def _rows(family: int) -> Iterator[TableRow]:
    try:
        text = _TABLES[socket.AddressFamily(family)].read_text("ascii")
    except (OSError, ValueError, KeyError):
        return
    yield from read_table(text)


def _printed(family: int, host: str, port: int) -> str:
    """An address the way the kernel prints it: 32-bit words in the machine's byte order."""
    packed = socket.inet_pton(family, host)
    words = (packed[i : i + 4] for i in range(0, len(packed), 4))
    return "".join(f"{int.from_bytes(w, sys.byteorder):08X}" for w in words) + f":{port:04X}"
