"""`tidegauge config list | get KEY | set KEY VALUE | reset KEY`; the VALUE - is standard input.

The running tray program notices what is set here and uses it at once.
"""

from __future__ import annotations

import json
import sys
from getpass import getpass
from typing import TYPE_CHECKING

from app.command_line.exit_codes import ExitCode
from app.command_line.options import Options
from app.command_line.terminal import Terminal
from app.paths import Paths
from app.proxies import without_password
from app.settings import (
    DECLARATIONS,
    Declaration,
    from_mapping,
    parse_value,
    to_mapping,
    written_value,
)
from app.settings_file import Loaded, SettingsFile
from app.wording import config_command as words
from app.wording.network_settings import password_left, password_not_kept
from app.wording.terminal import message_line

if TYPE_CHECKING:
    from app.command_line.config_network import PasswordOfProxy


def config(options: Options, paths: Paths, terminal: Terminal) -> int:
    """Show or change settings; the exit code."""
    file = SettingsFile(paths)
    loaded = file.load()
    if options.action == "list":
        _list(loaded, options, terminal)
        return ExitCode.FINE
    declaration = _declared(options.key)
    if declaration is None:
        terminal.message(message_line(words.no_such_setting(options.key, _KEYS)))
        return ExitCode.WRONG_USAGE
    if options.action == "get":
        terminal.line(written_value(getattr(loaded.settings, declaration.key)))
        return ExitCode.FINE
    change = _Change(file, loaded, declaration, paths, terminal)
    if options.action == "reset":
        return change.to(declaration.default)
    text = _typed() if options.value == "-" else options.value
    try:
        value = parse_value(declaration, text)
    except ValueError:
        terminal.message(message_line(words.not_accepted(declaration, text)))
        return ExitCode.WRONG_USAGE
    return change.to(value)


def _typed() -> str:
    """The value from standard input, so that it stands in no list of commands; at a terminal it
    is not shown either."""
    if sys.stdin.isatty():
        return getpass(f"{words.ask_for_value()} ")
    return sys.stdin.read().removesuffix("\n").removesuffix("\r")


_KEYS = tuple(declaration.key for declaration in DECLARATIONS)


def _declared(key: str) -> Declaration | None:
    return next((one for one in DECLARATIONS if one.key == key), None)


def _list(loaded: Loaded, options: Options, terminal: Terminal) -> None:
    if options.as_json:
        values = {key: getattr(loaded.settings, key) for key in _KEYS}
        terminal.line(json.dumps(values, indent=2, ensure_ascii=False))
    else:
        for line in words.setting_lines(loaded.settings):
            terminal.line(line)


class _Change:
    """One setting gets another value, and what follows from it."""

    def __init__(
        self,
        file: SettingsFile,
        loaded: Loaded,
        declaration: Declaration,
        paths: Paths,
        terminal: Terminal,
    ) -> None:
        self._file = file
        self._loaded = loaded
        self._declaration = declaration
        self._paths = paths
        self._terminal = terminal

    def to(self, value: object) -> int:
        """Set it; the exit code. Whatever can be refused is, before anything is written."""
        before, password = self._loaded.settings.proxy, self._loaded.password
        if isinstance(value, str) and self._declaration.section == "network":
            from app.command_line.config_network import checked  # noqa: PLC0415 - only here

            try:
                value = checked(self._declaration.key, value)
            except ValueError as refusal:
                return self._refuse(str(refusal), ExitCode.WRONG_USAGE)
        after = before
        if self._declaration.key == "proxy":
            value, password = without_password(str(value))
            after = value
        if password and (trouble := self._password.keep(after, password)):
            return self._refuse(password_not_kept(trouble), ExitCode.NO_KEYRING)
        if not self._write(value):
            return self._refuse(words.not_written(), ExitCode.FAILED)
        self._terminal.line(words.now_set(self._declaration, value))
        if not password and before != after and "@" in before and self._password.tidy(after):
            self._terminal.message(message_line(password_left()))
        return ExitCode.FINE

    @property
    def _password(self) -> PasswordOfProxy:
        from app.command_line.config_network import PasswordOfProxy  # noqa: PLC0415 - as above

        return PasswordOfProxy(self._paths)

    def _write(self, value: object) -> bool:
        settings, key = self._loaded.settings, self._declaration.key
        changed, _ = from_mapping({**to_mapping(settings), key: value})
        self._file.keep(changed)
        return self._file.write()

    def _refuse(self, why: str, code: ExitCode) -> int:
        self._terminal.message(message_line(why))
        return code
