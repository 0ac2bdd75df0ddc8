"""The facts about this machine and our files on it. Reads, and asks the session bus; blocking."""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from app import VERSION
from app.desktop.offered_names import session_services
from app.diagnosis.document import FileFact
from app.paths import Paths
from app.trail_steps import Step, steps_in
from app.wording import language

_PACKAGES = ("qasync", "httpx", "keyring", "jeepney")
_SANDBOXES = {"FLATPAK_ID": "flatpak", "SNAP": "snap", "APPIMAGE": "appimage"}
_MOST_LOG = 1 << 20
_LEFT_OUT = (".lock",)


def versions() -> dict[str, str]:
    """Of the program and of what it stands on."""
    import sqlite3  # noqa: PLC0415 - only for its version

    found = {"tidegauge": VERSION, "sqlite": sqlite3.sqlite_version}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # a bundle may carry no metadata
            found[name] = "unknown"
    return found


def system(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What kind of machine and session; never its name or its user's."""
    sandboxes = [name for variable, name in _SANDBOXES.items() if environment.get(variable)]
    return {
        "system": platform.system(),
        "release": platform.release(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "is_frozen": str(bool(getattr(sys, "frozen", False))).lower(),
        "sandbox": " ".join(sandboxes) or "none",
        "desktop": environment.get("XDG_CURRENT_DESKTOP", ""),
        "session_type": environment.get("XDG_SESSION_TYPE", ""),
        "language": language.locale(),
        "time_zone_offset": time.strftime("%z"),
    }


def services() -> dict[str, str]:
    """What the desktop offers; empty where there is no session bus to ask."""
    return session_services() if sys.platform.startswith("linux") else {}


def files(paths: Paths) -> tuple[FileFact, ...]:
    """Our files by name and size, without the folders they lie in."""
    found = [_fact(paths.settings_file)]
    for folder in (paths.state, paths.logs):
        try:
            names = sorted(folder.iterdir())
        except OSError:
            found.append(FileFact(f"{folder.name}/"))
            continue
        found += [_fact(one) for one in names if one.suffix not in _LEFT_OUT and one.is_file()]
    return tuple(dict.fromkeys(found))


def steps_of_log(paths: Paths) -> tuple[Step, ...]:
    """What the running program did lately, as its log tells; empty without a log."""
    try:
        with paths.log_file.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _MOST_LOG))
            text = file.read(_MOST_LOG).decode("utf-8", "replace")
    except OSError:
        return ()
    return steps_in(text.splitlines())


def write_for_owner(path: Path, text: str) -> None:
    """Put `text` where the person said, not readable for others. Raises `OSError`."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{text}\n")


def _fact(path: Path) -> FileFact:
    try:
        status = path.lstat()
    except OSError:
        return FileFact(path.name)
    return FileFact(path.name, status.st_size, f"{status.st_mode & 0o7777:04o}")
