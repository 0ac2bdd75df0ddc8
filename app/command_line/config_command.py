"""`tidegauge config list | get KEY | set KEY VALUE | reset KEY`.

The running tray program notices what is set here and uses it at once.
"""

from __future__ import annotations

import json

from app.command_line.exit_codes import ExitCode
from app.command_line.options import Options
from app.command_line.terminal import Terminal
from app.paths import Paths
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
from app.wording.terminal import message_line


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
    if options.action == "reset":
        return _change(file, loaded, declaration, declaration.default, terminal)
    try:
        value = parse_value(declaration, options.value)
    except ValueError:
        terminal.message(message_line(words.not_accepted(declaration, options.value)))
        return ExitCode.WRONG_USAGE
    return _change(file, loaded, declaration, value, terminal)


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


def _change(
    file: SettingsFile, loaded: Loaded, declaration: Declaration, value: object, terminal: Terminal
) -> int:
    changed, _ = from_mapping({**to_mapping(loaded.settings), declaration.key: value})
    file.keep(changed)
    if not file.write():
        terminal.message(message_line(words.not_written()))
        return ExitCode.FAILED
    terminal.line(words.now_set(declaration, value))
    return ExitCode.FINE
