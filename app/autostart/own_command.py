"""The command that starts this very installation again, however it was installed."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from app import COMMAND
from app.autostart.state import OPTION


def own_command(
    environment: Mapping[str, str],
    *,
    executable: str = sys.executable,
    is_frozen: bool = getattr(sys, "frozen", False),
) -> tuple[str, ...]:
    """Program and arguments; the program is an absolute path that outlives this process.

    An AppImage is named by its file, not by where it is mounted now; a program of pipx by the
    link in the user's folder, which stays when the environment is made anew.
    """
    image = environment.get("APPIMAGE", "")
    if os.path.isabs(image):
        return (image, OPTION)
    folder = Path(executable).parent
    if is_frozen:
        # Windows: of the two programs of a bundle, the one without a console window.
        silent = folder / f"{COMMAND}-tray.exe"
        return (str(silent) if silent.is_file() else executable, OPTION)
    suffix = ".exe" if sys.platform == "win32" else ""
    names = (f"{COMMAND}-tray{suffix}", f"{COMMAND}{suffix}") if suffix else (COMMAND,)
    for name in names:
        script = folder / name
        if script.is_file():
            return (str(_stable(script, environment)), OPTION)
    return (executable, "-P", "-m", "app", OPTION)


def _stable(script: Path, environment: Mapping[str, str]) -> Path:
    link = Path(environment.get("HOME") or os.path.expanduser("~")) / ".local" / "bin" / script.name
    try:
        return link if link.samefile(script) else script
    except OSError:
        return script
