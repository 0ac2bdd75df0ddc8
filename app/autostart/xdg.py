"""Linux and the BSDs: an entry in the autostart folder, which desktops and their settings read."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from app import APP_ID, NAME
from app.autostart.desktop_entry import (
    entry,
    hidden_entry,
    is_shown_in,
    program_of,
    read_entry,
)
from app.autostart.state import Autostart, AutostartStatus
from app.errors import FaultKind, fail
from app.private_files import replacing

_LARGEST = 64 << 10
_MODE = 0o644  # others may read it, as every program of the session does, and not write (T-47)


class XdgAutostart:
    """`command` is what starts this installation; `comments` by locale go into the entry."""

    def __init__(
        self,
        environment: Mapping[str, str],
        command: Sequence[str],
        comments: Mapping[str, str],
    ) -> None:
        self._command = tuple(command)
        self._comments = comments
        self._path = environment.get("PATH", os.defpath)
        self._desktops = environment.get("XDG_CURRENT_DESKTOP", "")
        name = f"{APP_ID}.desktop"
        self.own = _config_home(environment) / "autostart" / name
        self._system = [folder / "autostart" / name for folder in _config_dirs(environment)]

    def read(self) -> Autostart:
        return replace(self._found(), file=str(self.own))

    def _found(self) -> Autostart:
        effective = next(filter(os.path.exists, (self.own, *self._system)), None)
        if effective is None:
            return Autostart(AutostartStatus.OFF)
        values = read_entry(_text_of(effective))
        program = program_of(values.get("Exec", ""))
        if _is_hidden(values) or not program:
            return Autostart(AutostartStatus.OFF)
        if self._is_switched_off(values):
            return Autostart(AutostartStatus.BLOCKED)
        if not self._can_start(values.get("TryExec") or program):
            return Autostart(AutostartStatus.OFF, program)
        if not self._is_ours(program):
            return Autostart(AutostartStatus.OTHER, program)
        return Autostart(AutostartStatus.ON)

    def switch(self, *, on: bool) -> Autostart:
        if on:
            self._write(entry(self._command, name=NAME, icon=APP_ID, comments=self._comments))
        elif any(map(os.path.exists, self._system)):
            self._write(hidden_entry(NAME))
        else:
            self.forget()
        return self.read()

    def forget(self) -> None:
        try:
            self.own.unlink()
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            raise _refusal(self.own, error) from error

    def heal(self) -> bool:
        """Only an entry of the user's own that is switched on; another installation's is left."""
        values = read_entry(_text_of(self.own))
        program = program_of(values.get("Exec", ""))
        is_off = _is_hidden(values) or self._is_switched_off(values)
        if not program or is_off or self._can_start(program):
            return False
        return self.switch(on=True).status is AutostartStatus.ON

    def _can_start(self, program: str) -> bool:
        return shutil.which(program, path=self._path) is not None

    def _is_ours(self, program: str) -> bool:
        found = shutil.which(program, path=self._path)
        try:
            return found is not None and os.path.samefile(found, self._command[0])
        except OSError:
            return False

    def _is_switched_off(self, values: Mapping[str, str]) -> bool:
        """As the desktops' own lists of start-up programs note it; others set Hidden."""
        is_off = any(
            values.get(f"X-{desktop}-Autostart-enabled") == "false" for desktop in ("GNOME", "MATE")
        )
        return is_off or not is_shown_in(values, self._desktops)

    def _write(self, text: str) -> None:
        try:
            self.own.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with replacing(self.own, _MODE) as file:
                file.write(text.encode())
        except OSError as error:
            raise _refusal(self.own, error) from error


def _is_hidden(values: Mapping[str, str]) -> bool:
    return values.get("Hidden") in ("true", "1")


def _refusal(path: Path, error: OSError) -> Exception:
    return fail(FaultKind.CONFIGURATION, f"{path}: {error.strerror}")


def _text_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST).decode("utf-8", "replace")
    except OSError:
        return ""


def _config_home(environment: Mapping[str, str]) -> Path:
    value = environment.get("XDG_CONFIG_HOME", "")
    home = environment.get("HOME") or os.path.expanduser("~")
    return Path(value) if os.path.isabs(value) else Path(home) / ".config"


def _config_dirs(environment: Mapping[str, str]) -> list[Path]:
    named = environment.get("XDG_CONFIG_DIRS") or "/etc/xdg"
    return [Path(folder) for folder in named.split(os.pathsep) if os.path.isabs(folder)]
