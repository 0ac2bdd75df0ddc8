"""Which user owns a TCP socket of this machine (Linux only).

The kernel is asked for the one socket (`sock_diag(7)`, some microseconds), else its tables in
/proc/net are read, which takes milliseconds and grows with the machine. Elsewhere the answer is
None, "unknown": the cookie of the start page then stands alone (T-03).
"""

from __future__ import annotations

import errno
import os
import socket
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

from app.values import dataclass

_TABLES = {socket.AF_INET: Path("/proc/net/tcp"), socket.AF_INET6: Path("/proc/net/tcp6")}
_LISTENS = "0A"
NOBODY = -1  # as a uid: no such socket is left

_SOCK_DIAG, _BY_FAMILY, _REQUEST, _ERROR = 4, 20, 1, 2  # linux/sock_diag.h, linux/netlink.h
_ANY = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class TableRow:
    """One socket; addresses are `HEX:PORT` as the kernel prints them."""

    local: str
    remote: str
    state: str
    uid: int


def owner_of_connection(family: int, near: tuple[str, int], far: tuple[str, int]) -> int | None:
    """The uid at the `near` end of a connection between `near` and `far` (T-02).

    `NOBODY` if that end was closed: what it had sent can still be read, and must not count.
    """
    if sys.platform != "linux":
        return None
    try:
        owner = _asked_owner(family, near, far)
    except OSError:  # a sandbox without it
        owner = NOBODY
    # "No such socket" may also mean "no such question" in this kernel.
    return _listed_owner(family, near, far) if owner == NOBODY else owner


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
    """The rows of a `/proc/net/tcp` or `tcp6` table; lines that are none are left out.

    So are sockets that no program holds any more: their inode is 0, and their uid, too.
    """
    for line in text.splitlines()[1:]:
        columns = line.split()
        if len(columns) > 9 and columns[7].isdigit() and columns[9] != "0":
            yield TableRow(columns[1], columns[2], columns[3], int(columns[7]))


def _asked_owner(family: int, near: tuple[str, int], far: tuple[str, int]) -> int:
    """The answer of the kernel's socket diagnosis. Raises `OSError` if there is none."""
    places = (socket.inet_pton(family, host).ljust(16, b"\0") for host, _ in (near, far))
    asked = (
        struct.pack("=BBBBI", family, socket.IPPROTO_TCP, 0, 0, _ANY)
        + struct.pack(">HH", near[1], far[1])
        + b"".join(places)
        + struct.pack("=III", 0, _ANY, _ANY)
    )
    head = struct.pack("=IHHII", 16 + len(asked), _BY_FAMILY, _REQUEST, 1, 0)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, _SOCK_DIAG) as kernel:
        kernel.settimeout(1)
        kernel.send(head + asked)
        reply = kernel.recv(4096)
    kind, result = struct.unpack_from("=4xH10xi", reply)
    if kind == _ERROR:
        if -result != errno.ENOENT:
            raise OSError(-result, os.strerror(-result))
        return NOBODY
    ports = struct.unpack_from(">HH", reply, 20)
    uid, inode = struct.unpack_from("=II", reply, 80)
    # A listener may stand for a connection that is not there; a closed socket has no inode.
    return int(uid) if inode and ports == (near[1], far[1]) else NOBODY


def _listed_owner(family: int, near: tuple[str, int], far: tuple[str, int]) -> int | None:
    local, remote = _printed(family, *near), _printed(family, *far)
    owners = {(row.local, row.remote): row.uid for row in _rows(family)}
    return owners.get((local, remote), NOBODY) if owners else None


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
