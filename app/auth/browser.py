"""Opens an address in the system's browser, without a shell (T-17)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from app.auth.daemon_thread import in_daemon_thread

_VERDICT_S = 3.0  # an opener that fails does so at once; one that runs on has opened something
_MAC_OPENER = "/usr/bin/open"


async def open_in_browser(url: str) -> bool:
    """Whether a browser was asked to show `url`; False where there is none (F-L12)."""
    return await in_daemon_thread(lambda: _open(url), "browser")


def opener(environment: Mapping[str, str], platform: str) -> str | None:
    """The program that opens addresses; None without a graphical session.

    `BROWSER` counts only if it is one absolute program: the traditional list of command
    templates would let an environment run anything (T-17).
    """
    if platform == "darwin":
        return _MAC_OPENER
    chosen = environment.get("BROWSER", "")
    if Path(chosen).is_absolute() and shutil.which(chosen):
        return chosen
    if not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")):
        return None
    return shutil.which("xdg-open", path=environment.get("PATH"))


def opener_environment(environment: Mapping[str, str], *, bundle: str) -> dict[str, str]:
    """The environment for another program: without what the start of a frozen program has put
    there, whose folder is `bundle`. Libraries and Qt plugins of ours are not for a browser."""
    if not bundle:
        return dict(environment)
    clean = {
        name: value
        for name, value in environment.items()
        if not value.startswith(bundle) and not name.startswith("_PYI_")
    }
    original = clean.pop("LD_LIBRARY_PATH_ORIG", "")
    clean.pop("LD_LIBRARY_PATH", None)
    if original:
        clean["LD_LIBRARY_PATH"] = original
    return clean


def _open(url: str) -> bool:
    if not url.startswith(("http://", "https://")):
        return False
    if sys.platform == "win32":
        try:
            os.startfile(url)  # noqa: S606 - an address, checked above
        except OSError:
            return False
        return True
    program = opener(os.environ, sys.platform)
    return program is not None and _run(program, url)


def _run(program: str, url: str) -> bool:
    """Start `program`; whether it ended well or still runs after `_VERDICT_S`.

    A browser may run for hours in the foreground; a thread waits to collect it.
    """
    try:
        child = subprocess.Popen(  # noqa: S603 - no shell, one argument
            [program, url],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=opener_environment(os.environ, bundle=getattr(sys, "_MEIPASS", "")),
            start_new_session=True,
        )
    except OSError:
        return False
    try:
        return child.wait(_VERDICT_S) == 0
    except subprocess.TimeoutExpired:
        threading.Thread(target=child.wait, name="browser-end", daemon=True).start()
        return True
