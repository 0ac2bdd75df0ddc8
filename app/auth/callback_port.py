"""Finds a registered callback port that is ours alone, in both loopback families.

Only two ports are registered for the client, so a busy one is asked for in the way of the
official client (one `GET /cancel`, then some patience) before the next is tried.
"""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import logging
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress

from app.auth.daemon_thread import in_daemon_thread
from app.auth.socket_owners import own_uid, owner_of_port, user_name
from app.errors import FaultKind, fail
from app.values import dataclass

_TRIES = 10
_PAUSE_S = 0.2
_BACKLOG = 64
_NAME_S = 2.0  # to look up a name that stands in a file
_LOG = logging.getLogger(__name__)
_NOT_HERE = {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT}


@dataclass(frozen=True, slots=True)
class CallbackPort:
    """Listening sockets on one port; whoever gets it closes them."""

    port: int
    sockets: tuple[socket.socket, ...]


async def host_of_this_machine(host: str) -> str:
    """`host`, or 127.0.0.1 if the name `localhost` leads anywhere else as well (F-L15)."""
    if host != "localhost":
        return host
    try:
        async with asyncio.timeout(_NAME_S):
            found = await in_daemon_thread(lambda: socket.getaddrinfo(host, None), "localhost")
    except (OSError, TimeoutError):
        found = []
    if found and all(ipaddress.ip_address(place[4][0]).is_loopback for place in found):
        return host
    _LOG.warning("the name localhost does not stand for this machine alone: using 127.0.0.1")
    return "127.0.0.1"


async def claim_port(ports: Sequence[int], redirect_host: str) -> CallbackPort:
    """Listen on the first of `ports` that can be had; 0 lets the system choose.

    Raises `AppError(CALLBACK_PORTS_TAKEN)`; its detail names the ports and their holders. A
    port of another user is not fought for (T-01).
    """
    for port in ports:
        for attempt in range(_TRIES):
            try:
                return _listen(port, redirect_host)
            except OSError as error:
                if error.errno != errno.EADDRINUSE or _is_foreign(owner_of_port(port)):
                    break
            if attempt == 0:
                await _ask_to_cancel(port)
            await asyncio.sleep(_PAUSE_S)
    raise fail(FaultKind.CALLBACK_PORTS_TAKEN, ", ".join(map(_holder, ports)))


def _listen(port: int, redirect_host: str) -> CallbackPort:
    """Sockets on 127.0.0.1 and [::1], as far as this machine has both. Raises `OSError`.

    With `localhost` a browser may go to either family, so both must be ours (A4), and either
    alone will do on a machine that lacks the other (F-N04).
    """
    sockets: list[socket.socket] = []
    try:
        for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
            try:
                sockets.append(_listening(family, host, port))
            except OSError as error:
                if not _may_lack(family, redirect_host, error):
                    raise
            else:
                port = sockets[0].getsockname()[1]
        if not sockets:
            raise OSError(errno.EADDRNOTAVAIL, "no loopback address")
    except OSError:
        for listener in sockets:
            listener.close()
        raise
    return CallbackPort(port, tuple(sockets))


def _may_lack(family: socket.AddressFamily, redirect_host: str, error: OSError) -> bool:
    """Whether a sign-in may do without this family, on which listening failed."""
    if redirect_host == "localhost":
        return error.errno in _NOT_HERE
    return family == socket.AF_INET6


def _listening(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:  # past connections in TIME_WAIT must not count as taken; never SO_REUSEPORT (T-12)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.setblocking(False)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


async def _ask_to_cancel(port: int) -> None:
    """What the official client sends to an older sign-in that still waits."""
    request = f"GET /cancel HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(_PAUSE_S):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(request.encode("ascii"))
                await writer.drain()
            finally:
                writer.close()


def _is_foreign(uid: int | None) -> bool:
    return uid is not None and uid != own_uid()


def _holder(port: int) -> str:
    uid = owner_of_port(port)
    return f"{port} ({user_name(uid)})" if uid is not None else str(port)
