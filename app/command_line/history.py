"""`tidegauge history`: what is kept, or an export of it; works while the tray program writes."""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.command_line.exit_codes import ExitCode
from app.command_line.options import Options
from app.command_line.terminal import Terminal
from app.history import queries, rows
from app.history.export import Form, write, write_file
from app.history.history import FILE_NAME
from app.history.schema import SCHEMA
from app.history.status import HistoryStatus
from app.history.view import in_order
from app.local_zone import local_zone
from app.paths import Paths
from app.private_database.conditions import FAULTS, condition_of
from app.private_database.database_file import DamagedError
from app.private_database.opening import open_to_read
from app.wording import history_command as words
from app.wording.history import status_note
from app.wording.joining import headed
from app.wording.system_reasons import reason_words
from app.wording.terminal import message_line

_BACK = re.compile(r"([0-9]{1,5})([hdw])")
_HOURS = {"h": 1, "d": 24, "w": 168}


def show_history(paths: Paths, options: Options, terminal: Terminal, now: datetime) -> int:
    """Run the command; nothing is created or changed. Raises `BrokenPipeError`."""
    since = since_of(options.since, now)
    if since is None:
        return _refuse(words.wrong_since(options.since), terminal, ExitCode.WRONG_USAGE)
    path = paths.state / FILE_NAME
    try:
        with closing(open_to_read(path, SCHEMA)) as file:
            return _show(file, since, options, terminal, now)
    except BrokenPipeError:
        raise
    except FileNotFoundError:
        return _refuse(words.nothing_kept(), terminal)
    except DamagedError:
        return _refuse(words.damaged(), terminal)
    except FAULTS as error:
        note = status_note(HistoryStatus(condition_of(error, path.parent)))
        return _refuse(headed(*note) if note else str(error), terminal)


def since_of(text: str, now: datetime) -> datetime | None:
    """The moment that `--since` means: "7d" back from now, or the beginning of a day (UTC).

    Without a text the beginning of time; None if it means nothing.
    """
    if not text:
        return datetime.fromtimestamp(0, UTC)
    if match := _BACK.fullmatch(text):
        return now - timedelta(hours=int(match[1]) * _HOURS[match[2]])
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _show(
    file: sqlite3.Connection,
    since: datetime,
    options: Options,
    terminal: Terminal,
    now: datetime,
) -> int:
    keys = rows.accounts(file)
    if not keys:
        return _refuse(words.nothing_kept(), terminal)
    key = options.account or keys[0]
    if key not in keys:
        return _refuse(words.no_such_history(key), terminal)
    if len(keys) > 1 and not options.account:
        terminal.message(words.several_accounts(keys))
    form = Form.JSON if options.as_json else Form.CSV
    start, window = round(since.timestamp()), options.window or None
    if options.out:
        target = Path(options.out).absolute()
        try:
            count = write_file(file, key, form, target, window_id=window, since=start)
        except OSError as error:
            reason = reason_words(error)
            return _refuse(words.not_written(options.out, reason), terminal)
        terminal.message(words.written(count, options.out))
    elif options.as_json or options.as_csv:
        write(file, key, form, terminal, window_id=window, since=start)
    else:
        windows = in_order(queries.windows_of(file, key))
        chosen = tuple(
            one for one in windows if one.last_at >= start and window in (None, one.window_id)
        )
        for line in words.window_lines(chosen, now, local_zone(os.environ)):
            terminal.line(line)
    return ExitCode.FINE


def _refuse(text: str, terminal: Terminal, code: ExitCode = ExitCode.FAILED) -> int:
    terminal.message(message_line(text))
    return code
