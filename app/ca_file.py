"""The certificates a person trusts beside the system's: one file in PEM form, read and judged.

Blocking. A company that inspects its traffic has an authority of its own; where it is not in the
system's store, the settings name its file.
"""

from __future__ import annotations

import os
import re
import ssl
import stat
from urllib.parse import urlsplit
from urllib.request import url2pathname

from app.settings import CaProblem

LARGEST_FILE = 1 << 20  # the system's own, with every authority there is, has a quarter of that
_CERTIFICATE = re.compile(
    r"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+?-----END CERTIFICATE-----", re.ASCII
)


class UnusableCaFileError(Exception):
    """`problem` says why."""

    def __init__(self, problem: CaProblem) -> None:
        super().__init__(problem)
        self.problem = problem


def full_path(typed: str) -> str:
    """The file that `typed`, or dropped, means, wherever it is read from next; "" stays none."""
    if typed.startswith("file://"):
        typed = url2pathname(urlsplit(typed).path)
    return os.path.abspath(os.path.expanduser(typed)) if typed else ""


def read_ca_file(name: str) -> str:
    """The certificates in the file, each in PEM form, without what stands between them.

    Raises `UnusableCaFileError`.
    """
    try:
        content = _content(os.path.expanduser(name))
    except FileNotFoundError:
        raise UnusableCaFileError(CaProblem.MISSING) from None
    except (OSError, ValueError):  # a path with a zero byte
        raise UnusableCaFileError(CaProblem.UNREADABLE) from None
    if len(content) > LARGEST_FILE:
        raise UnusableCaFileError(CaProblem.TOO_LARGE)
    if b"PRIVATE KEY-----" in content:
        raise UnusableCaFileError(CaProblem.PRIVATE_KEY)
    found = "\n".join(_CERTIFICATE.findall(content.decode("utf-8", "replace")))
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=f"{found}\n")
    except ssl.SSLError:
        raise UnusableCaFileError(CaProblem.NOT_PEM) from None
    return found


def _content(path: str) -> bytes:
    """At most a byte more than is read of any file."""
    # Without O_NONBLOCK, opening a pipe would wait for its other end.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags | getattr(os, "O_CLOEXEC", 0))
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise UnusableCaFileError(CaProblem.UNREADABLE)
        with open(descriptor, "rb", closefd=False) as file:
            return file.read(LARGEST_FILE + 1)
    finally:
        os.close(descriptor)
