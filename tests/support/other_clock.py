"""Gives a program a wall clock of its own, which can be set while it runs (libfaketime)."""

from __future__ import annotations

import select
import time
from pathlib import Path

_TESTS = str(Path(__file__).resolve().parents[1])
# What a program under this clock runs before all else.
MEND_SLEEP = (
    f"import sys; sys.path.insert(0, {_TESTS!r}); "
    "from support.other_clock import mend_sleep; mend_sleep()"
)


def mend_sleep() -> None:
    """The library breaks the call behind `time.sleep` once the other clocks are to stay true."""
    time.sleep = lambda seconds: select.select([], [], [], float(seconds)) and None


def with_clock(file: Path) -> dict[str, str]:
    """The environment of a program whose wall clock is what `file` says: "+0", "+2d",
    "@2038-01-19 03:14:00". Its other clocks stay true. First of all it runs
    `MEND_SLEEP`, or calls `mend_sleep`.

    Needs the system package `libfaketime`.
    """
    (library,) = Path("/usr/lib").glob("**/faketime/libfaketimeMT.so.1")
    return {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(file),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
