"""Gives a program a wall clock of its own, which can be set while it runs (libfaketime)."""

from __future__ import annotations

import os
from pathlib import Path

# The library breaks the call behind `time.sleep` once the other clocks are to stay true.
_SLEEP = """\
import select, time
time.sleep = lambda seconds: select.select([], [], [], seconds) and None
"""


def with_clock(file: Path) -> dict[str, str]:
    """The environment of a program whose wall clock is what `file` says: "+0", "+2d",
    "@2038-01-19 03:14:00". Its other clocks stay true.

    Needs the system package `libfaketime`.
    """
    (library,) = Path("/usr/lib").glob("**/faketime/libfaketimeMT.so.1")
    folder = file.parent / "sleep"
    folder.mkdir(exist_ok=True)
    (folder / "sitecustomize.py").write_text(_SLEEP)
    return {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(file),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "PYTHONPATH": os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]),
    }
