"""macOS: a launch agent of the user, started with every log-in.

Not `SMAppService`, which needs a signed bundle and passes no arguments. The user's own switch
under Login Items is kept by launchd and asked of `launchctl` (never run on a Mac so far).
"""

from __future__ import annotations

import os
import plistlib
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from app import APP_ID
from app.autostart.state import Autostart, AutostartStatus
from app.errors import FaultKind, fail
from app.private_files import replacing

_LAUNCHCTL = "/bin/launchctl"
_DEADLINE_S = 5.0


class LaunchAgent:
    """The property list in the user's `LaunchAgents` folder."""

    def __init__(self, home: Path, command: Sequence[str], uid: int, launchctl: str = _LAUNCHCTL):
        self._command = list(command)
        self._uid = uid
        self._launchctl = launchctl
        self.path = home / "Library" / "LaunchAgents" / f"{APP_ID}.plist"

    def read(self) -> Autostart:
        return replace(self._found(), file=str(self.path))

    def _found(self) -> Autostart:
        values = self._values()
        arguments = values.get("ProgramArguments")
        if not isinstance(arguments, list) or not arguments or values.get("RunAtLoad") is not True:
            return Autostart(AutostartStatus.OFF)
        program = str(arguments[0])
        if not os.access(program, os.X_OK):
            return Autostart(AutostartStatus.OFF, program)
        if not _is_same(program, self._command[0]):
            return Autostart(AutostartStatus.OTHER, program)
        if self._is_disabled():
            return Autostart(AutostartStatus.BLOCKED)
        return Autostart(AutostartStatus.ON)

    def switch(self, *, on: bool) -> Autostart:
        try:
            if on:
                self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with replacing(self.path, 0o644) as file:
                    plistlib.dump(property_list(self._command), file)
            else:
                self.path.unlink(missing_ok=True)
        except OSError as error:
            raise fail(FaultKind.CONFIGURATION, f"{self.path}: {error.strerror}") from error
        return self.read()

    def forget(self) -> None:
        self.switch(on=False)

    def heal(self) -> bool:
        arguments = self._values().get("ProgramArguments")
        if not isinstance(arguments, list) or not arguments or os.path.exists(str(arguments[0])):
            return False
        return self.switch(on=True).status is AutostartStatus.ON

    def _values(self) -> Mapping[str, Any]:
        try:
            values = plistlib.loads(self.path.read_bytes())
        except Exception:  # noqa: BLE001 - the parser's own error (expat) is no ValueError
            return {}
        return values if isinstance(values, dict) else {}

    def _is_disabled(self) -> bool:
        try:
            told = subprocess.run(  # noqa: S603 - a fixed program, our own label
                [self._launchctl, "print-disabled", f"gui/{self._uid}"],
                capture_output=True,
                text=True,
                timeout=_DEADLINE_S,
                check=False,
            ).stdout
        except (OSError, subprocess.SubprocessError):
            return False
        return is_disabled(told, APP_ID)


def _is_same(program: str, other: str) -> bool:
    try:
        return os.path.samefile(program, other)
    except OSError:
        return False


def property_list(command: Sequence[str]) -> dict[str, Any]:
    """The keys of the agent: interactive, in the graphical session only, not kept alive."""
    return {
        "Label": APP_ID,
        "ProgramArguments": list(command),
        "RunAtLoad": True,
        "ProcessType": "Interactive",
        "LimitLoadToSessionType": "Aqua",
        "AssociatedBundleIdentifiers": [APP_ID],
    }


def is_disabled(print_disabled: str, label: str) -> bool:
    """What `launchctl print-disabled` says of `label`: `"LABEL" => disabled` or `=> true`."""
    for line in print_disabled.splitlines():
        name, arrow, value = line.strip().partition("=>")
        if arrow and name.strip().strip('"') == label:
            return value.strip() in ("disabled", "true")
    return False
