"""Windows: the Run key of the user, and the switch Task Manager keeps beside it.

Task Manager does not touch the Run value: it writes twelve bytes under `StartupApproved`, whose
first one is odd while the entry is switched off (never run on Windows so far).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import PureWindowsPath
from subprocess import list2cmdline
from typing import Protocol

from app import APP_ID
from app.autostart.state import Autostart, AutostartStatus
from app.errors import FaultKind, fail

_EXPLORER = r"Software\Microsoft\Windows\CurrentVersion"
RUN = rf"{_EXPLORER}\Run"
APPROVED = rf"{_EXPLORER}\Explorer\StartupApproved\Run"
_LONGEST_COMMAND = 260


class Registry(Protocol):
    """Values below HKEY_CURRENT_USER. Each call may raise `OSError`."""

    def get(self, key: str, name: str) -> str | bytes | None: ...

    def put(self, key: str, name: str, text: str) -> None: ...

    def drop(self, key: str, name: str) -> None:
        """One that does not exist is no error."""


class RunKey:
    """The value `APP_ID` of the Run key, and its twin."""

    def __init__(self, registry: Registry, command: Sequence[str]) -> None:
        self._registry = registry
        self._command = tuple(command)

    def read(self) -> Autostart:
        try:
            value = self._registry.get(RUN, APP_ID)
            approval = self._registry.get(APPROVED, APP_ID)
        except OSError as error:
            return Autostart(AutostartStatus.UNKNOWN, str(error))
        if not isinstance(value, str) or not value:
            return Autostart(AutostartStatus.OFF)
        program = program_of(value)
        if PureWindowsPath(program) != PureWindowsPath(self._command[0]):
            return Autostart(AutostartStatus.OTHER, program)
        if is_switched_off(approval):
            return Autostart(AutostartStatus.BLOCKED)
        return Autostart(AutostartStatus.ON)

    def switch(self, *, on: bool) -> Autostart:
        """Switching on forgets what Task Manager noted, else it would stay off."""
        command = list2cmdline(self._command)
        if on and len(command) > _LONGEST_COMMAND:
            raise fail(FaultKind.CONFIGURATION, f"the path is longer than {_LONGEST_COMMAND}")
        try:
            if on:
                self._registry.put(RUN, APP_ID, command)
            else:
                self._registry.drop(RUN, APP_ID)
            self._registry.drop(APPROVED, APP_ID)
        except OSError as error:
            raise fail(FaultKind.CONFIGURATION, str(error)) from error
        return self.read()

    def forget(self) -> None:
        self.switch(on=False)

    def heal(self) -> bool:
        """A program that moved; what the user switched off in Task Manager stays off."""
        found = self.read()
        if found.status is not AutostartStatus.OTHER or os.path.exists(found.detail):
            return False
        try:
            self._registry.put(RUN, APP_ID, list2cmdline(self._command))
        except OSError:
            return False
        return True


def program_of(command_line: str) -> str:
    """The program of a command line as Windows reads it: quoted, or up to the first blank."""
    if command_line.startswith('"'):
        return command_line[1:].partition('"')[0]
    return command_line.partition(" ")[0]


def is_switched_off(approval: str | bytes | None) -> bool:
    """Whether Task Manager's twelve bytes say "disabled": the first one is odd."""
    return isinstance(approval, bytes) and bool(approval) and bool(approval[0] & 1)
