"""Whether there is a display to show windows on, asked before Qt is: Qt ends the process if not."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from contextlib import closing, suppress

_X_SOCKETS = "/tmp/.X11-unix/X"  # noqa: S108 - the X server's own place
_X_PORT = 6000
_PATIENCE_S = 2.0


def has_display(environment: Mapping[str, str], platform: str) -> bool:
    """True if windows can be shown: always on Windows and macOS, else if an X server or a
    Wayland compositor of `environment` takes a connection. Blocks for at most 2 s."""
    if platform in ("win32", "darwin"):
        return True
    if environment.get("QT_QPA_PLATFORM", "") in ("offscreen", "minimal"):
        return True
    return _has_wayland(environment) or _has_x(environment.get("DISPLAY", ""))


def _has_wayland(environment: Mapping[str, str]) -> bool:
    if environment.get("WAYLAND_SOCKET"):  # already connected by whoever started us
        return True
    name = environment.get("WAYLAND_DISPLAY", "")
    return bool(name) and _answers(os.path.join(environment.get("XDG_RUNTIME_DIR", ""), name))


def _has_x(display: str) -> bool:
    """`display` is as X has it: `[host]:number[.screen]`, or the path of a socket."""
    if display.startswith(("/", "unix:/")):
        return True  # XQuartz and the like know better
    host, colon, rest = display.rpartition(":")
    number = rest.partition(".")[0]
    if not colon or not (number.isascii() and number.isdigit()):
        return False
    if host in ("", "unix"):
        return _answers(f"\0{_X_SOCKETS}{number}") or _answers(f"{_X_SOCKETS}{number}")
    with suppress(OSError, OverflowError):
        address = host.strip("[]"), _X_PORT + int(number)
        socket.create_connection(address, _PATIENCE_S).close()
        return True
    return False


def _answers(path: str) -> bool:
    """Whether something listens on the Unix socket; a leading NUL is Linux's own namespace."""
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as probe:
        probe.settimeout(_PATIENCE_S)
        try:
            probe.connect(path)
        except (OSError, ValueError):
            return False
        return True
