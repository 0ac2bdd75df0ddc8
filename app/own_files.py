"""Whether the files this process was loaded from are those that lie on the disk still.

A package manager puts newer ones in their place and leaves the program running. What is loaded
stays as it was; what is imported later comes from the newer version, and may not fit.
"""

from __future__ import annotations

import os
from typing import NamedTuple

import app


class Mark(NamedTuple):
    """What tells one version of a file from another. Not its number: some file systems give the
    same file a new one now and then."""

    size: int
    written_ns: int


def is_another(at_start: Mark | None, now: Mark | None) -> bool:
    """Whether the file is a newer one, or an older. One that is gone is as if unknown: a package
    manager may be about to put it there."""
    return at_start is not None and now is not None and now != at_start


class OwnFiles:
    """To be made at the start. One file stands for all: the one that holds the version."""

    def __init__(self, path: str = app.__file__) -> None:
        self._path = path
        self._at_start = self._mark()

    def are_replaced(self) -> bool:
        """Now; costs one look at the file."""
        return is_another(self._at_start, self._mark())

    def _mark(self) -> Mark | None:
        try:
            found = os.stat(self._path)
        except OSError:
            return None
        return Mark(found.st_size, found.st_mtime_ns)
