"""`tidegauge chats`: what is kept of the conversations; works while the tray program writes."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from app.command_line.exit_codes import ExitCode
from app.command_line.options import Options
from app.command_line.terminal import Terminal
from app.conversations import rows
from app.conversations.export_forms import to_json, to_markdown
from app.conversations.keeper import ConversationKeeper
from app.conversations.schema import SCHEMA
from app.conversations.store import FILE_NAME
from app.conversations.view import Entry
from app.local_zone import local_zone
from app.paths import Paths
from app.private_database.conditions import FAULTS, condition_of
from app.private_database.database_file import DamagedError
from app.private_database.opening import open_to_read
from app.private_database.status import DatabaseStatus
from app.private_files import written_whole
from app.wording import chats_command as words
from app.wording.conversations import markdown_words, status_note
from app.wording.joining import headed
from app.wording.system_reasons import reason_words
from app.wording.terminal import message_line


def chats(paths: Paths, options: Options, terminal: Terminal, now: datetime) -> int:
    """Run the command; only `delete` changes anything. Raises `BrokenPipeError`."""
    path = paths.state / FILE_NAME
    try:
        with closing(open_to_read(path, SCHEMA)) as file:
            keys = rows.accounts(file)
            key = options.account or (keys[0] if keys else "")
            if key not in keys:
                text = words.no_such_account(key) if options.account else words.nothing_kept()
                return _refuse(text, terminal)
            if len(keys) > 1 and not options.account:
                terminal.message(words.several_accounts(keys))
            if options.action != "delete":
                return _look(file, key, options, terminal, now)
            wanted = "" if options.everything else _found(file, key, options.who, terminal)
    except BrokenPipeError:
        raise
    except FileNotFoundError:
        return _refuse(words.nothing_kept(), terminal)
    except DamagedError:
        return _refuse(words.damaged(), terminal)
    except FAULTS as error:
        note = status_note(DatabaseStatus(condition_of(error, path.parent)))
        return _refuse(headed(*note) if note else str(error), terminal)
    if wanted is None:
        return ExitCode.WRONG_USAGE
    return _delete(path, key, wanted, terminal, now)


def _look(
    file: sqlite3.Connection, key: str, options: Options, terminal: Terminal, now: datetime
) -> int:
    if options.action in ("", "list"):
        return _list(rows.entries(file, key, options.search), options, terminal, now)
    wanted = _found(file, key, options.who, terminal)
    found = rows.load(file, key, wanted) if wanted else None
    if found is None:
        return ExitCode.WRONG_USAGE
    zone = local_zone(os.environ)
    text = to_json(found) if options.as_json else to_markdown(found, markdown_words(now, zone))
    if not options.out:
        terminal.write(text)
        return ExitCode.FINE
    try:
        with written_whole(Path(options.out).absolute()) as out:
            out.write(text)
    except OSError as error:
        reason = reason_words(error)
        return _refuse(words.not_written(options.out, reason), terminal)
    terminal.message(words.written(options.out))
    return ExitCode.FINE


def _list(entries: tuple[Entry, ...], options: Options, terminal: Terminal, now: datetime) -> int:
    if options.as_json:
        terminal.line(json.dumps({"conversations": [_told(entry) for entry in entries]}, indent=2))
    elif not entries:
        return _refuse(words.nothing_found(), terminal)
    else:
        for line in words.entry_lines(entries, now, local_zone(os.environ)):
            terminal.line(line)
    return ExitCode.FINE


def _told(entry: Entry) -> dict[str, object]:
    return {
        "id": entry.conversation_id,
        "title": entry.title or entry.opening,
        "messages": entry.messages,
        "changed_at": entry.changed_at.isoformat().replace("+00:00", "Z"),
    }


def _found(file: sqlite3.Connection, key: str, wanted: str, terminal: Terminal) -> str | None:
    """The id that `wanted` is the beginning of; None, and said why, if that is not one."""
    if not wanted:
        _refuse(words.which_one(), terminal)
        return None
    ids = [entry.conversation_id for entry in rows.entries(file, key)]
    matching = [one for one in ids if one == wanted] or [o for o in ids if o.startswith(wanted)]
    if len(matching) == 1:
        return matching[0]
    _refuse(words.not_one(wanted, len(matching)), terminal)
    return None


def _delete(path: Path, key: str, wanted: str, terminal: Terminal, now: datetime) -> int:
    """`wanted` empty: everything of the account."""
    keeper = ConversationKeeper(path, SCHEMA, lambda: now, lambda _status: None)
    is_done = keeper.delete(key, wanted) if wanted else keeper.delete_all(key)
    keeper.close()
    if not is_done:
        return _refuse(words.not_deleted(), terminal)
    terminal.message(words.deleted() if wanted else words.deleted_all())
    return ExitCode.FINE


def _refuse(text: str, terminal: Terminal) -> int:
    terminal.message(message_line(text))
    return ExitCode.FAILED
